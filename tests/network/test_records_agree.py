"""After real exchanges every party has recorded the same, whatever came of them (F2.10)."""

import asyncio
from dataclasses import replace

from renkei_simulators.records_audit import audit_records
from renkei_simulators.world.in_process import RunningWorld
from renkei_simulators.world.looking import calls_owed

from .asking import new_id, until
from .asking.inquiries import HOUSEHOLD_OF_CARE
from .people import People
from .people.neighbours import Neighbours
from .people.sub_copies import sub_copy
from .small_world import NEIGHBOUR, WARD

REFUSED = replace(HOUSEHOLD_OF_CARE, affair_code="JM90000000999000")
HIDDEN = replace(HOUSEHOLD_OF_CARE, non_disclosure=True)


async def test_all_parties_have_the_same_records(world: RunningWorld, people: People) -> None:
    neighbours, person = Neighbours(world), people.somebody()
    await neighbours.known_at_ward(person)
    here = await neighbours.known_here(person)
    await neighbours.ask(here)
    await world.callers.register_of(WARD).register_sub_copy(
        new_id(), person.local_address_number, sub_copy()
    )
    await asyncio.gather(
        *(neighbours.ask(here, terms) for terms in (HOUSEHOLD_OF_CARE, REFUSED, HIDDEN) * 3)
    )
    await until(lambda: calls_owed(world.world, world.layout) == 0)

    honest = audit_records(world.world, world.layout)

    assert honest.sound
    assert honest.agreed == 10
    assert {log.seat: log.size for log in honest.logs} == {
        "provision-network.ipn": 10,
        f"middle-server.{NEIGHBOUR}": 10,
        f"middle-server.{WARD}": 7,
        "agency-linkage.nenkin": 0,
    }
