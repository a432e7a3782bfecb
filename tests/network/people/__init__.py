"""Who is asked about, who asks, and what is held of them."""

from renkei_simulators.population.residents import Resident
from renkei_simulators.world.definition import World
from renkei_simulators.world.people import people_of, unknown_to_the_nation


class People:
    """Synthetic persons of the small world, each handed out once."""

    def __init__(self, world: World) -> None:
        ward, neighbour, *_ = world.municipalities
        self.unknown = unknown_to_the_nation(world, ward)
        of_ward = [one for one in people_of(world, ward) if one.index != self.unknown.index]
        self.without = [one for one in of_ward if one.individual_number is None]
        self.removed = [one for one in of_ward if one.removed and one.individual_number]
        self._ordinary = iter([one for one in of_ward if one.individual_number and not one.removed])
        self.next_door = [one for one in people_of(world, neighbour) if one.individual_number]

    def somebody(self) -> Resident:
        """A resident of the ward whom no other test of the module has had."""
        return next(self._ordinary)
