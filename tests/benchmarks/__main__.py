"""Run the benchmarks and write `build/bench.json`; under ten minutes.

Everything runs in one process on one loop: servers, callers and the floor. A
ratio says what share of the floor's rate is left with all guards on.
"""

import asyncio
import itertools
import json
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import uvloop
from rich.console import Console, Group
from rich.table import Table
from sqlalchemy import func, select

from renkei.codes import LocalAddressNumber
from renkei_clients.ward import NumberingClient
from renkei_pki.authority import Authority
from renkei_pki.identity import LINKAGE, Identity, ward
from renkei_simulators.world.definition import World
from renkei_simulators.world.health import ask_one
from renkei_simulators.world.in_process import RunningWorld, run_in_process
from renkei_simulators.world.people import attributes_of, people_of
from renkei_simulators.world.provision import provision
from tests.network.asking import new_id, outsider
from tests.network.conftest import SMALL_WORLD, WARD

from .echo import echo_client, echo_server
from .measuring import Case, Rate, interleaved

HOPS = 8
"""F1.1, 3, 4, 7a, 7b, 8, 10 and 12; polls are not counted."""

TARGETS = {
    "guarded_1": ("at least", 0.55),
    "guarded_8": ("at least", 0.50),
    "f1_single": ("at least", 0.35),
    "world_start_over_echo": ("at most", 10),
}


@asynccontextmanager
async def small_world(folder: Path) -> AsyncIterator[RunningWorld]:
    """The small world with enough persons, in this process."""
    world = World.parse(SMALL_WORLD.replace("residents = 200", "residents = 5000"))
    layout = provision(world, folder / "small")
    async with run_in_process(world, layout) as running:
        yield running


class Bound:
    """Tells when one more code is bound, by the middle server's own store: no poll is measured."""

    def __init__(self, running: RunningWorld) -> None:
        self._middle = running.seats[f"middle-server.{WARD}"].store
        self._table = self._middle.metadata.tables["codes"]
        self._count = 0
        self._more: asyncio.Queue[None] = asyncio.Queue()
        self._middle.on_commit(self._look)

    async def one_more(self) -> None:
        """Return once a code is bound that nobody else was told of."""
        await self._more.get()

    def _look(self) -> None:
        count = self._middle.read(
            lambda tx: tx.execute(select(func.count()).select_from(self._table)).scalar_one()
        )
        for _ in range(count - self._count):
            self._more.put_nowait(None)
        self._count = count


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
            [
                one
                for one in people_of(running.world, running.world.municipalities[0])
                if one.individual_number and not one.removed
            ][:-10]
        )

        async def acquire() -> None:
            person = next(persons)
            local = LocalAddressNumber(f"{800_000_000_000_000 + next(numbers)}")
            await numbering.number_person(
                new_id(), local, person.individual_number, attributes_of(person)
            )
            await bound.one_more()

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
            await ask_one(layout, name, Identity(domain, config.institution, config.role), address)
            for name, seat in running.seats.items()
            for config in (seat.config,)
            for domain, address in seat.addresses.items()
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
            address = await stack.enter_async_context(echo_server(credentials))
            echo = await stack.enter_async_context(echo_client(credentials, identity, address))
            await echo(b"x")
        bare = time.perf_counter() - began
    return ours, bare


async def bench(console: Console) -> dict[str, object]:
    """Measure, show the ratios beside their targets, and return all of it for machines."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        measured = await rates(folder, console)
        ours, bare = await start_seconds(folder)
    ratios = {
        "guarded_1": measured["guarded_1"].median / measured["echo_1"].median,
        "guarded_8": measured["guarded_8"].median / measured["echo_8"].median,
        "f1_single": measured["f1_hops_8"].median / measured["echo_8"].median,
        "world_start_over_echo": ours / bare,
    }
    told = {
        "ratios": {name: round(value, 3) for name, value in ratios.items()},
        "figures": {
            "world_start_seconds": round(ours, 3),
            "rates": {name: asdict(rate) for name, rate in measured.items()},
        },
        "targets": {name: f"{word} {bound}" for name, (word, bound) in TARGETS.items()},
    }
    console.print(_table(ratios, measured))
    return told


def _table(ratios: Mapping[str, float], measured: Mapping[str, Rate]) -> Group:
    shares = Table("ratio", "measured", "target", "", title="Ratios to the floor of this run")
    for name, value in ratios.items():
        word, bound = TARGETS[name]
        met = value >= bound if word == "at least" else value <= bound
        shares.add_row(
            name, f"{value:.3f}", f"{word} {bound}", "[green]✔" if met else "[red]missed"
        )
    rows = Table("case", "a second", "spread", "rounds", title="Rates")
    for name, rate in measured.items():
        spread = f"{rate.lowest:,.0f} to {rate.highest:,.0f}"
        rows.add_row(name, f"{rate.median:,.0f}", spread, str(rate.rounds))
    return Group(shares, rows)


if __name__ == "__main__":
    summary = uvloop.run(bench(Console()))
    Path("build").mkdir(exist_ok=True)
    Path("build/bench.json").write_text(json.dumps(summary, indent=1) + "\n")
