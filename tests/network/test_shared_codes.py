"""Two numbers of an organisation that share a code: staff review the answer, and see whose it is.

A code has one number (MID-02), and what goes out can be confirmed (PRV-10): where a code has two,
records of both would go out, so nothing goes out by itself. No delivery binds a second number any
more; an older version did.
"""

from dataclasses import replace

import pytest

from renkei import reasons
from renkei.answers import Outcome
from renkei.codes import Institution, IntegratedAddressNumber
from renkei.exchanges import ExchangeId
from renkei_clients.release import Held, ReleaseClient
from renkei_server.process.machine import MachineIds
from renkei_server.process.serving import RunningSeat
from renkei_server.store.codes.codes import Codes
from renkei_server.store.engine.operations import OperationLog
from renkei_server.store.persons.numbering import Numbering
from renkei_simulators.population.residents import Resident
from renkei_simulators.world.in_process import RunningWorld

from .asking import final, new_id, reason_of
from .asking.inquiries import HOUSEHOLD_OF_CARE, waiting
from .people import People
from .people.neighbours import Neighbours, give_code
from .people.rogue import Rogue, rogue
from .people.sub_copies import HOUSEHOLD, ITEMS, NAME, sub_copy
from .small_world import AGENCY, WARD

__all__ = ["rogue"]

OTHERS = {**ITEMS, NAME: "佐藤　次郎"}
PROVISION = "/renkei.linkage.v1.ProvisionService/AnnounceExchange"
RELEASE = "/renkei.linkage.v1.ReleaseService"


async def share_code(
    seat: RunningSeat, first: IntegratedAddressNumber, second: IntegratedAddressNumber
) -> None:
    """Let the second number have the first one's code."""
    code = seat.store.read_now(
        lambda connection: Codes(seat.store.sealer).code_of(connection, first)
    )
    assert code is not None
    await give_code(seat, second, code)


@pytest.fixture(scope="module")
def provider(world: RunningWorld) -> RunningSeat:
    """The ward's middle server."""
    return world.seats[f"middle-server.{WARD}"]


@pytest.fixture(scope="module")
def staff(world: RunningWorld) -> ReleaseClient:
    """The ward's staff, who have nothing held."""
    return world.callers.release_terminal(WARD)


@pytest.fixture(scope="module")
async def pair(
    world: RunningWorld, people: People, neighbours: Neighbours, provider: RunningSeat
) -> tuple[Resident, Resident]:
    """Two residents with information of their own, whose numbers share the first one's code."""
    found = people.somebody(), people.somebody()
    for person, items in zip(found, (ITEMS, OTHERS), strict=True):
        await neighbours.known_at_ward(person)
        await world.callers.register_of(WARD).register_sub_copy(
            new_id(), person.local_address_number, sub_copy(items)
        )
    await share_code(provider, *(number_at_ward(world, person) for person in found))
    return found


@pytest.fixture(scope="module")
async def here(pair: tuple[Resident, Resident], neighbours: Neighbours) -> IntegratedAddressNumber:
    """The first of them, as the neighbour numbers them."""
    return await neighbours.known_here(pair[0])


@pytest.fixture
async def held(staff: ReleaseClient, neighbours: Neighbours, here: IntegratedAddressNumber) -> Held:
    """An answer about them that waits, though nobody asked for that."""
    inquiry = await neighbours.client.start_inquiry(new_id(), here, HOUSEHOLD_OF_CARE)
    return await waiting(staff, inquiry)


def number_at_ward(world: RunningWorld, person: Resident) -> IntegratedAddressNumber:
    store = world.seats[f"linkage-platform.{WARD}"].store
    numbering = Numbering(store.sealer, MachineIds())
    local = person.local_address_number
    number = store.read_now(lambda connection: numbering.by_local(connection, local))
    assert number is not None
    return number


def operations(seat: RunningSeat, number: IntegratedAddressNumber) -> list[str]:
    """The methods that concerned a person at a seat, oldest first."""
    log = OperationLog(seat.store.sealer)
    found = seat.store.read_now(lambda connection: log.concerning(connection, number.digits))
    return [one.method for one in found]


async def test_where_two_numbers_share_a_code_nothing_goes_out_without_a_review_of_both(
    world: RunningWorld,
    staff: ReleaseClient,
    neighbours: Neighbours,
    pair: tuple[Resident, Resident],
    held: Held,
) -> None:
    numbers = {number_at_ward(world, person): person.name for person in pair}
    waited = (await neighbours.client.get_inquiry(held.exchange_id)).outcome
    reviewed = await staff.get_held_answer(held.exchange_id)
    await staff.release_answer(new_id(), held.exchange_id, reviewed.digest)
    told = await neighbours.ended(held.exchange_id)

    assert waited is None
    assert {one.number for one in held.persons} == set(numbers)
    named = {one.number: one.attributes and one.attributes.name for one in reviewed.held.persons}
    assert named == numbers
    names = {record.items[NAME] for record in reviewed.answer.records}
    assert names == {ITEMS[NAME], OTHERS[NAME]}
    assert told.records == reviewed.answer.records


async def test_whatever_is_set_to_go_out_by_itself(
    staff: ReleaseClient, neighbours: Neighbours, here: IntegratedAddressNumber
) -> None:
    information = HOUSEHOLD.information_code
    await staff.set_manual_release(new_id(), information, manual=True)
    await staff.set_manual_release(new_id(), information, manual=False)

    inquiry = await neighbours.client.start_inquiry(new_id(), here, HOUSEHOLD_OF_CARE)
    await waiting(staff, inquiry)
    await staff.withhold_answer(new_id(), inquiry)

    assert (await neighbours.ended(inquiry)).outcome is Outcome.WITHHELD


async def test_what_staff_did_is_found_by_each_of_the_persons(
    world: RunningWorld,
    provider: RunningSeat,
    staff: ReleaseClient,
    pair: tuple[Resident, Resident],
    held: Held,
) -> None:
    reviewed = await staff.get_held_answer(held.exchange_id)
    await staff.release_answer(new_id(), held.exchange_id, reviewed.digest)

    for person in pair:
        found = operations(provider, number_at_ward(world, person))
        assert found[-3:] == [PROVISION, f"{RELEASE}/GetHeldAnswer", f"{RELEASE}/ReleaseAnswer"]


async def test_a_person_who_joined_since_the_review_is_reviewed_first(
    world: RunningWorld,
    provider: RunningSeat,
    people: People,
    neighbours: Neighbours,
    staff: ReleaseClient,
    pair: tuple[Resident, Resident],
    held: Held,
) -> None:
    """Though nothing is held of them, and so the records are the same."""
    third = people.somebody()
    await neighbours.known_at_ward(third)
    reviewed = await staff.get_held_answer(held.exchange_id)
    first = number_at_ward(world, pair[0])
    await share_code(provider, first, number_at_ward(world, third))

    refused = await reason_of(staff.release_answer(new_id(), held.exchange_id, reviewed.digest))
    again = await staff.get_held_answer(held.exchange_id)
    await staff.release_answer(new_id(), held.exchange_id, again.digest)

    assert refused is reasons.ANSWER_CHANGED_SINCE_REVIEW
    assert again.answer == reviewed.answer
    assert len(again.held.persons) == 3


async def test_an_agency_reviews_them_as_a_middle_server_does(
    world: RunningWorld, people: People, rogue: Rogue, pair: tuple[Resident, Resident]
) -> None:
    numbers = [await number_at_agency(world, one) for one in (pair[0], people.somebody())]
    await share_code(world.seats[f"agency-linkage.{AGENCY}"], *numbers)
    terms = replace(HOUSEHOLD_OF_CARE, provider=Institution(AGENCY))
    permit = rogue.permit(ExchangeId(new_id()), terms)
    await rogue.announce(permit, permit, to=AGENCY)
    staff = world.callers.release_terminal(AGENCY)

    (held,) = await staff.list_held_answers()
    reviewed = await staff.get_held_answer(held.exchange_id)

    assert {one.number for one in reviewed.held.persons} == set(numbers)
    assert reviewed.answer.outcome is Outcome.NO_SUB_COPY


async def number_at_agency(world: RunningWorld, person: Resident) -> IntegratedAddressNumber:
    agency = world.callers.agency_terminal(AGENCY)
    number = await agency.number_person(new_id(), person.individual_number)
    await final(lambda: agency.get_numbering_outcome(number))
    return number
