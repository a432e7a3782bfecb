"""What a world's databases say, read from outside its servers while they run or after."""

from collections import defaultdict

from renkei_server.process.machine import MachineIds
from renkei_server.store.engine.key_file import KeyFile
from renkei_server.store.sub_copies.organisation_keys import OrganisationKeys
from renkei_server.store.sub_copies.sub_copies import SubCopies
from renkei_simulators.world.configs import seat_config
from renkei_simulators.world.definition import SeatPlan, World
from renkei_simulators.world.layout import Layout
from renkei_simulators.world.provision import inspect


def calls_owed(world: World, layout: Layout) -> int:
    """How many calls all servers still owe each other; 0 when every flow has ended."""
    owed = 0
    for seat in world.seats:
        if not seat.external:
            with inspect(world, layout, seat) as look:
                owed += look.rows("outbox")
    return owed


def serials_under_way(world: World, layout: Layout) -> set[str]:
    """The processing serials that are neither used nor expired, by the provision network's store."""
    for seat in world.seats:
        if seat.role == "provision-network" and not seat.external:
            with inspect(world, layout, seat) as look:
                return {value.decode() for value in look.values("serials.serial")}
    return set()


def sub_copy_values(world: World, layout: Layout) -> set[str]:
    """Every text in a sub-copy of any organisation, opened with its own keys."""
    values: set[str] = set()
    for seat in world.seats:
        if seat.role == "middle-server" and not seat.external:
            config = seat_config(world, layout, seat)
            keys = OrganisationKeys(KeyFile(config.root_key), MachineIds(), seat.institution)
            with inspect(world, layout, seat) as look:
                held = SubCopies(look.sealer, keys, seat.institution)
                for record in look.read(held.every):
                    values.update(one for one in record.items.values() if isinstance(one, str))
    return values


def opened(world: World, layout: Layout, seat: SeatPlan) -> dict[str, set[bytes]]:
    """What is sealed in a seat's store, opened, by place ("table.column")."""
    places: defaultdict[str, set[bytes]] = defaultdict(set)
    with inspect(world, layout, seat) as look:
        for place, value in look.opened():
            places[place].add(value)
    return dict(places)
