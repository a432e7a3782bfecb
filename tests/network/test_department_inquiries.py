"""A ward's departments inquire through its linkage platform, each within its own business (F2.1, PRV-18)."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from google.protobuf.message import Message

from renkei import reasons
from renkei.answers import Outcome
from renkei.batch.v1 import batch_pb2
from renkei.codes import Institution, LocalAddressNumber
from renkei.contract import method_of
from renkei.exchanges import ExchangeId, InquiryTerms
from renkei.networks import ward
from renkei.ward.v1 import inquiry_pb2 as pb2
from renkei.wire.codes import write_local_address_number
from renkei.wire.exchanges import write_inquiry_terms
from renkei_clients.channel import Channel
from renkei_clients.inquiries import WardInquiryClient
from renkei_pki.identity import Identity
from renkei_simulators.population.residents import Resident
from renkei_simulators.world.in_process import RunningWorld
from renkei_simulators.world.people import attributes_of
from renkei_simulators.world.provision import inspect

from .asking import ended, final, new_id, reason_of
from .asking.batches import batch_of
from .asking.codes import acquire
from .asking.inquiries import HOUSEHOLD_OF_CARE
from .people import People
from .people.strangers import outsider
from .people.sub_copies import ITEMS, NAME, sub_copy
from .small_world import NEIGHBOUR, WARD

CARE, REGISTER = "department-care", "department-register"
LOCAL = LocalAddressNumber.parse("900000000000777")


@pytest.fixture(scope="module")
async def resident(world: RunningWorld, people: People) -> Resident:
    """A resident of the ward with household information, whom the neighbour has numbered too."""
    person = people.somebody()
    addresses, local = world.callers.address_system(NEIGHBOUR), person.local_address_number
    await acquire(world.callers, person)
    await world.callers.register_of(WARD).register_sub_copy(new_id(), local, sub_copy())
    number = person.individual_number
    await addresses.number_person(new_id(), LOCAL, number, attributes_of(person))
    await final(lambda: addresses.get_numbering_outcome(LOCAL))
    return person


@pytest.fixture(scope="module")
def care(world: RunningWorld) -> WardInquiryClient:
    """The neighbour's department of long-term care insurance."""
    return world.callers.department(NEIGHBOUR, CARE)


def as_department(world: RunningWorld, role: str) -> Channel:
    """A way to the neighbour's platform for one of its own, whatever they call themselves."""
    platform = Identity(ward(NEIGHBOUR), NEIGHBOUR, "linkage-platform")
    caller = outsider(world, Identity(ward(NEIGHBOUR), NEIGHBOUR, role))
    return world.callers.channel(caller, platform)


async def start(
    client: WardInquiryClient, resident: Resident, terms: InquiryTerms = HOUSEHOLD_OF_CARE
) -> ExchangeId:
    assert resident.individual_number is not None
    return await client.start_inquiry(new_id(), LOCAL, terms, "user-7")


async def test_a_department_is_told_what_it_asked_for_by_its_own_number(
    care: WardInquiryClient, resident: Resident
) -> None:
    told = await ended(care, await start(care, resident))

    assert told.outcome is Outcome.PROVIDED
    assert [record.items for record in told.records] == [ITEMS]


async def test_what_was_fetched_is_erased_at_the_middle_server(
    care: WardInquiryClient, resident: Resident
) -> None:
    told = await ended(care, await start(care, resident))

    await care.acknowledge_answer(new_id(), told.id)

    assert await care.get_inquiry(told.id) == replace(told, records=())


async def test_a_repeat_starts_no_second_inquiry(
    care: WardInquiryClient, resident: Resident
) -> None:
    assert resident.local_address_number
    request_id = new_id()

    first, again = [
        await care.start_inquiry(request_id, LOCAL, HOUSEHOLD_OF_CARE) for _ in range(2)
    ]

    assert first == again


@pytest.mark.usefixtures("resident")
async def test_the_same_request_id_for_another_wish_is_refused(
    care: WardInquiryClient,
) -> None:
    request_id = new_id()
    await care.start_inquiry(request_id, LOCAL, HOUSEHOLD_OF_CARE)
    later = replace(HOUSEHOLD_OF_CARE, fiscal_year_class="1")

    refused = await reason_of(care.start_inquiry(request_id, LOCAL, later))

    assert refused is reasons.REQUEST_ID_REUSED


async def test_an_inquiry_is_cancelled_until_it_was_announced_and_fetched_only_when_it_ended(
    world: RunningWorld, care: WardInquiryClient, resident: Resident
) -> None:
    network = world.seats["provision-network.ipn"].dispatcher
    await network.pause()
    try:
        inquiry = await start(care, resident)
        early = await reason_of(care.acknowledge_answer(new_id(), inquiry))
        await care.cancel_inquiry(new_id(), inquiry)
        told = await ended(care, inquiry)
    finally:
        network.resume()

    late = await reason_of(care.cancel_inquiry(new_id(), inquiry))

    assert told.outcome is Outcome.CANCELLED
    assert (early, late) == (reasons.INQUIRY_NOT_ENDED, reasons.INQUIRY_ENDED)


@pytest.mark.usefixtures("resident")
async def test_of_many_at_once_each_is_judged_by_itself(
    world: RunningWorld, care: WardInquiryClient
) -> None:
    channel = as_department(world, CARE)
    pension = replace(HOUSEHOLD_OF_CARE, affair_code="JM90000000073000")
    stranger = LocalAddressNumber.parse("999999999999999")
    wishes = [(LOCAL, HOUSEHOLD_OF_CARE), (LOCAL, pension), (stranger, HOUSEHOLD_OF_CARE)]
    starts = [
        pb2.StartInquiryRequest(
            sender=NEIGHBOUR,
            request_id=new_id(),
            local_address_number=write_local_address_number(local),
            terms=write_inquiry_terms(terms),
        )
        for local, terms in wishes
    ]

    done, *started = await at_once(channel, starts)
    inquiry_id = pb2.StartInquiryResponse.FromString(done.response).inquiry_id
    asked = [
        pb2.GetInquiryRequest(sender=NEIGHBOUR, inquiry_id=one) for one in (inquiry_id, new_id())
    ]
    seen, unknown = await at_once(channel, asked)

    assert (await ended(care, ExchangeId(inquiry_id))).outcome is Outcome.PROVIDED
    assert [one.refusal.reason for one in started] == [
        "AFFAIR_NOT_OF_DEPARTMENT",
        "PERSON_NOT_HELD",
    ]
    assert pb2.GetInquiryResponse.FromString(seen.response).inquiry.inquiry_id == inquiry_id
    assert unknown.refusal.reason == "INQUIRY_UNKNOWN"


async def at_once(
    channel: Channel, requests: Sequence[Message]
) -> Sequence[batch_pb2.MakeCallsResponse.Outcome]:
    batch = batch_of([(method_of(type(one)).path, one.SerializeToString()) for one in requests])
    return await channel.ask(batch, batch_pb2.MakeCallsResponse, lambda told: told.outcomes)


async def test_the_platform_keeps_nothing_of_an_answer(
    world: RunningWorld, care: WardInquiryClient, resident: Resident
) -> None:
    told = await ended(care, await start(care, resident))
    name = told.records[0].items[NAME]
    assert isinstance(name, str)

    seat = world.world.seat(f"linkage-platform.{NEIGHBOUR}")
    with inspect(world.world, world.layout, seat) as look:
        opened = b"".join(value for _, value in look.opened())
    written = world.seats[seat.name].config.database.read_bytes()

    assert name.encode() not in opened + written


async def test_another_department_s_inquiry_does_not_exist(
    world: RunningWorld, care: WardInquiryClient, resident: Resident
) -> None:
    inquiry = await start(care, resident)
    register = world.callers.department(NEIGHBOUR, REGISTER)

    for attempt in (
        register.get_inquiry(inquiry),
        register.cancel_inquiry(new_id(), inquiry),
        register.acknowledge_answer(new_id(), inquiry),
        care.get_inquiry(ExchangeId(new_id())),
    ):
        assert await reason_of(attempt) is reasons.INQUIRY_UNKNOWN


async def test_nobody_inquires_for_resident_register_affairs_and_the_register_not_at_all(
    world: RunningWorld, care: WardInquiryClient, resident: Resident
) -> None:
    register = world.callers.department(NEIGHBOUR, REGISTER)
    of_register = replace(HOUSEHOLD_OF_CARE, affair_code="JM90000000000000")

    assert await reason_of(start(care, resident, of_register)) is (
        reasons.INQUIRY_FOR_REGISTER_AFFAIRS
    )
    assert await reason_of(start(register, resident, of_register)) is (
        reasons.INQUIRY_FOR_REGISTER_AFFAIRS
    )
    assert await reason_of(start(register, resident)) is reasons.AFFAIR_NOT_OF_DEPARTMENT


@pytest.mark.parametrize("role", [CARE, "department-unheard-of"])
async def test_a_department_inquires_within_its_own_business(
    world: RunningWorld, resident: Resident, role: str
) -> None:
    pension = replace(
        HOUSEHOLD_OF_CARE, affair_code="JM90000000073000", procedure_code="JT90000000073001"
    )
    client = WardInquiryClient(as_department(world, role))

    assert await reason_of(start(client, resident, pension)) is reasons.AFFAIR_NOT_OF_DEPARTMENT


async def test_a_number_that_the_platform_does_not_know_and_another_inquirer_are_refused(
    care: WardInquiryClient, resident: Resident
) -> None:
    stranger = LocalAddressNumber.parse("999999999999999")
    for_another = replace(
        HOUSEHOLD_OF_CARE, inquirer=Institution(WARD), provider=Institution(NEIGHBOUR)
    )

    unknown = await reason_of(care.start_inquiry(new_id(), stranger, HOUSEHOLD_OF_CARE))

    assert unknown is reasons.PERSON_NOT_HELD
    assert await reason_of(start(care, resident, for_another)) is reasons.INQUIRER_IS_NOT_SENDER


async def test_nobody_but_a_department_inquires_there(
    world: RunningWorld, resident: Resident
) -> None:
    for role in ("resident-record", "address-system", "ward-terminal"):
        client = WardInquiryClient(as_department(world, role))

        assert await reason_of(start(client, resident)) is reasons.CALLER_NOT_ADMITTED
