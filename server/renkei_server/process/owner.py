"""What the owner of a process asks it, and what it tells of its seats (invented).

The owner asks at a Unix socket beside the file by which the process was started: one line of JSON,
`{"command": "tell", "seat": ""}` or `{"command": "restart", "seat": SEAT}`, and one in answer. The
folder is its owner's alone (0700), and so is the socket (0600): who gets there could as well end
the process.
"""

import json
import os
import socket
import struct
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

TELL: Final = "tell"
"""Asks how every seat stands; answered once each was tried to be opened."""
RESTART: Final = "restart"
"""Asks to close one seat and to open it again; answered when that is done."""


@dataclass(frozen=True, slots=True)
class SeatReport:
    """How a seat stands in its process: what its listeners answered, or why it is not open."""

    answers: Mapping[str, str]
    """By trust domain: `SERVING`, or what else its own health service answered as it opened."""
    english: str = ""
    """Why it is not open; nothing where it is."""
    japanese: str = ""
    upgraded: Sequence[int] = ()
    """From which revision of its database to which, where an older version had made it."""
    owed: Sequence[Mapping[str, str | int]] = ()
    """Calls that it tried in vain and will try again: `dispatch.owed`, each as its fields."""
    set_back: Mapping[str, str | int] = field(default_factory=dict)
    """That it was set back not long ago: `process.neighbours`; nothing where it was not."""

    @property
    def is_open(self) -> bool:
        """Whether the seat was opened."""
        return not self.english


_CREDENTIALS: Final = struct.Struct("3i")
"""Process, user and group of whoever listens, as the kernel tells them."""

Reports = Mapping[str, SeatReport]
"""By seat."""


def socket_of(config: Path) -> Path:
    """Where the process listens for its owner that was started with this config file."""
    return config.with_suffix(".sock")


@contextmanager
def reachable(path: Path) -> Iterator[str]:
    """The socket's path as the system takes it, which is at most 108 bytes, whatever its folder's."""
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)


def ask_process(path: Path, command: str, seat: str = "", *, seconds: float) -> Reports:
    """Ask the process at a socket, and wait for its answer at most that long.

    Raises OSError where nobody answers in time.
    """
    with socket.socket(socket.AF_UNIX) as asking:
        asking.settimeout(seconds)
        with reachable(path) as address:
            asking.connect(address)
        asking.sendall(json.dumps({"command": command, "seat": seat}).encode() + b"\n")
        with asking.makefile("rb") as answer:
            line = answer.readline()
    if not line.endswith(b"\n"):
        msg = "the process ended before it answered"
        raise ConnectionError(msg)
    return {name: SeatReport(**told) for name, told in json.loads(line).items()}


def process_at(path: Path) -> int:
    """The id of the process that listens at a socket; 0 where none does.

    The system tells it, of this machine or container; where it cannot, as of one in another
    container, it is 0.
    """
    with socket.socket(socket.AF_UNIX) as asking, suppress(OSError):
        with reachable(path) as address:
            asking.connect(address)
        told = asking.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
        process_id: int = _CREDENTIALS.unpack(told)[0]
        return process_id
    return 0


def written(reports: Reports) -> bytes:
    """Reports as `ask_process` reads them."""
    told = {name: asdict(report) for name, report in reports.items()}
    return json.dumps(told, ensure_ascii=False).encode() + b"\n"
