"""One seat is set back to an earlier day while the others ran on: nobody is doubled, and all ends.

Each test takes one seat back by a snapshot that the test itself had saved of that seat alone.
`make set-back` does the same with every seat of the default world.
"""

import json
import os
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta

import pytest
from typer.testing import CliRunner, Result

from renkei import reasons
from renkei.acquisitions import BOUND, EXPIRED, Failure
from renkei.codes import IntegratedAddressNumber, LocalAddressNumber
from renkei.linkage.v1.platform_pb2 import GetStatisticsResponse
from renkei.networks import LINKAGE
from renkei_clients.linkage import ProcessingSerialClient
from renkei_pki.identity import Identity
from renkei_server.process.machine import MachineIds
from renkei_server.seats.middle.memories import NETWORK_FORGOT, Memories
from renkei_server.store.codes.codes import Codes
from renkei_server.store.engine.operations import OperationLog
from renkei_server.store.engine.outbox import Outbox
from renkei_server.store.persons.numbering import Numbering
from renkei_simulators.audit_command import app
from renkei_simulators.control_commands import controlled
from renkei_simulators.records_audit import Kind
from renkei_simulators.world.definition import World
from renkei_simulators.world.in_process import RunningWorld
from tests.server.world import SetClock
from tests.worlds import Worlds

from .asking import final, new_id, until
from .asking.codes import acquire
from .people import People
from .people.neighbours import Neighbours
from .people.strangers import outsider
from .people.sub_copies import ITEMS, NAME, sub_copy
from .setting_back import Days, put_back, quiet, save, set_back
from .small_world import AGENCY, CONTROLLED_WORLD, NEIGHBOUR, PORTAL, TOKYO, WARD

PLATFORM, MIDDLE, CORE = (
    f"linkage-platform.{WARD}",
    f"middle-server.{WARD}",
    "provision-network.ipn",
)
NATION = "national-server.jlis"
DELIVER = "/renkei.linkage.v1.CodeDeliveryService/DeliverCode"

WORLD = World.load().text if os.environ.get("RENKEI_SET_BACK") == "default" else CONTROLLED_WORLD
SEATS = [one.name for one in World.parse(WORLD).seats]
NOTHING: frozenset[str] = frozenset()
LOSSES: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    f"resident-record.{WARD}": (frozenset({"FORGOTTEN_AT_REGISTER"}), NOTHING),
    PLATFORM: (frozenset({"NOT_KNOWN_AT_PLATFORM", "NUMBER_LOST_AT_PLATFORM"}), NOTHING),
    MIDDLE: (frozenset({"NOT_BOUND", "NOT_KNOWN_AT_MIDDLE"}), frozenset({MIDDLE})),
    f"linkage-platform.{NEIGHBOUR}": (frozenset({"NUMBER_LOST_AT_PLATFORM"}), NOTHING),
    f"middle-server.{NEIGHBOUR}": (
        frozenset({"NOT_KNOWN_AT_MIDDLE"}),
        frozenset({f"middle-server.{NEIGHBOUR}"}),
    ),
    CORE: (NOTHING, frozenset({CORE})),
}
"""By seat: which losses of codes are named when it is set back, and whose log lacks records.

Whoever is not here has lost nothing that another party holds.
"""
OF_IDENTITIES: Mapping[str, frozenset[str]] = {
    f"resident-record.{WARD}": frozenset({"MUNICIPAL_CS"}),
    f"municipal-cs.{WARD}": frozenset({"MUNICIPAL_CS", "PREFECTURE", "NATION"}),
    f"prefecture-server.{TOKYO}": frozenset({"PREFECTURE"}),
    NATION: frozenset({"NATION"}),
}
"""By seat: between whom identity information differs when it is set back."""
FORGETFUL = {f"agency-linkage.{AGENCY}": AGENCY, f"mynaportal.{PORTAL}": PORTAL}
"""Who keeps what nobody else knows: how much that was is told by the network's count."""


@pytest.fixture(scope="module")
async def world(worlds: Worlds) -> AsyncIterator[RunningWorld]:
    """A world whose seats can be set back."""
    async with worlds.running(WORLD) as running:
        yield running


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


async def test_who_waits_for_a_network_that_was_set_back_is_told_that_it_expired(
    world: RunningWorld, people: People
) -> None:
    """The network has forgotten the serial, and the register network's report finds nothing."""
    controls, person = controlled(world.world, world.callers), people.somebody()
    terminal, local = world.callers.ward_terminal(WARD), person.local_address_number
    await save(world, CORE)
    await controls[NATION].pause_work()
    await terminal.request_code_acquisition(new_id(), local)
    await until(lambda: owed(world, NATION) == 1)

    await put_back(world, CORE)
    ended = await final(lambda: terminal.get_code_acquisition(local))
    await controls[NATION].resume_work()
    await quiet(world)

    store = world.seats[NATION].store
    refused = store.read_now(Outbox(store.sealer, MachineIds()).refusals)
    assert ended == EXPIRED
    assert ("report", reasons.SERIAL_NEVER_ISSUED.name) in refused
    assert await acquire(world.callers, person) == BOUND


async def test_a_seat_that_starts_notices_which_side_was_set_back(
    world: RunningWorld, people: People
) -> None:
    """First the network has forgotten an acquisition, then the seat the next one."""
    await save(world, CORE)
    assert await acquire(world.callers, people.somebody()) == BOUND
    before = await compared(world)
    await set_back(world, CORE)
    assert (before, await compared(world)) == (0, 1)

    lost = [people.somebody(), people.somebody()]
    for one in lost:
        await save(world, MIDDLE)
        assert await acquire(world.callers, one) == BOUND
        await set_back(world, MIDDLE)
    store = world.seats[MIDDLE].store
    operations = store.read_now(OperationLog(store.sealer).outcomes)
    assert await compared(world) == 1
    for one in lost:
        assert await acquire(world.callers, one) == BOUND
    assert ("renkei", f"{NETWORK_FORGOT}; acquisitions forgotten: 1", "OK") in operations


async def compared(world: RunningWorld) -> int:
    """How much one side has forgotten, as the ward's middle server finds when it starts."""
    store = world.seats[MIDDLE].store
    caller = outsider(world, Identity(LINKAGE, WARD, "middle-server"))
    network = world.callers.channel(caller, Identity(LINKAGE, "ipn", "provision-network"))
    return await Memories(
        store=store,
        remembers=Codes(store.sealer),
        network=ProcessingSerialClient(network),
        clock=SetClock(),
        again_after=timedelta(0),
    ).run_once()


def owed(world: RunningWorld, seat: str) -> int:
    store = world.seats[seat].store
    return store.read_now(Outbox(store.sealer, MachineIds()).size)


@pytest.fixture(scope="module")
async def days(world: RunningWorld, people: People, neighbours: Neighbours) -> Days:
    """A world in which everybody has lived a day."""
    lived = Days(world, people, neighbours)
    await lived.live()
    await quiet(world)
    return lived


@pytest.mark.parametrize("seat", SEATS)
async def test_a_seat_is_set_back_a_day_and_every_loss_is_named_and_mended(
    days: Days, seat: str
) -> None:
    """The others run on; then each audit is clean, but for records that are gone for good."""
    assert days.kinds() == await days.differing() == NOTHING
    unrecorded = days.unrecorded()
    counts = days.unaccounted()
    await save(days.world, seat)
    await days.live()

    await set_back(days.world, seat)

    codes, logs = LOSSES.get(seat, (NOTHING, NOTHING))
    assert days.kinds() == codes
    assert await days.differing() == OF_IDENTITIES.get(seat, NOTHING)
    missed = days.unrecorded() - unrecorded
    assert {(one, kind) for one, kind, _ in missed} == {(one, Kind.MISSING) for one in logs}
    if seat in FORGETFUL:
        assert days.unaccounted()[FORGETFUL[seat]] == counts[FORGETFUL[seat]] + 1
    await days.mend()
    assert days.kinds() == await days.differing() == NOTHING


async def test_the_command_tells_what_was_lost_and_what_mends_it(days: Days) -> None:
    world = days.world
    await save(world, PLATFORM)
    await days.live()
    sound = audit(world)
    await set_back(world, PLATFORM)
    told = audit(world)
    await days.mend()

    ward = next(one for one in json.loads(told.stdout) if one["institution"] == WARD)
    assert (sound.exit_code, told.exit_code, audit(world).exit_code) == (0, 1, 0)
    assert {one["kind"] for one in ward["findings"]} == LOSSES[PLATFORM][0]
    assert all("renkei mend" in one["mend"] for one in ward["findings"])


def audit(world: RunningWorld) -> Result:
    """`renkei audit codes`, for a program."""
    return CliRunner().invoke(app, ["codes", "--data", str(world.layout.root), "--json"])
