"""Run the benchmarks and write `build/bench.json`; under ten minutes.

Everything runs in one process on one loop: servers, callers and the floor. A
ratio says what share of the floor's rate is left with all guards on.
"""

import asyncio
import itertools
import json
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import uvloop
from rich.console import Console

from renkei.acquisitions import BOUND
from renkei.codes import IntegratedAddressNumber, LocalAddressNumber
from renkei_clients.ward import NumberingClient
from renkei_pki.authority import Authority
from renkei_pki.identity import LINKAGE, Identity, ward
from renkei_server.machine import MachineIds
from renkei_server.store.codes import Codes
from renkei_server.store.numbering import Numbering
from renkei_simulators.world.definition import World
from renkei_simulators.world.health import ask
from renkei_simulators.world.in_process import RunningWorld, run_in_process
from renkei_simulators.world.people import attributes_of, people_of
from renkei_simulators.world.provision import provision

from .echo import echo_client, echo_server
from .measuring import Case, Rate, interleaved
from ..network.asking import new_id, outsider
from ..network.conftest import SMALL_WORLD, WARD

HOPS = 8
"""F1.1, 3, 4, 7a, 7b, 8, 10 and 12; polls are not counted."""

TARGETS = {
    "guarded_1": 0.55,
    "guarded_8": 0.50,
    "f1_single": 0.35,
}


@asynccontextmanager
async def small_world(folder: Path) -> AsyncIterator[RunningWorld]:
    """The small world with enough persons, in this process."""
    world = World.parse(SMALL_WORLD.replace("residents = 200", "residents = 5000"))
    layout = provision(world, folder / "small")
    async with run_in_process(world, layout) as running:
        yield running


class Bound:
    """Tells when a code is bound, by the middle server's own store: no poll is in the measure."""

    def __init__(self, running: RunningWorld) -> None:
        self._platform = running.seats[f"linkage-platform.{WARD}"].store
        self._middle = running.seats[f"middle-server.{WARD}"].store
        self._numbering = Numbering(self._platform.sealer, MachineIds())
        self._codes = Codes(self._middle.sealer)
        self._waiting: dict[IntegratedAddressNumber, asyncio.Event] = {}
        self._middle.on_commit(self._look)

    async def wait_for(self, local: LocalAddressNumber) -> None:
        """Return once the person's code is bound."""
        person = self._platform.read(lambda tx: self._numbering.by_local(tx, local))
        assert person is not None
        event = self._waiting[person] = asyncio.Event()
        self._look()
        await event.wait()

    def _look(self) -> None:
        for person, event in list(self._waiting.items()):
            if self._middle.read(lambda tx, of=person: self._codes.newest(tx, of)) == BOUND:
                del self._waiting[person]
                event.set()


async def rates(folder: Path, console: Console) -> dict[str, Rate]:
    """Measure the floor and what stands on it."""
    async with AsyncExitStack() as stack:
        running = await stack.enter_async_context(small_world(folder))
        caller = outsider(running, Identity(ward(WARD), WARD, "address-system"))
        platform = Identity(ward(WARD), WARD, "linkage-platform")
        numbering = NumberingClient(running.callers.channel(caller, platform), WARD)
        numbers = itertools.count()
        bound = Bound(running)
        persons = iter(
            [one for one in people_of(running.world, running.world.municipalities[0])
             if one.individual_number and not one.removed][:-10]
        )

        async def acquire() -> None:
            person = next(persons)
            local = LocalAddressNumber(f"{800_000_000_000_000 + next(numbers)}")
            await numbering.number_person(
                new_id(), local, person.individual_number, attributes_of(person)
            )
            await bound.wait_for(local)

        await acquire()
        known = LocalAddressNumber("800000000000000")
        address = await stack.enter_async_context(echo_server(outsider(running, platform)))
        echo = await stack.enter_async_context(echo_client(caller, platform, address))
        message = b"x" * 27

        cases = [
            case
            for in_flight in (1, 8)
            for case in (
                Case(f"echo_{in_flight}", lambda: echo(message), in_flight),
                Case(
                    f"guarded_{in_flight}",
                    lambda: numbering.get_numbering_outcome(known),
                    in_flight,
                ),
            )
        ]
        cases.append(Case("f1_hops_8", acquire, 8, worth=HOPS))
        with console.status("") as status:
            return await interleaved(cases, status.update)


async def start_seconds(folder: Path) -> tuple[float, float]:
    """Seconds to make and start the whole default world, one RPC each; and as many bare echoes."""
    world = World.load()
    began = time.perf_counter()
    layout = provision(world, folder / "start", people=False)
    async with run_in_process(world, layout) as running:
        answers = await ask(world, layout, running.addresses)
        assert all(one.serving for one in answers)
    ours = time.perf_counter() - began
    now = datetime.now(UTC)
    began = time.perf_counter()
    async with AsyncExitStack() as stack:
        authority = Authority.create(folder / "bare", LINKAGE, now=now)
        for _ in answers:
            identity = Identity(LINKAGE, "131148", "middle-server")
            credentials = authority.issue(identity, now=now)
            address = await stack.enter_async_context(echo_server(credentials))
            echo = await stack.enter_async_context(echo_client(credentials, identity, address))
            await echo(b"x")
    return ours, time.perf_counter() - began


async def bench(console: Console) -> int:
    """Measure, write `build/bench.json`, show a table; 0 where every target is met."""
    with tempfile.TemporaryDirectory() as folder:
        measured = await rates(Path(folder), console)
    ratios = {
        "guarded_1": measured["guarded_1"].median / measured["echo_1"].median,
        "guarded_8": measured["guarded_8"].median / measured["echo_8"].median,
        "f1_single": measured["f1_hops_8"].median / measured["echo_8"].median,
    }
    console.print({name: round(value, 3) for name, value in ratios.items()})
    for name, rate in measured.items():
        console.print(f"{name}: {rate.median:,.0f}/s [{rate.lowest:,.0f}..{rate.highest:,.0f}], {rate.rounds} rounds")
    Path("build").mkdir(exist_ok=True)
    Path("build/bench.json").write_text(json.dumps({"ratios": ratios}, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(uvloop.run(bench(Console())))
