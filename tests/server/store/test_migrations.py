"""Migrations: what an older version kept is there in a newer one's tables, and nothing half-way."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import MetaData, inspect, select, text

from renkei import reasons
from renkei.reasons import Reason
from renkei.refusals import Refusal
from renkei_server.roles.bills import metadata_of
from renkei_server.roles.served import SERVED
from renkei_server.store import migrations
from renkei_server.store.engine import postgresql_erasure
from renkei_server.store.engine.columns import Sealed
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.form import STAMP, Form
from renkei_server.store.engine.inspection import Inspection
from renkei_server.store.engine.key_ring import HEAD, MARK, KeyRing
from renkei_server.store.engine.opening import open_database, open_in_form, read_only
from renkei_server.store.engine.operations import OperationLog
from renkei_server.store.engine.outbox import Outbox
from renkei_server.store.engine.places import Place, Schema
from renkei_server.store.engine.store import Store
from renkei_server.store.migrations.history import BASELINE, HISTORY, REVISIONS
from tests.forking import Forked

from .migrating import (
    LINE,
    SEALED_ANEW,
    after_line,
    late,
    meeting,
    of_today,
    put_in_form,
    revision,
    rows,
    shape,
    upgrade_and_die,
    upgrade_and_die_before_commit,
)
from .past.content import Seat, open_core
from .past.databases import databases, fill, kept_by, make, revisions

ROLE = "linkage-platform"
"""One whose tables refer to each other, and have numbers that never come again."""

_SECONDS = 60.0

FIRST_WITHOUT_GUESSES = 5

Places = Callable[[str], Place]


@pytest.fixture(params=["sqlite", "postgresql"])
def places(request: pytest.FixtureRequest, tmp_path: Path) -> Places:
    """Where databases are, by name."""
    if request.param == "sqlite":
        return lambda name: tmp_path / f"{name}.db"
    url: str = request.getfixturevalue("database_url")
    return lambda name: Schema(url, name, tmp_path / f"{name}.keys")


@pytest.fixture
def place(places: Places) -> Place:
    return places("seat")


def reopen(place: Place, role: str, seat: Seat, owner: str = "") -> Store:
    operations = OperationLog(seat.sealer)
    return Store(place, seat.sealer, metadata_of(role), operations=operations, owner=owner)


def spoil(place: Place, *statements: str) -> None:
    """Let a database be as somebody else left it."""
    database = open_database(place)
    for statement in statements:
        database.write_now(lambda c, told=statement: c.execute(text(told)))  # type: ignore[misc]
    database.close()


def reason_of(work: Callable[[], object]) -> Reason:
    with pytest.raises(Refusal) as refused:
        work()
    return refused.value.reason


# From each revision to this one


@pytest.mark.parametrize(("older", "role"), databases())
def test_a_database_of_any_revision_becomes_as_a_new_one_and_keeps_what_it_held(
    places: Places, tmp_path: Path, older: int, role: str
) -> None:
    place, seat = places("seat"), Seat(tmp_path)
    make(older, role, place)

    store = reopen(place, role, seat)
    if role == "provision-network":
        store.write_now(lambda c: open_core(c, seat))

    for one in kept_by(role, older):
        assert store.read_now(lambda c, one=one: one.read(c, seat)) == one.expected, one.tables  # type: ignore[misc]
    assert all(opened(place, role, seat))
    assert store.upgraded == (None if older == HISTORY.head else (older, HISTORY.head))
    store.close()
    put_in_form(places("new"), of_today(role))
    assert shape(place) == shape(places("new"))


@pytest.mark.parametrize("older", [one for one in revisions() if one < FIRST_WITHOUT_GUESSES])
def test_what_an_older_version_left_to_guess_by_goes_with_the_upgrade(
    place: Place, older: int
) -> None:
    for role, table, left in (
        ("linkage-platform", "batch_files", "digest"),
        ("middle-server", "code_acquisitions WHERE serial IS NULL", "expires_at"),
    ):
        of_role = place.with_name(role) if isinstance(place, Path) else replace(place, name=left)
        make(older, role, of_role)
        before = {*column(of_role, table, left)}
        put_in_form(of_role, of_today(role))
        assert before - {None, b""}
        assert {*column(of_role, table, left)} <= {None, b""}


def column(place: Place, rows: str, name: str) -> list[object]:
    with closing(read_only(place)) as look:
        return [value for (value,) in look.execute(text(f"SELECT {name} FROM {rows}"))]  # noqa: S608


def opened(place: Place, role: str, seat: Seat) -> Iterator[object]:
    """Whatever is sealed, opened and read as today's modules read it."""
    tables = metadata_of(role).tables
    with Inspection(place, seat.sealer, metadata_of(role)) as look:
        for where, value in look.opened():
            table, _, column = where.partition(".")
            kind = tables[table].columns[column].type
            assert isinstance(kind, Sealed)
            yield kind.codec.read(value)


def test_something_is_written_down_of_every_table_of_every_role() -> None:
    for role in SERVED:
        for one in kept_by(role):
            assert one.tables <= metadata_of(role).tables.keys()
        kept = {table for one in kept_by(role) for table in one.tables}
        assert kept | {"drawn_numbers"} == metadata_of(role).tables.keys()


@pytest.mark.parametrize("role", SERVED)
def test_tables_change_by_a_revision_alone(places: Places, role: str) -> None:
    """The newest revision's are written down: who changes one finds this, and writes the next."""
    make(HISTORY.head, role, places("written"))
    put_in_form(places("new"), of_today(role))

    assert shape(places("written")) == shape(places("new"))


def test_the_revisions_are_one_line_and_each_is_written_down() -> None:
    folder = Path(migrations.__file__).parent
    modules = sorted(one.stem for one in folder.glob("r[0-9]*.py"))

    assert list(REVISIONS) == modules
    for number, name in enumerate(REVISIONS, BASELINE + 1):
        assert name.startswith(f"r{number:04d}_")
    assert revisions() == list(range(BASELINE, HISTORY.head + 1))
    assert {role for number, role in databases() if number == HISTORY.head} == set(SERVED)


# Along a line of revisions


def test_a_line_of_revisions_ends_in_the_tables_of_a_new_database(places: Places) -> None:
    make(HISTORY.head, ROLE, places("seat"))
    put_in_form(places("new"), after_line(ROLE))

    assert put_in_form(places("seat"), after_line(ROLE)) == HISTORY.head

    assert revision(places("seat"), after_line(ROLE)) == LINE.head == HISTORY.head + 2
    assert shape(places("seat")) == shape(places("new"))


def test_a_revision_leaves_alone_what_the_role_does_not_have(place: Place) -> None:
    make(HISTORY.head, "municipal-cs", place)
    before = set(shape(place))

    put_in_form(place, after_line("municipal-cs"))

    assert set(shape(place)) == before | {"news"}


def test_the_outbox_gives_no_number_again_that_it_gave_before_its_numbers_were_the_seat_s(
    place: Place, tmp_path: Path
) -> None:
    """Three were given, and the last one is done."""
    seat = Seat(tmp_path)
    make(BASELINE, ROLE, place)
    outbox = Outbox(seat.sealer, seat.ids)
    store = reopen(place, ROLE, seat)

    store.write_now(lambda c: outbox.put(c, "tell", cause="", content={}))
    owed = store.read_now(lambda c: outbox.after(c, "tell", 0, 9))
    store.close()

    assert owed[0].number == 1
    assert owed[1].number > 3


def test_references_hold_again_after_an_upgrade(place: Place) -> None:
    make(HISTORY.head, ROLE, place)
    database, _ = open_in_form(place, after_line(ROLE))

    with pytest.raises(Exception, match=r"(?i)foreign key"):
        database.write_now(lambda c: c.execute(text("DELETE FROM batch_runs")))
    database.close()


def test_what_differs_after_all_revisions_is_refused_and_taken_back(place: Place) -> None:
    make(HISTORY.head, ROLE, place)
    spoil(place, "ALTER TABLE persons ADD COLUMN own INTEGER")
    before = rows(place)

    with pytest.raises(Refusal, match="own") as refused:
        put_in_form(place, after_line(ROLE))

    assert refused.value.reason is reasons.STORE_OF_ANOTHER_FORM
    assert rows(place) == before


def test_an_index_that_somebody_added_is_kept(place: Place) -> None:
    make(HISTORY.head, ROLE, place)
    spoil(place, "CREATE INDEX own ON operations (at)")

    put_in_form(place, after_line(ROLE))

    assert "own" in repr(shape(place)["operations"])


@pytest.mark.parametrize("kind", ["empty", "baseline", "newest"])
def test_two_that_start_at_once_make_or_upgrade_it_once(place: Place, kind: str) -> None:
    if kind == "newest":
        put_in_form(place, of_today(ROLE))
    elif kind == "baseline":
        make(BASELINE, ROLE, place)
    open_database(place).close()
    older = revision(place, after_line(ROLE))
    form = meeting(after_line(ROLE))

    with ThreadPoolExecutor(2) as pool:
        starts = [pool.submit(put_in_form, place, form) for _ in range(2)]
        found = [one.result() for one in starts]

    assert set(found) == {older, LINE.head}
    assert revision(place, form) == LINE.head


@pytest.mark.parametrize("kind", ["empty", "baseline"])
def test_one_who_judged_what_another_has_upgraded_since_leaves_it_as_it_is(
    place: Place, kind: str
) -> None:
    if kind == "baseline":
        make(BASELINE, ROLE, place)
    open_database(place).close()
    form = after_line(ROLE)

    assert put_in_form(place, late(form, lambda: put_in_form(place, form))) == LINE.head

    assert revision(place, form) == LINE.head


def test_who_waits_for_another_s_upgrade_has_read_nothing_that_it_drops(
    database_url: str, tmp_path: Path
) -> None:
    """Or the two would wait for each other."""
    place = Schema(database_url, "seat", tmp_path / "seat.keys")
    make(BASELINE, ROLE, place)
    form, first = after_line(ROLE), open_database(place)
    waiting = """SELECT pid FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'"""
    holding = """SELECT count(*) FROM pg_locks JOIN pg_class ON pg_class.oid = relation
        WHERE pid = %s AND relname = 'store_form'"""
    held, second = [], []

    with ThreadPoolExecutor(1) as pool, psycopg.connect(database_url, autocommit=True) as look:

        def upgrade(connection: Connection) -> int | None:
            STAMP.create(connection.alchemy)
            second.append(pool.submit(put_in_form, place, form))
            while not (found := look.execute(waiting).fetchall()):
                assert not second[0].done()
            held.extend(look.execute(holding, one).fetchone() for one in found)
            return form.make_or_upgrade(connection)

        assert first.reshape_now(upgrade) == BASELINE
    first.close()

    assert held == [(0,)]
    assert second[0].result() == LINE.head


def test_whoever_reshapes_waits_as_long_as_another_may_take_for_it(
    database_url: str, tmp_path: Path
) -> None:
    database = open_database(Schema(database_url, "seat", tmp_path / "seat.keys"))

    def patience(connection: Connection) -> str:
        return str(connection.driver.execute("SHOW lock_timeout").fetchone()[0])

    assert database.write_now(patience) == "5s"
    assert database.reshape_now(patience) == "1min"
    database.close()


def test_a_kill_at_any_write_leaves_it_as_it_was(place: Place) -> None:
    make(BASELINE, ROLE, place)
    before, looked = rows(place), shape(place)

    for written in count():
        upgrading = Forked(upgrade_and_die, place, ROLE, written)
        if upgrading.wait(_SECONDS) == 0:
            break
        assert (rows(place), shape(place)) == (before, looked), written

    assert written > 5
    assert revision(place, after_line(ROLE)) == LINE.head


def test_a_kill_before_the_commit_leaves_it_as_it_was(place: Place) -> None:
    make(HISTORY.head, ROLE, place)
    before = rows(place)

    Forked(upgrade_and_die_before_commit, place, ROLE).wait(_SECONDS)

    assert rows(place) == before
    assert put_in_form(place, after_line(ROLE)) == HISTORY.head


# What is locked on PostgreSQL


@dataclass(frozen=True, slots=True)
class Locked:
    """What lies in the erasable columns of a schema, and in its ring."""

    schema: Schema
    metadata: MetaData

    def values(self) -> list[bytes]:
        """All of them, as they lie there; an older revision has not every table."""
        with closing(read_only(self.schema, keyless=True)) as look:
            there = inspect(look.alchemy).get_table_names()
            return [
                bytes(value)
                for table, columns in postgresql_erasure.erasable(self.metadata)
                if table.name in there
                for column in columns
                for value in look.scalars(select(table.c[column]))
                if value is not None
            ]

    def numbers(self) -> set[int]:
        """The keys of those that are locked with one."""
        heads = (HEAD.unpack_from(value) for value in self.values() if value.startswith(MARK))
        return {number for _, _, number in heads}

    def keys_there(self, numbers: set[int]) -> set[int]:
        """Which of these keys are at rest."""
        with closing(KeyRing(self.schema.keys, read_only=True)) as ring:
            return {number for number in numbers if ring.key(number)}


@pytest.fixture
def locked(database_url: str, tmp_path: Path) -> Locked:
    schema = Schema(database_url, "seat", tmp_path / "seat.keys")
    return Locked(schema, metadata_of(ROLE))


@pytest.mark.parametrize("older", revisions())
async def test_what_an_older_version_left_unlocked_is_locked_and_can_be_erased(
    locked: Locked, tmp_path: Path, older: int
) -> None:
    make(older, ROLE, locked.schema)
    assert (len(locked.values()) > 5, locked.numbers()) == (True, set())

    store = reopen(locked.schema, ROLE, Seat(tmp_path))
    numbers = locked.numbers()
    assert len(numbers) == len(locked.values())
    for table, _ in reversed(list(postgresql_erasure.erasable(locked.metadata))):
        store.write_now(lambda c, table=table: c.execute(table.delete()))  # type: ignore[misc]
    assert locked.keys_there(numbers) == numbers
    assert await store.tidy(at_once=True)

    assert locked.keys_there(numbers) == set()
    store.close()


async def test_a_revision_opens_what_is_locked_and_what_it_replaces_is_erased(
    locked: Locked, tmp_path: Path
) -> None:
    seat = Seat(tmp_path)
    fill(ROLE, locked.schema, seat)
    store = reopen(locked.schema, ROLE, seat)
    assert await store.tidy(at_once=True)  # no key is in doubt
    store.close()
    before = locked.numbers()
    form = Form(locked.metadata, seat.sealer, history=SEALED_ANEW)

    database, found = open_in_form(locked.schema, form)
    assert found == HISTORY.head
    assert len(locked.numbers()) < len(locked.values())
    database.ready(locked.metadata)
    now = locked.numbers()
    assert len(now) == len(locked.values()) == len(before)
    assert await database.tidy()

    assert before - now
    assert locked.keys_there(before | now) == now
    owed = database.read_now(lambda c: Outbox(seat.sealer, seat.ids).after(c, "tell", 0, 9))
    assert [one.content for one in owed] == [{"of": "first"}]
    database.close()


# Snapshots


def test_an_older_version_s_snapshot_is_upgraded_or_refused_and_nothing_else(
    place: Place, tmp_path: Path
) -> None:
    """On PostgreSQL a snapshot holds rows without their tables."""
    fill(ROLE, place, Seat(tmp_path))
    store = reopen(place, ROLE, Seat(tmp_path))
    store.save(tmp_path / "older")
    store._form = after_line(ROLE)
    store._database.reshape_now(store._form.make_or_upgrade)
    store.write_now(lambda c: c.execute(text("DELETE FROM persons")))
    store.write_now(lambda c: c.execute(text("INSERT INTO news VALUES (1)")))

    if isinstance(place, Path):
        store.restore(tmp_path / "older")
    else:
        refused = reason_of(lambda: store.restore(tmp_path / "older"))
        assert refused is reasons.STORE_OF_AN_OLDER_VERSION
    store.close()

    assert revision(place, after_line(ROLE)) == LINE.head
    is_restored = isinstance(place, Path)
    assert (len(rows(place)["persons"]), len(rows(place)["news"])) == (is_restored, not is_restored)


# What is refused, and left as it was


@pytest.mark.parametrize(
    ("statement", "reason", "told"),
    [
        (
            "UPDATE store_stamp SET revision = 99, product = 'renkei 9.0'",
            reasons.STORE_OF_A_NEWER_VERSION,
            f"renkei 9.0 made its revision 99, and this version knows them up to {HISTORY.head}",
        ),
        (
            "UPDATE store_stamp SET owner = 'middle-server.131130 in the world b'",
            reasons.STORE_OF_ANOTHER_SEAT,
            "it is that of middle-server.131130 in the world b, and not of the seat in the world a",
        ),
        (
            "UPDATE store_stamp SET tables = ''",
            reasons.STORE_OF_ANOTHER_FORM,
            "its tables are not those of this version",
        ),
        ("DELETE FROM store_stamp", reasons.STORE_OF_ANOTHER_FORM, "it bears no stamp"),
        ("DROP TABLE store_stamp", reasons.STORE_OF_ANOTHER_FORM, "it bears no stamp"),
    ],
)
def test_what_is_not_this_seat_s_or_of_no_version_known_is_refused_and_left_as_it_was(
    place: Place, statement: str, reason: Reason, told: str
) -> None:
    put_in_form(place, of_today(ROLE))
    spoil(place, statement)
    before = left(place)

    with pytest.raises(Refusal, match=told) as refused:
        put_in_form(place, of_today(ROLE, "the seat in the world a"))

    assert refused.value.reason is reason
    assert left(place) == before


def left(place: Place) -> object:
    """All of a database: a file by its bytes."""
    return place.read_bytes() if isinstance(place, Path) else (rows(place), shape(place))


def test_a_seat_s_own_database_is_taken_and_so_is_one_that_is_nobody_s(places: Places) -> None:
    mine = of_today(ROLE, "the seat in the world a")
    for name, first in (("mine", mine), ("nobodys", of_today(ROLE))):
        put_in_form(places(name), first)

        assert put_in_form(places(name), mine) == HISTORY.head


@pytest.mark.parametrize(
    "statement",
    ["UPDATE store_form SET form = 1", "UPDATE store_form SET tables = 'others'"],
)
def test_a_database_from_before_the_line_is_refused(place: Place, statement: str) -> None:
    make(BASELINE, ROLE, place)
    spoil(place, statement)

    with pytest.raises(Refusal, match="older than any that can be upgraded") as refused:
        put_in_form(place, of_today(ROLE))

    assert refused.value.reason is reasons.STORE_OF_ANOTHER_FORM


def test_a_file_that_is_none_of_ours_keeps_every_byte(tmp_path: Path) -> None:
    """To open a database to write would alter it already."""
    foreign, none = tmp_path / "foreign.db", tmp_path / "none.db"
    with closing(sqlite3.connect(foreign)) as file:
        file.execute("CREATE TABLE theirs (told)")
        file.commit()
    none.write_bytes(b"hello\n" * 1000)

    for place in (foreign, none):
        before = place.read_bytes()

        refused = reason_of(lambda place=place: put_in_form(place, of_today(ROLE)))  # type: ignore[misc]

        assert refused is reasons.STORE_OF_ANOTHER_FORM
        assert place.read_bytes() == before
        assert sorted(one.name for one in tmp_path.iterdir()) == ["foreign.db", "none.db"]


# What it costs


def test_nobody_loads_alembic_unless_an_upgrade_is_due(tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-c", _OPENING, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=True,
    )

    assert told.stdout.split() == ["False", "False"]


_OPENING = """
import sys
from pathlib import Path
import renkei_server.process.serving
from renkei_server.roles.bills import metadata_of
from renkei_server.store.engine.operations import OperationLog
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.engine.store import Store

sealer = Sealer(b"k" * 32)
for _ in ("new", "again"):
    place, tables = Path(sys.argv[1], "store.db"), metadata_of("linkage-platform")
    Store(place, sealer, tables, operations=OperationLog(sealer)).close()
    print("alembic" in sys.modules)
"""
