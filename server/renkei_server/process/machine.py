"""The real world: the machine's clock, randomness and death. Only a process brings them in."""

import json
import os
import resource
import secrets
import signal
import uuid
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from renkei.codes import ProcessingSerial


class WorldClock:
    """The machine's time, and the world's: the machine's plus what the clock file says.

    The file holds `{"offset_seconds": N, "moved_by": REQUEST}`; every process of a world reads the same one.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._name = str(path)
        self._read_at: tuple[int, int] | None = None
        self._offset = timedelta(0)

    def now(self) -> datetime:
        """The world's time, in UTC."""
        status = os.stat(self._name)  # noqa: PTH116 - at each call: a path takes half as long again
        stamp = (status.st_mtime_ns, status.st_ino)
        if stamp != self._read_at:
            told = json.loads(self._path.read_text())
            self._offset = timedelta(seconds=told["offset_seconds"])
            self._read_at = stamp
        return self.real() + self._offset

    def real(self) -> datetime:
        """The machine's time, in UTC."""
        return datetime.now(UTC)

    def moved_by(self) -> str:
        """The request that last set the world's time; nothing where none did."""
        told: str = json.loads(self._path.read_text()).get("moved_by", "")
        return told

    def run_ahead(self, offset: timedelta, request_id: str) -> None:
        """Let the world's time run at this distance from the machine's, for every process."""
        set_world_clock(self._path, offset, request_id)


def set_world_clock(path: Path, offset: timedelta, moved_by: str = "") -> None:
    """Let the world's time run at this distance from the machine's; say which request wants it."""
    written = path.with_suffix(".new")
    told = {"offset_seconds": offset.total_seconds(), "moved_by": moved_by}
    written.write_text(json.dumps(told) + "\n")
    written.replace(path)


class CrashPoints:
    """Ends this very process (SIGKILL) at the points that a test wrote to a file, each once.

    A line is a moment and what is being written, such as
    `before commit task generate` or `after commit /renkei.ward.v1.../NumberPerson`.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def __call__(self, when: str, what: str) -> None:
        """Die here if this point is still to come."""
        try:
            points = self._path.read_text().splitlines()
        except FileNotFoundError:
            return
        here = f"{when} {what}"
        if here in points:
            points.remove(here)
            self._path.write_text("".join(f"{point}\n" for point in points))
            os.kill(os.getpid(), signal.SIGKILL)


def raise_descriptor_limit() -> None:
    """Let this process open as many files and connections as the machine lets it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        with suppress(OSError, ValueError):  # where the machine says otherwise, it stays as it is
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


class MachineIds:
    """Identifiers from the machine's own source of randomness."""

    def request_id(self) -> str:
        """A random UUID."""
        return str(uuid.uuid4())

    def serial(self) -> ProcessingSerial:
        """128 random bits."""
        return ProcessingSerial.parse(secrets.token_hex(16).upper())

    def random_bytes(self, count: int) -> bytes:
        """Random bytes, fit to be a key."""
        return secrets.token_bytes(count)

    def number(self, digits: int) -> str:
        """A number below 10 to the power of `digits`, filled with zeros from the left."""
        return f"{secrets.randbelow(10**digits):0{digits}d}"
