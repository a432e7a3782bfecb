"""How much memory the processes of a world hold, at rest and after many codes; and a population's stream."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path

import psutil
from rich.console import Console

from renkei.networks import ward
from renkei_clients.channel import Channel
from renkei_clients.ward import NumberingClient
from renkei_pki.credentials import Credentials
from renkei_pki.identity import Identity
from renkei_simulators.world.definition import World
from renkei_simulators.world.health import all_serving
from renkei_simulators.world.layout import Layout
from renkei_simulators.world.people import people_of
from renkei_simulators.world.provision import inspect, provision
from renkei_simulators.world.supervisor import Supervisor
from tests.network.small_world import SMALL_WORLD, WARD
from tests.ports import on_free_ports

from .acquiring import Asking, codes_bound

CODES = 10_000
_WARMED_UP = 2_000
_AT_ONCE = 400
_LONGEST_SECONDS = 240.0
RESIDENTS = 350_000

_STREAM = f"""
import resource, sys
from datetime import date
from itertools import islice
from renkei_simulators.population.residents import residents
count = sum(1 for _ in islice(residents(1, "{WARD}", on=date(2026, 11, 23)), {RESIDENTS}))
print(count, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


async def of_a_world(folder: Path, console: Console) -> Mapping[str, Mapping[str, float]]:
    """Megabytes by process: at rest, after the first codes, after all of them."""
    text = SMALL_WORLD.replace("residents = 200", "residents = 5000")
    world = World.parse(on_free_ports(text)).isolated()
    layout = provision(world, folder / "processes")
    async with AsyncExitStack() as stack:
        supervisor = stack.enter_context(Supervisor(world, layout))
        await all_serving(world, layout, seconds=30)
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
        persons = [
            one
            for one in people_of(world, world.municipalities[0])
            if one.individual_number and not one.removed
        ]
        asking = Asking(NumberingClient(channel), persons[:-10])
        status = stack.enter_context(console.status(""))
        until = time.monotonic() + _LONGEST_SECONDS
        asked = 0
        for name, goal in (("after_2000_codes", _WARMED_UP), ("after_10000_codes", CODES)):
            while (ended := _codes(world, layout)) < goal:
                status.update(f"memory: {ended:,} of {CODES:,} codes")
                if time.monotonic() > until:
                    msg = f"only {ended} of {CODES} codes in {_LONGEST_SECONDS} seconds"
                    raise TimeoutError(msg)
                if asked < goal and asked - ended < 2 * _AT_ONCE:
                    await asking.many(_AT_ONCE)
                    asked += _AT_ONCE
                else:
                    await asyncio.sleep(0.2)
            figures[name] = _megabytes(supervisor)
    return figures


def _codes(world: World, layout: Layout) -> int:
    """How often a code was bound at the ward's middle server."""
    with inspect(world, layout, world.seat(f"middle-server.{WARD}")) as middle:
        return middle.read(codes_bound)


def of_a_population() -> float:
    """Megabytes at most of a process that streams the residents of a whole ward."""
    ran = subprocess.run(
        [sys.executable, "-c", _STREAM], capture_output=True, text=True, check=True, timeout=240
    )
    count, kilobytes = ran.stdout.split()
    if int(count) != RESIDENTS:
        msg = f"a stream of {count} residents, not of {RESIDENTS}"
        raise AssertionError(msg)
    return int(kilobytes) / 1024


def _megabytes(supervisor: Supervisor) -> dict[str, float]:
    return {
        name: round(psutil.Process(process_id).memory_info().rss / 2**20, 1)
        for name, process_id in supervisor.process_ids.items()
    }
