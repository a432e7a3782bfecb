"""Runs of comparisons as a seat owes them (F9): step by step, whatever stops meanwhile, to an end.

Each peer has one call at a time, municipality after municipality, so that one who is away holds up
nobody else. What a step found and the next step are one transaction. Once the run's term is over
what was not compared has ended with the reason TERM_OVER, whether or not anybody was left to end it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from renkei import reasons
from renkei.codes import Institution, ResidentRecordCode
from renkei.consistency import Peer, State
from renkei.consistency_reports import Found, Part, Run
from renkei.reasons import Reason
from renkei.refusals import Refusal
from renkei_server.dispatch.comparing import Comparing
from renkei_server.dispatch.routes import Effect, Route, no_effect
from renkei_server.dispatch.terms import is_over, onward, within
from renkei_server.domain.world import Clock
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.outbox import Outbox, Task
from renkei_server.store.engine.store import Store
from renkei_server.store.identities.consistency_runs import ConsistencyRuns

COMPARE: Final = "compare"
REGULAR: Final = "regular run"
"""Stands for the request that led to a run which the seat began by itself."""

WAITS: Final = timedelta(days=7)
"""So long a run waits for who does not answer, by the world's clock (invented)."""
BETWEEN_RUNS: Final = timedelta(days=365)
"""So long after one regular run comes the next: about once a year (documented for the network). It
takes the place of the report that is there, so none is kept for longer."""


Submitted = Callable[[Connection, Peer, str, Sequence[ResidentRecordCode]], None]
"""Records whose items a peer was told, in the step with this request id (PRV-11)."""


def unrecorded(
    _connection: Connection, _peer: Peer, _step: str, _persons: Sequence[ResidentRecordCode]
) -> None:
    """Within a municipality nothing is provided."""


@dataclass(frozen=True, slots=True)
class With:
    """A peer with whom a seat compares its file."""

    municipalities: Sequence[Institution]
    """Whose persons."""
    comparing: Callable[[Institution], Comparing]


class Comparisons:
    """The runs of one seat."""

    def __init__(
        self,
        *,
        store: Store,
        outbox: Outbox,
        clock: Clock,
        runs: ConsistencyRuns,
        peers: Mapping[Peer, With],
        submitted: Submitted = unrecorded,
    ) -> None:
        self._store = store
        self._outbox = outbox
        self._clock = clock
        self._runs = runs
        self._peers = peers
        self._submitted = submitted
        self._due_at: datetime | None = None
        self.routes: Mapping[str, Route] = {COMPARE: Route(self._compare, self._refused)}

    @property
    def peers(self) -> frozenset[Peer]:
        """With whom the seat can be compared."""
        return frozenset(self._peers)

    def start(
        self, connection: Connection, peers: Sequence[Peer], *, cause: str, regular: bool = False
    ) -> Run:
        """Owe a run. Raises CONSISTENCY_CHECK_UNDER_WAY."""
        now = self._clock.now()
        newest = self._runs.newest(connection)
        if newest is not None and not newest.as_of(now).is_over:
            raise Refusal(reasons.CONSISTENCY_CHECK_UNDER_WAY)
        parts = [(peer, one) for peer in peers for one in self._peers[peer].municipalities]
        run = self._runs.begin(connection, parts, at=now, ends_by=now + WAITS, regular=regular)
        firsts = {part.peer: place for place, part in reversed(list(enumerate(run.parts)))}
        for place in sorted(firsts.values()):
            content = within(_content(run.number, place), run.ends_by)
            self._outbox.put(connection, COMPARE, cause=cause, content=content)
        return run

    async def tend(self) -> None:
        """Start the regular run that is due; none lies further ahead than a year, whatever the clock did."""
        now = self._clock.now()
        if self._due_at is None:
            self._due_at = await self._store.look(self._runs.due_at)
        if self._due_at is None or not now < self._due_at <= now + BETWEEN_RUNS:
            await self._store.write(self._tend, what="chore consistency")

    def _tend(self, connection: Connection) -> None:
        now, due_at = self._clock.now(), self._runs.due_at(connection)
        if due_at is not None and now >= due_at:
            newest = self._runs.newest(connection)
            if newest is None or newest.as_of(now).is_over:
                peers = [one for one in Peer if one in self._peers]
                self.start(connection, peers, cause=REGULAR, regular=True)
        due = now + BETWEEN_RUNS
        self._runs.set_due(connection, due)
        connection.after_commit(lambda: self._set_due(due))

    def _set_due(self, due: datetime) -> None:
        self._due_at = due

    async def _compare(self, task: Task) -> Effect:
        run, place, left = _read(task.content)
        part = await self._store.look(lambda connection: self._runs.part(connection, run, place))
        if part is None:  # another run has begun since
            return no_effect
        comparing = self._peers[part.peer].comparing(part.municipality)
        found: Sequence[Found] = ()
        submitted: Sequence[ResidentRecordCode] = ()
        if left is None:
            sums = await comparing.sums()
            more = sums.differing
            told = replace(
                part,
                persons=sums.persons,
                differing_buckets=len(sums.differing),
                calls=part.calls + 1,
            )
        else:
            step = await comparing.step(left)
            more, found, submitted = left[step.answered :], step.found, step.submitted
            told = replace(
                part.with_found([one.finding for one in found]),
                buckets_done=part.buckets_done + step.answered,
                compared=part.compared + step.compared,
                calls=part.calls + step.calls,
                not_comparable=part.not_comparable + step.not_comparable,
            )

        def effect(connection: Connection) -> None:
            self._submitted(connection, told.peer, task.request_id, submitted)
            self._go_on(connection, task, told, more, found)

        return effect

    def _go_on(
        self,
        connection: Connection,
        task: Task,
        part: Part,
        left: Sequence[int],
        found: Sequence[Found],
    ) -> None:
        """Write what a step found, and owe the next."""
        run, place, _ = _read(task.content)
        if self._runs.part(connection, run, place) is None:
            return
        if left:
            self._runs.note(connection, run, place, part, found)
            if is_over(task.content, self._clock.now()):
                self._end(connection, task, reasons.TERM_OVER)
            else:
                self._owe(connection, task, _content(run, place, left))
        else:
            self._runs.note(connection, run, place, replace(part, state=State.COMPARED), found)
            self._owe_next(connection, task, part.peer)

    def _refused(self, task: Task, refusal: Refusal) -> Effect:
        return lambda connection: self._end(connection, task, refusal.reason)

    def _end(self, connection: Connection, task: Task, reason: Reason) -> None:
        """The part of a task has failed; where the term is over so have those that wait behind."""
        run, place, _ = _read(task.content)
        part = self._runs.part(connection, run, place)
        if part is None:
            return
        ended = replace(part, state=State.FAILED, failed=reason.name)
        self._runs.note(connection, run, place, ended)
        if reason is reasons.TERM_OVER:
            self._end_behind(connection, run, place, part.peer)
        else:
            self._owe_next(connection, task, part.peer)

    def _end_behind(self, connection: Connection, run: int, place: int, peer: Peer) -> None:
        while (behind := self._runs.part(connection, run, place := place + 1)) is not None:
            if behind.peer is peer:
                ended = replace(behind, state=State.FAILED, failed=reasons.TERM_OVER.name)
                self._runs.note(connection, run, place, ended)

    def _owe_next(self, connection: Connection, task: Task, peer: Peer) -> None:
        """Owe the first step of the peer's next municipality, if there is one."""
        run, place, _ = _read(task.content)
        behind = self._runs.part(connection, run, place + 1)
        if behind is not None and behind.peer is peer:
            self._owe(connection, task, _content(run, place + 1))

    def _owe(self, connection: Connection, task: Task, content: Mapping[str, str]) -> None:
        self._outbox.put(
            connection, COMPARE, cause=task.cause, content=onward(content, task.content)
        )


def _content(run: int, place: int, left: Sequence[int] | None = None) -> Mapping[str, str]:
    content = {"run": str(run), "part": str(place)}
    return content if left is None else {**content, "left": ",".join(map(str, left))}


def _read(content: Mapping[str, str]) -> tuple[int, int, Sequence[int] | None]:
    left = content.get("left")
    buckets = None if left is None else [int(one) for one in left.split(",")]
    return int(content["run"]), int(content["part"]), buckets
