"""Locks that end with whoever holds them, however that was.

It reads no database: whoever stays while a world runs locks its folder too.
"""

import fcntl
from pathlib import Path
from typing import BinaryIO


def locked(path: Path) -> BinaryIO:
    """A lock file, held until it is closed. Raises BlockingIOError where somebody else holds it."""
    lock = path.open("ab")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise
    return lock
