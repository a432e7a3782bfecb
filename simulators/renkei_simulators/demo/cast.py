"""Who is in the demo: persons of every kind that the code exchange tells apart."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from itertools import islice

from renkei.codes import LocalAddressNumber
from renkei_simulators.population.residents import Resident
from renkei_simulators.world.definition import Municipality, World
from renkei_simulators.world.people import kind_of, people_of, unknown_to_the_nation

WARD = "131148"
NEIGHBOUR = "131130"
AGENCY = "nenkin"

_PERSONS = 1_000
_FROM_NEXT_DOOR = 30


class Kind(Enum):
    """What is special about a person of the demo, and how their acquisition must end."""

    RESIDENT = ("residents", "BOUND")
    REMOVED = ("removed persons", "BOUND")
    FROM_NEXT_DOOR = ("persons of another municipality", "BOUND")
    UNKNOWN = ("Individual Number unknown to the nation", "INDIVIDUAL_NUMBER_UNKNOWN")
    WITHOUT = ("persons without an Individual Number", "NO_INDIVIDUAL_NUMBER")

    @property
    def title(self) -> str:
        """What such persons are called."""
        return self.value[0]

    @property
    def expected(self) -> str:
        """The outcome that must come."""
        return self.value[1]


@dataclass(frozen=True, slots=True)
class Member:
    """One person of the demo, with the local address number that the ward uses."""

    kind: Kind
    person: Resident = field(repr=False)
    local: LocalAddressNumber = field(repr=False)


def cast_of(world: World) -> list[Member]:
    """A thousand persons: most of the ward's register, some of another municipality."""
    ward, neighbour = _municipality(world, WARD), _municipality(world, NEIGHBOUR)
    from_next_door = list(_from_next_door(world, neighbour))
    unknown = unknown_to_the_nation(world, ward)
    special: list[Member] = []
    ordinary: list[Member] = []
    for person in people_of(world, ward):
        kind = Kind[kind_of(person, unknown).name]
        member = Member(kind, person, person.local_address_number)
        (special if kind in {Kind.UNKNOWN, Kind.WITHOUT} else ordinary).append(member)
    room = _PERSONS - len(special) - len(from_next_door)
    return _mixed(ordinary[:room], special + from_next_door)


def _from_next_door(world: World, neighbour: Municipality) -> Iterator[Member]:
    """Residents of the neighbour, whom the ward's address system knows under numbers of its own."""
    numbered = (one for one in people_of(world, neighbour) if one.individual_number is not None)
    unknown = unknown_to_the_nation(world, neighbour)
    known = (one for one in numbered if one.index != unknown.index)
    for count, person in enumerate(islice(known, _FROM_NEXT_DOOR)):
        local = LocalAddressNumber.parse(f"{900_000_000_000_000 + 7_919 * (count + 1)}")
        yield Member(Kind.FROM_NEXT_DOOR, person, local)


def _mixed(many: list[Member], few: list[Member]) -> list[Member]:
    """The few spread evenly among the many."""
    step = max(1, len(many) // (len(few) + 1))
    mixed = list(many)
    for count, one in enumerate(few):
        mixed.insert(min(len(mixed), (count + 1) * (step + 1) - 1), one)
    return mixed


def _municipality(world: World, code: str) -> Municipality:
    return next(one for one in world.municipalities if one.code == code)
