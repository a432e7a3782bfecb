"""Answers that staff review before they go out, and the deadlines of an exchange (F2.7; PRV-03, PRV-10)."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from renkei import reasons
from renkei.answers import Outcome
from renkei.codes import IntegratedAddressNumber
from renkei.exchange_records import ExchangeRecord
from renkei.exchanges import ExchangeId
from renkei.inquiries import Inquiry
from renkei_clients.control import ControlClient
from renkei_clients.release import Held, ReleaseClient
from renkei_server.store.engine.erasures import history
from renkei_simulators.control_commands import Seats, controlled
from renkei_simulators.population.residents import Resident
from renkei_simulators.world.in_process import RunningWorld
from tests.worlds import Worlds

from .asking import new_id, reason_of, until
from .asking.inquiries import HOUSEHOLD_OF_CARE, waiting
from .people import People
from .people.neighbours import Neighbours
from .people.records import records_of
from .people.sub_copies import HOUSEHOLD, ITEMS, NAME, sub_copy
from .small_world import CONTROLLED_WORLD, NEIGHBOUR, WARD

PARTIES = ("provision-network.ipn", f"middle-server.{NEIGHBOUR}", f"middle-server.{WARD}")


@pytest.fixture(scope="module")
async def world(worlds: Worlds) -> AsyncIterator[RunningWorld]:
    async with worlds.running(CONTROLLED_WORLD) as running:
        yield running


@pytest.fixture(scope="module")
def seats(world: RunningWorld) -> Seats:
    """A controller's client of every seat."""
    return controlled(world.world, world.callers)


@pytest.fixture
async def clock(seats: Seats) -> AsyncIterator[ControlClient]:
    """The clock; in the end it runs with the machine's again."""
    seat = seats[f"middle-server.{WARD}"]
    yield seat
    await seat.set_clock(new_id(), datetime.now(UTC))


@pytest.fixture(scope="module")
async def person(world: RunningWorld, people: People, neighbours: Neighbours) -> Resident:
    """A resident of whom the ward holds household information."""
    resident = people.somebody()
    await neighbours.known_at_ward(resident)
    await world.callers.register_of(WARD).register_sub_copy(
        new_id(), resident.local_address_number, sub_copy()
    )
    return resident


@pytest.fixture(scope="module")
async def here(person: Resident, neighbours: Neighbours) -> IntegratedAddressNumber:
    """The same person as the neighbour numbers them."""
    return await neighbours.known_here(person)


@pytest.fixture
async def staff(world: RunningWorld) -> AsyncIterator[ReleaseClient]:
    """The ward's staff, who have household information held meanwhile."""
    terminal = world.callers.release_terminal(WARD)
    await terminal.set_manual_release(new_id(), HOUSEHOLD.information_code, manual=True)
    yield terminal
    await terminal.set_manual_release(new_id(), HOUSEHOLD.information_code, manual=False)


@pytest.fixture
async def held(staff: ReleaseClient, neighbours: Neighbours, here: IntegratedAddressNumber) -> Held:
    """An answer that waits for its review."""
    inquiry = await neighbours.client.start_inquiry(new_id(), here, HOUSEHOLD_OF_CARE)
    return await waiting(staff, inquiry)


def outcomes(world: RunningWorld, exchange: ExchangeId) -> list[list[ExchangeRecord]]:
    """What each party has recorded of an exchange."""
    return [records_of(world, seat, exchange) for seat in PARTIES]


# The review


async def test_a_held_answer_goes_out_exactly_as_it_was_reviewed(
    staff: ReleaseClient,
    neighbours: Neighbours,
    person: Resident,
    held: Held,
) -> None:
    pending = await neighbours.client.get_inquiry(held.exchange_id)
    reviewed = await staff.get_held_answer(held.exchange_id)
    request_id = new_id()
    for _ in range(2):  # a repeat
        await staff.release_answer(request_id, held.exchange_id, reviewed.digest)
    told = await neighbours.ended(held.exchange_id)

    assert pending.outcome is None
    assert pending.detail_status == "01"
    assert [record.items for record in reviewed.answer.records] == [ITEMS]
    (whose,) = reviewed.held.persons
    assert whose.attributes is not None
    assert whose.attributes.name == person.name
    assert told.records == reviewed.answer.records
    assert told.outcome is Outcome.PROVIDED
    assert await reason_of(staff.get_held_answer(held.exchange_id)) is reasons.ANSWER_NOT_HELD


async def test_what_changed_since_the_review_does_not_go_out(
    world: RunningWorld,
    staff: ReleaseClient,
    neighbours: Neighbours,
    person: Resident,
    held: Held,
) -> None:
    reviewed = await staff.get_held_answer(held.exchange_id)
    register = world.callers.register_of(WARD)
    await register.register_sub_copy(
        new_id(), person.local_address_number, sub_copy({**ITEMS, NAME: "山田　改"})
    )

    refused = await reason_of(staff.release_answer(new_id(), held.exchange_id, reviewed.digest))
    again = await staff.get_held_answer(held.exchange_id)
    await staff.release_answer(new_id(), held.exchange_id, again.digest)
    told = await neighbours.ended(held.exchange_id)

    assert refused is reasons.ANSWER_CHANGED_SINCE_REVIEW
    assert told.records[0].items[NAME] == "山田　改"


async def test_a_withheld_answer_is_told_as_withheld_and_nothing_of_it_goes_out(
    world: RunningWorld, staff: ReleaseClient, neighbours: Neighbours, held: Held
) -> None:
    await staff.withhold_answer(new_id(), held.exchange_id)

    told: Inquiry = await neighbours.ended(held.exchange_id)

    assert told.outcome is Outcome.WITHHELD
    assert told.records == ()
    at_network, at_inquirer, at_provider = outcomes(world, held.exchange_id)
    assert at_network == at_inquirer == at_provider
    assert [one.outcome for one in at_network] == [Outcome.WITHHELD]


async def test_either_side_may_say_that_an_exchange_is_not_shown_to_its_person(
    world: RunningWorld,
    staff: ReleaseClient,
    neighbours: Neighbours,
    here: IntegratedAddressNumber,
    held: Held,
) -> None:
    reviewed = await staff.get_held_answer(held.exchange_id)
    await staff.release_answer(new_id(), held.exchange_id, reviewed.digest, non_disclosure=True)
    by_provider = await neighbours.ended(held.exchange_id)
    await staff.set_manual_release(new_id(), HOUSEHOLD.information_code, manual=False)
    by_inquirer = await neighbours.ask(here, replace(HOUSEHOLD_OF_CARE, non_disclosure=True))
    by_nobody = await neighbours.ask(here)

    hidden = {
        told.id: {one.non_disclosure for party in outcomes(world, told.id) for one in party}
        for told in (by_provider, by_inquirer, by_nobody)
    }
    assert list(hidden.values()) == [{True}, {True}, {False}]


async def test_one_person_s_answers_are_held_and_others_go_out(
    people: People,
    neighbours: Neighbours,
    here: IntegratedAddressNumber,
    staff: ReleaseClient,
) -> None:
    other = people.somebody()
    await neighbours.known_at_ward(other)
    others_number = await neighbours.known_here(other)
    inquiry = await neighbours.client.start_inquiry(new_id(), here, HOUSEHOLD_OF_CARE)
    (whose,) = (await waiting(staff, inquiry)).persons
    person_at_ward = whose.number
    await staff.set_manual_release(new_id(), HOUSEHOLD.information_code, manual=False)
    await staff.set_manual_release(
        new_id(), HOUSEHOLD.information_code, person_at_ward, manual=True
    )

    free = await neighbours.ask(others_number)
    second = await neighbours.client.start_inquiry(new_id(), here, HOUSEHOLD_OF_CARE)
    kept = await waiting(staff, second)

    assert free.outcome is Outcome.NO_SUB_COPY
    assert [one.number for one in kept.persons] == [person_at_ward]
    await staff.set_manual_release(
        new_id(), HOUSEHOLD.information_code, person_at_ward, manual=False
    )
    for one in (inquiry, second):
        await staff.withhold_answer(new_id(), one)


# Deadlines


async def test_an_answer_that_nobody_released_expires_at_all_three(
    world: RunningWorld,
    staff: ReleaseClient,
    neighbours: Neighbours,
    clock: ControlClient,
    held: Held,
) -> None:
    reviewed = await staff.get_held_answer(held.exchange_id)
    network = world.seats["provision-network.ipn"].dispatcher
    await network.pause()
    await clock.advance_clock(new_id(), timedelta(days=30, hours=1))
    late = await reason_of(staff.release_answer(new_id(), held.exchange_id, reviewed.digest))
    await clock.advance_clock(new_id(), timedelta(days=1))
    network.resume()
    told = await neighbours.ended(held.exchange_id)
    await until(lambda: all(outcomes(world, held.exchange_id)))

    assert late in (reasons.PERMIT_EXPIRED, reasons.ANSWER_NOT_HELD)
    assert told.outcome is Outcome.EXPIRED
    at_network, at_inquirer, at_provider = outcomes(world, held.exchange_id)
    assert at_network == at_inquirer == at_provider


async def test_what_is_past_its_time_is_erased_and_leaves_a_history_that_names_nobody(
    world: RunningWorld,
    neighbours: Neighbours,
    here: IntegratedAddressNumber,
    clock: ControlClient,
) -> None:
    told = await neighbours.ask(here)
    assert told.records

    await clock.advance_clock(new_id(), timedelta(days=31))
    store = world.seats[f"middle-server.{NEIGHBOUR}"].store
    statement = "SELECT answer IS NULL FROM inquiries WHERE exchange_id = ?"
    await until(
        lambda: store.read_now(
            lambda tx: tx.alchemy.exec_driver_sql(statement, (told.id.text,)).scalar_one() == 1
        )
    )
    assert "unfetched answers" in {what for what, _ in store.read_now(history)}
    after = await neighbours.client.get_inquiry(told.id)
    await clock.advance_clock(new_id(), timedelta(days=7 * 366))
    await until(lambda: outcomes(world, told.id) == [[], [], []])

    assert after.records == ()
    assert after.outcome is Outcome.PROVIDED
