"""How long a whole world takes to be made and to answer, beside as many bare echo servers."""

import time
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

from renkei.networks import LINKAGE
from renkei_pki.authority import Authority
from renkei_pki.identity import Identity
from renkei_simulators.world.definition import World
from renkei_simulators.world.health import ask_one
from renkei_simulators.world.in_process import run_in_process
from renkei_simulators.world.provision import provision
from tests.network.small_world import WARD

from .echo import echoing


async def start_seconds(folder: Path) -> tuple[float, float]:
    """Seconds to make and start a whole world with one RPC each; and as many bare echoes.

    The default world's seats, with a handful of persons: to make persons is no start.
    """
    text = World.load().text
    for residents in ("residents = 1200", "residents = 200"):
        text = text.replace(residents, "residents = 5")
    world = World.parse(text)
    began = time.perf_counter()
    layout = provision(world, folder / "start")
    async with run_in_process(world, layout) as running:
        answers = [
            await ask_one(layout.certificate(seat.name, identity), identity, address)
            for seat in world.seats
            for domain, address in running.seats[seat.name].addresses.items()
            for identity in (Identity(domain, seat.institution, seat.role),)
        ]
        ours = time.perf_counter() - began
    if not all(one.serving for one in answers):
        msg = "a listener of the world does not serve"
        raise AssertionError(msg)
    now = datetime.now(UTC)
    identity = Identity(LINKAGE, WARD, "middle-server")
    began = time.perf_counter()
    async with AsyncExitStack() as stack:
        authority = Authority.create(folder / "bare", LINKAGE, now=now)
        for _ in answers:
            credentials = authority.issue(identity, now=now)
            echo = await stack.enter_async_context(echoing(credentials, identity, credentials))
            await echo(b"x")
        bare = time.perf_counter() - began
    return ours, bare
