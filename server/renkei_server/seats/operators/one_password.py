"""One password at a time: a seat judges and hashes one, whoever sends how many, in all its workers.

Guesses that come at once would all be judged before the first of them counts; and a hash takes a
core for fifty milliseconds, which are left to others.
"""

import asyncio
import fcntl
import os
from contextlib import suppress
from typing import Final

from renkei_server.store.engine.shared import Shared

_LOOK_AGAIN_SECONDS: Final = 0.005


class OnePassword:
    """Held (`async with`) from a password's arrival until it has counted."""

    def __init__(self, shared: Shared) -> None:
        self._guesses = None if shared.handles is None else shared.handles.guesses
        self._here = asyncio.Lock()
        self._locked = -1

    async def __aenter__(self) -> None:
        """Wait until nobody judges one, here or in another worker."""
        await self._here.acquire()
        try:
            while not self._is_ours():  # noqa: ASYNC110 - another process lets go of it
                await asyncio.sleep(_LOOK_AGAIN_SECONDS)
        except BaseException:
            self._here.release()
            raise

    async def __aexit__(self, *_: object) -> None:
        """Let the next one be judged."""
        if self._guesses is not None:
            os.close(self._locked)
        self._here.release()

    def _is_ours(self) -> bool:
        """Lock it for this worker; the lock ends with the open file, or with the process."""
        if self._guesses is None:
            return True
        file = os.open(f"/proc/self/fd/{self._guesses}", os.O_RDWR | os.O_CLOEXEC)
        with suppress(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._locked = file
            return True
        os.close(file)
        return False
