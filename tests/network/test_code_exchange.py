"""F1 over real mutual TLS: a code goes out by one network and comes back by another."""

import asyncio
from datetime import timedelta
from functools import partial

import pytest

from renkei import reasons
from renkei.acquisitions import BOUND, EXPIRED, Acquisition, Failure, failed
from renkei.codes import IndividualNumber, IntegratedAddressNumber, LocalAddressNumber
from renkei.networks import JUKINET, LINKAGE, ward
from renkei_clients.jukinet import linkage_code_generation_client
from renkei_clients.linkage import CodeAcquisitionClient, ProcessingSerialClient
from renkei_clients.ward import NumberingClient
from renkei_pki.credentials import Credentials
from renkei_pki.identity import Identity
from renkei_server.process.machine import MachineIds, set_world_clock
from renkei_server.store.persons.numbering import PERSONS
from renkei_simulators.world.in_process import RunningWorld
from renkei_simulators.world.looking import calls_owed
from renkei_simulators.world.people import attributes_of
from renkei_simulators.world.provision import inspect
from tests.stores import BOTH

from .asking import final, new_id, reason_of, until
from .asking.codes import acquire, acquire_at_agency
from .people import People
from .people.strangers import outsider
from .small_world import AGENCY, NEIGHBOUR, WARD

STORES = BOTH


def sealed(world: RunningWorld, seat: str, place: str) -> list[bytes]:
    with inspect(world.world, world.layout, world.world.seat(seat)) as look:
        return look.values(place)


def codes(world: RunningWorld, seat: str) -> list[bytes]:
    return sealed(world, seat, "codes.code")


def middle_server(world: RunningWorld, code: str = WARD) -> CodeAcquisitionClient:
    credentials = Credentials.load(
        world.layout.certificate(
            f"linkage-platform.{code}", Identity(LINKAGE, code, "linkage-platform")
        )
    )
    server = Identity(LINKAGE, code, "middle-server")
    return CodeAcquisitionClient(world.callers.channel(credentials, server))


def numbering(world: RunningWorld) -> NumberingClient:
    caller = Identity(ward(WARD), WARD, "resident-record")
    credentials = Credentials.load(world.layout.certificate(f"resident-record.{WARD}", caller))
    server = Identity(ward(WARD), WARD, "linkage-platform")
    return NumberingClient(world.callers.channel(credentials, server))


async def stands(client: CodeAcquisitionClient, person: IntegratedAddressNumber) -> Acquisition:
    """How the newest acquisition of a person stands."""
    return (await client.get_code_acquisition(person)).acquisition


async def test_a_resident_gets_a_code(world: RunningWorld, people: People) -> None:
    before = len(codes(world, f"middle-server.{WARD}"))

    assert await acquire(world.callers, people.somebody()) == BOUND
    assert len(codes(world, f"middle-server.{WARD}")) == before + 1


async def test_a_repeated_acquisition_ends_with_the_same_code(
    world: RunningWorld, people: People
) -> None:
    person = people.somebody()
    await acquire(world.callers, person)
    before = sorted(codes(world, f"middle-server.{WARD}"))

    assert await acquire(world.callers, person) == BOUND
    assert sorted(codes(world, f"middle-server.{WARD}")) == before


async def test_two_organisations_get_different_codes_of_the_same_person(
    world: RunningWorld, people: People
) -> None:
    person = people.somebody()

    assert await acquire(world.callers, person) == BOUND
    assert await acquire_at_agency(world.callers, person) == BOUND
    ours, theirs = codes(world, f"middle-server.{WARD}"), codes(world, f"agency-linkage.{AGENCY}")
    assert not set(ours) & set(theirs)


async def test_a_removed_person_is_bound(world: RunningWorld, people: People) -> None:
    assert await acquire(world.callers, people.removed[0]) == BOUND


async def test_a_person_of_another_municipality_is_bound_through_the_address_system(
    world: RunningWorld, people: People
) -> None:
    person, local = people.next_door[0], LocalAddressNumber.parse("900000000000017")
    addresses = world.callers.address_system(WARD)

    await addresses.number_person(new_id(), local, person.individual_number, attributes_of(person))
    assert await final(lambda: addresses.get_numbering_outcome(local)) == BOUND


async def test_an_unknown_individual_number_fails_with_its_reason(
    world: RunningWorld, people: People
) -> None:
    assert await acquire(world.callers, people.unknown) == failed(Failure.INDIVIDUAL_NUMBER_UNKNOWN)


async def test_a_person_without_an_individual_number_is_refused_at_the_linkage_platform(
    world: RunningWorld, people: People
) -> None:
    person = people.somebody()
    refused = numbering(world).number_person(
        new_id(), person.local_address_number, None, attributes_of(person)
    )

    assert await reason_of(refused) is reasons.PERSON_WITHOUT_INDIVIDUAL_NUMBER


async def test_the_register_learns_that_a_person_has_no_individual_number(
    world: RunningWorld, people: People
) -> None:
    assert people.without, "the small world holds somebody without a number"

    assert await acquire(world.callers, people.without[0]) == failed(Failure.NO_INDIVIDUAL_NUMBER)


async def test_a_hundred_concurrent_acquisitions_mix_no_persons(
    world: RunningWorld, people: People
) -> None:
    crowd = [people.somebody() for _ in range(50)]
    outcomes = await asyncio.gather(
        *(acquire(world.callers, one) for one in crowd),
        *(acquire_at_agency(world.callers, one) for one in crowd),
    )
    assert set(outcomes) == {BOUND}
    before = sorted(codes(world, f"middle-server.{WARD}"))
    assert len(before) == len(set(before)), "no two persons share a code"

    for one in crowd[:5]:  # one after the other, where nothing can be mixed
        await acquire(world.callers, one)
    assert sorted(codes(world, f"middle-server.{WARD}")) == before


async def test_after_the_exchange_nobody_holds_a_serial_or_owes_a_call(
    world: RunningWorld, people: People
) -> None:
    await acquire(world.callers, people.somebody())

    await until(lambda: calls_owed(world.world, world.layout) == 0)
    assert sealed(world, "provision-network.ipn", "serials.serial") == []
    assert sealed(world, f"middle-server.{WARD}", "code_acquisitions.serial") == []


async def test_a_broken_call_is_mended_by_a_repeat_and_the_serial_is_told_until_it_is_erased(
    world: RunningWorld, people: People
) -> None:
    client, request_id = middle_server(world), new_id()
    person, number = IntegratedAddressNumber.parse("1" * 15), people.somebody().individual_number
    assert number is not None

    first = await client.acquire_code(request_id, person, number)
    again = await client.acquire_code(request_id, person, number)
    assert first is not None
    assert first == again

    credentials = world.seats[f"municipal-cs.{WARD}"].keys.calls_with(JUKINET)
    server = Identity(JUKINET, "jlis", "national-server")
    national = linkage_code_generation_client(world.callers.channel(credentials, server))
    await national.generate_linkage_code(new_id(), number, first[1])
    assert await final(partial(stands, client, person)) == BOUND

    assert await client.acquire_code(request_id, person, number) is None


async def test_a_leaked_serial_in_another_institutions_request_binds_nothing(
    world: RunningWorld, people: People
) -> None:
    client = middle_server(world)
    person, number = IntegratedAddressNumber.parse("2" * 15), people.somebody().individual_number
    assert number is not None
    started = await client.acquire_code(new_id(), person, number)
    assert started is not None
    credentials = world.seats[f"municipal-cs.{NEIGHBOUR}"].keys.calls_with(JUKINET)
    server = Identity(JUKINET, "jlis", "national-server")
    national = linkage_code_generation_client(world.callers.channel(credentials, server))
    refused_before = refused_calls(world, "national-server.jlis")

    await national.generate_linkage_code(new_id(), number, started[1])
    await until(lambda: refused_calls(world, "national-server.jlis") == refused_before + 1)

    assert (await stands(client, person)).state.final is False
    assert codes(world, f"middle-server.{NEIGHBOUR}") == []


def refused_calls(world: RunningWorld, seat: str) -> int:
    with inspect(world.world, world.layout, world.world.seat(seat)) as look:
        return look.rows("refused_calls")


async def test_after_a_change_of_the_individual_number_the_person_is_found_by_the_new_one(
    world: RunningWorld, people: People
) -> None:
    person, client = people.somebody(), numbering(world)
    old = person.individual_number
    assert old is not None
    await acquire(world.callers, person)
    before = numbered(world)
    body = f"{(int(old.digits[:11]) + 1) % 10**11:011d}"
    new = IndividualNumber.parse(f"{body}{IndividualNumber.check_digit(body)}")

    await client.change_individual_number(new_id(), old, new)
    await client.number_person(new_id(), person.local_address_number, new, attributes_of(person))
    assert numbered(world) == before, "the same person under the new number"

    await client.number_person(
        new_id(), LocalAddressNumber.parse("900000000000025"), old, attributes_of(person)
    )
    assert len(numbered(world)) == len(before) + 1, "nobody is found by the old number"


def numbered(world: RunningWorld) -> list[str]:
    """The integrated address numbers of everybody whom the linkage platform knows."""
    held = sealed(world, f"linkage-platform.{WARD}", "persons.record")
    return sorted(PERSONS.content.read(one).integrated_address_number.digits for one in held)


def serials(world: RunningWorld, code: str) -> ProcessingSerialClient:
    """A middle server's client of the provision network, for serials."""
    caller = Identity(LINKAGE, code, "middle-server")
    server = Identity(LINKAGE, "ipn", "provision-network")
    return ProcessingSerialClient(world.callers.channel(outsider(world, caller), server))


async def test_whether_a_serial_is_good_is_told_to_its_owner_alone(world: RunningWorld) -> None:
    client, unknown = serials(world, WARD), MachineIds().serial()
    issued = await client.issue_processing_serial(new_id())
    assert issued is not None

    assert await client.is_good(issued[0])
    others = serials(world, NEIGHBOUR).is_good(issued[0])
    assert await reason_of(others) is reasons.SERIAL_OF_ANOTHER_INSTITUTION
    assert await reason_of(client.is_good(unknown)) is reasons.SERIAL_NEVER_ISSUED


async def test_a_serial_is_the_same_for_a_repeat_and_another_for_another_request(
    world: RunningWorld,
) -> None:
    client, request_id = serials(world, WARD), new_id()

    first = await client.issue_processing_serial(request_id)
    assert first == await client.issue_processing_serial(request_id)
    assert first != await client.issue_processing_serial(new_id())


@pytest.mark.parametrize("late", [timedelta(hours=25)])
async def test_a_serial_that_expires_ends_the_acquisition_as_expired(
    world: RunningWorld, people: People, late: timedelta
) -> None:
    client = middle_server(world)
    person, number = IntegratedAddressNumber.parse("3" * 15), people.somebody().individual_number
    assert number is not None
    assert await client.acquire_code(new_id(), person, number) is not None

    set_world_clock(world.layout.clock, late)
    try:
        assert await final(partial(stands, client, person)) == EXPIRED
    finally:
        set_world_clock(world.layout.clock, timedelta(0))
