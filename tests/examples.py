"""`python -m tests.examples`: the examples that need more than Python, against a running world.

They are run as the guides say, in a folder of their own under `build/examples`, with Node.js and npm
from the path; npm brings what the Node client needs, and nothing of that is kept in the checkout.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from renkei_simulators.world.definition import World
from tests.ports import free_port

ROOT: Final = Path(__file__).parents[1]
BIN: Final = Path(sys.executable).parent
FOLDER: Final = ROOT / "build" / "examples"
NOBODY: Final = "0" * 15

_WHAT_IS_MISSING = (
    "make examples needs Node.js and npm, which are not on the path: install them "
    "(Debian: apt-get install nodejs npm), or leave this target out: make test needs neither.\n"
)


def run(*command: str | Path, at: Path = FOLDER) -> subprocess.CompletedProcess[str]:
    """One command of a guide, with the checkout's own programs first on the path."""
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        command,
        cwd=at,
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def expect(
    title: str, found: subprocess.CompletedProcess[str], words: str, status: int = 0
) -> bool:
    """Tell whether an example said what its guide says."""
    told = found.stdout + found.stderr
    held = words in told and found.returncode == status
    sys.stdout.write(f"{'passed' if held else 'FAILED'}  {title}\n")
    if not held:
        sys.stdout.write(
            f"exit status {found.returncode}, and not {status} with {words}:\n{told}\n"
        )
    return held


def examples(address: str) -> bool:
    """Whether every example did what its guide says, in a world that runs."""
    docs = ROOT / "docs" / "examples"
    node = FOLDER / "node"
    shutil.copytree(docs / "node", node)
    ready = (
        run("renkei", "protos", "export", "contract"),
        run("npm", "install", "--no-audit", "--no-fund", "--no-package-lock", at=node),
    )
    if failed := [one for one in ready if one.returncode]:
        sys.stdout.write(f"{failed[0].args}: {failed[0].stdout}{failed[0].stderr}\n")
        return False
    acquire = ("node", node / "acquire.mjs", "contract", "data", address)
    tried: list[Callable[[], bool]] = [
        lambda: expect("Node: a code is acquired", run(*acquire), "state: ACQUISITION_STATE_BOUND"),
        lambda: expect("Node: a refusal", run(*acquire, NOBODY), "refused: PERSON_NOT_HELD", 1),
        lambda: expect(
            "buf: an inquiry is answered",
            run("bash", docs / "inquire.sh", "data"),
            "EXCHANGE_OUTCOME_PROVIDED",
        ),
    ]
    return all(one() for one in tried)


def main() -> int:
    """Start a world, try every example, stop it; return the exit status."""
    if not (shutil.which("node") and shutil.which("npm")):
        sys.stderr.write(_WHAT_IS_MISSING)
        return 1
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    text = re.sub(r"127\.0\.0\.1:\d+", lambda _: f"127.0.0.1:{free_port()}", World.load().text)
    (FOLDER / "world.toml").write_text(text, encoding="utf-8")
    address = next(iter(World.parse(text).seat("resident-record.131148").listen.values()))
    up = run("renkei", "up", "--world", "world.toml", "--data", "data", "--wait")
    if up.returncode:
        sys.stdout.write(up.stdout + up.stderr)
        return 1
    try:
        return 0 if examples(address) else 1
    finally:
        run("renkei", "down", "--data", "data")


if __name__ == "__main__":
    sys.exit(main())
