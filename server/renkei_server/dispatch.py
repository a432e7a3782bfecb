"""The dispatcher: makes the calls that a seat's outbox owes, until each is answered.

Rules:
- A call that could not be made is made again under the same request id, after a
  growing pause, for ever: an outage costs time and loses nothing.
- A call whose answer is "not yet" is made again in the same way.
- A call that was refused for good is recorded where it arose and dropped.
- What the answer means is written in the transaction that ends the task.
"""

import asyncio
import contextlib
import heapq
import itertools
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection
from structlog.contextvars import bound_contextvars
from structlog.typing import FilteringBoundLogger

from renkei.refusals import Refusal
from renkei_server.domain.world import Clock
from renkei_server.faults import describe
from renkei_server.store.outbox import Outbox, Task
from renkei_server.store.store import Store

Effect = Callable[[Connection], None]
"""What an answer means for the seat's own store."""

_AT_ONCE = 16
_AGAIN_AT_ONCE = 6
"""Of these, how many may be repeats while there are calls that were never made."""


@dataclass(frozen=True, slots=True)
class _Pauses:
    """How long one waits before a repeat, in seconds."""

    first: float
    growth: float
    longest: float

    def after(self, attempts: int) -> float:
        return min(self.longest, self.first * self.growth**attempts)


_OUTAGE = _Pauses(0.05, 2.0, 3.0)
_NOT_YET = _Pauses(0.25, 1.6, 5.0)
_LOOK_AGAIN = 0.5
"""Seconds until an outbox that could not be read is read again."""


class NotYetError(Exception):
    """The peer answered, and what was asked for is not there yet: ask again later."""


@dataclass(frozen=True, slots=True)
class Route:
    """How tasks of one kind are sent, and what it means when one is refused for good."""

    send: Callable[[Task], Awaitable[Effect]]
    refused: Callable[[Task, Refusal], Effect] | None = None
    pause: float = 0.0
    """Seconds before the first call: what is asked for takes its time."""


@dataclass(order=True, slots=True)
class _Held:
    """A task in memory: when it is due (loop time), in what order, and how often it was tried."""

    due: float
    order: int
    attempts: int
    task: Task


class Dispatcher:
    """Works through one seat's outbox; `run` ends when it is cancelled."""

    def __init__(
        self,
        *,
        store: Store,
        outbox: Outbox,
        routes: Mapping[str, Route],
        clock: Clock,
        log: FilteringBoundLogger,
    ) -> None:
        self._store = store
        self._outbox = outbox
        self._routes = routes
        self._clock = clock
        self._log = log
        self._seen = 0
        self._puts = -1
        self._unread = False
        self._held: list[_Held] = []
        self._order = itertools.count()
        self._busy: set[asyncio.Task[None]] = set()
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """Say that something was committed; the outbox tells whether a task is among it."""
        if self._puts != self._outbox.puts:
            self._wake.set()

    async def run(self) -> None:
        """Make calls until cancelled; calls under way are then given up, not lost."""
        try:
            while True:
                self._wake.clear()
                self._start_what_is_due()
                await self._something_to_do()
        finally:
            for busy in self._busy:
                busy.cancel()
            await asyncio.gather(*self._busy, return_exceptions=True)

    def _start_what_is_due(self) -> None:
        """Calls never made come first: what they bring about is what the repeats wait for."""
        now = asyncio.get_running_loop().time()
        self._repeat_what_is_due(now, _AGAIN_AT_ONCE)
        self._start_what_is_new(now)
        self._repeat_what_is_due(now, _AT_ONCE)

    def _repeat_what_is_due(self, now: float, at_once: int) -> None:
        while len(self._busy) < at_once and self._held and self._held[0].due <= now:
            self._start(heapq.heappop(self._held))

    def _start_what_is_new(self, now: float) -> None:
        room = _AT_ONCE - len(self._busy)
        if room <= 0 or self._puts == self._outbox.puts:
            return
        puts = self._outbox.puts
        try:
            new = self._store.read(
                lambda connection: self._outbox.after(connection, self._seen, room)
            )
        except Refusal:  # the store is away
            self._unread = True
            return
        self._unread = False
        for task in new:
            self._seen = task.number
            pause = self._routes[task.kind].pause
            held = _Held(now + pause, next(self._order), 0, task)
            if pause:
                heapq.heappush(self._held, held)
            else:
                self._start(held)
        if len(new) < room:
            self._puts = puts  # nothing is left behind

    def _start(self, held: _Held) -> None:
        busy = asyncio.create_task(self._make(held))
        self._busy.add(busy)
        busy.add_done_callback(self._finished)

    def _finished(self, busy: asyncio.Task[None]) -> None:
        self._busy.discard(busy)
        self._wake.set()

    async def _something_to_do(self) -> None:
        pause = _LOOK_AGAIN if self._unread else None
        if self._held and len(self._busy) < _AT_ONCE:
            due = max(0.0, self._held[0].due - asyncio.get_running_loop().time())
            pause = due if pause is None else min(due, pause)
        # not wait_for: on Python 3.11 it may swallow a cancellation that comes with the wake-up
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(pause):
                await self._wake.wait()

    async def _make(self, held: _Held) -> None:
        task = held.task
        route = self._routes[task.kind]
        with bound_contextvars(task=task.kind, cause=task.cause, attempt=held.attempts + 1):
            try:
                effect = await route.send(task)
                # not forced to the disk: should the machine fail, the call is repeated instead
                await self._store.write(
                    lambda connection: self._end(connection, task, effect),
                    durable=False,
                    what=f"task {task.kind}",
                )
            except NotYetError:
                self._hold(held, _NOT_YET)
            except Refusal as refusal:
                if refusal.reason.passing:
                    self._hold(held)
                else:
                    await self._give_up(held, route, refusal)
            except Exception as fault:
                self._log.error("task_failed", **describe(fault))
                self._hold(held)

    def _end(self, connection: Connection, task: Task, effect: Effect) -> None:
        effect(connection)
        self._outbox.done(connection, task)

    async def _give_up(self, held: _Held, route: Route, refusal: Refusal) -> None:
        def record(connection: Connection) -> None:
            if route.refused is not None:
                route.refused(held.task, refusal)(connection)
            self._outbox.refused(connection, held.task, refusal.reason, self._clock.real())

        try:
            await self._store.write(record)
        except Exception as fault:
            self._log.error("task_failed", **describe(fault))
            self._hold(held)

    def _hold(self, held: _Held, pauses: _Pauses = _OUTAGE) -> None:
        due = asyncio.get_running_loop().time() + pauses.after(held.attempts)
        again = _Held(due, next(self._order), min(held.attempts + 1, 30), held.task)
        heapq.heappush(self._held, again)
