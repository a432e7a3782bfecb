"""The tasks of one kind that wait for their turn: those in memory, the rest on the disk."""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from renkei.refusals import Refusal
from renkei_server.dispatch.pace import Pauses
from renkei_server.dispatch.patience import Patience
from renkei_server.dispatch.routes import Route
from renkei_server.store.engine.outbox import Task

IN_MEMORY = 512
"""So many tasks of one kind are held in memory; those behind them wait on the disk."""
LEAST_READ = 32
"""So many are read at a time at least: in a new round many of them are in memory already."""


OUTAGE = Pauses(0.05, 2.0, 3.0)


@dataclass(order=True, slots=True)
class Held:
    """A task in memory: when it is due (loop time), in what order, since when it is held, how
    often it was tried, whether each try found its peer, and why the last one did not do.
    """

    due: float
    order: int
    since: float
    task: Task
    attempts: int = 0
    reached: bool = True
    why: Refusal | None = None


class Lane:
    """The tasks of one kind: those in memory, and how far the outbox was read.

    Kinds do not wait for each other. A task whose turn did not bring an answer is
    tried again from memory; where that is full, it is put back, so that it holds
    up nobody, and read anew in the next round.
    """

    def __init__(
        self, kind: str, route: Route, *, in_memory: int, round_seconds: float, repeats: float
    ) -> None:
        """`repeats` is a multiple of the usual pauses, as a pace tells it."""
        self.kind = kind
        self.route = route
        self._in_memory = in_memory
        self._round_seconds = round_seconds
        self._repeats = repeats
        self.held: list[Held] = []
        self.seen = 0
        """The number of the last task that was read."""
        self.puts = -1
        """What the outbox's count was when nothing was left behind there."""
        self.round_due: float | None = None
        """When to read from the start again, because a task was put back."""
        self._numbers: set[int] = set()
        self._patience = Patience(repeats)

    @property
    def room(self) -> int:
        """How many more tasks may come into memory."""
        return self._in_memory - len(self._numbers)

    def take(self, tasks: Sequence[Task], now: float) -> bool:
        """Hold tasks that were read, unless they are in memory already; whether all found room."""
        if not self._numbers:
            self._patience.rested(now)
        for task in tasks:
            if task.number not in self._numbers:
                if not self.room:
                    return False
                self._numbers.add(task.number)
                pause = self._patience.first if self.route.patient else 0.0
                heapq.heappush(self.held, Held(now + pause, task.number, now, task))
            self.seen = task.number
        return True

    def forget(self) -> None:
        """Hold nothing, and read the outbox from its start."""
        self.held.clear()
        self._numbers.clear()
        self.seen, self.puts, self.round_due = 0, -1, None

    def next_due(self, now: float) -> Held | None:
        """A task whose turn has come, if there is one."""
        if self.held and self.held[0].due <= now:
            return heapq.heappop(self.held)
        return None

    def not_yet(self, held: Held, now: float) -> None:
        """Ask again for what is not there yet."""
        self._again(held, self._patience.again(now - held.since), now)

    def unreached(self, held: Held, now: float, *, at_least: float = 0.0) -> None:
        """Make a call again that was not answered, in so many seconds at least."""
        held.reached = False
        self._again(held, max(at_least, OUTAGE.after(held.attempts) * self._repeats), now)

    def answered(self, held: Held, now: float) -> None:
        """Learn how long an answer took, unless an outage held it up."""
        if self.route.patient and held.reached:
            self._patience.found(now - held.since, at_first=not held.attempts, now=now)

    def forget_one(self, held: Held) -> None:
        """Hold a task no longer."""
        self._numbers.discard(held.task.number)

    def read_anew(self) -> None:
        """Read the outbox from its start; what is in memory stays there."""
        self.seen, self.puts = 0, -1

    def begin_round(self, now: float) -> None:
        """Read from the start again once that is due; to be called when all was read."""
        if self.round_due is not None and self.round_due <= now:
            self.round_due = None
            self.read_anew()

    def due(self, *, all_read: bool) -> float:
        """When there will be something to do again, as far as that is known (loop time).

        No round begins before the one before it has read all: else none would get beyond
        the first tasks where those fail one after the other.
        """
        next_held = self.held[0].due if self.held else inf
        if self.round_due is None or not all_read:
            return next_held
        return min(next_held, self.round_due)

    def _again(self, held: Held, pause: float, now: float) -> None:
        if self.room <= 0 and held.attempts:
            self.forget_one(held)
            self.round_due = self.round_due or now + self._round_seconds
        else:
            held.due, held.attempts = now + pause, min(held.attempts + 1, 30)
            heapq.heappush(self.held, held)
