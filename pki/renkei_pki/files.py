"""Files as a key store needs them: private from the first byte, replaced whole, written in turn."""

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PUBLIC = 0o644
PRIVATE = 0o600
ONLY_OURS = 0o077
"""The umask of every program of ours: what it writes, however, nobody else can read."""


def private_folder(folder: Path) -> Path:
    """Make the folder, 0700, unless it is there; return it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def write_new(path: Path, content: bytes, mode: int) -> None:
    """Write a file that must not be there yet; raises FileExistsError if it is."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)


def replace(path: Path, content: bytes) -> None:
    """Put a whole new file, private, in the old one's place; a reader sees the one or the other."""
    successor = path.with_name(path.name + ".new")
    with os.fdopen(
        os.open(successor, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE), "wb"
    ) as file:
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


def tighten(root: Path) -> None:
    """Let nobody but its owner see a folder or anything in it; raises PermissionError where it is
    somebody else's.
    """
    for folder, _, names in os.walk(root):
        _tighten(Path(folder))
        for name in names:
            _tighten(Path(folder, name))


def _tighten(path: Path) -> None:
    with suppress(FileNotFoundError):  # its owner, such as a server that ends, removed it
        told = path.lstat()
        if told.st_mode & 0o077 and not stat.S_ISLNK(told.st_mode):
            path.chmod(stat.S_IMODE(told.st_mode) & 0o700)
