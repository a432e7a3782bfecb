"""F9 while the world goes on: what is owed, who moves, a prefecture that is away, a year that passes."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from renkei import reasons
from renkei.change_reasons import ChangeReason
from renkei.codes import Institution, LocalAddressNumber, ResidentRecordCode
from renkei.consistency import Finding, Peer, State
from renkei.consistency_reports import Report
from renkei.recorded_days import RecordedDay
from renkei.refusals import Refusal
from renkei_clients.consistency import ConsistencyCheckClient, PrefectureCheckClient
from renkei_server.dispatch.consistency_runs import BETWEEN_RUNS, WAITS
from renkei_simulators.control_commands import Seats, controlled
from renkei_simulators.world.in_process import RunningWorld
from renkei_simulators.world.looking import calls_owed
from tests.postgresql import Cluster
from tests.stores import BOTH
from tests.worlds import Worlds

from .asking import new_id, until, until_told
from .people import People
from .people.entries import TODAY, entry_of
from .small_world import CONTROLLED_WORLD, NEIGHBOUR, TOKYO, WARD

STORES = BOTH

CS, PREFECTURE, NATION = (
    f"municipal-cs.{WARD}",
    f"prefecture-server.{TOKYO}",
    "national-server.jlis",
)


@pytest.fixture(scope="module")
async def world(worlds: Worlds, cluster: Cluster | None) -> AsyncIterator[RunningWorld]:
    async with worlds.running(CONTROLLED_WORLD, on=cluster) as running:
        yield running


@pytest.fixture(scope="module")
def seats(world: RunningWorld) -> Seats:
    return controlled(world.world, world.callers)


async def quiet(world: RunningWorld) -> None:
    await until(lambda: calls_owed(world.world, world.layout) == 0)


async def reported(terminal: ConsistencyCheckClient, *peers: Peer) -> Report:
    await terminal.start(new_id(), peers)
    return await until_told(terminal.report, lambda told: told.run.is_over)


def found(report: Report) -> set[tuple[Peer, ResidentRecordCode, Finding]]:
    return {
        (one.peer, one.found.resident_record_code, one.found.finding) for one in report.differences
    }


async def test_what_the_prefecture_owes_the_nation_is_in_flight_at_the_municipality(
    world: RunningWorld, seats: Seats, people: People
) -> None:
    terminal = world.callers.integrated_terminal(WARD)
    unknown = (Peer.NATION, people.unknown.resident_record_code, Finding.MISSING_THERE)
    entry = entry_of(people.somebody(), ChangeReason.MOVED_WITHIN, address="東京都中野区沼袋")
    await seats[PREFECTURE].pause_work()
    try:
        await world.callers.register_terminal(WARD).change_resident(new_id(), entry)
        await until(lambda: calls_owed(world.world, world.layout) >= 2)

        async def told() -> set[tuple[Peer, ResidentRecordCode, Finding]]:
            return found(await reported(terminal, Peer.PREFECTURE, Peer.NATION))

        code = entry.items.resident_record_code
        flying = {unknown, (Peer.NATION, code, Finding.IN_FLIGHT)}
        await until_told(told, lambda told: told == flying)
    finally:
        await seats[PREFECTURE].resume_work()
    await quiet(world)

    assert found(await reported(terminal, Peer.PREFECTURE, Peer.NATION)) == {unknown}


async def test_who_moves_to_the_neighbour_differs_nowhere(
    world: RunningWorld, people: People
) -> None:
    """The neighbour enters them before the ward has told that they left, and the ward tells it late."""
    left = entry_of(people.somebody(), ChangeReason.MOVED_OUT)
    entered = replace(
        left,
        person=LocalAddressNumber("700000000000001"),
        items=replace(
            left.items,
            reason=ChangeReason.MOVED_IN,
            address="東京都渋谷区神宮前",
            changed_on=RecordedDay.of(TODAY),
        ),
    )
    moves = ((NEIGHBOUR, True, entered), (WARD, False, left))

    for code, enters, entry in moves:
        terminal = world.callers.register_terminal(code)
        tell = terminal.enter_resident if enters else terminal.change_resident
        await tell(new_id(), entry)
        await until_told(
            lambda terminal=terminal, entry=entry: terminal.get_notification(entry.person),  # type: ignore[misc]
            lambda told: told.state == "APPLIED",
        )
        await quiet(world)
        for municipality in (WARD, NEIGHBOUR):
            cs = world.callers.integrated_terminal(municipality)
            register = world.callers.reconciling_terminal(municipality)
            report = await reported(cs, Peer.PREFECTURE, Peer.NATION)
            assert left.items.resident_record_code not in {one[1] for one in found(report)}
            report = await reported(register, Peer.MUNICIPAL_CS)
            assert found(report) == set()


async def test_a_prefecture_that_is_away_is_waited_for_until_the_term_is_over(
    world: RunningWorld, seats: Seats
) -> None:
    terminal = world.callers.integrated_terminal(WARD)
    await seats[CS].pause_work()
    await terminal.start(new_id(), [Peer.PREFECTURE, Peer.NATION])
    report = await terminal.report()
    assert {one.state for one in report.run.parts} == {State.UNDER_WAY}

    _, machine = await seats[CS].advance_clock(new_id(), WAITS)
    try:
        report = await terminal.report()
        told = {(one.state, one.failed) for one in report.run.parts}
        assert told == {(State.FAILED, "TERM_OVER")}
    finally:
        await seats[CS].resume_work()
        await seats[CS].set_clock(new_id(), machine)
    await quiet(world)


async def report_of(terminal: ConsistencyCheckClient | PrefectureCheckClient) -> Report | None:
    """The newest report of a seat; None where it has made none yet."""
    try:
        return await terminal.report()
    except Refusal as refusal:
        if refusal.reason is not reasons.NO_CONSISTENCY_CHECK:
            raise
        return None


async def test_a_year_later_each_seat_has_made_a_run_by_itself(
    world: RunningWorld, seats: Seats
) -> None:
    cs, register = (
        world.callers.integrated_terminal(WARD),
        world.callers.reconciling_terminal(WARD),
    )
    prefecture = world.callers.prefecture_checks(TOKYO)
    _, machine = await seats[CS].advance_clock(new_id(), BETWEEN_RUNS + timedelta(days=1))
    try:
        for terminal in (cs, register, prefecture):
            report = await until_told(
                partial(report_of, terminal),
                lambda told: told is not None and told.run.regular and told.run.is_over,
            )
            assert report is not None
            assert {one.state for one in report.run.parts} == {State.COMPARED}
        report = await prefecture.report()
        assert [one.municipality for one in report.run.parts] == [
            Institution(NEIGHBOUR),
            Institution(WARD),
        ]
    finally:
        await seats[CS].set_clock(new_id(), machine)
