"""A test world's clock and state, by the controller alone."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from renkei import reasons
from renkei.acquisitions import BOUND, EXPIRED
from renkei.codes import IndividualNumber, ProcessingSerial
from renkei.networks import CONTROL, LINKAGE, ward
from renkei_clients.control import ControlClient, Times
from renkei_clients.jukinet import linkage_code_generation_client
from renkei_pki.identity import Identity
from renkei_server.process.serving import running
from renkei_simulators.control_commands import INITIAL, Seats, act_on_all, controlled, paused
from renkei_simulators.world.configs import seat_config
from renkei_simulators.world.definition import CONTROLLER, World, WorldError
from renkei_simulators.world.in_process import RunningWorld
from tests.postgresql import Cluster
from tests.stores import BOTH
from tests.worlds import Worlds

from .asking import final, new_id, reason_of, until
from .asking.codes import acquire
from .people import People
from .people.strangers import outsider
from .small_world import CONTROLLED_WORLD, SMALL_WORLD, WARD

STORES = BOTH

MIDDLE = f"middle-server.{WARD}"


@pytest.fixture(scope="module")
async def world(worlds: Worlds, cluster: Cluster | None) -> AsyncIterator[RunningWorld]:
    async with worlds.running(CONTROLLED_WORLD, on=cluster) as running:
        yield running


@pytest.fixture(scope="module")
def seats(world: RunningWorld) -> Seats:
    """A controller's client of every seat."""
    return controlled(world.world, world.callers)


@pytest.fixture
async def clock(seats: Seats) -> AsyncIterator[ControlClient]:
    """The clock by way of one seat; in the end it runs with the machine's again."""
    seat = seats[MIDDLE]
    yield seat
    _, machine = await seat.get_clock()
    await seat.set_clock(new_id(), machine)


def codes(world: RunningWorld) -> int:
    store = world.seats[MIDDLE].store
    return store.read_now(
        lambda tx: tx.alchemy.exec_driver_sql("SELECT count(*) FROM codes").scalar_one()
    )


# The clock


async def test_every_seat_shares_one_clock(seats: Seats, clock: ControlClient) -> None:
    world_time, machine_time = await clock.advance_clock(new_id(), timedelta(days=30))

    assert timedelta(days=30) - (world_time - machine_time) < timedelta(seconds=1)
    for seat in seats.values():
        world_time, machine_time = await seat.get_clock()
        assert world_time - machine_time > timedelta(days=29, hours=23)


async def test_an_advance_repeated_under_one_request_id_is_one(
    seats: Seats, clock: ControlClient
) -> None:
    request_id = new_id()
    before, _ = await clock.get_clock()

    for seat in (clock, clock, seats["national-server.jlis"]):
        after, _ = await seat.advance_clock(request_id, timedelta(hours=5))

    assert timedelta(hours=5) <= after - before < timedelta(hours=5, minutes=1)
    other = await reason_of(clock.advance_clock(request_id, timedelta(hours=6)))
    assert other is reasons.REQUEST_ID_REUSED


async def test_an_advance_whose_server_died_before_it_remembered_is_not_made_again(
    world: RunningWorld, clock: ControlClient
) -> None:
    request_id = new_id()
    before, _ = await clock.advance_clock(request_id, timedelta(hours=5))
    world.layout.clock.with_name("clock-moves.json").unlink()

    after, _ = await clock.advance_clock(request_id, timedelta(hours=5))

    assert after - before < timedelta(minutes=1)


async def test_the_clock_is_set_and_turned_back(clock: ControlClient) -> None:
    _, machine = await clock.get_clock()

    world_time, _ = await clock.set_clock(new_id(), machine - timedelta(days=400))

    assert timedelta(days=399) < machine - world_time < timedelta(days=401)


@pytest.mark.parametrize(
    "move",
    [
        lambda clock, one: clock.advance_clock(one, timedelta(days=3_000_000)),
        lambda clock, one: clock.advance_clock(one, timedelta(days=-3_000_000)),
        lambda clock, one: clock.advance_clock(one, timedelta(days=200 * 366)),
        lambda clock, one: clock.set_clock(one, datetime(1999, 12, 31, tzinfo=UTC)),
        lambda clock, one: clock.set_clock(one, datetime(2200, 1, 1, tzinfo=UTC)),
        lambda clock, one: clock.set_clock(one, datetime.max.replace(tzinfo=UTC)),
    ],
)
async def test_a_move_to_where_no_term_can_be_counted_is_refused_and_moves_nothing(
    clock: ControlClient, move: Callable[[ControlClient, str], Awaitable[Times]]
) -> None:
    before, request_id = (await clock.get_clock())[0], new_id()

    assert await reason_of(move(clock, request_id)) is reasons.WORLD_TIME_OUT_OF_RANGE

    after, _ = await clock.get_clock()
    assert after - before < timedelta(minutes=1)
    await clock.advance_clock(request_id, timedelta(seconds=1))  # it was not remembered as done


async def test_time_that_passes_lets_serials_expire(
    world: RunningWorld, seats: Seats, people: People, clock: ControlClient
) -> None:
    terminal, local = world.callers.ward_terminal(WARD), people.somebody().local_address_number
    await seats["national-server.jlis"].pause_work()
    await terminal.request_code_acquisition(new_id(), local)
    await until(lambda: reports_owed(world) == 1)

    await clock.advance_clock(new_id(), timedelta(hours=25))
    outcome = await final(lambda: terminal.get_code_acquisition(local))
    await seats["national-server.jlis"].resume_work()

    assert outcome == EXPIRED


def reports_owed(world: RunningWorld) -> int:
    store = world.seats["national-server.jlis"].store
    return store.read_now(
        lambda tx: tx.alchemy.exec_driver_sql("SELECT count(*) FROM outbox").scalar_one()
    )


# The state


async def test_a_restored_world_is_as_it_was_and_goes_on_from_there(
    world: RunningWorld, seats: Seats, people: People
) -> None:
    assert await acquire(world.callers, people.somebody()) == BOUND
    before = codes(world)
    await act_on_all(seats, lambda one: one.save_snapshot("one-code"))
    for _ in range(3):
        assert await acquire(world.callers, people.somebody()) == BOUND
    assert codes(world) == before + 3

    await act_on_all(seats, lambda one: one.restore_snapshot("one-code"))

    assert codes(world) == before
    assert await acquire(world.callers, people.somebody()) == BOUND
    assert codes(world) == before + 1


async def test_a_reset_brings_back_the_start(
    world: RunningWorld, seats: Seats, people: People
) -> None:
    assert await acquire(world.callers, people.somebody()) == BOUND

    await act_on_all(seats, lambda one: one.restore_snapshot(INITIAL))

    assert codes(world) == 0
    assert await acquire(world.callers, people.somebody()) == BOUND


async def test_what_was_owed_when_a_snapshot_was_saved_is_done_after_it_is_restored(
    world: RunningWorld, seats: Seats, people: People
) -> None:
    terminal, local = world.callers.ward_terminal(WARD), people.somebody().local_address_number
    async with paused(seats):
        await terminal.request_code_acquisition(new_id(), local)
        await asyncio.gather(*(one.save_snapshot("owed") for one in seats.values()))
    assert await final(lambda: terminal.get_code_acquisition(local)) == BOUND
    bound = codes(world)

    await act_on_all(seats, lambda one: one.restore_snapshot("owed"))

    assert codes(world) == bound - 1
    assert await final(lambda: terminal.get_code_acquisition(local)) == BOUND
    assert codes(world) == bound


async def test_snapshots_are_listed_and_deleted(seats: Seats) -> None:
    seat = seats[MIDDLE]
    await seat.save_snapshot("short-lived")
    assert {INITIAL, "short-lived"} <= {one.name for one in await seat.list_snapshots()}

    await seat.delete_snapshot("short-lived")

    assert "short-lived" not in {one.name for one in await seat.list_snapshots()}
    assert await reason_of(seat.delete_snapshot("short-lived")) is reasons.SNAPSHOT_UNKNOWN


async def test_a_snapshot_shows_no_more_than_the_database_does(
    world: RunningWorld, seats: Seats, people: People
) -> None:
    person = people.somebody()
    assert person.individual_number is not None
    await acquire(world.callers, person)
    await act_on_all(seats, lambda one: one.save_snapshot("looked-at"))

    found = list(world.layout.root.rglob("snapshots/looked-at.db"))
    assert len(found) == len(seats)
    for path in found:
        assert person.individual_number.digits.encode() not in path.read_bytes(), path


async def test_a_late_repeat_of_a_pause_pauses_nothing(
    world: RunningWorld, seats: Seats, people: People
) -> None:
    pause, resume = new_id(), new_id()
    for seat in seats.values():
        await seat.pause_work(pause)
        await seat.resume_work(resume)
        await seat.pause_work(pause)

    assert await acquire(world.callers, people.somebody()) == BOUND


# Refused


async def test_a_snapshot_is_restored_only_in_a_pause(seats: Seats) -> None:
    assert await reason_of(seats[MIDDLE].restore_snapshot(INITIAL)) is reasons.WORK_NOT_PAUSED


@pytest.mark.parametrize("name", ["", "Upper", "../up", "a" * 41, "ひらがな"])
async def test_a_name_out_of_form_is_refused(seats: Seats, name: str) -> None:
    assert await reason_of(seats[MIDDLE].save_snapshot(name)) is reasons.MALFORMED_SNAPSHOT_NAME


async def test_an_unknown_snapshot_is_refused_and_the_world_goes_on(
    world: RunningWorld, seats: Seats, people: People
) -> None:
    refused = await reason_of(act_on_all(seats, lambda one: one.restore_snapshot("never-saved")))

    assert refused is reasons.SNAPSHOT_UNKNOWN
    assert await acquire(world.callers, people.somebody()) == BOUND


async def test_nobody_but_the_controller_controls(world: RunningWorld) -> None:
    server = Identity(CONTROL, WARD, "middle-server")
    neighbour = Identity(CONTROL, WARD, "linkage-platform")

    client = ControlClient(world.callers.channel(outsider(world, neighbour), server))

    assert await reason_of(client.get_clock()) is reasons.CALLER_NOT_ADMITTED
    assert await reason_of(client.save_snapshot("mine")) is reasons.CALLER_NOT_ADMITTED


@pytest.mark.parametrize(
    "identity",
    [Identity(LINKAGE, WARD, "middle-server"), Identity(ward(WARD), WARD, "ward-terminal")],
    ids=str,
)
async def test_a_certificate_of_another_network_does_not_even_connect(
    world: RunningWorld, identity: Identity
) -> None:
    server = Identity(CONTROL, WARD, "middle-server")
    client = ControlClient(world.callers.channel(outsider(world, identity), server))

    assert await reason_of(client.get_clock()) is reasons.PEER_UNREACHABLE


async def test_the_controller_calls_no_business_method(world: RunningWorld) -> None:
    server = Identity("jukinet", "jlis", "national-server")
    client = linkage_code_generation_client(
        world.callers.channel(outsider(world, CONTROLLER), server)
    )
    call = client.generate_linkage_code(
        new_id(), IndividualNumber("123456789018"), ProcessingSerial("0" * 32)
    )

    assert await reason_of(call) is reasons.PEER_UNREACHABLE


def test_a_world_that_is_no_test_world_may_not_listen_for_control() -> None:
    with pytest.raises(WorldError, match="test = true"):
        World.parse(CONTROLLED_WORLD.replace("test = true", "test = false"))


async def test_a_server_of_such_a_world_does_not_open_one_either(worlds: Worlds) -> None:
    """The second guard: a config that says otherwise does not start."""
    definition = World.parse(CONTROLLED_WORLD)
    layout = worlds.copy(definition)
    config = replace(seat_config(definition, layout, definition.seat(MIDDLE)), test=False)

    with pytest.raises(ValueError, match="no test world"):
        async with running(config, {}):
            pass


def test_a_world_without_such_listeners_has_no_controller_and_says_so() -> None:
    definition = World.parse(SMALL_WORLD)

    assert CONTROLLER not in definition.callers
    with pytest.raises(WorldError, match="listens for control"):
        controlled(definition, None)  # type: ignore[arg-type]  # it is not asked
