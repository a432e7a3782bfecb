"""How cost grows with the persons in the stores: `python -m tests.benchmarks.growth [PERSONS ...]`.

For each size a small world is made, the tables of its ward and of the nation that grow with persons
are filled up to that size (`filling`), and the world is started again: in a fresh process, beside an
echo of the same rounds. What is told is the time of the processor that a call takes, and how much of
it there is beside the smallest size, in echoes. It takes some minutes, and about 3 GB of disk for a million persons, which
are given back; the folder for them is `--folder`, or wherever temporary files lie.
"""

import argparse
import json
import random
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from operator import truediv
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, Final

import psutil
import uvloop
from rich.console import Console
from rich.table import Table

from renkei.networks import ward
from renkei_clients.ward import NumberingClient
from renkei_pki.identity import Identity
from renkei_server.process.machine import MachineIds
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.record_log import RecordLog
from renkei_simulators.world.in_process import RunningWorld
from renkei_simulators.world.layout import Layout
from tests.network.people.strangers import outsider
from tests.network.small_world import WARD

from .acquiring import Asking
from .announcing import NETWORK, PROVIDER, Announcing
from .counting import Counted, codes_bound
from .echo import MESSAGE, echoing
from .effort import WHOLE, Setting
from .filling import fill
from .inquiring import Known, known_to_both
from .measuring import Case, one_round
from .worlds import residents, small_world

SIZES: Final = (10_000, 100_000, 1_000_000)
MIDDLE, PLATFORM = f"middle-server.{WARD}", f"linkage-platform.{WARD}"
FILLED: Final = {
    MIDDLE: (
        "codes",
        "code_acquisitions",
        "sub_copies",
        "provisions",
        "record_log",
        "record_log_counters",
        "operations",
        "receipts",
    ),
    PLATFORM: ("persons", "local_address_numbers", "acquisitions", "receipts"),
    "national-server.jlis": ("identities",),
    "provision-network.ipn": ("serials",),
}
"""The tables that an inquiry and an acquisition go through, but for logs of other seats."""

_SYSTEM, _PLATFORM = (
    Identity(ward(WARD), WARD, role) for role in ("address-system", "linkage-platform")
)
_RESIDENTS = 2_000
_ROUNDS = 5
_PERMITS = 4_000
_RECORD = bytes(200)
_SHOWN = {
    "inquiry": "an inquiry at its provider",
    "acquisition": "an acquisition, from the ask to the bound code",
    "search": "how an acquisition stands, by local address number",
    "record": "a record of provision appended, without an RPC",
}


async def measure(folder: Path, persons: int) -> dict[str, Any]:
    """What each case takes, by itself and in echoes, and what the stores of so many persons do."""
    setting = Setting(folder, replace(WHOLE, residents=_RESIDENTS))
    async with small_world(setting) as world:
        known = await known_to_both(world, setting.effort.inquired)
        announcing = await Announcing.about(world, known)
        await announcing.announce()  # so that each table has a row
        layout = world.layout
    for seat, tables in FILLED.items():
        fill(_store(layout, seat), tables, persons)
    told: dict[str, Any] = {
        "bytes": {seat: _store(layout, seat).stat().st_size / persons for seat in FILLED},
        "microseconds": {},
        "echoes": {},
    }
    for open_cases in (_codes, _inquiries):
        async with small_world(setting) as world, open_cases(world, known) as cases:
            costs = await _costs(cases)
            told["megabytes"] = psutil.Process().memory_info().rss / 2**20
        echoes = costs.pop("echo")
        for name, each in costs.items():
            told["microseconds"][name] = median(each)
            told["echoes"][name] = median(map(truediv, each, echoes))
    return told


async def _costs(cases: Sequence[Case]) -> dict[str, list[float]]:
    """Microseconds of processor that a call takes, of each case, round by round in turn."""
    costs: dict[str, list[float]] = {case.name: [] for case in cases}
    for case in cases:
        await one_round(case, WHOLE.warm_seconds)
    for _ in range(_ROUNDS):
        for case in cases:
            rate, share = await one_round(case, WHOLE.round_seconds)
            costs[case.name].append(share / rate * 1e6)
    return costs


@asynccontextmanager
async def _codes(world: RunningWorld, known: Known) -> AsyncIterator[list[Case]]:
    """An acquisition, its outcome, and what a record of provision takes by itself."""
    middle = world.seats[MIDDLE]
    caller, server = outsider(world, _SYSTEM), outsider(world, _PLATFORM)
    client = NumberingClient(world.callers.channel(caller, _PLATFORM))
    persons = residents(world.world)
    held, others = persons[: known.count], persons[known.count :]
    asking = Asking(client, others)
    bound = Counted(middle.store, codes_bound)
    log = RecordLog(middle.store.sealer, MachineIds(), PROVIDER)
    drawn = random.Random(5)

    async def acquire() -> None:
        await asking.one()
        await bound.more()

    async def search() -> None:
        await client.get_numbering_outcome(drawn.choice(held).local_address_number)

    def append(connection: Connection) -> int:
        person = drawn.randbytes(32)
        return log.append(connection, _RECORD, person=person, shown=True, at=datetime.now(UTC))

    async def record() -> None:
        await middle.store.write(append, durable=False)

    async with echoing(server, _PLATFORM, caller) as echo:
        yield [
            Case("echo", lambda: echo(MESSAGE), 8),
            Case("acquisition", acquire, 8),
            Case("search", search, 8),
            Case("record", record, 8),
        ]


@asynccontextmanager
async def _inquiries(world: RunningWorld, known: Known) -> AsyncIterator[list[Case]]:
    """An inquiry at its provider; what that owes from then on is the next hop's, and held."""
    world.seats[MIDDLE].dispatcher.hold()
    announcing = await Announcing.about(world, known)
    announcing.make(_PERMITS)
    caller, server = outsider(world, NETWORK), outsider(world, PROVIDER)
    async with echoing(server, PROVIDER, caller) as echo:
        yield [
            Case("echo", lambda: echo(MESSAGE), 8),
            Case("inquiry", announcing.announce, 8),
        ]


def _store(layout: Layout, seat: str) -> Path:
    return layout.seat(seat) / "store.db"


def in_a_fresh_process(persons: int, folder: Path | None) -> dict[str, Any]:
    """Measure one size; raises CalledProcessError where it could not be."""
    with TemporaryDirectory(dir=folder) as name:
        command = [sys.executable, "-m", __spec__.name, "--within", name, str(persons)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def table_of(measured: Mapping[int, dict[str, Any]]) -> Table:
    """All sizes beside each other, and each share beside that of the smallest size."""
    table = Table(title="How cost grows")
    for heading in ("", *(f"{persons:,}" for persons in measured)):
        table.add_column(heading)
    first = next(iter(measured.values()))
    for name, title in _SHOWN.items():
        cells = (
            f"{one['microseconds'][name]:,.0f} us, {one['echoes'][name] / first['echoes'][name]:.2f}"
            for one in measured.values()
        )
        table.add_row(title, *cells)
    for seat in FILLED:
        table.add_row(
            f"bytes a person, {seat}", *(f"{one['bytes'][seat]:,.0f}" for one in measured.values())
        )
    table.add_row("MB of the process", *(f"{one['megabytes']:.0f}" for one in measured.values()))
    return table


def _main() -> None:
    told = argparse.ArgumentParser("python -m tests.benchmarks.growth", description=__doc__)
    told.add_argument("persons", nargs="*", type=int, default=SIZES)
    told.add_argument("--folder", type=Path)
    told.add_argument("--within", type=Path, help=argparse.SUPPRESS)
    given = told.parse_args()
    if given.within is not None:
        (persons,) = given.persons
        sys.stdout.write(json.dumps(uvloop.run(measure(given.within, persons))))
        return
    measured: dict[int, dict[str, Any]] = {}
    for persons in given.persons:
        measured[persons] = in_a_fresh_process(persons, given.folder)
    Console().print(table_of(measured))


if __name__ == "__main__":
    _main()
