"""What was erased cannot be opened by whoever holds all files and all keys that are at rest.

On PostgreSQL the bytes stay, so the thief of these tests tries every 32 bytes of the key files.
"""

import asyncio
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event

import psycopg
import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from psycopg import sql
from sqlalchemy import MetaData, bindparam, delete, insert, select, update

from renkei import reasons
from renkei.refusals import Refusal
from renkei_server.roles.bills import SERVED, metadata_of
from renkei_server.store.engine import operations, ring_file
from renkei_server.store.engine.columns import Held, Sealed, erasable, number, sealed, table
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.guarded import Guarded
from renkei_server.store.engine.inspection import Inspection
from renkei_server.store.engine.key_ring import HEAD, NONCE
from renkei_server.store.engine.operations import OperationLog
from renkei_server.store.engine.places import Place, Schema
from renkei_server.store.engine.prepared import Prepared
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.engine.store import Store, tables
from tests.postgresql import Cluster
from tests.postgresql.line import ANSWER, REQUEST, Line

from .conftest import until_one_waits

SECRETS = table(
    "secrets",
    number("number", primary_key=True),
    sealed("told", optional=True),
    erasable("raw", optional=True),
    sealed("lasting", optional=True, kept=True),
)
METADATA: MetaData = tables(operations.TABLES, (SECRETS,))

_ONE = SECRETS.c.number == bindparam("of")
_PUT = Guarded(insert(SECRETS))
_DELETE = Prepared(delete(SECRETS).where(_ONE))
_EMPTY = Prepared(update(SECRETS).where(_ONE).values(told=None, raw=None))
_REPLACE = Guarded(update(SECRETS).where(_ONE).values(told=bindparam("new")))
_FIND = Guarded(select(SECRETS.c.told, SECRETS.c.raw, SECRETS.c.lasting).where(_ONE))

TOLD, RAW = b"what was told of somebody", b"what was encrypted before it came"

Erase = Callable[[Connection, Sealer], object]

WAYS: dict[str, Erase] = {
    "its row is deleted": lambda tx, _: _DELETE.run(tx, {"of": 1}),
    "its column is emptied": lambda tx, _: _EMPTY.run(tx, {"of": 1}),
    "another takes its place": lambda tx, sealer: _REPLACE.run(tx, sealer, {"of": 1, "new": b"x"}),
}


@pytest.fixture
def schema(database_url: str, tmp_path: Path) -> Schema:
    return Schema(database_url, "seat", tmp_path / "erasable.keys")


@pytest.fixture
def opened(sealer: Sealer) -> Iterator[Callable[[Place], Store]]:
    """Opens stores of secrets; they are closed in the end."""
    stores: list[Store] = []

    def open_it(place: Place) -> Store:
        stores.append(Store(place, sealer, METADATA, operations=OperationLog(sealer)))
        return stores[-1]

    yield open_it
    for store in stores:
        store.close()


@pytest.fixture
def store(opened: Callable[[Place], Store], schema: Schema) -> Store:
    return opened(schema)


@dataclass(frozen=True, slots=True)
class Thief:
    """Has the server's files, the keys at rest, and what stood in a column before."""

    postgresql: Cluster
    schema: Schema
    sealer: Sealer

    def held(self, column: str = "told", of: int = 1) -> bytes:
        """What stands in a column now."""
        with psycopg.connect(self.schema.url) as connection:
            query = sql.SQL("SELECT {} FROM seat.secrets WHERE number = %s")
            row = connection.execute(query.format(sql.Identifier(column)), (of,)).fetchone()
        assert row
        return bytes(row[0])

    def places(self, held: bytes) -> int:
        """How many times it lies in the server's files."""
        self.postgresql.checkpoint()
        data = self.postgresql.data
        folders = (data / "base", data / "pg_wal")
        every = (one for folder in folders for one in folder.rglob("*") if one.is_file())
        return sum(one.read_bytes().count(held) for one in every)

    def opens(self, held: bytes, column: str = "told") -> bytes | None:
        """What it makes of it with any 32 bytes of any key file."""
        place = f"secrets.{column}".encode()
        keys = b"".join(one.read_bytes() for one in ring_file.files(self.schema.keys))
        for at in range(len(keys) - 31):
            if keys[at : at + 32].count(0) > 8:
                continue
            try:
                inner = AESGCM(keys[at : at + 32]).decrypt(NONCE, held[HEAD.size :], place)
            except InvalidTag:
                continue
            column_of_it = SECRETS.c[column]
            is_sealed = isinstance(column_of_it.type, Sealed)
            return self.sealer.open(column_of_it, inner) if is_sealed else inner
        return None


@pytest.fixture
def thief(postgresql: Cluster, schema: Schema, sealer: Sealer) -> Thief:
    return Thief(postgresql, schema, sealer)


def put(sealer: Sealer, of: int = 1) -> Callable[[Connection], object]:
    values = {"number": of, "told": TOLD, "raw": RAW, "lasting": TOLD}
    return lambda connection: _PUT.run(connection, sealer, values)


def found(store: Store, of: int = 1) -> tuple[object, ...] | None:
    return store.read_now(lambda tx: _FIND.row(tx, store.sealer, {"of": of}))


async def tidy(store: Store) -> None:
    assert await store.tidy(at_once=True)


# Erased is erased


@pytest.mark.parametrize("erase", WAYS.values(), ids=WAYS)
async def test_an_erased_value_is_opened_by_no_key_at_rest_though_its_bytes_are_there(
    store: Store, thief: Thief, sealer: Sealer, erase: Erase
) -> None:
    await store.write(put(sealer))
    await store.write(put(sealer, of=2))
    held = thief.held()
    assert thief.opens(held) == TOLD

    await store.write(lambda connection: erase(connection, sealer))
    await tidy(store)

    assert thief.places(held) > 0
    assert thief.opens(held) is None
    assert thief.opens(thief.held(of=2)) == TOLD


async def test_a_value_whose_key_is_not_destroyed_is_opened_by_the_thief(
    store: Store, thief: Thief, sealer: Sealer
) -> None:
    await store.write(put(sealer))
    held, raw = thief.held(), thief.held("raw")

    await store.write(lambda connection: _DELETE.run(connection, {"of": 1}))  # and nobody tidies

    assert (thief.opens(held), thief.opens(raw, "raw")) == (TOLD, RAW)


async def test_what_was_encrypted_before_it_came_is_erased_as_well(
    store: Store, thief: Thief, sealer: Sealer
) -> None:
    await store.write(put(sealer))
    held = thief.held("raw")

    await store.write(lambda connection: _EMPTY.run(connection, {"of": 1}))
    await tidy(store)

    assert thief.opens(held, "raw") is None


async def test_what_somebody_deletes_by_hand_is_erased_as_well(
    store: Store, thief: Thief, sealer: Sealer
) -> None:
    await store.write(put(sealer))
    held = thief.held()

    with psycopg.connect(thief.schema.url) as connection:
        connection.execute("DELETE FROM seat.secrets")
    await store.write(put(sealer, of=2))
    await tidy(store)

    assert thief.opens(held) is None


async def test_on_sqlite_the_bytes_themselves_are_gone(
    opened: Callable[[Place], Store], sealer: Sealer, tmp_path: Path
) -> None:
    database = tmp_path / "store.db"
    store = opened(database)
    await store.write(put(sealer))
    (held,) = store.read_now(lambda tx: tx.driver.execute("SELECT told FROM secrets").fetchone())

    await store.write(lambda connection: _DELETE.run(connection, {"of": 1}))
    await tidy(store)

    files = (database, database.with_name("store.db-wal"))
    assert not any(held in one.read_bytes() for one in files)
    assert not (tmp_path / "erasable.keys").exists()


# What never came to be


class GivenUpError(Exception):
    """A use case fails."""


async def test_a_value_that_was_taken_back_is_opened_by_no_key_at_rest(
    store: Store, thief: Thief, sealer: Sealer
) -> None:
    seen: list[bytes] = []

    def work(connection: Connection) -> None:
        put(sealer)(connection)
        (held,) = connection.driver.execute("SELECT told FROM secrets").fetchone()
        seen.append(held)
        raise GivenUpError

    with pytest.raises(GivenUpError):
        await store.write(work)
    assert thief.opens(seen[0]) == TOLD
    await tidy(store)

    assert thief.opens(seen[0]) is None


async def test_a_value_that_was_taken_back_out_of_a_shared_commit_is_opened_by_no_key_at_rest(
    store: Store, thief: Thief, sealer: Sealer
) -> None:
    seen: list[bytes] = []

    def failing(connection: Connection) -> None:
        put(sealer, of=2)(connection)
        query = "SELECT told FROM secrets WHERE number = 2"
        seen.append(connection.driver.execute(query).fetchone()[0])
        raise GivenUpError

    _, failed = await asyncio.gather(
        store.write(put(sealer)), store.write(failing), return_exceptions=True
    )
    assert isinstance(failed, GivenUpError)
    assert len(seen) > 1  # it was taken back alone
    await tidy(store)

    assert [thief.opens(one) for one in seen] == [None] * len(seen)
    assert found(store) == (TOLD, RAW, TOLD)


async def test_after_a_crash_a_value_that_was_never_committed_is_opened_by_no_key_at_rest(
    store: Store, opened: Callable[[Place], Store], schema: Schema, thief: Thief, sealer: Sealer
) -> None:
    await store.write(put(sealer))
    seen: list[bytes] = []

    def work(connection: Connection) -> None:
        put(sealer, of=2)(connection)
        query = "SELECT told FROM secrets WHERE number = 2"
        seen.append(connection.driver.execute(query).fetchone()[0])
        raise GivenUpError

    with pytest.raises(GivenUpError):
        await store.write(work)

    await tidy(opened(schema))  # the first one is as good as dead: nobody tidied it

    assert thief.opens(seen[0]) is None
    assert found(store) == (TOLD, RAW, TOLD)


async def test_after_a_crash_between_erasure_and_destruction_the_key_is_destroyed(
    store: Store, opened: Callable[[Place], Store], schema: Schema, thief: Thief, sealer: Sealer
) -> None:
    await store.write(put(sealer))
    held = thief.held()
    await store.write(lambda connection: _DELETE.run(connection, {"of": 1}))

    await tidy(opened(schema))

    assert thief.opens(held) is None


# A commit of which nobody heard


@pytest.fixture
def line(database_url: str) -> Iterator[Line]:
    with Line(database_url) as line:
        yield line


@pytest.fixture
def far(opened: Callable[[Place], Store], schema: Schema, line: Line) -> Store:
    """The store, by that line."""
    return opened(replace(schema, url=line.url))


@pytest.mark.parametrize("lost", [ANSWER, REQUEST])
async def test_what_a_commit_of_unknown_outcome_locked_is_there_once_and_the_rest_is_erased(
    far: Store, line: Line, thief: Thief, sealer: Sealer, lost: str
) -> None:
    await far.write(put(sealer))
    seen: list[bytes] = []

    def work(connection: Connection) -> None:
        put(sealer, of=2)(connection)
        query = "SELECT told FROM secrets WHERE number = 2"
        seen.append(connection.driver.execute(query).fetchone()[0])

    line.lose(lost)
    await far.write(work)
    await tidy(far)

    assert (line.lost, found(far, of=2)) == (1, (TOLD, RAW, TOLD))
    *before, last = seen
    assert len(before) == (lost == REQUEST)
    assert [thief.opens(one) for one in before] == [None] * len(before)
    assert thief.opens(last) == TOLD


async def test_what_was_locked_stays_in_doubt_until_the_database_can_be_asked(
    far: Store, line: Line, postgresql: Cluster, thief: Thief, sealer: Sealer
) -> None:
    await far.write(put(sealer))
    line.lose(ANSWER, postgresql.kill)

    with pytest.raises(Refusal):
        await far.write(put(sealer, of=2))
    assert not await far.tidy(at_once=True)
    postgresql.start()
    await far.write(put(sealer, of=3))
    await tidy(far)

    assert found(far, of=2) == (TOLD, RAW, TOLD)
    assert thief.opens(thief.held(of=2)) == TOLD


# Nothing is lost


async def test_a_value_is_found_as_it_was_told_and_after_a_crash_too(
    store: Store, opened: Callable[[Place], Store], schema: Schema, sealer: Sealer
) -> None:
    await store.write(put(sealer))
    assert found(store) == (TOLD, RAW, TOLD)

    after_a_crash = opened(schema)
    await tidy(after_a_crash)

    assert found(after_a_crash) == (TOLD, RAW, TOLD)


async def test_an_erasure_that_the_database_could_lose_is_on_its_disk_before_the_key_is_destroyed(
    store: Store, postgresql: Cluster, sealer: Sealer
) -> None:
    await store.write(put(sealer))
    await store.write(lambda connection: _DELETE.run(connection, {"of": 1}), durable=False)

    await tidy(store)
    postgresql.kill()
    postgresql.start()

    assert found(store) is None  # a row that is back would be one that nobody can open


async def test_a_key_in_doubt_stays_while_a_transaction_may_still_write_its_value(
    store: Store, schema: Schema, thief: Thief, sealer: Sealer
) -> None:
    await store.write(put(sealer))
    held = thief.held()
    with psycopg.connect(schema.url) as nobody_knows_of_it:
        nobody_knows_of_it.execute("ALTER TABLE seat.secrets DISABLE TRIGGER note_erased")
        nobody_knows_of_it.execute("DELETE FROM seat.secrets")
        nobody_knows_of_it.commit()
        nobody_knows_of_it.execute("UPDATE seat.store_turn SET xact = ''")  # as any of ours does
        nobody_knows_of_it.execute(
            "INSERT INTO seat.secrets (number, told) VALUES (1, %s)", (held,)
        )
        store.read_now(lambda connection: connection.keys and connection.keys.doubt())

        tidying = asyncio.create_task(tidy(store))
        await until_one_waits(schema.url)
        assert thief.opens(held) == TOLD
        nobody_knows_of_it.commit()
    await tidying

    assert found(store) == (TOLD, None, None)


async def test_what_a_read_has_found_stays_open_to_it_though_it_is_erased_meanwhile(
    store: Store, thief: Thief, sealer: Sealer
) -> None:
    await store.write(put(sealer))
    held = thief.held()
    has_found, is_erased = Event(), Event()

    def read_slowly(connection: Connection) -> object:
        rows = _FIND.run(connection, sealer, {"of": 1})
        has_found.set()
        assert is_erased.wait(30)
        return rows.fetchone()

    reading = asyncio.create_task(store.look(read_slowly))
    await asyncio.to_thread(has_found.wait, 30)
    await store.write(lambda connection: _DELETE.run(connection, {"of": 1}))
    await tidy(store)
    await tidy(store)
    is_erased.set()

    assert await reading == (TOLD, RAW, TOLD)
    await tidy(store)
    assert thief.opens(held) is None


async def test_reads_without_end_put_off_no_erasure(
    store: Store, thief: Thief, sealer: Sealer
) -> None:
    await store.write(put(sealer))
    held = thief.held()
    ends = [Event(), Event()]

    def reading(at: int) -> asyncio.Task[object]:
        has_begun.clear()

        def read_slowly(connection: Connection) -> object:
            connection.driver.execute("SELECT 1")
            has_begun.set()
            return ends[at].wait(30)

        return asyncio.create_task(store.look(read_slowly))

    has_begun = Event()
    first = reading(0)
    await asyncio.to_thread(has_begun.wait, 30)
    await store.write(lambda connection: _DELETE.run(connection, {"of": 1}))
    await tidy(store)
    second = reading(1)
    await asyncio.to_thread(has_begun.wait, 30)
    ends[0].set()
    await first
    assert thief.opens(held) == TOLD

    await tidy(store)

    assert thief.opens(held) is None
    ends[1].set()
    await second


async def test_a_store_that_another_process_has_opened_since_writes_no_more(
    store: Store, opened: Callable[[Place], Store], schema: Schema, sealer: Sealer
) -> None:
    await store.write(put(sealer))
    other = opened(schema)

    with pytest.raises(Refusal) as caught:
        await store.write(put(sealer, of=2))

    assert caught.value.reason is reasons.STORE_TAKEN_OVER
    await other.write(put(sealer, of=3))
    assert (found(other, of=2), found(other, of=3)) == (None, (TOLD, RAW, TOLD))


async def test_what_is_kept_for_good_needs_no_key_of_the_ring(
    store: Store, thief: Thief, sealer: Sealer
) -> None:
    await store.write(put(sealer))

    assert sealer.open(SECRETS.c.lasting, thief.held("lasting")) == TOLD


async def test_a_snapshot_brings_back_what_was_erased_since(
    store: Store, thief: Thief, sealer: Sealer, tmp_path: Path
) -> None:
    await store.write(put(sealer))
    store.save(tmp_path / "snapshot")
    await store.write(lambda connection: _DELETE.run(connection, {"of": 1}))
    await tidy(store)

    store.restore(tmp_path / "snapshot")
    await tidy(store)

    assert found(store) == (TOLD, RAW, TOLD)
    held = thief.held()
    await store.write(lambda connection: _DELETE.run(connection, {"of": 1}))
    await tidy(store)
    assert thief.opens(held) is None


async def test_what_a_snapshot_takes_away_is_opened_by_no_key_at_rest(
    store: Store, thief: Thief, sealer: Sealer, tmp_path: Path
) -> None:
    store.save(tmp_path / "snapshot")
    await store.write(put(sealer))
    held = thief.held()

    store.restore(tmp_path / "snapshot")
    await tidy(store)

    assert found(store) is None
    assert thief.opens(held) is None


# A ring that is not there, or is another


async def test_a_database_without_its_ring_is_not_opened(
    store: Store, opened: Callable[[Place], Store], schema: Schema, sealer: Sealer
) -> None:
    await store.write(put(sealer))
    store.close()
    ring_file.discard(schema.keys)

    with pytest.raises(Refusal) as caught:
        opened(schema)

    assert caught.value.reason is reasons.STORE_KEYS_MISSING
    assert not schema.keys.exists()


async def test_another_seat_s_database_is_told_as_such_though_its_ring_is_elsewhere(
    schema: Schema, sealer: Sealer
) -> None:
    def open_as(owner: str, place: Schema) -> Store:
        return Store(place, sealer, METADATA, operations=OperationLog(sealer), owner=owner)

    open_as("the seat in the world a", schema).close()
    elsewhere = replace(schema, keys=schema.keys.with_name("elsewhere"))

    with pytest.raises(Refusal) as caught:
        open_as("the seat in the world b", elsewhere)

    assert caught.value.reason is reasons.STORE_OF_ANOTHER_SEAT
    assert not elsewhere.keys.exists()


async def test_a_database_with_the_ring_of_another_is_not_opened(
    store: Store, opened: Callable[[Place], Store], schema: Schema, sealer: Sealer
) -> None:
    await store.write(put(sealer))
    store.close()
    other = Schema(schema.url, "other", schema.keys.with_name("other.keys"))
    opened(other).close()
    shutil.copyfile(other.keys, schema.keys)

    with pytest.raises(Refusal) as caught:
        opened(schema)

    assert caught.value.reason is reasons.STORE_KEYS_DAMAGED


async def test_a_database_with_an_older_copy_of_its_ring_is_not_opened(
    opened: Callable[[Place], Store], schema: Schema, sealer: Sealer
) -> None:
    opened(schema).close()
    older = schema.keys.read_bytes()
    store = opened(schema)
    await store.write(put(sealer))
    store.close()
    schema.keys.write_bytes(older)

    with pytest.raises(Refusal) as caught:
        opened(schema)

    assert caught.value.reason is reasons.STORE_KEYS_DAMAGED


async def test_while_its_ring_is_away_the_store_is_not_well_and_erases_nothing(
    store: Store, schema: Schema, sealer: Sealer
) -> None:
    await store.write(put(sealer))
    away = schema.keys.with_name("away")
    schema.keys.rename(away)

    assert not await store.tidy(at_once=True)

    away.rename(schema.keys)
    await tidy(store)
    assert found(store) == (TOLD, RAW, TOLD)


async def test_a_discarded_store_leaves_no_key(store: Store, schema: Schema) -> None:
    from renkei_server.store.engine.opening import discard

    store.close()
    discard(schema)

    assert ring_file.files(schema.keys) == []


async def test_a_look_from_outside_opens_what_is_there(
    store: Store, schema: Schema, sealer: Sealer
) -> None:
    await store.write(put(sealer))

    with Inspection(schema, sealer, METADATA) as look:
        assert look.values("secrets.told") == [TOLD]


# What every role keeps for good


KEPT = {
    "accounts.code",
    "code_acquisitions.integrated_address_number",
    "codes.code",
    "codes.integrated_address_number",
    "codes_bound_elsewhere.integrated_address_number",
    "consistency_parts.content",  # counts and how far a comparison has come
    "core_keys.wrapped_key",
    "inquiries.asked",
    "links.link_id",
    "local_address_numbers.integrated_address_number",
    "notified_persons.standing",  # a seat, a reason and the names of fields: nothing of the person
    "operator_sessions.claims",
    "operators.verifier",
    "update_counts.counts",  # how many, by reason
}

ENCRYPTED_BEFORE = {
    "inquiries.answer",
    "organisation_keys.wrapped_key",
    "sub_copies.wrapped_key",
}


def held_columns() -> dict[str, Held]:
    """What every role's tables hold that is not as it was told."""
    return {
        f"{column.table.name}.{column.name}": column.type
        for role in SERVED
        for one in metadata_of(role).sorted_tables
        for column in one.columns
        if isinstance(column.type, Held)
    }


def test_of_what_is_sealed_nothing_but_this_is_kept_for_good() -> None:
    kept = {
        name
        for name, kind in held_columns().items()
        if isinstance(kind, Sealed) and not kind.erasable
    }
    assert kept == KEPT


def test_what_was_encrypted_before_it_came_is_erasable() -> None:
    assert {
        name
        for name, kind in held_columns().items()
        if kind.erasable and not isinstance(kind, Sealed)
    } == ENCRYPTED_BEFORE
