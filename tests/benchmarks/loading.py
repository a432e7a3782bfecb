"""Loading sub-copies by the public stream, beside a bare loop that encrypts and inserts the same rows.

Real servers in processes of their own: the ward's register streams to the linkage platform, which
translates and streams on to the middle server. The bare loop does what cannot be left out: a data key
for each record, wrapped; the content encrypted; the row inserted, five hundred to a transaction.
A ward's size is 350,000: set RECORDS to it for the whole measure, which takes about a minute.
"""

import itertools
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass, replace
from pathlib import Path

import psutil
from rich.console import Console
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from renkei.codes import IndividualNumber, IntegratedAddressNumber, LocalAddressNumber
from renkei.persons import FourAttributes
from renkei.sub_copies import RecordName, SubCopy
from renkei_server.process.machine import MachineIds
from renkei_server.store.codes.codes import Codes
from renkei_server.store.engine.boxes import KEY_BYTES, Box
from renkei_server.store.engine.connection import Connection
from renkei_server.store.persons.numbering import Numbering
from renkei_server.store.sub_copies.contents import as_bytes
from renkei_server.store.sub_copies.sub_copies import TABLES
from renkei_simulators.population.residents import Resident
from renkei_simulators.world.callers import Callers
from renkei_simulators.world.configs import seat_config
from renkei_simulators.world.definition import World
from renkei_simulators.world.health import all_serving
from renkei_simulators.world.layout import Layout
from renkei_simulators.world.people import attributes_of, people_of
from renkei_simulators.world.provision import open_store, provision
from renkei_simulators.world.supervisor import Supervisor
from tests.network.asking import new_id
from tests.network.people.sub_copies import HOUSEHOLD, ITEMS, sub_copy
from tests.network.small_world import SMALL_WORLD, WARD
from tests.ports import on_free_ports

RECORDS = 50_000
_PERSONS = 2_000
_CHUNK = 500

Entry = tuple[LocalAddressNumber, SubCopy]


@dataclass(frozen=True, slots=True)
class Load:
    """What a load took: seconds by the stream and by the bare loop, and the middle server's growth."""

    records: int
    streamed: float
    bare: float
    grown_megabytes: float

    @property
    def over_raw(self) -> float:
        """How many times as long as the bare loop the stream took."""
        return self.streamed / self.bare


async def load(folder: Path, console: Console) -> Load:
    """Measure one load."""
    text = SMALL_WORLD.replace("residents = 200", f"residents = {_PERSONS}")
    world = World.parse(on_free_ports(text)).isolated()
    layout = provision(world, folder / "loading")
    persons = [one for one in people_of(world, world.municipalities[0]) if one.individual_number]
    _number_all(world, layout, persons)
    entries = list(itertools.islice(_entries(persons), RECORDS))
    async with AsyncExitStack() as stack:
        supervisor = stack.enter_context(Supervisor(world, layout))
        await all_serving(world, layout, seconds=30)
        register = Callers(world, layout, stack).register_of(WARD)
        middle = psutil.Process(supervisor.process_ids[f"middle-server.{WARD}"])
        warm = [outcome async for outcome in register.load_sub_copies(new_id(), entries[:_CHUNK])]
        assert not warm[0].refused
        before = middle.memory_info().rss
        done = 0
        with console.status("") as status:
            began = time.perf_counter()
            async for outcome in register.load_sub_copies(new_id(), entries):
                done += outcome.registered
                status.update(f"loading: {done:,} of {RECORDS:,}")
            streamed = time.perf_counter() - began
        grown = (middle.memory_info().rss - before) / 1e6
    if done != RECORDS:
        msg = f"only {done} of {RECORDS} were registered"
        raise AssertionError(msg)
    return Load(RECORDS, streamed, _bare(folder / "bare.db", entries), grown)


def _entries(persons: list[Resident]) -> Iterator[Entry]:
    """One record after another, each person's under keys of their own."""
    for key in itertools.count():
        record = replace(sub_copy(), name=RecordName(HOUSEHOLD.information_code, f"K{key}"))
        for person in persons:
            yield person.local_address_number, record


def _number_all(world: World, layout: Layout, persons: list[Resident]) -> None:
    """Let platform and middle server know everybody, as after their codes were asked for."""
    numbers: list[IntegratedAddressNumber] = []

    def number(connection: Connection) -> None:
        numbering = Numbering(platform.sealer, MachineIds())
        for person in persons:
            told: tuple[IndividualNumber | None, FourAttributes] = (
                person.individual_number,
                attributes_of(person),
            )
            assert told[0] is not None
            integrated = numbering.number(connection, told[0], told[1])
            numbering.bind_local(connection, person.local_address_number, integrated)
            numbers.append(integrated)

    def know(connection: Connection) -> None:
        codes = Codes(middle.sealer)
        for integrated in numbers:
            codes.begin(connection, integrated)

    platform = open_store(seat_config(world, layout, world.seat(f"linkage-platform.{WARD}")))
    platform.write_now(number)
    platform.close()
    middle = open_store(seat_config(world, layout, world.seat(f"middle-server.{WARD}")))
    middle.write_now(know)
    middle.close()


def _bare(path: Path, entries: list[Entry]) -> float:
    """Seconds that encrypting and inserting the same rows takes, and nothing else."""
    table, _ = TABLES
    organisation = Box(os.urandom(KEY_BYTES), ahead=64)
    content = as_bytes(ITEMS)
    persons = {local: os.urandom(32) for local, _ in entries}
    columns = [column.name for column in table.columns if column.name != "number"]
    insert = (
        f"INSERT INTO {table.name} ({', '.join(columns)}) "  # noqa: S608 - of our own table's columns
        f"VALUES ({', '.join('?' * len(columns))})"
    )
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"):
            database.execute(f"PRAGMA {pragma}")
        database.execute(str(CreateTable(table).compile(dialect=sqlite.dialect())))
        for index in table.indexes:
            database.execute(str(CreateIndex(index).compile(dialect=sqlite.dialect())))
        began = time.perf_counter()
        for start in range(0, len(entries), _CHUNK):
            rows = []
            for local, record in entries[start : start + _CHUNK]:
                key = os.urandom(KEY_BYTES)
                person, name = persons[local], record.name
                wrapped = organisation.close(key, person)
                closed = Box(key).close(content, person)
                rows.append(
                    (
                        person,
                        name.information_code,
                        name.record_key,
                        1,
                        1,
                        "2026-04-01",
                        None,
                        1,
                        wrapped,
                        closed,
                    )
                )
            database.execute("BEGIN IMMEDIATE")
            database.executemany(insert, rows)
            database.execute("COMMIT")
        return time.perf_counter() - began
