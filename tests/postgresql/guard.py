"""Ends a server and removes its folder once whoever started it has ended, however that was.

A small process, run by this file's path: its input is a pipe that the starter alone holds. It
tells the server's process id, a line for each start, and 0 when there is none.
"""

import os
import shutil
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

_SECONDS = 10.0


def remove(folder: Path, pid: int) -> None:
    """End the server of this folder, if it has one, with all its processes; remove the folder."""
    with suppress(ProcessLookupError):
        if pid:
            os.kill(pid, signal.SIGQUIT)  # PostgreSQL's immediate shutdown
            if not _removed(folder / "data" / "postmaster.pid"):
                os.kill(pid, signal.SIGKILL)
    shutil.rmtree(folder, ignore_errors=True)


def _removed(file: Path) -> bool:
    """A server removes this file as it ends; its id may stay on where nobody asks how it ended."""
    limit = time.monotonic() + _SECONDS
    while file.exists() and time.monotonic() < limit:
        time.sleep(0.005)
    return not file.exists()


if __name__ == "__main__":
    last = 0
    for line in sys.stdin:
        last = int(line)
    remove(Path(sys.argv[1]), last)
