"""One seat, one process: whoever starts a seat a second time is told so, and touches nothing.

The lock lies beside what the seat keeps, and ends with whoever holds it, however that was.
"""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from renkei import reasons
from renkei.refusals import Refusal
from renkei_server.process.locks import locked
from renkei_server.store.engine.opening import is_in_use, is_made
from renkei_server.store.engine.places import Place

_LOCK = "running"
_PATIENCE_SECONDS, _PAUSE_SECONDS = 2.0, 0.02


async def require_at_hand(place: Place) -> None:
    """Raise STORE_MISSING where a seat's database is gone, and SEAT_RUNS_ALREADY where it is in use.

    Of a file the folder's lock tells that; a schema may be another folder's too. The seats that
    share the process do not wait.
    """
    if not await asyncio.to_thread(is_made, place):
        raise Refusal(reasons.STORE_MISSING)
    until = time.monotonic() + _PATIENCE_SECONDS
    while await asyncio.to_thread(
        is_in_use, place
    ):  # a seat that was killed leaves its connections for a moment
        if time.monotonic() > until:
            raise Refusal(reasons.SEAT_RUNS_ALREADY)
        await asyncio.sleep(_PAUSE_SECONDS)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold a seat's folder as long as the seat runs.

    Raises SEAT_RUNS_ALREADY where another process, or another in this one, holds it.
    """
    try:
        lock = locked(folder / _LOCK)
    except BlockingIOError as held:
        raise Refusal(reasons.SEAT_RUNS_ALREADY) from held
    with lock:
        yield
