"""The dispatcher: makes the calls that a seat's outbox owes, until each is answered.

Rules:
- A call that could not be made is made again under the same request id, after a
  growing pause, for ever: an outage costs time and loses nothing.
- A call whose answer is "not yet" is made again in the same way.
- A call that was refused for good is recorded where it arose and dropped.
- What the answer means is written in the transaction that ends the task.
- Tasks of one kind do not wait for those of another. Calls that wait together
  share a batch (the peer's client sees to it), and what ends together a commit.
"""

import asyncio
import heapq
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import inf

from sqlalchemy import Connection
from structlog.contextvars import bound_contextvars
from structlog.typing import FilteringBoundLogger

from renkei.faults import describe
from renkei.refusals import Refusal
from renkei_server.domain.world import Clock
from renkei_server.store.engine.outbox import Outbox, Task
from renkei_server.store.engine.store import Store

Effect = Callable[[Connection], None]
"""What an answer means for the seat's own store."""

_IN_MEMORY = 512
"""So many tasks of one kind are held in memory; those behind them wait on the disk."""
_LEAST_READ = 32
"""So many are read at a time at least: in a new round many of them are in memory already."""


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


class _Lane:
    """The tasks of one kind: those in memory, and how far the outbox was read.

    Kinds do not wait for each other. A task whose turn did not bring an answer is
    tried again from memory; where that is full, it is put back, so that it holds
    up nobody, and read anew in the next round.
    """

    def __init__(self, kind: str, route: Route, round_seconds: float) -> None:
        self.kind = kind
        self.route = route
        self._round_seconds = round_seconds
        self.held: list[_Held] = []
        self.seen = 0
        """The number of the last task that was read."""
        self.puts = -1
        """What the outbox's count was when nothing was left behind there."""
        self.round_due: float | None = None
        """When to read from the start again, because a task was put back."""
        self._numbers: set[int] = set()

    @property
    def room(self) -> int:
        """How many more tasks may come into memory."""
        return _IN_MEMORY - len(self._numbers)

    def take(self, tasks: Sequence[Task], now: float) -> bool:
        """Hold tasks that were read, unless they are in memory already; whether all found room."""
        for task in tasks:
            if task.number not in self._numbers:
                if not self.room:
                    return False
                self._numbers.add(task.number)
                self._push(now + self.route.pause, 0, task)
            self.seen = task.number
        return True

    def forget(self) -> None:
        """Hold nothing, and read the outbox from its start."""
        self.held.clear()
        self._numbers.clear()
        self.seen, self.puts, self.round_due = 0, -1, None

    def next_due(self, now: float) -> _Held | None:
        """A task whose turn has come, if there is one."""
        if self.held and self.held[0].due <= now:
            return heapq.heappop(self.held)
        return None

    def again(self, held: _Held, pauses: _Pauses, now: float) -> None:
        """Try a task again after a pause."""
        if self.room <= 0 and held.attempts:
            self.forget_one(held)
            self.round_due = self.round_due or now + self._round_seconds
        else:
            self._push(now + pauses.after(held.attempts), min(held.attempts + 1, 30), held.task)

    def forget_one(self, held: _Held) -> None:
        """Hold a task no longer."""
        self._numbers.discard(held.task.number)

    def begin_round(self, now: float) -> None:
        """Read from the start again once that is due."""
        if self.round_due is not None and self.round_due <= now:
            self.round_due = None
            self.seen, self.puts = 0, -1

    @property
    def due(self) -> float:
        """When there will be something to do again, as far as that is known (loop time)."""
        next_held = self.held[0].due if self.held else inf
        return next_held if self.round_due is None else min(next_held, self.round_due)

    def _push(self, due: float, attempts: int, task: Task) -> None:
        heapq.heappush(self.held, _Held(due, task.number, attempts, task))


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
        round_seconds: float = 5.0,
    ) -> None:
        """`round_seconds` lie between readings of an outbox with more tasks than memory holds."""
        self._store = store
        self._outbox = outbox
        self._clock = clock
        self._log = log
        self._lanes = [_Lane(kind, route, round_seconds) for kind, route in routes.items()]
        self._fault: asyncio.Future[None] | None = None
        """There while it runs; it brings what ends it before its time."""
        self.paused = False
        self._timer: asyncio.TimerHandle | None = None
        self._busy: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Make calls until cancelled; calls under way are then given up, not lost."""
        self._fault = asyncio.get_running_loop().create_future()
        try:
            self._go_on()
            await self._fault
        finally:
            self._fault = None
            self._look_again_after(inf)
            for busy in self._busy:
                busy.cancel()
            await asyncio.gather(*self._busy, return_exceptions=True)

    def wake(self) -> None:
        """Say that something was committed; the outbox tells whether a task is among it."""
        if any(self._is_left_behind(lane) for lane in self._lanes):
            self._go_on()

    def hold(self) -> None:
        """Begin no call from now on; those under way go on."""
        self.paused = True

    async def pause(self) -> None:
        """Begin no call from now on, and wait until those under way have ended."""
        self.hold()
        while self._busy:
            await asyncio.wait(self._busy)

    def resume(self) -> None:
        """Go on after a pause."""
        self.paused = False
        self._go_on()

    def forget(self) -> None:
        """Hold nothing in memory any more: the store is another one now. To be called in a pause."""
        for lane in self._lanes:
            lane.forget()

    def _is_left_behind(self, lane: _Lane) -> bool:
        return lane.puts != self._outbox.puts[lane.kind]

    def _go_on(self) -> None:
        """Read what is new, make the calls whose turn has come, and look again in time."""
        if self._fault is None or self._fault.done() or self.paused:
            return
        try:
            pause = self._start_what_is_due(asyncio.get_running_loop().time())
        except Refusal:  # the store is away
            pause = _LOOK_AGAIN
        except Exception as fault:
            self._fault.set_exception(fault)
            return
        self._look_again_after(pause)

    def _look_again_after(self, seconds: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(seconds, self._go_on) if seconds < inf else None

    def _start_what_is_due(self, now: float) -> float:
        """Returns the seconds until something more will be due."""
        due = inf
        for lane in self._lanes:
            self._read_what_is_new(lane, now)
            while (held := lane.next_due(now)) is not None:
                self._start(lane, held)
            due = min(due, lane.due)
        return due - now

    def _read_what_is_new(self, lane: _Lane, now: float) -> None:
        lane.begin_round(now)
        while self._is_left_behind(lane) and lane.room:
            puts, most = self._outbox.puts[lane.kind], max(lane.room, _LEAST_READ)
            new = self._store.look(
                partial(self._outbox.after, kind=lane.kind, number=lane.seen, limit=most)
            )
            if lane.take(new, now) and len(new) < most:
                lane.puts = puts

    def _start(self, lane: _Lane, held: _Held) -> None:
        busy = asyncio.create_task(self._make(lane, held))
        self._busy.add(busy)
        busy.add_done_callback(self._busy.discard)

    async def _make(self, lane: _Lane, held: _Held) -> None:
        task = held.task
        with bound_contextvars(task=task.kind, cause=task.cause, attempt=held.attempts + 1):
            try:
                effect = await lane.route.send(task)
                # not forced to the disk: should the machine fail, the call is repeated instead
                await self._store.write(
                    lambda connection: self._end(connection, task, effect),
                    durable=False,
                    what=f"task {task.kind}",
                )
                self._done(lane, held)
            except NotYetError:
                self._try_again(lane, held, _NOT_YET)
            except Refusal as refusal:
                if refusal.reason.passing:
                    self._try_again(lane, held)
                else:
                    await self._give_up(lane, held, refusal)
            except Exception as fault:
                self._log.error("task_failed", **describe(fault))
                self._try_again(lane, held)

    def _end(self, connection: Connection, task: Task, effect: Effect) -> None:
        effect(connection)
        self._outbox.done(connection, task)

    async def _give_up(self, lane: _Lane, held: _Held, refusal: Refusal) -> None:
        def record(connection: Connection) -> None:
            if lane.route.refused is not None:
                lane.route.refused(held.task, refusal)(connection)
            self._outbox.refused(connection, held.task, refusal.reason, self._clock.real())

        try:
            await self._store.write(record)
            self._done(lane, held)
        except Exception as fault:
            self._log.error("task_failed", **describe(fault))
            self._try_again(lane, held)

    def _done(self, lane: _Lane, held: _Held) -> None:
        lane.forget_one(held)
        if self._is_left_behind(lane):  # there is room for it now
            self._go_on()

    def _try_again(self, lane: _Lane, held: _Held, pauses: _Pauses = _OUTAGE) -> None:
        lane.again(held, pauses, asyncio.get_running_loop().time())
        self._go_on()
