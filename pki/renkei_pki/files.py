"""Files as a key store needs them: private from the first byte, replaced whole, written in turn."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PUBLIC = 0o644
PRIVATE = 0o600


def private_folder(folder: Path) -> Path:
    """Make the folder, 0700, unless it is there; return it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def write_new(path: Path, content: bytes, mode: int) -> None:
    """Write a file that must not be there yet; raises FileExistsError if it is."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)


def replace(path: Path, content: bytes) -> None:
    """Put a whole new file in the old one's place; a reader sees the one or the other."""
    successor = path.with_name(path.name + ".new")
    with successor.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    successor.replace(path)


def turn_link(link: Path, target: Path) -> None:
    """Let a link show elsewhere in one step; a plain file in its place gives way."""
    if link.is_symlink() and link.readlink() == target:
        return
    successor = link.with_name(link.name + ".new")
    successor.unlink(missing_ok=True)
    successor.symlink_to(target)
    successor.replace(link)


def sync(*paths: Path) -> None:
    """Wait until files and folders are on the disk as they are now."""
    for path in paths:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def taking_turns(folder: Path) -> Iterator[None]:
    """Wait until no other process is inside such a block for the same folder."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
