"""Asking a listener whether it is well, with the server's own certificate."""

import asyncio

from renkei_clients.health import health_of
from renkei_pki.credentials import Credentials
from renkei_pki.identity import Identity
from renkei_simulators.world.definition import SeatPlan, World
from renkei_simulators.world.layout import Layout
from renkei_simulators.world.listeners import Listener, listeners_of

_PAUSE_SECONDS = 0.1


async def ask(world: World, layout: Layout) -> list[Listener]:
    """Ask every listener of our own once; nobody here has the key of an integrator's."""

    async def asked(one: Listener) -> Listener:
        if one.external:
            return one
        return await ask_one(layout, world.seat(one.seat), one.identity, one.address)

    return list(await asyncio.gather(*(asked(one) for one in listeners_of(world, {}))))


async def all_serving(world: World, layout: Layout, *, seconds: float) -> list[Listener]:
    """Ask until every listener of our own serves, at most that long; return the last answers."""
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    while True:
        listeners = await ask(world, layout)
        waiting = [one for one in listeners if not one.serving and not one.external]
        if not waiting or loop.time() >= until:
            return listeners
        await asyncio.sleep(_PAUSE_SECONDS)


async def ask_one(layout: Layout, seat: SeatPlan, identity: Identity, address: str) -> Listener:
    """Ask one listener of a seat of our own once."""
    try:
        credentials = Credentials.load(layout.certificate(seat.name, identity))
    except OSError:
        answer = "no certificate"
    else:
        answer = await health_of(credentials, identity, address)
    return Listener(identity, address, external=False, answer=answer)
