"""A world whose seat's files were put back by hand: its neighbours let it know, before it serves."""

import shutil
from collections.abc import AsyncIterator

import pytest

from renkei import reasons
from renkei.change_reasons import ChangeReason
from renkei.facts import RETRY_AFTER
from renkei.memories import Memory
from renkei.networks import ward
from renkei.refusals import Refusal
from renkei.ward.v1.resident_record_pb2 import GetCodeAcquisitionRequest
from renkei_clients.channel import Channel
from renkei_clients.health import SERVING, health_of
from renkei_clients.memories import MemoryClient
from renkei_pki.credentials import CredentialFolder, Credentials
from renkei_pki.identity import Identity
from renkei_server.process.neighbours import SEAT_FORGOT
from renkei_server.store.engine.operations import OperationLog
from renkei_server.store.engine.shared import RECONCILING
from renkei_simulators.world.definition import World
from renkei_simulators.world.in_process import RunningWorld, run_in_process
from tests.worlds import Worlds

from .asking import new_id, until_told
from .people import People
from .people.entries import entry_of
from .setting_back import quiet
from .small_world import SMALL_WORLD, TOKYO, WARD

CS, PREFECTURE, CORE = (
    f"municipal-cs.{WARD}",
    f"prefecture-server.{TOKYO}",
    "provision-network.ipn",
)


@pytest.fixture(scope="module")
async def put_back(worlds: Worlds) -> AsyncIterator[RunningWorld]:
    """The small world, started again after the files of three seats were put back by hand."""
    world = World.parse(SMALL_WORLD)
    layout = worlds.copy(world)
    async with run_in_process(world, layout) as running:
        await compared(running)
    for seat in (CS, PREFECTURE, CORE):
        shutil.copytree(layout.seat(seat), layout.root.with_name(f"{seat}-kept"))
    async with run_in_process(world, layout) as running:
        people = People(world)
        entry = entry_of(people.somebody(), ChangeReason.MINOR_CORRECTION)
        terminal = running.callers.register_terminal(WARD)
        await terminal.change_resident(new_id(), entry)
        await until_told(
            lambda: terminal.get_notification(entry.person), lambda told: told.state == "APPLIED"
        )
        await quiet(running)
        await compared(running)
    for seat in (CS, PREFECTURE, CORE):
        shutil.rmtree(layout.seat(seat))
        shutil.copytree(layout.root.with_name(f"{seat}-kept"), layout.seat(seat))
    async with run_in_process(world, layout) as running:
        yield running


async def compared(running: RunningWorld) -> None:
    """Let all tell each other how far they remember."""
    for seat in running.seats.values():
        await seat.neighbours.compare()


@pytest.mark.parametrize("seat", [CS, PREFECTURE, CORE])
async def test_a_seat_whose_files_were_put_back_knows_it_as_it_starts(
    put_back: RunningWorld, seat: str
) -> None:
    running = put_back.seats[seat]
    store = running.store
    operations = store.read_now(OperationLog(store.sealer).outcomes)

    assert [what for _, what, _ in operations if what.startswith(SEAT_FORGOT)]
    told = await running.neighbours.told()
    assert (told["how"], told["owed"]) == ("noticed", "")


async def test_nobody_else_says_that_it_was_set_back(put_back: RunningWorld) -> None:
    told = {name: await one.neighbours.told() for name, one in put_back.seats.items()}

    assert {name for name, one in told.items() if one} == {CS, PREFECTURE, CORE}


async def test_a_seat_that_reconciles_says_so_to_its_callers_and_answers_its_neighbours(
    put_back: RunningWorld,
) -> None:
    seat, terminal = put_back.seats[f"resident-record.{WARD}"], terminal_of(put_back)
    words = seat.store.shared.words
    server = Identity(ward(WARD), WARD, "resident-record")
    platform = Identity(ward(WARD), WARD, "linkage-platform")
    own = put_back.layout.certificate(f"linkage-platform.{WARD}", platform)
    credentials = Credentials.load(own)
    address = seat.addresses[ward(WARD)]
    words[RECONCILING] = 1
    try:
        await until_told(
            lambda: health_of(credentials, server, address), lambda told: told == "NOT_SERVING"
        )
        with pytest.raises(Refusal) as refused:
            await terminal.call(GetCodeAcquisitionRequest(), seconds=0.3)
        neighbour = MemoryClient(put_back.callers.channel(credentials, server))
        told, _ = await neighbour.compare_memories(Memory("0" * 32, 1), None)
    finally:
        words[RECONCILING] = 0

    assert refused.value.reason is reasons.SEAT_RECONCILES
    assert refused.value.fact(RETRY_AFTER)
    assert told.count > 0
    await until_told(lambda: health_of(credentials, server, address), lambda told: told == SERVING)


async def test_no_terminal_compares_memories(put_back: RunningWorld) -> None:
    with pytest.raises(Refusal) as refused:
        await MemoryClient(terminal_of(put_back)).compare_memories(Memory("0" * 32, 1), None)

    assert refused.value.reason is reasons.CALLER_NOT_ADMITTED


def terminal_of(world: RunningWorld) -> Channel:
    """A ward's terminal at its register, without a session."""
    caller = Identity(ward(WARD), WARD, "ward-terminal")
    own = CredentialFolder(world.layout.caller(caller)).current()
    return world.callers.channel(own, Identity(ward(WARD), WARD, "resident-record"))
