"""A small world in this process: real servers, real certificates, real handshakes."""

from collections.abc import AsyncIterator

import pytest

from renkei_simulators.population.residents import Resident
from renkei_simulators.world.definition import World
from renkei_simulators.world.in_process import RunningWorld
from renkei_simulators.world.people import people_of, unknown_to_the_nation
from tests.worlds import Worlds, seat, worlds

__all__ = ["worlds"]

WARD, NEIGHBOUR, AGENCY = "131148", "131130", "nenkin"
PORTAL = "digital"

_SEATS = "".join(
    seat(*one)
    for one in (
        *(
            (role, code, *networks)
            for code in (WARD, NEIGHBOUR)
            for role, *networks in (
                ("resident-record", "ward"),
                ("linkage-platform", "ward", "linkage"),
                ("municipal-cs", "ward", "jukinet"),
                ("middle-server", "linkage"),
            )
        ),
        ("national-server", "jlis", "jukinet"),
        ("provision-network", "ipn", "linkage"),
        ("agency-linkage", AGENCY, "linkage"),
        ("mynaportal", PORTAL, "linkage"),
    )
)

SMALL_WORLD = f"""
name = "small"
test = true
seed = 5
today = 2026-11-23
pace = {{ repeats = 0.1, housekeeping_seconds = 0.1 }}
municipality = [
    {{ code = "{WARD}", name = "中野区", residents = 200 }},
    {{ code = "{NEIGHBOUR}", name = "渋谷区", residents = 20 }},
]
agency = [{{ name = "{AGENCY}", title = "日本年金機構", insured_of = ["{WARD}", "{NEIGHBOUR}"] }}]
{_SEATS}
"""

BIG_WORLD = SMALL_WORLD.replace("residents = 200", "residents = 1100")
"""The same, for crowds."""

CONTROLLED_WORLD = SMALL_WORLD.replace(
    '127.0.0.1:0" }\n', '127.0.0.1:0", control = "127.0.0.1:0" }\n'
)
"""The same, with a listener for control at each seat."""


@pytest.fixture(scope="module")
async def world(worlds: Worlds) -> AsyncIterator[RunningWorld]:
    """A world of its own for each module of tests."""
    async with worlds.running(SMALL_WORLD) as running:
        yield running


class People:
    """Synthetic persons of the small world, each handed out once."""

    def __init__(self, world: World) -> None:
        ward, neighbour = world.municipalities
        self.unknown = unknown_to_the_nation(world, ward)
        of_ward = [one for one in people_of(world, ward) if one.index != self.unknown.index]
        self.without = [one for one in of_ward if one.individual_number is None]
        self.removed = [one for one in of_ward if one.removed and one.individual_number]
        self._ordinary = iter([one for one in of_ward if one.individual_number and not one.removed])
        self.next_door = [one for one in people_of(world, neighbour) if one.individual_number]

    def somebody(self) -> Resident:
        """A resident of the ward whom no other test of the module has had."""
        return next(self._ordinary)


@pytest.fixture(scope="module")
def people(world: RunningWorld) -> People:
    """The persons of the module's world."""
    return People(world.world)
