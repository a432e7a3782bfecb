"""Rates of one guarded read and of the code exchange, beside the floor of the same run."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from rich.console import Console

from renkei.codes import LocalAddressNumber
from renkei_clients.channel import Channel
from renkei_clients.ward import NumberingClient
from renkei_pki.identity import Identity, ward
from renkei_simulators.world.definition import World
from renkei_simulators.world.in_process import RunningWorld, run_in_process
from renkei_simulators.world.people import people_of
from renkei_simulators.world.provision import provision
from tests.network.asking import outsider
from tests.network.conftest import SMALL_WORLD, WARD

from .acquiring import FIRST_NUMBER, Asking, Bound
from .echo import echo_client, echo_server
from .measuring import Case, Rate, interleaved

HOPS = 8
"""F1.1, 3, 4, 7a, 7b, 8, 10 and 12; polls are not counted."""
BATCH = 200


@asynccontextmanager
async def small_world(folder: Path) -> AsyncIterator[RunningWorld]:
    """The small world with enough persons, in this process."""
    world = World.parse(SMALL_WORLD.replace("residents = 200", "residents = 5000"))
    layout = provision(world, folder / "small")
    async with run_in_process(world, layout) as running:
        yield running


async def rates(folder: Path, console: Console) -> dict[str, Rate]:
    """Measure the floor and what stands on it."""
    async with AsyncExitStack() as stack:
        running = await stack.enter_async_context(small_world(folder))
        caller = outsider(running, Identity(ward(WARD), WARD, "address-system"))
        platform = Identity(ward(WARD), WARD, "linkage-platform")
        seat = running.seats[f"linkage-platform.{WARD}"]
        singly = NumberingClient(running.callers.channel(caller, platform), WARD)
        together = Channel(caller, platform, seat.addresses[ward(WARD)], together=True)
        stack.push_async_callback(together.close)
        bound = Bound(running.seats[f"middle-server.{WARD}"].store)
        persons = [
            one
            for one in people_of(running.world, running.world.municipalities[0])
            if one.individual_number and not one.removed
        ][:-10]
        one_by_one = Asking(singly, persons[: len(persons) // 2])
        in_batches = Asking(NumberingClient(together, WARD), persons[len(persons) // 2 :])

        async def acquire() -> None:
            await one_by_one.one()
            await bound.one_more()

        async def acquire_many() -> None:
            await in_batches.many(BATCH)
            await asyncio.gather(*(bound.one_more() for _ in range(BATCH)))

        async def read() -> object:
            return await singly.get_numbering_outcome(known)

        async def read_forced() -> object:
            seat.store.always_durable = True
            return await read()

        async def read_unforced() -> object:
            seat.store.always_durable = False
            return await read()

        await acquire()
        known = LocalAddressNumber(f"{FIRST_NUMBER}")
        address = await stack.enter_async_context(echo_server(outsider(running, platform)))
        echo = await stack.enter_async_context(echo_client(caller, platform, address))
        message = b"x" * 27

        cases = [
            case
            for in_flight in (1, 8)
            for case in (
                Case(f"echo_{in_flight}", lambda: echo(message), in_flight),
                Case(f"guarded_{in_flight}", read_unforced, in_flight),
                Case(f"guarded_fsync_{in_flight}", read_forced, in_flight),
            )
        ]
        seat.store.always_durable = False
        cases.append(Case("f1_hops_8", acquire, 8, worth=HOPS))
        cases.append(Case("f1_hops_batch", acquire_many, 2, worth=HOPS * BATCH))
        with console.status("") as status:
            return await interleaved(cases, status.update)
