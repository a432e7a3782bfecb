"""After F1 nobody holds what they must not know, and what is planted is found."""

from pathlib import Path

import pytest

from renkei.codes import IntegratedAddressNumber
from renkei_server.store.codes import Codes
from renkei_simulators.population.residents import Resident
from renkei_simulators.separation.knowledge import Kind
from renkei_simulators.separation.worlds import audit_world
from renkei_simulators.world.in_process import RunningWorld
from renkei_simulators.world.looking import calls_owed

from .asking import final, new_id, until
from .conftest import AGENCY, WARD, People


@pytest.fixture(scope="module")
async def persons(world: RunningWorld, people: People) -> list[Resident]:
    """Persons whose codes two organisations have acquired; every server is quiet."""
    crowd = [people.somebody() for _ in range(10)]
    register = world.callers.ward_terminal(WARD)
    agency = world.callers.agency_terminal(AGENCY)
    for person in crowd:
        local = person.local_address_number
        await register.request_code_acquisition(new_id(), local)
        number = await agency.number_person(new_id(), person.individual_number)
        await final(lambda local=local: register.get_code_acquisition(local))
        await final(lambda number=number: agency.get_numbering_outcome(number))
    await until(lambda: calls_owed(world.world, world.layout) == 0)
    return crowd


def findings(world: RunningWorld, persons: list[Resident]) -> set[tuple[str, str]]:
    found = audit_world(world.world, world.layout, persons).findings
    return {(one.party, one.kind) for one in found}


async def test_after_the_exchange_nothing_lies_where_it_must_not(
    world: RunningWorld, persons: list[Resident]
) -> None:
    assert findings(world, persons) == set()


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
