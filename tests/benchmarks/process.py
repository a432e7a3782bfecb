"""One part in a process of its own: `python -m tests.benchmarks.process`, and who starts it."""

import argparse
import asyncio
import json
import sys
from asyncio.subprocess import PIPE
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

import uvloop

from .effort import SHORT, WHOLE, Setting
from .measuring import Rate
from .parts import PARTS, Measured

_SECONDS = 300.0
_LAST_LINES = 5


async def in_a_fresh_process(
    part: str,
    wanted: frozenset[str],
    tell: Callable[[str], None],
    *,
    store: str = "",
    short: bool = False,
) -> Measured:
    """Measure one part; `tell` is told what it is at. Raises RuntimeError with its last words."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        errors = folder / "errors"
        command = [sys.executable, "-m", __name__, part, name, *sorted(wanted)]
        command += ["--store", store] if store else []
        command += ["--short"] if short else []
        with errors.open("wb") as file:
            process = await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=file)
        try:
            assert process.stdout is not None
            async with asyncio.timeout(_SECONDS):
                async for line in process.stdout:
                    tell(line.decode().rstrip())
                status = await process.wait()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if status:
            last = errors.read_text().splitlines()[-_LAST_LINES:]
            raise RuntimeError("\n".join(last) or "it ended without a word")
        return _read((folder / "measured.json").read_text())


def _read(text: str) -> Measured:
    told = json.loads(text)
    rates = {name: Rate(tuple(one["each"])) for name, one in told["rates"].items()}
    return Measured(told["values"], rates, told["details"])


def _tell(what: str) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


def _main() -> None:
    told = argparse.ArgumentParser()
    told.add_argument("part", choices=PARTS)
    told.add_argument("folder", type=Path)
    told.add_argument("wanted", nargs="*")
    told.add_argument("--store", default="")
    told.add_argument("--short", action="store_true")
    given = told.parse_args()
    setting = Setting(
        folder=given.folder,
        effort=SHORT if given.short else WHOLE,
        wanted=frozenset(given.wanted),
        store=given.store,
        tell=_tell,
    )
    measured = uvloop.run(PARTS[given.part].measure(setting))
    (given.folder / "measured.json").write_text(json.dumps(asdict(measured)))


if __name__ == "__main__":
    _main()
