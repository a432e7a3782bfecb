"""Turns at a listener: one caller's crowd makes that caller wait, and hardly anybody else (invented).

Rules:
- Of one caller's calls some are under way at once; the others wait, in the order in which they
  came. Each caller waits for its own calls alone.
- Where a crowd of them waits, fewer are under way, and the next begins only once no new call comes
  in: gRPC hands over all callers' calls in one line, so what waits there must be taken in first.
- What waits is bounded, in number, in bytes and in time. Who comes beyond that is turned away
  before anything is parsed, and told when to come again; each a little later than the one before.
- The requests of batches take turns among themselves: a batch is one call, and they wait within it.
- What is turned away leaves no record: who floods a seat shall not fill its disk. How many calls
  of whom were turned away is told in the log once there is room again.

Source: docs/decisions/0040.
"""

import asyncio
from collections import deque

from renkei import reasons
from renkei.facts import RETRY_AFTER
from renkei.refusals import Refusal
from renkei_server.door.room import Room

SOONEST, EACH_LATER, LATEST = 100, 2, 5_000
"""Milliseconds: when the first that is turned away may come again, how much later each after it
(about as long as a call takes), and when the last."""

_TURNS_WITHOUT_MORE = 14
"""So many turns of the loop without a new call: there is none that grpc could hand over now."""
_LONGEST_LOOK_SECONDS = 0.005
"""Where new calls never cease the next goes on after so long: else a crowd of honest ones stands still."""


class Queues:
    """The turns of every caller of one listener."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._calls: dict[str, Turns] = {}
        self._batches: dict[str, Turns] = {}
        self.arrived = 0
        """How many calls came so far."""

    def of(self, caller: str) -> "Turns":
        """The turns of a caller's calls, one of which has come; who is nobody shares them."""
        self.arrived += 1
        if (turns := self._calls.get(caller)) is None:
            turns = self._calls[caller] = Turns(self, self._room)
        return turns

    def of_batches(self, caller: str) -> "Turns":
        """The turns of the requests in a caller's batches, as many as its calls may bring."""
        if (turns := self._batches.get(caller)) is None:
            turns = self._batches[caller] = Turns(self, self._room.in_batches)
        return turns


class Turns:
    """The turns of one caller: `enter` comes before each call, and `leave` after it."""

    __slots__ = ("_bytes", "_queues", "_room", "_turned_away", "_under_way", "_waiting")

    def __init__(self, queues: Queues, room: Room) -> None:
        self._queues = queues
        self._room = room
        self._under_way = 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._bytes = 0
        self._turned_away = 0

    async def enter(self, size: int) -> None:
        """Take a turn, or wait for one with a request of so many bytes. Raises TOO_MANY_CALLS."""
        if self._under_way < self._room.under_way and not self._waiting:
            self._under_way += 1
        elif (
            len(self._waiting) < self._room.waiting
            and self._bytes + size <= self._room.waiting_bytes
        ):
            await self._wait(size)
        else:
            raise self._come_again()

    def leave(self) -> int:
        """Give up a turn; returns how many were turned away, once nobody waits any more."""
        self._under_way -= 1
        if self._waiting:
            self._go_on()
            return 0
        turned_away, self._turned_away = self._turned_away, 0
        return turned_away

    def _go_on(self) -> None:
        """Let the next go on, in a crowd once nobody new comes in."""
        if len(self._waiting) < self._room.crowd:
            self._call_up(self._room.under_way)
        else:
            until = asyncio.get_running_loop().time() + _LONGEST_LOOK_SECONDS
            self._look(self._queues.arrived, _TURNS_WITHOUT_MORE, until)

    def _look(self, arrived: int, left: int, until: float) -> None:
        loop = asyncio.get_running_loop()
        if self._queues.arrived != arrived:
            arrived, left = self._queues.arrived, _TURNS_WITHOUT_MORE
        if left and loop.time() < until:
            loop.call_soon(self._look, arrived, left - 1, until)
        else:
            self._call_up(self._room.in_a_crowd)

    def _call_up(self, most: int) -> None:
        while self._waiting and self._under_way < most:
            first = self._waiting.popleft()
            if not first.done():
                self._under_way += 1
                first.set_result(None)

    async def _wait(self, size: int) -> None:
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(mine)
        self._bytes += size
        try:
            async with asyncio.timeout(self._room.longest_wait_seconds):
                await mine
        except TimeoutError:
            if mine.cancelled():
                raise self._come_again() from None
        except asyncio.CancelledError:
            if not mine.cancelled():  # it was called up, and has gone
                self.leave()
            raise
        finally:
            self._bytes -= size

    def _come_again(self) -> Refusal:
        later = min(SOONEST + EACH_LATER * self._turned_away, LATEST)
        self._turned_away += 1
        return Refusal(reasons.TOO_MANY_CALLS, facts=(RETRY_AFTER.of(later),))
