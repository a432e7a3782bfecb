"""Runs of comparisons as a seat owes them: each ends, by its peers or by its term (F9)."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
import structlog

from renkei import reasons
from renkei.codes import Institution
from renkei.consistency import Peer, State
from renkei.consistency_reports import Run
from renkei.refusals import Refusal
from renkei_server.dispatch.comparing import Step, Sums
from renkei_server.dispatch.consistency_runs import (
    BETWEEN_RUNS,
    WAITS,
    Comparisons,
    With,
)
from renkei_server.dispatch.dispatcher import Dispatcher
from renkei_server.dispatch.pace import Pace
from renkei_server.store.engine import outbox as outboxes
from renkei_server.store.engine.outbox import Outbox
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.engine.store import Store
from renkei_server.store.identities import consistency_runs
from renkei_server.store.identities.consistency_runs import ConsistencyRuns
from tests.server.world import CountedIds, OpenStore, SetClock, request_id

WARD, NEIGHBOUR = Institution("131148"), Institution("131130")
_SECONDS = 20.0


@dataclass
class Far:
    """A peer's end of comparisons: it may be away, and differs in some buckets."""

    away: Refusal | None = None
    differing: Sequence[int] = ()
    asked: list[str] = field(default_factory=list)

    async def sums(self) -> Sums:
        self._answer("sums")
        return Sums(10, self.differing)

    async def step(self, buckets: Sequence[int]) -> Step:
        self._answer(f"step {len(buckets)}")
        return Step(1, 2, 3, 0, (), ())

    def _answer(self, what: str) -> None:
        self.asked.append(what)
        if self.away is not None:
            raise self.away


@dataclass
class Comparer:
    """A seat that compares itself with two peers."""

    store: Store
    clock: SetClock
    comparisons: Comparisons
    runs: ConsistencyRuns
    peers: Mapping[Peer, Far]

    async def start(self, *peers: Peer) -> int:
        def start(connection: object) -> int:
            return self.comparisons.start(connection, peers, cause=request_id(1)).number  # type: ignore[arg-type]

        return await self.store.write(start)

    async def newest(self) -> Run | None:
        return await self.store.read(self.runs.newest)

    async def ended(self) -> Run:
        async with asyncio.timeout(_SECONDS):
            while (run := await self.newest()) is None or not run.is_over:
                await asyncio.sleep(0.001)
        return run


@pytest.fixture
async def seat(
    open_store: OpenStore, sealer: Sealer, ids: CountedIds, clock: SetClock
) -> AsyncIterator[Comparer]:
    store = open_store(outboxes.TABLES, consistency_runs.TABLES)
    outbox, runs = Outbox(sealer, ids), ConsistencyRuns(sealer)
    peers = {Peer.PREFECTURE: Far(), Peer.NATION: Far()}
    comparisons = Comparisons(
        store=store,
        outbox=outbox,
        clock=clock,
        runs=runs,
        peers={
            one: With((WARD, NEIGHBOUR), lambda _, far=far: far)  # type: ignore[misc]
            for one, far in peers.items()
        },
    )
    dispatcher = Dispatcher(
        store=store,
        outbox=outbox,
        routes=comparisons.routes,
        clock=clock,
        log=structlog.wrap_logger(None),
        pace=Pace(repeats=0.01),
    )
    store.on_commit(dispatcher.wake)
    running = asyncio.create_task(dispatcher.run())
    yield Comparer(store, clock, comparisons, runs, peers)
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


async def test_a_run_goes_on_bucket_by_bucket_and_municipality_by_municipality(
    seat: Comparer,
) -> None:
    seat.peers[Peer.NATION].differing = (1, 2, 3)

    await seat.start(Peer.NATION)
    run = await seat.ended()

    first, second = run.parts
    assert (first.municipality, second.municipality) == (WARD, NEIGHBOUR)
    for part in run.parts:
        assert part.state is State.COMPARED
        assert (part.persons, part.differing_buckets, part.buckets_done) == (10, 3, 3)
        assert (part.compared, part.calls) == (6, 10)
    assert seat.peers[Peer.NATION].asked == ["sums", "step 3", "step 2", "step 1"] * 2


async def test_who_is_away_holds_up_nobody_else_and_ends_with_the_term(seat: Comparer) -> None:
    seat.peers[Peer.PREFECTURE].away = Refusal(reasons.PEER_UNREACHABLE)

    await seat.start(Peer.PREFECTURE, Peer.NATION)
    async with asyncio.timeout(_SECONDS):
        while (run := await seat.newest()) is None or {
            one.state for one in run.parts if one.peer is Peer.NATION
        } != {State.COMPARED}:
            await asyncio.sleep(0.001)
    assert not run.is_over
    seat.clock.go_ahead(WAITS)

    run = await seat.ended()
    told = {(one.peer, one.state, one.failed) for one in run.parts}
    assert told == {
        (Peer.PREFECTURE, State.FAILED, "TERM_OVER"),
        (Peer.NATION, State.COMPARED, ""),
    }


async def test_who_comes_back_in_time_is_compared(seat: Comparer) -> None:
    far = seat.peers[Peer.PREFECTURE]
    far.away = Refusal(reasons.PEER_UNREACHABLE)
    await seat.start(Peer.PREFECTURE)
    async with asyncio.timeout(_SECONDS):
        while len(far.asked) < 3:
            await asyncio.sleep(0.001)

    far.away = None

    assert {one.state for one in (await seat.ended()).parts} == {State.COMPARED}


async def test_what_is_refused_for_good_is_told_and_the_next_municipality_is_compared(
    seat: Comparer,
) -> None:
    far = seat.peers[Peer.PREFECTURE]
    far.away = Refusal(reasons.ORIGIN_NOT_OF_SENDER)

    await seat.start(Peer.PREFECTURE)

    run = await seat.ended()
    assert [one.failed for one in run.parts] == ["ORIGIN_NOT_OF_SENDER"] * 2


async def test_one_run_is_under_way_at_a_time_and_the_newest_report_is_kept(
    seat: Comparer,
) -> None:
    far = seat.peers[Peer.PREFECTURE]
    far.away = Refusal(reasons.PEER_UNREACHABLE)
    first = await seat.start(Peer.PREFECTURE)

    with pytest.raises(Refusal) as told:
        await seat.start(Peer.NATION)
    assert told.value.reason is reasons.CONSISTENCY_CHECK_UNDER_WAY
    seat.clock.go_ahead(WAITS)
    second = await seat.start(Peer.NATION)

    assert second > first
    run = await seat.ended()
    assert (run.number, len(run.parts)) == (second, 2)


async def test_a_run_of_which_nothing_is_owed_any_more_ends_with_its_term(
    seat: Comparer,
) -> None:
    """As after a restore: what waits for its task is in no backup."""
    seat.peers[Peer.PREFECTURE].away = Refusal(reasons.PEER_UNREACHABLE)
    await seat.start(Peer.PREFECTURE)
    await seat.store.write(lambda tx: tx.alchemy.exec_driver_sql("DELETE FROM outbox"))

    run = await seat.newest()
    assert run is not None

    assert not run.as_of(seat.clock.now()).is_over
    seat.clock.go_ahead(WAITS)
    over = run.as_of(seat.clock.now())
    assert {one.failed for one in over.parts} == {"TERM_OVER"}


async def test_a_regular_run_comes_once_a_year_and_none_at_first(seat: Comparer) -> None:
    for _ in range(3):
        await seat.comparisons.tend()
    assert await seat.newest() is None

    seat.clock.go_ahead(BETWEEN_RUNS - timedelta(seconds=1))
    await seat.comparisons.tend()
    assert await seat.newest() is None

    seat.clock.go_ahead(timedelta(seconds=1))
    await seat.comparisons.tend()
    run = await seat.ended()
    assert (run.regular, len(run.parts)) == (True, 4)
    await seat.comparisons.tend()
    again = await seat.newest()
    assert again is not None
    assert again.number == run.number

    seat.clock.go_ahead(BETWEEN_RUNS)
    await seat.comparisons.tend()
    assert (await seat.ended()).number > run.number


async def test_a_clock_that_was_set_back_puts_no_regular_run_off(seat: Comparer) -> None:
    await seat.comparisons.tend()
    seat.clock.go_ahead(BETWEEN_RUNS)
    await seat.comparisons.tend()
    first = await seat.ended()

    seat.clock.go_ahead(-BETWEEN_RUNS)
    await seat.comparisons.tend()
    again = await seat.newest()
    assert again is not None
    assert again.number == first.number
    seat.clock.go_ahead(BETWEEN_RUNS)
    await seat.comparisons.tend()

    assert (await seat.ended()).number > first.number


async def test_a_step_of_a_run_that_was_replaced_means_nothing(seat: Comparer) -> None:
    seat.peers[Peer.PREFECTURE].away = Refusal(reasons.PEER_UNREACHABLE)
    await seat.start(Peer.PREFECTURE)
    seat.clock.go_ahead(WAITS)
    second = await seat.start(Peer.NATION)
    run = await seat.ended()

    seat.peers[Peer.PREFECTURE].away = None

    assert await seat.newest() == run
    assert run.number == second
