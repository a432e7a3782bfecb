"""After F1 nobody holds what they must not know, and what is planted is found."""

from dataclasses import replace
from pathlib import Path

import pytest

from renkei.change_reasons import ChangeReason
from renkei.codes import IntegratedAddressNumber
from renkei_server.process.machine import MachineIds
from renkei_server.store.codes.codes import Codes
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.outbox import Outbox
from renkei_simulators.population.residents import Resident
from renkei_simulators.separation.knowledge import Kind
from renkei_simulators.separation.worlds import audit_world
from renkei_simulators.world.definition import WorldError
from renkei_simulators.world.in_process import RunningWorld
from renkei_simulators.world.looking import calls_owed, sub_copy_values

from .asking import ended, final, new_id, until
from .asking.codes import acquire, acquire_at_agency
from .asking.inquiries import HOUSEHOLD_OF_PENSION
from .people import People
from .people.entries import entry_of
from .people.sub_copies import ITEMS, NAME, sub_copy
from .small_world import AGENCY, WARD


@pytest.fixture(scope="module")
async def persons(world: RunningWorld, people: People) -> list[Resident]:
    """Persons whose codes two organisations have acquired; every server is quiet."""
    crowd = [people.somebody() for _ in range(10)]
    for person in crowd:
        await acquire(world.callers, person)
        await acquire_at_agency(world.callers, person)
    await until(lambda: calls_owed(world.world, world.layout) == 0)
    return crowd


CANARY = "検査用世帯主五十鈴"


@pytest.fixture(scope="module")
async def informed(world: RunningWorld, persons: list[Resident]) -> list[Resident]:
    """The same, once information about them has moved from one organisation to the other."""
    agency = world.callers.agency_terminal(AGENCY)
    terminal = world.callers.inquiry_terminal(AGENCY)
    register = world.callers.register_of(WARD)
    for person in persons[:5]:
        record = sub_copy({**ITEMS, NAME: CANARY})
        await register.register_sub_copy(new_id(), person.local_address_number, record)
        number = await agency.number_person(new_id(), person.individual_number)
        await final(lambda number=number: agency.get_numbering_outcome(number))
        inquiry = await terminal.start_inquiry(new_id(), number, HOUSEHOLD_OF_PENSION)
        told = await ended(terminal, inquiry)
        assert [record.items[NAME] for record in told.records] == [CANARY]
    await until(lambda: calls_owed(world.world, world.layout) == 0)
    return persons


def findings(world: RunningWorld, persons: list[Resident]) -> set[tuple[str, str]]:
    found = audit_world(world.world, world.layout, persons, households=[CANARY]).findings
    return {(one.party, one.kind) for one in found}


async def test_after_the_exchange_nothing_lies_where_it_must_not(
    world: RunningWorld, persons: list[Resident]
) -> None:
    assert findings(world, persons) == set()


async def test_after_information_moved_nothing_lies_where_it_must_not(
    world: RunningWorld, informed: list[Resident]
) -> None:
    assert findings(world, informed) == set()
    assert CANARY in sub_copy_values(world.world, world.layout)


async def test_after_changes_travelled_to_the_nation_nothing_lies_where_it_must_not(
    world: RunningWorld, persons: list[Resident]
) -> None:
    terminal = world.callers.register_terminal(WARD)
    for person in persons[:5]:
        entry = entry_of(person, ChangeReason.MOVED_WITHIN, address="東京都中野区沼袋")
        household = replace(entry.household, head=CANARY)
        await terminal.change_resident(new_id(), replace(entry, household=household))
    refused = entry_of(persons[5], ChangeReason.MOVED_WITHIN, name="別の　名前")
    await terminal.change_resident(new_id(), refused)
    await until(lambda: calls_owed(world.world, world.layout) == 0)

    states = [
        (await terminal.get_notification(one.local_address_number)).state for one in persons[:6]
    ]
    assert states == ["APPLIED"] * 5 + ["REFUSED"]
    assert findings(world, persons) == set()


async def test_household_information_in_the_hands_of_the_network_is_found(
    world: RunningWorld, informed: list[Resident]
) -> None:
    network = world.seats["provision-network.ipn"]
    careless = {"answer": CANARY}

    def put(connection: Connection) -> None:
        outbox = Outbox(network.store.sealer, MachineIds())
        outbox.put(connection, "nobody's", cause="", content=careless)

    await network.store.write(put)
    assert ("provision-network.ipn", Kind.HOUSEHOLD.value) in findings(world, informed)
    await network.store.write(lambda tx: tx.alchemy.exec_driver_sql("DELETE FROM outbox"))


async def test_a_value_that_a_party_sealed_with_its_own_key_is_found_all_the_same(
    world: RunningWorld, persons: list[Resident]
) -> None:
    number = persons[0].individual_number
    assert number
    store = world.seats[f"middle-server.{WARD}"].store
    forbidden = IntegratedAddressNumber(f"000{number.digits}")

    await store.write(lambda connection: Codes(store.sealer).begin(connection, forbidden))

    assert (f"middle-server.{WARD}", Kind.INDIVIDUAL_NUMBER.value) in findings(world, persons)


async def test_a_number_in_a_log_line_is_found_even_where_the_store_may_hold_it(
    world: RunningWorld, persons: list[Resident]
) -> None:
    number = persons[1].individual_number
    assert number
    log: Path = world.layout.logs / "national-server.jlis.jsonl"
    with log.open("a") as lines:
        lines.write(f'{{"event": "careless", "number": "{number.digits}"}}\n')

    assert ("national-server.jlis", Kind.INDIVIDUAL_NUMBER.value) in findings(world, persons)


async def test_a_world_of_files_has_no_server_whose_files_could_be_searched(
    world: RunningWorld, persons: list[Resident], tmp_path: Path
) -> None:
    with pytest.raises(WorldError, match="no PostgreSQL server holds it"):
        audit_world(world.world, world.layout, persons, postgresql_data=tmp_path)
