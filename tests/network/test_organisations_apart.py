"""One organisation cannot tell another's data from data that does not exist (PRV-06, PRV-07, MID-03)."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from renkei import reasons
from renkei.answers import Outcome
from renkei.codes import IntegratedAddressNumber
from renkei.exchanges import ExchangeId
from renkei.networks import LINKAGE
from renkei.refusals import Refusal
from renkei.sub_copies import RecordName
from renkei_clients.release import ReleaseClient
from renkei_clients.sub_copies import SubCopyClient
from renkei_pki.identity import Identity
from renkei_server.process.machine import MachineIds
from renkei_server.process.serving import RunningSeat
from renkei_server.store.persons.numbering import Numbering
from renkei_simulators.population.residents import Resident
from renkei_simulators.world.in_process import RunningWorld
from renkei_simulators.world.provision import inspect

from .asking import new_id, reason_of, refusal_of
from .asking.inquiries import HOUSEHOLD_OF_CARE, client_of
from .people import People
from .people.neighbours import Neighbours
from .people.strangers import outsider
from .people.sub_copies import HOUSEHOLD, sub_copy
from .small_world import NEIGHBOUR, WARD

UNHEARD_OF = IntegratedAddressNumber("123456789012345")


@pytest.fixture(scope="module")
async def resident(people: People, neighbours: Neighbours) -> Resident:
    """A resident of the ward whom the neighbour knows too."""
    person = people.somebody()
    await neighbours.known_at_ward(person)
    return person


@pytest.fixture(scope="module")
async def theirs(neighbours: Neighbours, resident: Resident) -> IntegratedAddressNumber:
    """The person, by the neighbour's number."""
    return await neighbours.known_here(resident)


@pytest.fixture(scope="module")
async def their_inquiry(neighbours: Neighbours, theirs: IntegratedAddressNumber) -> ExchangeId:
    """An inquiry of the neighbour's that was answered."""
    return (await neighbours.ask(theirs)).id


class Watch:
    """The statements that an organisation's store runs for a call, and nothing beside it."""

    def __init__(self, seat: RunningSeat) -> None:
        self._work = seat.dispatcher
        database: Any = seat.store._database
        self._drivers = [one.driver for one in (database._reader, database._writer)]

    async def during(self, call: Callable[[], Awaitable[object]]) -> tuple[Refusal, list[str]]:
        """How a call is refused, and which kinds of statements that took, in their order."""
        seen: list[str] = []
        await self._work.pause()
        for one in self._drivers:
            one.set_trace_callback(lambda text: seen.append(kind_of(text)))
        try:
            refusal = await refusal_of(call())
        finally:
            for one in self._drivers:
                one.set_trace_callback(None)
            self._work.resume()
        return refusal, [one for one in seen if one != "PRAGMA"]


def kind_of(statement: str) -> str:
    """A statement's verb and table."""
    words = statement.split()
    after = [words[place + 1] for place, word in enumerate(words[:-1]) if word in ("FROM", "INTO")]
    return " ".join([words[0], *after[:1]])


def attempts(
    world: RunningWorld, person: IntegratedAddressNumber, exchange: ExchangeId
) -> dict[str, Callable[[], Awaitable[Any]]]:
    """Every method that the ward's own callers have, with these identifiers."""
    inquiries = client_of(world, WARD)
    platform = outsider(world, Identity(LINKAGE, WARD, "linkage-platform"))
    middle = Identity(LINKAGE, WARD, "middle-server")
    copies = SubCopyClient(world.callers.channel(platform, middle))
    staff: ReleaseClient = world.callers.release_terminal(WARD)
    terms = replace(
        HOUSEHOLD_OF_CARE,
        inquirer=HOUSEHOLD_OF_CARE.provider,
        provider=HOUSEHOLD_OF_CARE.inquirer,
    )
    return {
        "register": lambda: copies.register_sub_copy(new_id(), person, sub_copy()),
        "delete": lambda: copies.delete_sub_copy(new_id(), person, HOUSEHOLD),
        "inquire": lambda: inquiries.start_inquiry(new_id(), person, terms),
        "result": lambda: inquiries.get_inquiry(exchange),
        "cancel": lambda: inquiries.cancel_inquiry(new_id(), exchange),
        "acknowledge": lambda: inquiries.acknowledge_answer(new_id(), exchange),
        "review": lambda: staff.get_held_answer(exchange),
        "release": lambda: staff.release_answer(new_id(), exchange, b"x" * 32),
        "withhold": lambda: staff.withhold_answer(new_id(), exchange),
    }


METHODS = (
    "register",
    "delete",
    "inquire",
    "result",
    "cancel",
    "acknowledge",
    "review",
    "release",
    "withhold",
)


@pytest.mark.parametrize("method", METHODS)
async def test_anothers_data_is_answered_as_data_that_does_not_exist(
    world: RunningWorld,
    theirs: IntegratedAddressNumber,
    their_inquiry: ExchangeId,
    method: str,
) -> None:
    watch = Watch(world.seats[f"middle-server.{WARD}"])

    another = await watch.during(attempts(world, theirs, their_inquiry)[method])
    nobody = await watch.during(attempts(world, UNHEARD_OF, ExchangeId(new_id()))[method])

    (their_refusal, their_statements), (refusal, statements) = another, nobody
    assert their_refusal.reason is refusal.reason
    assert their_refusal.fields == refusal.fields
    assert their_statements == statements
    assert statements


async def test_what_is_asked_without_a_refusal_is_empty_alike(
    world: RunningWorld, theirs: IntegratedAddressNumber
) -> None:
    platform = outsider(world, Identity(LINKAGE, WARD, "linkage-platform"))
    middle = Identity(LINKAGE, WARD, "middle-server")
    copies = SubCopyClient(world.callers.channel(platform, middle))

    assert await copies.list_sub_copies(theirs) == await copies.list_sub_copies(UNHEARD_OF) == []


async def test_an_organisations_certificate_opens_no_other_ones_endpoint(
    world: RunningWorld, theirs: IntegratedAddressNumber, their_inquiry: ExchangeId
) -> None:
    platform = outsider(world, Identity(LINKAGE, WARD, "linkage-platform"))
    theirs_at = Identity(LINKAGE, NEIGHBOUR, "middle-server")
    channel = world.callers.channel(platform, theirs_at)
    copies = SubCopyClient(channel)

    for attempt in (
        client_of(world, WARD, channel).get_inquiry(their_inquiry),
        copies.list_sub_copies(theirs),
        copies.delete_sub_copy(new_id(), theirs, RecordName(HOUSEHOLD.information_code)),
    ):
        assert await reason_of(attempt) is reasons.CALLER_NOT_ADMITTED


# Whoever runs the platform


async def test_the_platform_s_operator_is_told_figures_that_equal_the_rows(
    world: RunningWorld,
    neighbours: Neighbours,
    resident: Resident,
    theirs: IntegratedAddressNumber,
) -> None:
    local = resident.local_address_number
    await world.callers.register_of(WARD).register_sub_copy(new_id(), local, sub_copy())
    assert (await neighbours.ask(theirs)).outcome is Outcome.PROVIDED

    at_ward = await world.callers.platform_operator(WARD).get_statistics()
    at_neighbour = await world.callers.platform_operator(NEIGHBOUR).get_statistics()

    def rows(institution: str, table: str) -> int:
        seat = world.world.seat(f"middle-server.{institution}")
        with inspect(world.world, world.layout, seat) as look:
            return look.rows(table)

    assert at_ward.codes == rows(WARD, "codes")
    assert at_ward.sub_copies == rows(WARD, "sub_copies")
    assert at_ward.records == rows(WARD, "record_log")
    assert sum(one.count for one in at_neighbour.inquiries) == rows(NEIGHBOUR, "inquiries")
    assert Outcome.PROVIDED.value in {one.outcome for one in at_neighbour.inquiries}
    assert {one.kind: (one.owed, one.refused) for one in at_neighbour.work} == {}


async def test_what_the_operator_is_told_names_nobody(
    world: RunningWorld, resident: Resident, theirs: IntegratedAddressNumber
) -> None:
    store = world.seats[f"linkage-platform.{WARD}"].store
    numbering = Numbering(store.sealer, MachineIds())
    own = store.read_now(lambda tx: numbering.by_local(tx, resident.local_address_number))
    assert own is not None

    told = (await world.callers.platform_operator(WARD).get_statistics()).SerializeToString()

    for value in (own.digits, theirs.digits, resident.name, resident.local_address_number.digits):
        assert value.encode() not in told


async def test_the_platform_s_operator_may_ask_for_nothing_else(
    world: RunningWorld, theirs: IntegratedAddressNumber, their_inquiry: ExchangeId
) -> None:
    operator = outsider(world, Identity(LINKAGE, "jlis", "platform-operator"))
    channel = world.callers.channel(operator, Identity(LINKAGE, NEIGHBOUR, "middle-server"))

    for attempt in (
        client_of(world, "jlis", channel).get_inquiry(their_inquiry),
        SubCopyClient(channel).list_sub_copies(theirs),
        ReleaseClient(channel).list_held_answers(),
    ):
        assert await reason_of(attempt) is reasons.CALLER_NOT_ADMITTED
