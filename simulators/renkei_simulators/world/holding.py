"""Who works on a world's folder: one at a time, told by a lock that ends with whoever holds it.

A process id alone tells nothing: after a restart of the machine, or of a container, it is somebody
else's. The lock's file says who holds it and what for, and counts only while it is held.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from renkei_server.process.locks import locked
from renkei_simulators.world.definition import WorldError
from renkei_simulators.world.layout import Layout

RUNS: Final = "up"
"""Makes, starts and runs the world, until it is told to stop."""
RESTORES: Final = "restore"
"""Puts backups in the place of seats."""

_PATIENCE_SECONDS, _PAUSE_SECONDS = 0.3, 0.02


@dataclass(frozen=True, slots=True)
class Holder:
    """Whoever holds a world's folder now."""

    process_id: int
    """0 where the file does not say it yet."""
    doing: str


@contextmanager
def held(layout: Layout, doing: str) -> Iterator[None]:
    """Hold the folder, which is made where it is not there; it goes again if nothing came of it.

    Raises WorldError where somebody else holds it, with what to do.
    """
    lock = _taken(layout)
    try:
        lock.truncate(0)
        lock.write(f"{os.getpid()} {doing}\n".encode())
        lock.flush()
        yield
    finally:
        with suppress(OSError):
            if [one.name for one in layout.root.iterdir()] == [layout.lock.name]:
                layout.lock.unlink()
                layout.root.rmdir()  # a mount point stays
        with lock:
            lock.truncate(0)


def holder_of(layout: Layout) -> Holder | None:
    """Who holds the folder now; None where nobody does."""
    if not layout.lock.exists():
        return None
    try:
        locked(layout.lock).close()
    except BlockingIOError:
        told = layout.lock.read_text(encoding="utf-8", errors="replace").split()
        number, doing = (*told, "", "")[:2]
        return Holder(int(number) if number.isdecimal() else 0, doing)
    return None


def is_seen(layout: Layout, holder: Holder) -> bool:
    """Whether this process id holds the lock's file open here, and not in another container."""
    lock = layout.lock.stat()
    with suppress(OSError):
        for handle in Path(f"/proc/{holder.process_id}/fd").iterdir():
            with suppress(OSError):
                found = handle.stat()
                if (found.st_dev, found.st_ino) == (lock.st_dev, lock.st_ino):
                    return True
    return False


def _taken(layout: Layout) -> BinaryIO:
    """The lock of the folder; who only asks whether it is held has it for a moment."""
    until = time.monotonic() + _PATIENCE_SECONDS
    while True:
        layout.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            lock = locked(layout.lock)
        except BlockingIOError as error:
            if time.monotonic() > until:
                raise _in_use(layout) from error
            time.sleep(_PAUSE_SECONDS)
            continue
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(lock.fileno()), layout.lock.stat()):
                return lock
        lock.close()  # whoever had it has removed the folder


def _in_use(layout: Layout) -> WorldError:
    holder = holder_of(layout)
    if holder and holder.doing == RESTORES:
        return WorldError(
            "this world is being restored: wait until that has ended.",
            "この世界は復元中です。終わるまで待ってください。",
        )
    look, down = (f"`renkei {one} --data {layout.root}`" for one in ("status", "down"))
    return WorldError(
        f"this world is running already, or is being made: see {look}, stop it with {down}.",
        f"この世界はすでに動いているか、作成中です。{look}で確かめ、{down}で停止できます。",
    )
