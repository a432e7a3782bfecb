"""Asking a listener whether it is well, with the server's own certificate.

A seat with a token keeps its keys to itself: it is asked with another's certificate of the network.
"""

import asyncio
from dataclasses import replace
from pathlib import Path

from renkei import reasons
from renkei_clients.health import health_of
from renkei_pki.credentials import Credentials
from renkei_pki.identity import Identity
from renkei_server.process.owner import TELL, ask_process, socket_of
from renkei_simulators.world.definition import World
from renkei_simulators.world.layout import Layout
from renkei_simulators.world.listeners import Listener, answer_of, listeners_of
from renkei_simulators.world.own_certificates import to_ask_with

_PAUSE_SECONDS = 0.1
_TELL_SECONDS = 5.0


async def ask(world: World, layout: Layout) -> list[Listener]:
    """Ask every listener of our own once; nobody here has the key of an integrator's."""

    async def asked(one: Listener) -> Listener:
        if one.external:
            return one
        own = to_ask_with(world, layout, one.identity)
        if own is None:
            return replace(one, answer=_as_opened(world, layout, one))
        return await ask_one(own, one.identity, one.address)

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


async def ask_one(own: Path, identity: Identity, address: str) -> Listener:
    """Ask one listener of a seat of our own once, with the certificate in a folder."""
    try:
        credentials = Credentials.load(own)
    except OSError:
        answer = "no certificate"
    else:
        answer = await health_of(credentials, identity, address)
    return Listener(identity, address, external=False, answer=answer)


def _as_opened(world: World, layout: Layout, one: Listener) -> str:
    """What a listener answered its own process as it opened."""
    at = socket_of(layout.process(world.seat(one.seat).process))
    try:
        told = ask_process(at, TELL, seconds=_TELL_SECONDS)
    except OSError:
        return reasons.PEER_UNREACHABLE.name
    return answer_of(told, one.seat, one.identity.domain)
