"""On PostgreSQL, too, nobody holds what they must not know: not even in what the server kept."""

import shutil
from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path

import pytest

from renkei_server.process.machine import MachineIds
from renkei_server.process.serving import RunningSeat
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.outbox import Outbox
from renkei_simulators.population.residents import Resident
from renkei_simulators.separation.audit import Audit
from renkei_simulators.separation.knowledge import Kind
from renkei_simulators.separation.worlds import audit_world
from renkei_simulators.world.definition import World, WorldError
from renkei_simulators.world.in_process import RunningWorld, run_in_process
from renkei_simulators.world.looking import calls_owed, serials_under_way
from renkei_simulators.world.provision import provision
from tests.postgresql import Cluster

from .asking import ended, final, new_id, until
from .asking.codes import acquire, acquire_at_agency
from .asking.inquiries import HOUSEHOLD_OF_PENSION
from .people import People
from .people.sub_copies import ITEMS, NAME, sub_copy
from .small_world import AGENCY, SMALL_WORLD, WARD

CANARY, CARELESS = "検査用世帯主五十鈴", "検査用世帯主四十雀"
NETWORK = "provision-network.ipn"
SERVER = "postgresql.server"


@pytest.fixture(scope="module")
def server() -> Iterator[Cluster]:
    """A server of these tests alone: its log holds nobody else's values."""
    with Cluster() as cluster:
        yield cluster


@pytest.fixture(scope="module")
async def world(
    server: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[RunningWorld]:
    text = f'{SMALL_WORLD}\n[store]\nurl = "{server.new_database()}"\n'
    parsed = World.parse(text)
    layout = provision(parsed, tmp_path_factory.mktemp("world") / "data")
    async with run_in_process(parsed, layout) as running:
        yield running


@pytest.fixture(scope="module")
def serials() -> set[str]:
    """The processing serials that were seen under way."""
    return set()


@pytest.fixture(scope="module")
async def persons(world: RunningWorld, serials: set[str]) -> list[Resident]:
    """Persons of whom codes were acquired, and moved information; every server is quiet."""
    people = People(world.world)
    crowd = [people.somebody() for _ in range(4)]
    look = partial(serials_under_way, world.world, world.layout)
    national = world.seats["national-server.jlis"].dispatcher
    national.hold()  # so that serials wait to be seen
    ward = world.callers.ward_terminal(WARD)
    for person in crowd:
        await ward.request_code_acquisition(new_id(), person.local_address_number)
    await until(lambda: len(look()) >= len(crowd))
    serials |= look()
    national.resume()
    register, agency = world.callers.register_of(WARD), world.callers.agency_terminal(AGENCY)
    for person in crowd:
        await acquire(world.callers, person)
        await acquire_at_agency(world.callers, person)
        record = sub_copy({**ITEMS, NAME: CANARY})
        await register.register_sub_copy(new_id(), person.local_address_number, record)
        number = await agency.number_person(new_id(), person.individual_number)
        await final(partial(agency.get_numbering_outcome, number))
        terminal = world.callers.inquiry_terminal(AGENCY)
        inquiry = await terminal.start_inquiry(new_id(), number, HOUSEHOLD_OF_PENSION)
        told = await ended(terminal, inquiry)
        assert [record.items[NAME] for record in told.records] == [CANARY]
    await until(lambda: calls_owed(world.world, world.layout) == 0)
    return crowd


def erased_keys(seat: RunningSeat) -> int:
    """How many keys are still to be destroyed."""
    count = "SELECT count(*) FROM erased_keys"
    (counted,) = seat.store.read_now(lambda tx: tx.driver.execute(count).fetchone())
    return int(counted)


async def audited(
    world: RunningWorld, server: Cluster, persons: list[Resident], serials: set[str]
) -> Audit:
    """The audit, once every seat has destroyed the keys of what it erased."""
    await until(lambda: not any(map(erased_keys, world.seats.values())))
    server.checkpoint()
    return audit_world(
        world.world,
        world.layout,
        persons,
        serials,
        households=[CANARY, CARELESS],
        postgresql_data=server.data,
    )


def found(audit: Audit) -> set[tuple[str, str]]:
    return {(one.party, one.kind) for one in audit.findings}


async def test_after_the_flows_the_server_s_files_tell_nobody_what_they_must_not_know(
    world: RunningWorld, server: Cluster, persons: list[Resident], serials: set[str]
) -> None:
    audit = await audited(world, server, persons, serials)

    assert len(serials) >= len(persons)
    assert found(audit) == set()


async def careless(world: RunningWorld) -> None:
    """The network writes what it must not know, and deletes it."""
    store = world.seats[NETWORK].store

    def put(connection: Connection) -> None:
        outbox = Outbox(store.sealer, MachineIds())
        outbox.put(connection, "nobody's", cause="", content={"answer": CARELESS})

    await store.write(put)
    await store.write(lambda tx: tx.alchemy.exec_driver_sql("DELETE FROM outbox"))


async def test_what_was_written_and_deleted_is_not_found(
    world: RunningWorld, server: Cluster, persons: list[Resident], serials: set[str]
) -> None:
    await careless(world)

    assert found(await audited(world, server, persons, serials)) == set()


async def test_what_was_deleted_while_its_key_was_not_destroyed_is_found(
    world: RunningWorld, server: Cluster, persons: list[Resident], serials: set[str]
) -> None:
    def trigger(word: str) -> None:
        world.seats[NETWORK].store.write_now(
            lambda tx: tx.driver.execute(f"ALTER TABLE outbox {word} TRIGGER note_erased")
        )

    trigger("DISABLE")
    await careless(world)
    trigger("ENABLE")

    assert found(await audited(world, server, persons, serials)) == {
        (NETWORK, Kind.HOUSEHOLD.value)
    }


async def test_what_lies_in_the_clear_is_found_at_the_server_even_where_the_seat_may_know_it(
    world: RunningWorld, server: Cluster, persons: list[Resident], serials: set[str]
) -> None:
    number = persons[0].individual_number
    assert number
    store = world.seats["national-server.jlis"].store

    def write(tx: Connection) -> None:
        tx.driver.execute("CREATE TABLE careless (number text)")
        tx.driver.execute("INSERT INTO careless VALUES (%s)", [number.digits])

    await store.write(write)

    assert (SERVER, Kind.INDIVIDUAL_NUMBER.value) in found(
        await audited(world, server, persons, serials)
    )


async def test_another_folder_than_the_server_s_is_refused(
    world: RunningWorld, server: Cluster, persons: list[Resident], tmp_path: Path
) -> None:
    with pytest.raises(WorldError, match="no data folder of a PostgreSQL server"):
        audit_world(world.world, world.layout, persons, postgresql_data=tmp_path)
    control = tmp_path / "global" / "pg_control"
    control.parent.mkdir()
    shutil.copyfile(server.data / "global" / "pg_control", control)
    control.write_bytes(bytes(8) + control.read_bytes()[8:])
    with pytest.raises(WorldError, match="another PostgreSQL server"):
        audit_world(world.world, world.layout, persons, postgresql_data=tmp_path)
