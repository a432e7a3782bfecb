"""F9.4 over real mutual TLS: a register is compared with its municipal CS, and tells again what differs."""

from dataclasses import replace

import pytest

from renkei import reasons
from renkei.change_reasons import ChangeReason
from renkei.codes import ResidentRecordCode
from renkei.consistency import Finding, Peer, State
from renkei.consistency_reports import Report
from renkei_clients.consistency import ConsistencyCheckClient
from renkei_clients.residents import ResidentClient
from renkei_simulators.world.in_process import RunningWorld
from tests.stores import BOTH

from .asking import new_id, reason_of, until_told
from .people import People
from .people.entries import entry_of, newcomer
from .people.planting import lose, plant
from .small_world import WARD

STORES = BOTH
CS = f"municipal-cs.{WARD}"


@pytest.fixture
def terminal(world: RunningWorld) -> ConsistencyCheckClient:
    """Where the ward's staff compare the register with the CS."""
    return world.callers.reconciling_terminal(WARD)


@pytest.fixture
def register(world: RunningWorld) -> ResidentClient:
    return world.callers.register_terminal(WARD)


async def reported(terminal: ConsistencyCheckClient) -> Report:
    """The report of a run that is made now."""
    await terminal.start(new_id(), [Peer.MUNICIPAL_CS])
    report = await until_told(terminal.report, lambda told: told.run.is_over)
    (part,) = report.run.parts
    assert (part.state, part.failed) == (State.COMPARED, "")
    return report


def found(report: Report) -> dict[ResidentRecordCode, tuple[Finding, tuple[str, ...]]]:
    return {
        one.found.resident_record_code: (one.found.finding, one.found.differing)
        for one in report.differences
    }


async def test_register_and_cs_agree_and_it_cost_one_call(
    terminal: ConsistencyCheckClient,
) -> None:
    report = await reported(terminal)

    (part,) = report.run.parts
    assert (report.differences, part.calls, part.compared) == ([], 1, 0)
    assert part.persons > 150


async def test_each_kind_of_difference_is_found_and_a_resend_mends_it(
    world: RunningWorld, terminal: ConsistencyCheckClient, register: ResidentClient, people: People
) -> None:
    renamed, lost = people.somebody(), people.somebody()
    await plant(world, CS, renamed.resident_record_code, name="別の　名前", furigana="")
    await lose(world, CS, lost.resident_record_code)

    assert found(await reported(terminal)) == {
        renamed.resident_record_code: (
            Finding.ITEMS_DIFFER,
            ("items.name.text", "items.name.furigana"),
        ),
        lost.resident_record_code: (Finding.MISSING_THERE, ()),
    }

    told = entry_of(renamed, ChangeReason.MINOR_CORRECTION)
    await register.change_resident(new_id(), told)
    again = entry_of(lost, ChangeReason.MINOR_CORRECTION)
    await register.change_resident(new_id(), again)
    await until_told(
        lambda: register.get_notification(again.person), lambda told: told.state == "REFUSED"
    )
    entered = replace(again, items=replace(again.items, reason=ChangeReason.ENTERED_EX_OFFICIO))
    await register.enter_resident(new_id(), entered)
    for one in (told, entered):
        await until_told(
            lambda one=one: register.get_notification(one.person),  # type: ignore[misc]
            lambda told: told.state == "APPLIED",
        )
    assert found(await reported(terminal)) == {}


async def test_the_municipality_s_own_items_are_compared_too(
    terminal: ConsistencyCheckClient, register: ResidentClient, people: People
) -> None:
    """They differ where a change of the household alone brought them: it goes no further."""
    person = people.somebody()
    entry = entry_of(person, ChangeReason.HOUSEHOLD_SPLIT)
    await register.change_resident(new_id(), entry)
    assert found(await reported(terminal)) == {}, "of the household nothing is compared"

    moved = replace(entry, municipal=replace(entry.municipal, postal_code="1640002"))
    await register.change_resident(new_id(), moved)

    assert found(await reported(terminal)) == {
        person.resident_record_code: (Finding.ITEMS_DIFFER, ("municipal_items.postal_code",))
    }
    await register.change_resident(
        new_id(), replace(moved, items=replace(moved.items, reason=ChangeReason.MINOR_CORRECTION))
    )
    await until_told(
        lambda: register.get_notification(entry.person), lambda told: told.state == "APPLIED"
    )
    assert found(await reported(terminal)) == {}


async def test_what_the_cs_refused_is_a_difference_and_not_in_flight(
    terminal: ConsistencyCheckClient, register: ResidentClient, people: People
) -> None:
    person = people.somebody()
    entry = entry_of(person, ChangeReason.MOVED_WITHIN, name="別の　名前")
    await register.change_resident(new_id(), entry)
    await until_told(
        lambda: register.get_notification(entry.person), lambda told: told.state == "REFUSED"
    )

    (kind, differing) = found(await reported(terminal))[person.resident_record_code]

    assert kind is Finding.ITEMS_DIFFER
    who = "municipal_items.operator_id"
    assert differing == ("items.name.text", "items.reason", "items.changed_on", who)
    mended = entry_of(person, ChangeReason.MINOR_CORRECTION)
    await register.change_resident(new_id(), mended)
    await until_told(
        lambda: register.get_notification(entry.person), lambda told: told.state == "APPLIED"
    )


async def test_newcomers_and_removals_leave_no_difference(
    terminal: ConsistencyCheckClient, register: ResidentClient, people: People
) -> None:
    entry = newcomer(people.somebody(), 11)
    await register.enter_resident(new_id(), entry)
    left = entry_of(people.somebody(), ChangeReason.MOVED_OUT)
    await register.change_resident(new_id(), left)
    for one in (entry, left):
        await until_told(
            lambda one=one: register.get_notification(one.person),  # type: ignore[misc]
            lambda told: told.state == "APPLIED",
        )

    assert found(await reported(terminal)) == {}


# What is refused


async def test_a_run_names_its_peers_each_once_and_those_that_there_are(
    terminal: ConsistencyCheckClient,
) -> None:
    for peers, expected in (
        ([], reasons.FIELD_MISSING),
        ([Peer.NATION], reasons.CONSISTENCY_PEER_NOT_HERE),
        ([Peer.MUNICIPAL_CS] * 2, reasons.CONSISTENCY_PEER_NOT_HERE),
    ):
        assert await reason_of(terminal.start(new_id(), peers)) is expected


async def test_a_start_that_is_repeated_starts_one_run(terminal: ConsistencyCheckClient) -> None:
    same = new_id()
    runs = [await terminal.start(same, [Peer.MUNICIPAL_CS]) for _ in range(3)]

    assert len({*runs}) == 1
    await until_told(terminal.report, lambda told: told.run.is_over)
