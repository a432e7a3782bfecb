"""Sub-copies through the linkage platform to the middle server, and the keys that close them."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from renkei import reasons
from renkei.codes import IntegratedAddressNumber, LocalAddressNumber
from renkei.linkage.v1 import organisation_key_pb2 as keys_pb2
from renkei.networks import LINKAGE, ward
from renkei.reasons import Reason
from renkei.refusals import Refusal
from renkei.sub_copies import NullReason, RecordName, SubCopy
from renkei_clients.channel import Channel
from renkei_clients.organisation_keys import OrganisationKeyClient
from renkei_clients.sub_copies import SubCopyClient, WardSubCopyClient
from renkei_pki.credentials import Credentials
from renkei_pki.identity import Identity
from renkei_simulators.population.residents import Resident
from renkei_simulators.world.in_process import RunningWorld
from tests.stores import BOTH

from .asking import new_id, reason_of, until_told
from .asking.codes import acquire
from .people import People
from .people.strangers import outsider
from .people.sub_copies import ALWAYS, HOUSEHOLD, IS_HEAD, ITEMS, NAME, sub_copy
from .small_world import NEIGHBOUR, WARD

STORES = BOTH

PLATFORM = Identity(ward(WARD), WARD, "linkage-platform")
MIDDLE = Identity(LINKAGE, WARD, "middle-server")


BROKEN = [
    (replace(sub_copy(), name=RecordName("TM99999999999999")), reasons.INFORMATION_UNKNOWN),
    (replace(sub_copy(), layout_version=2), reasons.LAYOUT_VERSION_UNKNOWN),
    (sub_copy({**ITEMS, "DI90000000000999": "1"}), reasons.ITEM_OUTSIDE_LAYOUT),
    (sub_copy({NAME: "山田　花子", IS_HEAD: "0"}), reasons.ITEM_MISSING),
    (sub_copy({**ITEMS, IS_HEAD: NullReason.NOT_COVERED}), reasons.ITEM_NOT_NULLABLE),
    (sub_copy({**ITEMS, NAME: "山" * 201}), reasons.ITEM_TOO_LONG),
    (sub_copy({**ITEMS, IS_HEAD: "yes"}), reasons.ITEM_MALFORMED),
]


@pytest.fixture(scope="module")
def register(world: RunningWorld) -> WardSubCopyClient:
    """The ward's resident record system."""
    return world.callers.register_of(WARD)


@pytest.fixture(scope="module")
def terminal(world: RunningWorld) -> OrganisationKeyClient:
    """The ward's terminal at the middle server."""
    return world.callers.key_terminal(WARD)


@pytest.fixture
async def numbered(world: RunningWorld, people: People) -> Resident:
    """Somebody whose code was acquired."""
    person = people.somebody()
    await acquire(world.callers, person)
    return person


# Registration


async def test_a_ward_system_registers_by_its_own_number_and_each_time_a_new_version(
    register: WardSubCopyClient, numbered: Resident
) -> None:
    local = numbered.local_address_number

    assert await register.register_sub_copy(new_id(), local, sub_copy()) == 1
    assert await register.register_sub_copy(new_id(), local, sub_copy()) == 2
    (held,) = await register.list_sub_copies(local)
    assert (held.name, held.version, held.publication) == (HOUSEHOLD, 2, ALWAYS)


async def test_a_repeat_registers_nothing_more(
    register: WardSubCopyClient, numbered: Resident
) -> None:
    local, request_id = numbered.local_address_number, new_id()

    versions = [await register.register_sub_copy(request_id, local, sub_copy()) for _ in range(3)]

    assert versions == [1, 1, 1]


async def test_the_same_request_id_with_other_content_is_refused(
    register: WardSubCopyClient, numbered: Resident
) -> None:
    local, request_id = numbered.local_address_number, new_id()
    await register.register_sub_copy(request_id, local, sub_copy())

    other = sub_copy({**ITEMS, NAME: "別の値"})
    refused = await reason_of(register.register_sub_copy(request_id, local, other))

    assert refused is reasons.REQUEST_ID_REUSED


async def test_what_was_deleted_is_held_no_more(
    register: WardSubCopyClient, numbered: Resident
) -> None:
    local, request_id = numbered.local_address_number, new_id()
    await register.register_sub_copy(new_id(), local, sub_copy())

    await register.delete_sub_copy(request_id, local, HOUSEHOLD)
    await register.delete_sub_copy(request_id, local, HOUSEHOLD)  # a repeat

    assert await register.list_sub_copies(local) == []
    again = await reason_of(register.delete_sub_copy(new_id(), local, HOUSEHOLD))
    assert again is reasons.SUB_COPY_NOT_HELD


async def test_many_registered_at_once_share_batches_and_each_has_its_outcome(
    world: RunningWorld, people: People
) -> None:
    caller = Identity(ward(WARD), WARD, "resident-record")
    address = world.seats[f"linkage-platform.{WARD}"].addresses[ward(WARD)]
    own = Credentials.load(world.layout.certificate(f"resident-record.{WARD}", caller))
    persons = [people.somebody() for _ in range(30)]
    await asyncio.gather(*(acquire(world.callers, person) for person in persons))
    stranger = LocalAddressNumber("999999999999999")
    numbers = [*(person.local_address_number for person in persons), stranger]

    batches_before = batches_at_middle_server(world)
    async with Channel(own, PLATFORM, address, together=True) as channel:
        client = WardSubCopyClient(channel)
        outcomes = await asyncio.gather(
            *(client.register_sub_copy(new_id(), one, sub_copy()) for one in numbers),
            return_exceptions=True,
        )

    *versions, refusal = outcomes
    assert versions == [1] * 30
    assert isinstance(refusal, Refusal)
    assert refusal.reason is reasons.PERSON_NOT_HELD
    assert batches_at_middle_server(world) > batches_before


def batches_at_middle_server(world: RunningWorld) -> int:
    log = world.seats[f"middle-server.{WARD}"].config.log.read_text(encoding="utf-8")
    return log.count("BatchService/MakeCalls")


# Bad input


async def test_somebody_whom_the_platform_never_numbered_is_refused(
    register: WardSubCopyClient, people: People
) -> None:
    local = people.somebody().local_address_number

    for attempt in (
        register.register_sub_copy(new_id(), local, sub_copy()),
        register.delete_sub_copy(new_id(), local, HOUSEHOLD),
        register.list_sub_copies(local),
    ):
        assert await reason_of(attempt) is reasons.PERSON_NOT_HELD


async def test_an_integrated_address_number_that_the_middle_server_never_heard_of_is_refused(
    world: RunningWorld,
) -> None:
    credentials = outsider(world, Identity(LINKAGE, WARD, "linkage-platform"))
    client = SubCopyClient(world.callers.channel(credentials, MIDDLE))
    stranger = IntegratedAddressNumber("123456789012345")

    refused = await reason_of(client.register_sub_copy(new_id(), stranger, sub_copy()))

    assert refused is reasons.PERSON_NOT_HELD


@pytest.mark.parametrize(("broken", "reason"), BROKEN, ids=[reason.name for _, reason in BROKEN])
async def test_what_breaks_its_layout_is_refused_and_nothing_is_held(
    register: WardSubCopyClient,
    numbered: Resident,
    broken: SubCopy,
    reason: Reason,
) -> None:
    local = numbered.local_address_number

    assert await reason_of(register.register_sub_copy(new_id(), local, broken)) is reason
    assert await register.list_sub_copies(local) == []


async def test_another_organisation_s_platform_finds_nothing_and_reaches_nothing(
    world: RunningWorld, register: WardSubCopyClient, numbered: Resident
) -> None:
    await register.register_sub_copy(new_id(), numbered.local_address_number, sub_copy())
    credentials = outsider(world, Identity(LINKAGE, NEIGHBOUR, "linkage-platform"))
    client = SubCopyClient(world.callers.channel(credentials, MIDDLE))

    refused = await reason_of(client.list_sub_copies(IntegratedAddressNumber("123456789012345")))

    assert refused is reasons.CALLER_NOT_ADMITTED


async def test_no_value_of_a_sub_copy_is_in_any_file_of_the_world(
    world: RunningWorld, register: WardSubCopyClient, numbered: Resident, tmp_path: Path
) -> None:
    canary = "秘密の世帯主名キヨミズ"
    await register.register_sub_copy(
        new_id(), numbered.local_address_number, sub_copy({**ITEMS, NAME: canary})
    )

    for name, seat in world.seats.items():
        seat.store.save(tmp_path / name)
    for path in files_under(world.layout.root, tmp_path):
        assert canary.encode() not in path.read_bytes(), path


def files_under(*folders: Path) -> list[Path]:
    return [path for folder in folders for path in folder.rglob("*") if path.is_file()]


# Keys


def states(keys: object) -> list[tuple[int, int]]:
    return [(key.state, key.records) for key in keys]  # type: ignore[attr-defined]


async def test_a_rotation_wraps_everything_anew_and_destroys_the_old_key(
    register: WardSubCopyClient,
    terminal: OrganisationKeyClient,
    numbered: Resident,
) -> None:
    await register.register_sub_copy(new_id(), numbered.local_address_number, sub_copy())
    before = sum(key.records for key in await terminal.get_organisation_keys())

    number = await terminal.rotate_organisation_key(new_id())

    keys = await until_told(
        terminal.get_organisation_keys,
        lambda keys: keys[number - 2].state == keys_pb2.ORGANISATION_KEY_STATE_DESTROYED,
    )
    assert [key.records for key in keys] == [0] * (number - 1) + [before]
    assert keys[-1].state == keys_pb2.ORGANISATION_KEY_STATE_CURRENT
    assert await register.register_sub_copy(new_id(), numbered.local_address_number, sub_copy())


async def test_a_rotation_asked_for_twice_under_one_request_id_is_one(
    terminal: OrganisationKeyClient,
) -> None:
    request_id = new_id()

    numbers = {await terminal.rotate_organisation_key(request_id) for _ in range(3)}

    assert len(numbers) == 1


async def test_keys_are_turned_by_the_organisation_s_own_operators_alone(
    world: RunningWorld,
) -> None:
    def client(identity: Identity) -> OrganisationKeyClient:
        return OrganisationKeyClient(world.callers.channel(outsider(world, identity), MIDDLE))

    own = client(Identity(LINKAGE, WARD, "middle-terminal"))
    platform = client(Identity(LINKAGE, WARD, "linkage-platform"))
    neighbour = client(Identity(LINKAGE, NEIGHBOUR, "middle-terminal"))
    operator = client(Identity(LINKAGE, "jlis", "platform-operator"))

    assert await reason_of(own.rotate_organisation_key(new_id())) is (
        reasons.OPERATOR_SESSION_MISSING
    )
    for other in (platform, neighbour, operator):
        assert await reason_of(other.get_organisation_keys()) is reasons.CALLER_NOT_ADMITTED


async def test_destroying_must_name_the_organisation(terminal: OrganisationKeyClient) -> None:
    refused = await reason_of(terminal.destroy_organisation_keys(new_id(), NEIGHBOUR))

    assert refused is reasons.FIELD_MISSING


async def test_destroyed_keys_close_every_sub_copy_and_refuse_new_ones_until_there_is_a_new_key(
    register: WardSubCopyClient,
    terminal: OrganisationKeyClient,
    numbered: Resident,
) -> None:
    """It comes last: nothing of before can be read after it."""
    local = numbered.local_address_number
    await register.register_sub_copy(new_id(), local, sub_copy())
    records = sum(key.records for key in await terminal.get_organisation_keys())

    assert await terminal.destroy_organisation_keys(new_id(), WARD) == records
    refused = await reason_of(register.register_sub_copy(new_id(), local, sub_copy()))
    assert refused is reasons.ORGANISATION_KEY_MISSING

    await terminal.rotate_organisation_key(new_id())
    assert await register.register_sub_copy(new_id(), local, sub_copy()) == 2
