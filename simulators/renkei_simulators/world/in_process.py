"""A whole world in one process and one event loop, on free ports: for tests and benchmarks."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace

from renkei_clients.channel import Channel
from renkei_server.process.serving import RunningSeat, running
from renkei_simulators.world.callers import Callers
from renkei_simulators.world.configs import seat_config
from renkei_simulators.world.definition import World
from renkei_simulators.world.layout import Layout


@dataclass(frozen=True, slots=True)
class RunningWorld:
    """Every seat of a world, running here, and its callers."""

    world: World
    layout: Layout
    seats: Mapping[str, RunningSeat]
    callers: Callers


@asynccontextmanager
async def run_in_process(
    world: World, layout: Layout, *, open_channel: type[Channel] = Channel
) -> AsyncIterator[RunningWorld]:
    """Run a provisioned world here, each listener on a free port of 127.0.0.1.

    A server of the user's is not run, but called where the world file says.
    `open_channel` makes the channels between the seats. Each is served by one worker, here.
    """
    async with AsyncExitStack() as stack:
        peers = {
            name: where
            for name, where in world.peers.items()
            if world.seat(name.split()[0]).external
        }
        seats: dict[str, RunningSeat] = {}
        all_open = asyncio.Event()
        for plan in world.seats:
            if plan.external:
                continue
            config = seat_config(world, layout, plan)
            networks = {
                domain: replace(one, address="127.0.0.1:0") if one.address else one
                for domain, one in config.networks.items()
            }
            seat = await stack.enter_async_context(
                running(
                    replace(config, networks=networks, workers=1),
                    peers,
                    open_channel=open_channel,
                    beside=all_open,
                )
            )
            seats[plan.name] = seat
            peers[plan.name] = next(iter(seat.addresses.values()))
            peers |= {f"{plan.name} {domain}": where for domain, where in seat.addresses.items()}
        all_open.set()
        await asyncio.gather(*(seat.opening for seat in seats.values()))
        addresses = {
            (name, domain): address
            for name, seat in seats.items()
            for domain, address in seat.addresses.items()
        }
        async with AsyncExitStack() as clients:
            yield RunningWorld(world, layout, seats, Callers(world, layout, clients, addresses))
