"""How much memory the processes of a world hold, at rest and after many codes; and a population's stream."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import AsyncExitStack

import psutil

from renkei.networks import ward
from renkei_clients.channel import Channel
from renkei_clients.ward import NumberingClient
from renkei_pki.credentials import Credentials
from renkei_pki.identity import Identity
from renkei_simulators.world.definition import World
from renkei_simulators.world.layout import Layout
from renkei_simulators.world.provision import inspect, provision
from renkei_simulators.world.supervisor import Supervisor
from tests.network.small_world import WARD
from tests.ports import on_free_ports

from .acquiring import Asking
from .counting import acquisitions_bound
from .effort import Setting
from .worlds import residents, small_text, until_serving

_AT_ONCE = 400
_LONGEST_SECONDS = 240.0

_STREAM = f"""
import resource, sys
from datetime import date
from itertools import islice
from renkei_simulators.population.residents import residents
wanted = int(sys.argv[1])
count = sum(1 for _ in islice(residents(1, "{WARD}", on=date(2026, 11, 23)), wanted))
print(count, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


async def of_a_world(setting: Setting) -> Mapping[str, Mapping[str, float]]:
    """Megabytes by process: at rest, after the first codes, after all of them."""
    world = World.parse(on_free_ports(small_text(setting))).isolated()
    layout = provision(world, setting.folder / "processes")
    async with AsyncExitStack() as stack:
        supervisor = stack.enter_context(Supervisor(world, layout, setting.launch))
        await until_serving(world, layout)
        figures = {"at_rest": _megabytes(supervisor)}
        platform = Identity(ward(WARD), WARD, "linkage-platform")
        caller = Identity(ward(WARD), WARD, "address-system")
        channel = Channel(
            Credentials.load(layout.caller(caller)),
            platform,
            world.peers[f"linkage-platform.{WARD}"],
            together=True,
        )
        stack.push_async_callback(channel.close)
        asking = Asking(NumberingClient(channel), residents(world))
        until = time.monotonic() + _LONGEST_SECONDS
        asked = 0
        for goal in setting.effort.codes:
            while (ended := _codes(world, layout)) < goal:
                setting.tell(f"memory: {ended:,} of {goal:,} codes")
                if time.monotonic() > until:
                    msg = f"only {ended} of {goal} codes in {_LONGEST_SECONDS} seconds"
                    raise TimeoutError(msg)
                if asked < goal and asked - ended < 2 * _AT_ONCE:
                    at_once = min(_AT_ONCE, goal - asked)
                    await asking.many(at_once)
                    asked += at_once
                else:
                    await asyncio.sleep(0.2)
            figures[f"after_{goal}_codes"] = _megabytes(supervisor)
    return figures


def _codes(world: World, layout: Layout) -> int:
    """How many acquisitions ended with a code at the ward's middle server."""
    with inspect(world, layout, world.seat(f"middle-server.{WARD}")) as middle:
        return middle.read(acquisitions_bound)


def of_a_population(size: int) -> float:
    """Megabytes at most of a process that streams so many residents of a ward."""
    ran = subprocess.run(
        [sys.executable, "-c", _STREAM, str(size)],
        capture_output=True,
        text=True,
        check=True,
        timeout=240,
    )
    count, kilobytes = ran.stdout.split()
    if int(count) != size:
        msg = f"a stream of {count} residents, not of {size}"
        raise AssertionError(msg)
    return int(kilobytes) / 1024


def _megabytes(supervisor: Supervisor) -> dict[str, float]:
    return {
        name: round(psutil.Process(process_id).memory_info().rss / 2**20, 1)
        for name, process_id in supervisor.process_ids.items()
    }
