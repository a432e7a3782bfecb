"""Whose turn it is to write a store, where several workers of one seat do.

- A turn lasts from before a transaction begins until after it was committed, and its changes noted:
  so transactions, the numbers that they draw and the memory that they leave have one order.
- It is a lock of the system's on a file in memory. Who is killed loses it at once, and leaves its
  name: who comes next believes nothing of what the dead one left in memory (`abandoned`).
- Nobody waits on its loop. Who finds it taken says so, and is woken by who lets go of it.
- Where others wait, nobody takes it more than a few times in a row.
"""

import asyncio
import fcntl
import os
from collections import deque
from collections.abc import Callable
from typing import Final, Protocol

from renkei_server.store.engine.shared import HOLDER, Shared

_LOOK_AGAIN_SECONDS: Final = 0.01
"""So long who waits sleeps at most: whoever was to wake it may have been killed."""
_MOST_IN_A_ROW: Final = 4


class Turns(Protocol):
    """One worker's way to the turn."""

    def take(self, then: Callable[[], None]) -> None:
        """Do this once it has the turn, at once or later."""
        ...

    def take_now(self) -> None:
        """Wait for it here, where no server runs."""
        ...

    def release(self) -> None:
        """Let it go."""
        ...

    def awake(self) -> None:
        """Look again; to be called when the worker was woken."""
        ...

    def close(self) -> None:
        """Never take it again."""
        ...


class Always:
    """The turn of an only worker, which has it always."""

    def take(self, then: Callable[[], None]) -> None:
        """At once."""
        then()

    def take_now(self) -> None:
        """It has it."""

    def release(self) -> None:
        """It keeps it."""

    def awake(self) -> None:
        """It never waits."""

    def close(self) -> None:
        """There is nothing to let go of."""


class Shares:
    """The turn of one of several workers."""

    def __init__(self, shared: Shared, abandoned: Callable[[], None]) -> None:
        """`abandoned` is called, with the turn, where one was killed who had it."""
        if shared.handles is None:
            msg = "an only worker has nobody to share with"
            raise ValueError(msg)
        self._shared = shared
        self._abandoned = abandoned
        # locks belong to who opened a file: an inherited one would be everybody's
        self._lock = os.open(f"/proc/self/fd/{shared.handles.memory}", os.O_RDWR | os.O_CLOEXEC)
        self._held = 0
        self._in_a_row = 0
        self._waiting: deque[Callable[[], None]] = deque()
        self._timer: asyncio.TimerHandle | None = None

    def take(self, then: Callable[[], None]) -> None:
        """At once, unless another has it or waits for it long enough."""
        if not self._lets_others() and self._tried():
            then()
            return
        self._shared.wait(waits=True)
        self._waiting.append(then)
        if self._lets_others():
            self._sleep()
        else:
            self._look()  # it was let go of before that was seen

    def awake(self) -> None:
        """Look again."""
        if self._waiting:
            self._in_a_row = 0
            self._look()

    def _look(self) -> None:
        while self._waiting and self._tried():
            then = self._waiting.popleft()
            self._shared.wait(waits=bool(self._waiting))
            then()
        if self._waiting:
            self._sleep()

    def take_now(self) -> None:
        """Wait for it in here, as long as it takes."""
        if not self._held:
            fcntl.flock(self._lock, fcntl.LOCK_EX)
            self._take_over()
        self._held += 1

    def release(self) -> None:
        """Let it go, and wake who waits for it; who has closed it let it go then."""
        if not self._held:
            return
        self._held -= 1
        if self._held:
            return
        shared = self._shared
        shared.words[HOLDER] = 0
        fcntl.flock(self._lock, fcntl.LOCK_UN)
        waiting = shared.others_wait()
        self._in_a_row = self._in_a_row + 1 if waiting else 0
        for one in waiting:
            shared.wake(one)

    def close(self) -> None:
        """Let it go for good; who has it leaves its name, for nobody noted how its turn ended."""
        self._waiting.clear()
        if self._timer is not None:
            self._timer.cancel()
        self._shared.wait(waits=False)
        self._held = 0
        os.close(self._lock)

    def _lets_others(self) -> bool:
        return self._in_a_row >= _MOST_IN_A_ROW and bool(self._shared.others_wait())

    def _tried(self) -> bool:
        """Whether it has the turn now."""
        if not self._held:
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            self._take_over()
        self._held += 1
        return True

    def _take_over(self) -> None:
        words = self._shared.words
        dead = words[HOLDER]
        words[HOLDER] = self._shared.number + 1
        if dead:
            self._abandoned()

    def _sleep(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(_LOOK_AGAIN_SECONDS, self.awake)
