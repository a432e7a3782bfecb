"""How much one organisation's flood is felt by another at the same server, all seats in one process."""

from typing import Final

from renkei_simulators.world.definition import World
from renkei_simulators.world.provision import provision
from renkei_simulators.world.supervisor import Supervisor
from tests.forking import serve
from tests.network.flooding import Network
from tests.network.small_world import NEIGHBOUR, WARD
from tests.ports import on_free_ports

from .effort import Setting
from .worlds import small_text, until_serving

_CALLS: Final = 300


async def flooding(setting: Setting) -> dict[str, float]:
    """The median of calls made in a flood over that of calls made without one, and the worst of them."""
    world = World.parse(on_free_ports(small_text(setting)))
    layout = provision(world, setting.folder / "flooded")
    calls = 20 if setting.effort.short else _CALLS
    with Supervisor(world, layout, serve):
        await until_serving(world, layout)
        network = Network(world, layout)
        setting.tell("calls of one organisation, without a flood and in one")
        alone = await network.ask(NEIGHBOUR, calls)
        async with network.flooded(WARD):
            flooded = await network.ask(NEIGHBOUR, calls)
    return {
        "flood_factor": flooded.median / alone.median,
        "flood_worst_ms": flooded.worst,
    }
