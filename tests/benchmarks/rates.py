"""Rates of one guarded read and of the code exchange, beside the floor of the same run."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from rich.console import Console

from renkei.codes import LocalAddressNumber
from renkei.networks import ward
from renkei_clients.channel import Channel
from renkei_clients.ward import NumberingClient
from renkei_pki.identity import Identity
from renkei_simulators.world.definition import World
from renkei_simulators.world.in_process import RunningWorld, run_in_process
from renkei_simulators.world.people import people_of
from renkei_simulators.world.provision import provision
from tests.network.people.strangers import outsider
from tests.network.small_world import NEIGHBOUR, SMALL_WORLD, WARD

from .acquiring import FIRST_NUMBER, Asking, Bound
from .echo import echo_client, echo_server
from .inquiring import HOPS as INQUIRY_HOPS
from .inquiring import Asked, Counted, Rewrapped, inquiries_recorded
from .measuring import Case, Rate, interleaved

HOPS = 8
"""F1.1, 3, 4, 7a, 7b, 8, 10 and 12; polls are not counted."""
BATCH = 200
_PERMITS = 8_000


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
        singly = NumberingClient(running.callers.channel(caller, platform))
        together = Channel(caller, platform, seat.addresses[ward(WARD)], together=True)
        stack.push_async_callback(together.close)
        bound = Bound(running.seats[f"middle-server.{WARD}"].store)
        persons = [
            one
            for one in people_of(running.world, running.world.municipalities[0])
            if one.individual_number and not one.removed
        ][:-10]
        one_by_one = Asking(singly, persons[: len(persons) // 2])
        in_batches = Asking(NumberingClient(together), persons[len(persons) // 2 :])

        async def acquire() -> None:
            await one_by_one.one()
            await bound.one_more()

        async def acquire_many() -> None:
            await in_batches.many(BATCH)
            await asyncio.gather(*(bound.one_more() for _ in range(BATCH)))

        async def read() -> object:
            return await singly.get_numbering_outcome(known)

        async def read_forced() -> object:
            seat.store.forced = True
            return await read()

        async def read_unforced() -> object:
            seat.store.forced = None
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
        seat.store.forced = None
        cases.append(Case("f1_hops_8", acquire, 8, worth=HOPS))
        cases.append(Case("f1_hops_batch", acquire_many, 2, worth=HOPS * BATCH))
        asked = Asked(running)
        await asked.prepare(persons)
        ended = Counted(running.seats[f"middle-server.{NEIGHBOUR}"].store, inquiries_recorded)
        provider = running.seats[f"middle-server.{WARD}"]

        async def inquire() -> None:
            await asked.start()
            await ended.one_more()

        async def provide() -> None:
            provider.store.forced = False
            await asked.at_provider()

        async def provide_forced() -> None:
            provider.store.forced = True
            await asked.at_provider()

        rewrapped = Rewrapped(provider)

        async def provide_rewrapping() -> None:
            provider.store.forced = False
            await rewrapped.step()
            await asked.at_provider()

        exchange = [
            Case("f2_echo_8", lambda: echo(message), 8),
            Case("f2_hops_8", inquire, 8, worth=INQUIRY_HOPS),
        ]
        provision_cases = [
            Case("inquiry_echo_1", lambda: echo(message), 1),
            Case("inquiry_1", provide, 1),
            Case("inquiry_echo_8", lambda: echo(message), 8),
            Case("inquiry_8", provide, 8),
            Case("inquiry_fsync_8", provide_forced, 8),
            Case("inquiry_rewrapping_8", provide_rewrapping, 8),
        ]
        with console.status("") as status:
            measured = await interleaved(cases, status.update)
            measured |= await interleaved(exchange, status.update)
            provider.dispatcher.hold()  # what it would go on to do is the next hop's
            asked.make_permits(_PERMITS)
            await rewrapped.prepare()
            measured |= await interleaved(provision_cases, status.update)
        return measured
