"""One seat is set back to an earlier day while the others ran on: nobody is doubled, and all ends.

Each test takes one seat back by a snapshot that the test itself had saved of that seat alone.
"""

from collections.abc import AsyncIterator

import pytest

from renkei import reasons
from renkei.acquisitions import BOUND, Failure
from renkei.codes import IntegratedAddressNumber, LocalAddressNumber
from renkei.linkage.v1.platform_pb2 import GetStatisticsResponse
from renkei_server.process.machine import MachineIds
from renkei_server.store.codes.codes import Codes
from renkei_server.store.engine.operations import OperationLog
from renkei_server.store.engine.outbox import Outbox
from renkei_server.store.persons.numbering import Numbering
from renkei_simulators.control_commands import controlled
from renkei_simulators.world.in_process import RunningWorld
from renkei_simulators.world.looking import calls_owed
from tests.worlds import Worlds

from .asking import new_id, until
from .asking.codes import acquire
from .people import People
from .people.neighbours import Neighbours
from .people.sub_copies import ITEMS, NAME, sub_copy
from .small_world import CONTROLLED_WORLD, WARD

PLATFORM, MIDDLE, CORE = (
    f"linkage-platform.{WARD}",
    f"middle-server.{WARD}",
    "provision-network.ipn",
)
DELIVER = "/renkei.linkage.v1.CodeDeliveryService/DeliverCode"
EARLIER = "earlier"


@pytest.fixture(scope="module")
async def world(worlds: Worlds) -> AsyncIterator[RunningWorld]:
    """A small world whose seats can be set back."""
    async with worlds.running(CONTROLLED_WORLD) as running:
        yield running


async def save(world: RunningWorld, seat: str) -> None:
    await quiet(world)
    await controlled(world.world, world.callers)[seat].save_snapshot(EARLIER)


async def set_back(world: RunningWorld, seat: str) -> None:
    """Let one seat be as it was, the others as they are."""
    await quiet(world)
    control = controlled(world.world, world.callers)[seat]
    await control.pause_work()
    await control.restore_snapshot(EARLIER)
    await control.resume_work()
    await control.delete_snapshot(EARLIER)


async def quiet(world: RunningWorld) -> None:
    await until(lambda: calls_owed(world.world, world.layout) == 0)


def number_of(world: RunningWorld, local: LocalAddressNumber) -> IntegratedAddressNumber | None:
    """Whom the ward's linkage platform knows by a local address number."""
    store = world.seats[PLATFORM].store
    numbering = Numbering(store.sealer, MachineIds())
    return store.read_now(lambda connection: numbering.by_local(connection, local))


def bound(world: RunningWorld, number: IntegratedAddressNumber) -> bool:
    store = world.seats[MIDDLE].store
    codes = Codes(store.sealer)
    return store.read_now(lambda connection: codes.code_of(connection, number)) is not None


async def test_a_linkage_platform_that_is_set_back_doubles_nobody(
    world: RunningWorld, people: People, neighbours: Neighbours
) -> None:
    """It numbers the person anew, learns by which number the code is bound, and adopts that."""
    person = people.somebody()
    local = person.local_address_number
    register = world.callers.register_of(WARD)
    await save(world, PLATFORM)
    assert await acquire(world.callers, person) == BOUND
    first = number_of(world, local)
    assert first is not None
    await register.register_sub_copy(new_id(), local, sub_copy(ITEMS))
    there = await neighbours.known_here(person)

    await set_back(world, PLATFORM)
    assert number_of(world, local) is None
    assert await acquire(world.callers, person) == BOUND
    await quiet(world)
    newer = {**ITEMS, NAME: "鈴木　新子"}
    await register.register_sub_copy(new_id(), local, sub_copy(newer))
    told = await neighbours.ask(there)

    assert number_of(world, local) == first
    assert bound(world, first)
    assert [one.items[NAME] for one in told.records] == [newer[NAME]]


async def test_a_code_that_contradicts_what_is_bound_is_recorded_on_both_sides(
    world: RunningWorld, people: People
) -> None:
    before = contradicted(await world.callers.platform_operator(WARD).get_statistics())
    person = people.somebody()
    await save(world, PLATFORM)
    assert await acquire(world.callers, person) == BOUND
    await set_back(world, PLATFORM)
    assert await acquire(world.callers, person) == BOUND
    await quiet(world)

    told = await world.callers.platform_operator(WARD).get_statistics()
    store = world.seats[MIDDLE].store
    operations = store.read_now(OperationLog(store.sealer).outcomes)
    network = world.seats[CORE].store
    outbox = Outbox(network.sealer, MachineIds())
    refused = network.read_now(outbox.refusals)

    reason = reasons.CODE_HAS_ANOTHER_NUMBER.name
    assert contradicted(told) == before + 1
    assert reason in {outcome for _, method, outcome in operations if method == DELIVER}
    assert ("deliver", reason) in refused


def contradicted(told: GetStatisticsResponse) -> int:
    """How many codes were refused because they are bound to another number."""
    failure = Failure.CODE_HAS_ANOTHER_NUMBER.value
    return sum(one.count for one in told.refused_codes if one.failure == failure)
