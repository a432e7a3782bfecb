"""What a seat does regularly, and whether it is well (MS-10; the standard health service tells it).

Rules:
- One chore's failure, whatever it is, stops neither the others nor the next round.
- A chore that fails is told in the log once, and once more when it works again.
- A seat is well while every chore works, its store does, and its dispatcher runs; before it serves its
  callers it says so.
- Of several workers of a seat the first does the chores; the others are well as far as it is.
- Where nothing was committed and nobody moved the world's clock, it goes round more seldom: many
  seats that rest share a process, and a machine with others.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import Final

from grpc_health.v1 import health_pb2
from grpc_health.v1._async import HealthServicer
from structlog.typing import FilteringBoundLogger

from renkei import reasons
from renkei.faults import describe
from renkei.refusals import Refusal
from renkei_server.dispatch.dispatcher import Dispatcher
from renkei_server.domain.world import Clock
from renkei_server.roles.parts import Chore
from renkei_server.store.engine.shared import UNWELL
from renkei_server.store.engine.store import Store

QUIET_PAUSES: Final = 4
"""So many pauses lie between two rounds where nothing moves."""

_MOVE: Final = timedelta(seconds=1)
"""The least by which somebody moves a clock."""

_SERVING = health_pb2.HealthCheckResponse.ServingStatus


class Housekeeping:
    """Keeps one seat's house; `run` ends when it is cancelled, and never before."""

    def __init__(
        self,
        *,
        store: Store,
        dispatcher: Dispatcher,
        chores: Sequence[Chore],
        always: Sequence[Chore] = (),
        doctor: HealthServicer,
        clock: Clock,
        log: FilteringBoundLogger,
        pause_seconds: float,
        closed: Callable[[], bool] = lambda: False,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`always` is done at every worker, and where no call is made for a while too."""
        self._store = store
        self._dispatcher = dispatcher
        self._chores = chores
        self._always = always
        self._doctor = doctor
        self._log = log
        self._pause_seconds = pause_seconds
        self._sleep = sleep
        self._failing: set[int] = set()
        self._clock = clock
        self._ahead = timedelta(0)
        """How far the world's time was from the machine's at the last round."""
        self._stirred = True
        self._closed = closed
        self._well = True

    def stir(self) -> None:
        """Say that something was committed: there may be something to do, and soon."""
        self._stirred = True

    async def run(self, dispatching: asyncio.Task[None] | None) -> None:
        """Go round, again and again; `dispatching` is the dispatcher at work, at the first worker."""
        while True:
            moved = self._has_moved()
            self._stirred = False
            self._well = self._of_seat(well=await self.go_round(dispatching))
            await self.tell()
            await self._rest(1 if moved or not self._well else QUIET_PAUSES)

    async def tell(self) -> None:
        """Let the health service say how the seat is: whether it is well, and serves its callers."""
        serves = self._well and not self._closed()
        await self._doctor.set("", _SERVING.SERVING if serves else _SERVING.NOT_SERVING)

    async def _rest(self, pauses: int) -> None:
        """Rest for so many pauses; for no more than one once something moves."""
        for _ in range(pauses):
            await self._sleep(self._pause_seconds)
            if self._has_moved():
                return

    def _has_moved(self) -> bool:
        """Whether something was committed, or the world's clock moved, since the last round began."""
        try:
            ahead = self._clock.now() - self._clock.real()
        except (OSError, ValueError, LookupError):  # whoever reads it next will say so
            return True
        if abs(ahead - self._ahead) >= _MOVE:
            self._ahead = ahead
            self._stirred = True
        return self._stirred

    def _of_seat(self, *, well: bool) -> bool:
        """How the seat is: the first worker says so to the others."""
        shared = self._store.shared
        if shared.is_first:
            shared.words[UNWELL] = not well
        return well and not shared.words[UNWELL]

    async def go_round(self, dispatching: asyncio.Task[None] | None) -> bool:
        """Do each chore once; return whether all work."""
        chores: list[Chore] = [self._tidy, *self._always]
        if dispatching is not None:
            chores.append(partial(_look_at, dispatching))
        if not (self._dispatcher.paused or self._closed()):
            chores += self._chores
        return all([await self._works(place, chore) for place, chore in enumerate(chores)])

    async def _tidy(self) -> None:
        if not await self._store.tidy():
            raise Refusal(reasons.STORE_UNAVAILABLE)

    async def _works(self, place: int, chore: Chore) -> bool:
        """Do the chore; whether it works."""
        try:
            await chore()
        except Refusal as refusal:
            self._fails(place, chore, reason=refusal.reason.name)
        except Exception as fault:
            self._fails(place, chore, **describe(fault))
        else:
            if place in self._failing:
                self._failing.remove(place)
                self._log.info("housekeeping_works_again", chore=_name(chore))
            return True
        return False

    def _fails(self, place: int, chore: Chore, **why: object) -> None:
        if place not in self._failing:
            self._failing.add(place)
            self._log.error("housekeeping_failed", chore=_name(chore), **why)


class _EndedError(Exception):
    """A task ended of which nobody knows why."""


async def _look_at(task: asyncio.Task[None]) -> None:
    """Raise what ended a task that should never end."""
    if task.done():
        raise (None if task.cancelled() else task.exception()) or _EndedError


def _name(chore: Chore) -> str:
    done = chore.func if isinstance(chore, partial) else chore
    return str(getattr(done, "__qualname__", type(done).__name__))
