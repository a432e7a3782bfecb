"""One seat, one process: whoever starts a seat a second time is told so, and touches nothing.

The lock lies beside what the seat keeps, and ends with whoever holds it, however that was.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from renkei import reasons
from renkei.refusals import Refusal

_LOCK = "running"


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold a seat's folder as long as the seat runs.

    Raises SEAT_RUNS_ALREADY where another process, or another in this one, holds it.
    """
    with (folder / _LOCK).open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as held:
            raise Refusal(reasons.SEAT_RUNS_ALREADY) from held
        yield
