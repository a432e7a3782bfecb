"""Asking a listener whether it is well, with the server's own certificate."""

import asyncio
from dataclasses import dataclass

from grpc_health.v1 import health_pb2

from renkei.refusals import Refusal
from renkei_clients.channel import Channel
from renkei_pki.credentials import Credentials
from renkei_pki.identity import Identity
from renkei_simulators.world.definition import SeatPlan, World
from renkei_simulators.world.layout import Layout

_PAUSE_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Listener:
    """One listener of a world and how it answered."""

    identity: Identity
    address: str
    process: str
    external: bool
    serving: bool
    answer: str


async def ask(world: World, layout: Layout) -> list[Listener]:
    """Ask every listener once."""
    return list(
        await asyncio.gather(
            *(
                ask_one(layout, seat, Identity(domain, seat.institution, seat.role), address)
                if not seat.external
                else _external(
                    Identity(domain, seat.institution, seat.role), seat.external, seat.process
                )
                for seat in world.seats
                for domain, address in seat.listen.items()
            )
        )
    )


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
        async with Channel(credentials, identity, address) as channel:
            response = await channel.ask(
                health_pb2.HealthCheckRequest(),
                health_pb2.HealthCheckResponse,
                lambda told: told,
            )
    except (Refusal, OSError) as error:
        answer = error.reason.name if isinstance(error, Refusal) else "no certificate"
        return Listener(
            identity, address, seat.process, external=False, serving=False, answer=answer
        )
    serving = response.status == health_pb2.HealthCheckResponse.SERVING
    answer = health_pb2.HealthCheckResponse.ServingStatus.Name(response.status)
    return Listener(identity, address, seat.process, external=False, serving=serving, answer=answer)


async def _external(identity: Identity, address: str, process: str) -> Listener:
    """An integrator's own server: nobody here has its key, so it is not asked."""
    return Listener(identity, address, process, external=True, serving=False, answer="external")
