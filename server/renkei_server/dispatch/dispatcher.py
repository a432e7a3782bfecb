"""The dispatcher: makes the calls that a seat's outbox owes, until each is answered.

Rules:
- A call that could not be made is made again under the same request id, after a
  growing pause, until its task's term is over: an outage costs time and loses nothing.
- A call whose answer is "not yet" is made again too, by what such answers took of late.
- A call that was refused for good is recorded where it arose and dropped.
- What the answer means is written in the transaction that ends the task.
- Tasks of one kind do not wait for those of another. Calls that wait together
  share a batch (the peer's client sees to it), and what ends together a commit.
"""

import asyncio
from collections.abc import Mapping
from functools import partial
from math import inf

from structlog.typing import FilteringBoundLogger

from renkei import reasons
from renkei.facts import RETRY_AFTER
from renkei.faults import describe
from renkei.refusals import Refusal
from renkei_server.dispatch.lanes import IN_MEMORY, LEAST_READ, Held, Lane
from renkei_server.dispatch.owed import Owed
from renkei_server.dispatch.pace import USUAL, Pace
from renkei_server.dispatch.routes import Effect, NotYetError, Route
from renkei_server.dispatch.terms import is_over
from renkei_server.domain.world import Clock
from renkei_server.door.occasion import Occasion
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.outbox import Outbox, Task
from renkei_server.store.engine.store import Store

_LOOK_AGAIN = 0.5
"""Seconds until an outbox that could not be read is read again."""


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
        pace: Pace = USUAL,
        in_memory: int = IN_MEMORY,
        round_seconds: float = 5.0,
    ) -> None:
        """`round_seconds` lie between readings of an outbox with more tasks than memory holds."""
        self._store = store
        self._outbox = outbox
        self._clock = clock
        self._log = log
        self._lanes = [
            Lane(
                kind,
                route,
                in_memory=in_memory,
                round_seconds=round_seconds,
                repeats=pace.repeats,
            )
            for kind, route in routes.items()
        ]
        self.paused = False
        self._awoken = asyncio.Event()
        self._heard = -1
        """How many tasks had been put when it last looked."""
        self._forgotten = 0
        self._busy: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Make calls until cancelled; calls under way are then given up, not lost."""
        try:
            while True:
                self._awoken.clear()
                await self._wait(await self._go_on())
        finally:
            for busy in self._busy:
                busy.cancel()
            await asyncio.gather(*self._busy, return_exceptions=True)

    def wake(self) -> None:
        """Say that something was committed; the outbox tells whether a task is among it."""
        if self._outbox.all_puts != self._heard:
            self._awoken.set()

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
        self._awoken.set()

    def forget(self) -> None:
        """Hold nothing in memory any more: the store is another one now. To be called in a pause."""
        self._forgotten += 1
        for lane in self._lanes:
            lane.forget()

    def look_anew(self) -> None:
        """Something may be owed of which nobody was told: read the outbox from its start."""
        for lane in self._lanes:
            lane.read_anew()
        self._awoken.set()

    def owed(self) -> list[Owed]:
        """Calls that were tried in vain and will be tried again, by kind and reason."""
        found: dict[tuple[str, str], list[Held]] = {}
        for lane in self._lanes:
            for held in lane.held:
                if held.why is not None:
                    found.setdefault((lane.kind, held.why.reason.name), []).append(held)
        return [
            Owed.of(kind, many, now=self._clock.real(), loop_now=self._now())
            for (kind, _), many in sorted(found.items())
        ]

    def _is_left_behind(self, lane: Lane) -> bool:
        return lane.puts != self._outbox.puts(lane.kind)

    async def _wait(self, seconds: float) -> None:
        """Wait to be woken, at most so long."""
        timer = (
            asyncio.get_running_loop().call_later(seconds, self._awoken.set)
            if seconds < inf
            else None
        )
        try:
            await self._awoken.wait()
        finally:
            if timer is not None:
                timer.cancel()

    async def _go_on(self) -> float:
        """Read what is new and make the calls whose turn has come.

        Returns the seconds until something more will be due.
        """
        clock = asyncio.get_running_loop().time
        self._heard, due = self._outbox.all_puts, inf
        for lane in self._lanes:
            try:
                await self._read_what_is_new(lane, clock())
            except Refusal:  # the store is away
                due = min(due, clock() + _LOOK_AGAIN)
            while not self.paused and (held := lane.next_due(clock())) is not None:
                self._start(lane, held)
            due = min(due, lane.due(all_read=not self._is_left_behind(lane)))
        return inf if self.paused else max(0.0, due - clock())

    async def _read_what_is_new(self, lane: Lane, now: float) -> None:
        if not self._is_left_behind(lane):
            lane.begin_round(now)
        while self._is_left_behind(lane) and lane.room and not self.paused:
            puts, most = self._outbox.puts(lane.kind), max(lane.room, LEAST_READ)
            forgotten = self._forgotten
            new = await self._store.look(
                partial(self._outbox.after, kind=lane.kind, number=lane.seen, limit=most)
            )
            if self._forgotten == forgotten and lane.take(new, now) and len(new) < most:
                lane.puts = puts

    def _start(self, lane: Lane, held: Held) -> None:
        busy = asyncio.create_task(self._make(lane, held))
        self._busy.add(busy)
        busy.add_done_callback(self._busy.discard)

    async def _make(self, lane: Lane, held: Held) -> None:
        task = held.task
        with Occasion(task=task.kind, cause=task.cause, attempt=held.attempts + 1):
            try:
                effect = await lane.route.send(task)
                answered_at = self._now()
                # not forced to the disk: should the machine fail, the call is repeated instead
                await self._store.write(
                    lambda connection: self._end(connection, task, effect),
                    durable=False,
                    what=f"task {task.kind}",
                )
                lane.answered(held, answered_at)
                self._done(lane, held)
            except NotYetError:
                if self._is_over(task):
                    await self._give_up(lane, held, Refusal(reasons.TERM_OVER))
                else:
                    lane.not_yet(held, self._now())
                    self._awoken.set()
            except Refusal as refusal:
                if refusal.reason.passing and self._is_over(task):
                    await self._give_up(lane, held, Refusal(reasons.TERM_OVER))
                elif refusal.reason.passing:
                    held.why = refusal.with_traceback(None)  # which would hold what was sent
                    self._try_again(lane, held, refusal.fact(RETRY_AFTER) or 0)
                else:
                    await self._give_up(lane, held, refusal)
            except Exception as fault:
                self._log.error("task_failed", **describe(fault))
                self._try_again(lane, held)

    def _is_over(self, task: Task) -> bool:
        return is_over(task.content, self._clock.now())

    def _end(self, connection: Connection, task: Task, effect: Effect) -> None:
        if self._outbox.done(connection, task):
            effect(connection)

    async def _give_up(self, lane: Lane, held: Held, refusal: Refusal) -> None:
        def record(connection: Connection) -> None:
            there = self._outbox.refused(connection, held.task, refusal.reason, self._clock.real())
            if there and lane.route.refused is not None:
                lane.route.refused(held.task, refusal)(connection)

        try:
            await self._store.write(record)
            self._done(lane, held)
        except Exception as fault:
            self._log.error("task_failed", **describe(fault))
            self._try_again(lane, held)

    def _done(self, lane: Lane, held: Held) -> None:
        lane.forget_one(held)
        if self._is_left_behind(lane):  # there is room for it now
            self._awoken.set()

    def _try_again(self, lane: Lane, held: Held, milliseconds: int = 0) -> None:
        """Make the call again, no sooner than its peer said."""
        lane.unreached(held, self._now(), at_least=milliseconds / 1_000)
        self._awoken.set()

    def _now(self) -> float:
        return asyncio.get_running_loop().time()
