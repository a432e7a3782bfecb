"""Guarded reads of a seat that two workers serve, over those of a seat of one.

Each worker's callers are in its own process, eight in flight, and come to it alone: so two workers
have two cores where one has one. `python -m tests.benchmarks.working FOLDER` is the other process.
"""

import asyncio
import json
import shutil
import statistics
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from subprocess import PIPE, Popen
from typing import TYPE_CHECKING, cast

from renkei.codes import LocalAddressNumber
from renkei_server.config import SeatConfig
from renkei_server.process.logs import open_log
from renkei_server.process.machine import MachineIds, WorldClock
from renkei_server.process.program import read_roles, run
from renkei_server.process.serving import serving
from renkei_server.process.workers import Part, Told
from renkei_server.roles.own_keys import OwnKeys
from renkei_server.store.engine.receipts import SeatRun
from renkei_server.store.engine.shared import Handles, Shared
from renkei_simulators.world.callers import Callers
from renkei_simulators.world.configs import seat_config
from renkei_simulators.world.definition import World
from renkei_simulators.world.layout import Layout
from tests.network.asking import final
from tests.network.small_world import WARD

from .acquiring import FIRST_NUMBER, Asking
from .effort import Setting
from .measuring import Case, one_round
from .worlds import residents, small_world

if TYPE_CHECKING:
    from typing import IO

_PLATFORM = f"linkage-platform.{WARD}"
_KNOWN = LocalAddressNumber(f"{FIRST_NUMBER}")
_IN_FLIGHT = 8

Round = tuple[float, float]
"""Calls a second, and the least share of a core that a process had."""


async def two_over_one(setting: Setting) -> float | None:
    """The median of what two workers did over one in the same round; None where fewer than half
    the rounds counted.
    """
    layout, shared, alone = await _prepared(setting)
    effort, seat_run = setting.effort, SeatRun.drawn(MachineIds())
    shares: list[float] = []
    async with AsyncExitStack() as stack:
        one = await stack.enter_async_context(
            _reading(layout, alone, Part(Shared.alone(), seat_run))
        )
        first = Shared.made(2)
        stack.callback(first.close)
        ours = await stack.enter_async_context(_reading(layout, shared, Part(first, seat_run)))
        told = Told(shared, 1, cast("Handles", first.handles), seat_run)
        theirs = stack.enter_context(_other(layout, told))

        async def both(seconds: float) -> Round:
            other = asyncio.create_task(asyncio.to_thread(theirs, seconds))
            rate, share = await one_round(ours, seconds)
            other_rate, other_share = await other
            return rate + other_rate, min(share, other_share)

        await one_round(one, effort.warm_seconds)
        await both(effort.warm_seconds)
        for number in range(effort.rounds):
            setting.tell(f"round {number + 1} of {effort.rounds}: one worker and two")
            rate, share = await one_round(one, effort.round_seconds)
            of_both, least = await both(effort.round_seconds)
            if min(share, least) >= effort.least_share:
                shares.append(of_both / rate)
    return statistics.median(shares) if 2 * len(shares) >= effort.rounds else None


async def _prepared(setting: Setting) -> tuple[Layout, SeatConfig, SeatConfig]:
    """A linkage platform that has something to tell, twice."""
    async with small_world(setting) as running:
        client = running.callers.address_system(WARD)
        await Asking(client, residents(running.world)).one()
        await final(partial(client.get_numbering_outcome, _KNOWN))
        world, layout = running.world, running.layout
    config = seat_config(world, layout, world.seat(_PLATFORM))
    twin = setting.folder / "twin"
    shutil.copytree(config.folder, twin)
    return layout, config, replace(config, folder=twin)


@asynccontextmanager
async def _reading(layout: Layout, config: SeatConfig, part: Part) -> AsyncIterator[Case]:
    """Serve here, and how an acquisition stands, asked of that by callers here."""
    clock = WorldClock(config.clock)
    async with AsyncExitStack() as stack:
        log = stack.enter_context(open_log(config.log, config.name, clock))
        seat = await stack.enter_async_context(
            serving(config, OwnKeys(config), {}, part, clock, log)
        )
        at = {(_PLATFORM, domain): address for domain, address in seat.addresses.items()}
        client = Callers(World.load(layout.definition), layout, stack, at).address_system(WARD)
        yield Case("reads", partial(client.get_numbering_outcome, _KNOWN), _IN_FLIGHT)


@contextmanager
def _other(layout: Layout, told: Told) -> Iterator[Callable[[float], Round]]:
    """The other worker in a process of its own: tells of each round for which it is asked."""
    command = [sys.executable, "-m", __name__, str(layout.root)]
    with Popen(command, stdin=PIPE, stdout=PIPE, bufsize=0, pass_fds=told.handles.all) as process:
        asked, answered = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)
        asked.write(told.line)
        answered.readline()

        def measured(seconds: float) -> Round:
            asked.write(f"{seconds}\n".encode())
            rate, share = json.loads(answered.readline())
            return rate, share

        try:
            yield measured
        finally:
            asked.close()


async def _measure(root: Path, told: Told) -> None:
    read_roles([told.config])
    async with _reading(Layout(root), told.config, told.part) as case:
        seconds = 0.0
        while True:
            rate = await one_round(case, seconds)
            sys.stdout.write(f"{json.dumps(rate)}\n")
            sys.stdout.flush()
            if not (line := await asyncio.to_thread(sys.stdin.readline)):
                return
            seconds = float(line)


if __name__ == "__main__":
    run(_measure(Path(sys.argv[1]), Told.parse(sys.stdin.readline().encode())))
