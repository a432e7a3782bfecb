"""Loading sub-copies by the public stream, beside a bare loop that encrypts and inserts the same rows.

Real servers in processes of their own: the ward's register streams to the linkage platform, which
translates and streams on to the middle server. The bare loop does what cannot be left out: a data key
for each record, wrapped; the content encrypted; the row inserted, five hundred to a transaction.
Table and content of the bare loop stand still here, as they were on 2026-11-26: so a leaner table of
our own shows as a gain.
"""

import itertools
import os
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import psutil

from renkei.codes import IndividualNumber, IntegratedAddressNumber, LocalAddressNumber
from renkei.persons import FourAttributes
from renkei.sub_copies import RecordName, SubCopy
from renkei_server.process.machine import MachineIds
from renkei_server.store.codes.codes import Codes
from renkei_server.store.engine.boxes import KEY_BYTES, Box
from renkei_server.store.engine.connection import Connection
from renkei_server.store.persons.numbering import Numbering
from renkei_simulators.population.residents import Resident
from renkei_simulators.world.callers import Callers
from renkei_simulators.world.configs import seat_config
from renkei_simulators.world.definition import World
from renkei_simulators.world.layout import Layout
from renkei_simulators.world.people import attributes_of
from renkei_simulators.world.provision import open_store, provision
from renkei_simulators.world.supervisor import Supervisor
from tests.network.asking import new_id
from tests.network.people.sub_copies import HOUSEHOLD, sub_copy
from tests.network.small_world import WARD
from tests.ports import on_free_ports

from .bare_rows import bare_database, insert_together
from .cryptography import ITEMS
from .effort import Setting
from .worlds import residents, small_text, until_serving

_PERSONS = 2_000
_CHUNK = 500

_TABLE = """
CREATE TABLE sub_copies (
    number INTEGER NOT NULL,
    person BLOB NOT NULL,
    information_code VARCHAR NOT NULL,
    record_key VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    layout_version INTEGER NOT NULL,
    publication_start VARCHAR NOT NULL,
    publication_end VARCHAR,
    key_number INTEGER NOT NULL,
    wrapped_key BLOB NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (number),
    UNIQUE (person, information_code, record_key, version)
);
CREATE INDEX ix_sub_copies_key_number ON sub_copies (key_number);
"""
_INSERT = """
INSERT INTO sub_copies (
    person, information_code, record_key, version, layout_version,
    publication_start, publication_end, key_number, wrapped_key, content
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""

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


async def load(setting: Setting) -> Load:
    """Measure one load."""
    records = setting.effort.records
    world = World.parse(on_free_ports(small_text(setting))).isolated()
    layout = provision(world, setting.folder / "loading")
    persons = residents(world)[:_PERSONS]
    _number_all(world, layout, persons)
    entries = list(itertools.islice(_entries(persons), records))
    async with AsyncExitStack() as stack:
        supervisor = stack.enter_context(Supervisor(world, layout, setting.launch))
        await until_serving(world, layout)
        register = Callers(world, layout, stack).register_of(WARD)
        middle = psutil.Process(supervisor.process_ids[f"middle-server.{WARD}"])
        warm = [outcome async for outcome in register.load_sub_copies(new_id(), entries[:_CHUNK])]
        assert not warm[0].refused
        before = middle.memory_info().rss
        done = 0
        began = time.perf_counter()
        async for outcome in register.load_sub_copies(new_id(), entries):
            done += outcome.registered
            setting.tell(f"loading: {done:,} of {records:,}")
        streamed = time.perf_counter() - began
        grown = (middle.memory_info().rss - before) / 2**20
    if done != records:
        msg = f"only {done} of {records} were registered"
        raise AssertionError(msg)
    return Load(records, streamed, _bare(setting.folder / "bare.db", entries), grown)


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
    organisation = Box(os.urandom(KEY_BYTES), ahead=64)
    persons = {local: os.urandom(32) for local, _ in entries}

    def row(local: LocalAddressNumber, record: SubCopy) -> tuple[object, ...]:
        key, person, name = os.urandom(KEY_BYTES), persons[local], record.name
        wrapped, content = organisation.close(key, person), Box(key).close(ITEMS, person)
        named = person, name.information_code, name.record_key
        return *named, 1, 1, "2026-04-01", None, 1, wrapped, content

    with bare_database(path, _TABLE) as database:
        began = time.perf_counter()
        for start in range(0, len(entries), _CHUNK):
            rows = [row(*one) for one in entries[start : start + _CHUNK]]
            insert_together(database, _INSERT, rows)
        return time.perf_counter() - began
