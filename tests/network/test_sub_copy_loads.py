"""Sub-copies by stream: many at once, each judged by itself, none lost and none twice."""

from dataclasses import replace

import pytest

from renkei import reasons, wire
from renkei.codes import LocalAddressNumber
from renkei.contract import method_of
from renkei.limits import CHUNK_LIMIT
from renkei.linkage.v1 import sub_copy_pb2 as linkage_pb2
from renkei.networks import ward
from renkei.sub_copies import RecordName, SubCopy
from renkei.ward.v1 import sub_copy_pb2 as pb2
from renkei_clients.sub_copies import Loaded, WardSubCopyClient
from renkei_pki.identity import Identity
from renkei_server.store.engine.operations import OperationLog
from renkei_simulators.population.residents import Resident
from renkei_simulators.world.in_process import RunningWorld

from .asking import new_id
from .asking.codes import acquire
from .asking.raw import Raw
from .people import People
from .people.strangers import outsider
from .people.sub_copies import HOUSEHOLD, IS_HEAD, ITEMS, sub_copy
from .small_world import WARD

Entry = tuple[LocalAddressNumber, SubCopy]
PLATFORM = Identity(ward(WARD), WARD, "linkage-platform")
STRANGER = LocalAddressNumber("999999999999999")


@pytest.fixture(scope="module")
def register(world: RunningWorld) -> WardSubCopyClient:
    """The ward's resident record system."""
    return world.callers.register_of(WARD)


@pytest.fixture
async def residents(world: RunningWorld, people: People) -> list[Resident]:
    """Three residents whose codes were acquired."""
    persons = [people.somebody() for _ in range(3)]
    for person in persons:
        await acquire(world.callers, person)
    return persons


def entries(residents: list[Resident], count: int) -> list[Entry]:
    """So many records, spread over the residents, each under a key of its own."""
    return [
        (
            residents[number % len(residents)].local_address_number,
            replace(sub_copy(), name=RecordName(HOUSEHOLD.information_code, f"K{number}")),
        )
        for number in range(count)
    ]


async def loaded(register: WardSubCopyClient, load_id: str, told: list[Entry]) -> list[Loaded]:
    return [one async for one in register.load_sub_copies(load_id, told)]


async def versions(register: WardSubCopyClient, residents: list[Resident]) -> list[int]:
    """The version of every record that is held of the residents."""
    held = [await register.list_sub_copies(one.local_address_number) for one in residents]
    return [record.version for records in held for record in records]


async def test_many_records_are_loaded_in_chunks_and_each_chunk_is_answered(
    register: WardSubCopyClient, residents: list[Resident]
) -> None:
    told = await loaded(register, new_id(), entries(residents, 1_203))

    assert [(one.first, one.registered) for one in told] == [(0, 500), (500, 500), (1000, 203)]
    assert not any(one.refused for one in told)
    assert await versions(register, residents) == [1] * 1_203


async def test_a_bad_entry_is_told_by_its_place_and_holds_up_no_other(
    register: WardSubCopyClient, residents: list[Resident]
) -> None:
    told = entries(residents, 700)
    person, good = told[3]
    told[3] = (STRANGER, good)
    told[5] = (person, sub_copy({**ITEMS, IS_HEAD: "yes"}))
    told[650] = (person, replace(good, layout_version=9))

    outcome = await loaded(register, new_id(), told)

    refused = {place: one.reason for chunk in outcome for place, one in chunk.refused.items()}
    assert refused == {
        3: reasons.PERSON_NOT_HELD.name,
        5: reasons.ITEM_MALFORMED.name,
        650: reasons.LAYOUT_VERSION_UNKNOWN.name,
    }
    assert sum(one.registered for one in outcome) == 697
    assert len(await versions(register, residents)) == 697


async def test_a_load_that_is_begun_again_does_nothing_twice_and_is_told_the_same(
    register: WardSubCopyClient, residents: list[Resident]
) -> None:
    load_id, told = new_id(), [*entries(residents, 600), (STRANGER, sub_copy())]

    first = await loaded(register, load_id, told)
    again = await loaded(register, load_id, told)

    assert first == again
    assert await versions(register, residents) == [1] * 600


async def test_half_a_stream_and_a_broken_connection_lose_nothing_and_double_nothing(
    world: RunningWorld,
    register: WardSubCopyClient,
    residents: list[Resident],
) -> None:
    load_id, told = new_id(), entries(residents, 1_400)
    stream = register.load_sub_copies(load_id, told)
    assert (await anext(stream)).registered == CHUNK_LIMIT
    await stream.aclose()  # type: ignore[attr-defined]

    outcome = await loaded(world.callers.register_of(WARD), load_id, told)

    assert sum(one.registered for one in outcome) == 1_400
    assert await versions(register, residents) == [1] * 1_400


async def test_the_same_record_twice_in_one_chunk_is_two_versions(
    register: WardSubCopyClient, residents: list[Resident]
) -> None:
    (entry,) = entries(residents, 1)

    await loaded(register, new_id(), [entry, entry])

    assert await versions(register, residents) == [2]


async def test_each_chunk_leaves_one_record_of_who_did_it(
    world: RunningWorld,
    register: WardSubCopyClient,
    residents: list[Resident],
) -> None:
    middle = world.seats[f"middle-server.{WARD}"].store
    path = "/renkei.linkage.v1.SubCopyService/LoadSubCopies"

    def recorded() -> int:
        operations = OperationLog(middle.sealer)
        return sum(one[1] == path for one in middle.read_now(operations.outcomes))

    before = recorded()
    await loaded(register, new_id(), entries(residents, 1_001))

    assert recorded() == before + 3


# Bad chunks


async def sent(world: RunningWorld, caller: Identity, *requests: pb2.LoadSubCopiesRequest):  # type: ignore[no-untyped-def]
    """How many were registered of each chunk that is written by hand, and why the stream ended."""
    raw = Raw(world, outsider(world, caller), PLATFORM)
    path = method_of(pb2.LoadSubCopiesRequest).path
    try:
        answers, refused = await raw.stream(path, [one.SerializeToString() for one in requests])
    finally:
        await raw.close()
    registered = [pb2.LoadSubCopiesResponse.FromString(one).registered for one in answers]
    return registered, refused and refused.reason


def chunk(residents: list[Resident], count: int, **changes: str) -> pb2.LoadSubCopiesRequest:
    told = {"sender": WARD, "request_id": new_id()} | changes
    return pb2.LoadSubCopiesRequest(
        **told,
        entries=[
            pb2.LoadedSubCopy(
                local_address_number=wire.write_local_address_number(local),
                sub_copy=wire.write_sub_copy(record),
            )
            for local, record in entries(residents, count)
        ],
    )


REGISTER = Identity(ward(WARD), WARD, "resident-record")


async def test_a_chunk_out_of_its_form_ends_the_stream_and_those_before_it_stay(
    world: RunningWorld,
    register: WardSubCopyClient,
    residents: list[Resident],
) -> None:
    good = chunk(residents, 3)
    bad = [
        (chunk(residents, 0), reasons.FIELD_MISSING),
        (chunk(residents, CHUNK_LIMIT + 1), reasons.BATCH_TOO_LARGE),
        (chunk(residents, 1, sender="131130"), reasons.SENDER_IS_NOT_CALLER),
        (chunk(residents, 1, request_id="17"), reasons.MALFORMED_REQUEST_ID),
        (chunk(residents, 2, request_id=good.request_id), reasons.REQUEST_ID_REUSED),
    ]

    for one, reason in bad:
        assert await sent(world, REGISTER, good, one) == ([3], reason.name)
    assert await versions(register, residents) == [1, 1, 1]


async def test_nobody_else_may_load(world: RunningWorld, residents: list[Resident]) -> None:
    for role in ("ward-terminal", "address-system", "department-care"):
        caller = Identity(ward(WARD), WARD, role)
        assert await sent(world, caller, chunk(residents, 1)) == ([], "CALLER_NOT_ADMITTED")


def test_a_chunk_is_the_same_on_both_networks_but_for_the_name_of_the_person() -> None:
    """The platform hands a chunk on by reading it in the middle server's words."""
    for name in ("LoadSubCopiesRequest", "LoadedSubCopy"):
        faces = [
            [
                (field.number, field.is_repeated, field.message_type and field.message_type.name)
                for field in face.DESCRIPTOR.message_types_by_name[name].fields
            ]
            for face in (pb2, linkage_pb2)
        ]
        renamed = str(faces[0]).replace("LocalAddressNumber", "IntegratedAddressNumber")
        assert renamed == str(faces[1])
