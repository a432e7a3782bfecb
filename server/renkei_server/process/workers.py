"""The other workers of a seat: started, watched and ended by the first (docs/decisions/0032).

A seat lives and dies as one:

- Where one of its workers ends unasked, the first says so and ends at once; its owner starts the
  seat again, as where the first itself was killed.
- A worker ends at once when the first does: it reads a pipe that nobody else writes.
- What a worker is told goes through that pipe alone, the key of the seat's run too: it stands in no
  argument, environment or file.
"""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack, asynccontextmanager
from dataclasses import asdict, dataclass, replace
from subprocess import PIPE, TimeoutExpired
from subprocess import Popen as Process
from typing import TYPE_CHECKING, Final, Self, cast

from structlog.typing import FilteringBoundLogger

from renkei import reasons
from renkei.networks import CONTROL
from renkei.refusals import Refusal
from renkei_server.config import ProcessConfig, SeatConfig
from renkei_server.store.engine.run_digests import SeatRun
from renkei_server.store.engine.shared import Handles, Shared

if TYPE_CHECKING:
    from typing import IO

_START_SECONDS: Final = 60.0
_STOP_SECONDS: Final = 8.0


@dataclass(frozen=True, slots=True)
class Part:
    """What one worker has in common with the others of its seat."""

    shared: Shared
    run: SeatRun


@dataclass(frozen=True, slots=True)
class Told:
    """What a worker is told: one line of JSON."""

    config: SeatConfig
    number: int
    handles: Handles
    run: SeatRun

    @property
    def line(self) -> bytes:
        """As it is written."""
        told = {
            "seat": ProcessConfig((self.config,)).told,
            "number": self.number,
            "handles": asdict(self.handles),
            "run": [self.run.name.hex(), self.run.key.hex()],
        }
        return json.dumps(told, default=str).encode() + b"\n"

    @classmethod
    def parse(cls, line: bytes) -> Self:
        """Read such a line."""
        told = json.loads(line)
        handles = told["handles"]
        return cls(
            ProcessConfig.parse(told["seat"]).seats[0],
            told["number"],
            Handles(handles["memory"], handles["guesses"], tuple(handles["wakes"])),
            SeatRun(*map(bytes.fromhex, told["run"])),
        )

    @property
    def part(self) -> Part:
        """The worker's part."""
        return Part(Shared.joined(self.handles, self.number), self.run)


def answer(refusal: Refusal | None = None) -> bytes:
    """What a worker answers once it serves, or why it does not."""
    told = {"reason": refusal.reason.name, "detail": refusal.detail} if refusal else {}
    return json.dumps(told).encode() + b"\n"


@asynccontextmanager
async def other_workers(
    config: SeatConfig, addresses: Mapping[str, str], part: Part, log: FilteringBoundLogger
) -> AsyncIterator[None]:
    """Let the others serve at the same addresses. Raises why one of them cannot."""
    started: list[Process[bytes]] = []
    try:
        for number in range(1, config.workers):
            process = _started(_shared_out(config, addresses), number, part)
            started.append(process)  # at once: whatever comes next, it is ended
        await asyncio.gather(*map(_require_serving, started))
        with ExitStack() as watching:
            for number, process in enumerate(started, start=1):
                _watch(watching, config.name, number, process, log)
            yield
    finally:
        await asyncio.gather(*map(_ended, started))


def _shared_out(config: SeatConfig, addresses: Mapping[str, str]) -> SeatConfig:
    """What the others are told: the same addresses, but for that of its control."""
    networks = {
        domain: replace(one, address=addresses.get(domain, ""))
        for domain, one in config.networks.items()
        if domain != CONTROL
    }
    return replace(config, networks=networks)


def _started(config: SeatConfig, number: int, part: Part) -> Process[bytes]:
    handles = part.shared.handles
    if handles is None:
        msg = "an only worker has nothing to share"
        raise ValueError(msg)
    process = Process(
        [sys.executable, "-m", "renkei_server.process.worker"],
        stdin=PIPE,
        stdout=PIPE,
        bufsize=0,
        pass_fds=handles.all,
        start_new_session=True,  # who ends the first by a key leaves the others to it
    )
    told = Told(config, number, handles, part.run)
    cast("IO[bytes]", process.stdin).write(told.line)
    return process


async def _require_serving(process: Process[bytes]) -> None:
    answers = cast("IO[bytes]", process.stdout)
    try:
        async with asyncio.timeout(_START_SECONDS):
            told = json.loads(await asyncio.to_thread(answers.readline))
    except (TimeoutError, ValueError):
        msg = "a worker ended, or did not come so far, before it served"
        raise RuntimeError(msg) from None
    if told:
        raise Refusal(getattr(reasons, told["reason"]), told["detail"])


def _watch(
    watching: ExitStack, seat: str, number: int, process: Process[bytes], log: FilteringBoundLogger
) -> None:
    """End with the worker, as if both had been killed; until this is left."""

    def end() -> None:
        try:
            status = process.wait()
            log.error("worker_ended", worker=number, status=status)
            sys.stderr.write(
                f"renkei: {seat}: its worker {number} ended with status {status}\n"
                f"ワーカー{number}が終了しました（状態{status}）。\n"
            )
            sys.stderr.flush()
        finally:
            os._exit(1)

    loop, ending = asyncio.get_running_loop(), os.pidfd_open(process.pid)
    watching.callback(os.close, ending)
    loop.add_reader(ending, end)
    watching.callback(loop.remove_reader, ending)


async def _ended(process: Process[bytes]) -> None:
    """Ask a worker to end; make it."""
    process.terminate()
    try:
        await asyncio.to_thread(process.wait, _STOP_SECONDS)
    except TimeoutExpired:
        process.kill()
        process.wait()
    for pipe in (process.stdin, process.stdout):
        cast("IO[bytes]", pipe).close()
