"""Workers of one seat on PostgreSQL: a key that one of them drew is destroyed when it is due."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from threading import Event

import psycopg
import pytest
from psycopg import sql

from renkei import reasons
from renkei.refusals import Refusal
from renkei_server.store.engine.changes import names_of
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.foreseen import foresee
from renkei_server.store.engine.key_ring import HEAD, KeyRing
from renkei_server.store.engine.operations import OperationLog
from renkei_server.store.engine.places import Place, Schema
from renkei_server.store.engine.remembered import Remembered
from renkei_server.store.engine.sealing import Sealer, place_of
from renkei_server.store.engine.shared import HOLDER, KEYS_DOUBTED
from renkei_server.store.engine.store import Store
from tests.stores import POSTGRESQL

from .conftest import until_one_waits
from .several import Workers, several
from .working import METADATA, SECRETS, erase, put, secrets

pytestmark = pytest.mark.only_on(POSTGRESQL, why="a file of SQLite overwrites what is deleted")

WORKERS = 3


@pytest.fixture
def schema(place: Place) -> Schema:
    assert isinstance(place, Schema)
    return place


@pytest.fixture
async def workers(schema: Schema, sealer: Sealer) -> AsyncIterator[Workers]:
    """The stores of a seat's workers."""
    async with several(schema, sealer, METADATA, WORKERS) as stores:
        yield stores


def key_of(schema: Schema, name: str = "a") -> int:
    """The number of the key of a secret."""
    with psycopg.connect(schema.url) as connection:
        query = sql.SQL("SELECT told FROM {} WHERE name = %s")
        table = sql.Identifier(schema.name, "secrets")
        row = connection.execute(query.format(table), (name,)).fetchone()
    assert row
    number: int = HEAD.unpack_from(row[0])[2]
    return number


def is_there(schema: Schema, number: int) -> bool:
    with closing(KeyRing(schema.keys, read_only=True)) as ring:
        return ring.key(number) is not None


async def test_what_one_locks_every_other_opens_and_what_one_erases_the_first_destroys(
    workers: Workers, schema: Schema, sealer: Sealer
) -> None:
    first, second, third = workers
    await second.write(put(sealer, "a"))
    await third.write(put(sealer, "b"))
    for one in workers:
        assert secrets(one) == {"a": b"a", "b": b"b"}
    number = key_of(schema)

    await third.write(erase("a"))
    assert await second.tidy(at_once=True), "it leaves that to the first"
    assert is_there(schema, number)
    assert await first.tidy(at_once=True)

    assert not is_there(schema, number)
    assert {name: value for one in workers for name, value in secrets(one).items()} == {"b": b"b"}


class GivenUpError(Exception):
    """A use case fails."""


async def test_the_key_of_what_another_worker_took_back_is_destroyed(
    workers: Workers, schema: Schema, sealer: Sealer
) -> None:
    first, second, _ = workers
    drawn: list[int] = []

    def work(connection: Connection) -> None:
        put(sealer, "a")(connection)
        query = "SELECT told FROM secrets WHERE name = 'a'"
        (held,) = connection.driver.execute(query).fetchone()
        drawn.append(HEAD.unpack_from(held)[2])
        raise GivenUpError

    await second.write(put(sealer, "b"))
    with pytest.raises(GivenUpError):
        await second.write(work)
    await second.write(erase("nobody"))
    assert is_there(schema, drawn[0])

    assert await first.tidy(at_once=True)

    assert not is_there(schema, drawn[0])
    assert is_there(schema, key_of(schema, "b"))


class Reading:
    """A read at one worker that goes on until it is to end."""

    def __init__(self, store: Store) -> None:
        self._has_found, self._is_to_end = Event(), Event()
        self._reading = asyncio.ensure_future(store.look(self._read))

    def _read(self, connection: Connection) -> list[bytes]:
        found = connection.driver.execute("SELECT told FROM secrets").fetchall()
        self._has_found.set()
        assert self._is_to_end.wait(30)
        told = SECRETS.c.told
        return [connection.unlock(bytes(one), place_of(told)) for (one,) in found]

    async def has_found(self) -> None:
        assert await asyncio.to_thread(self._has_found.wait, 30)

    async def ends(self) -> int:
        self._is_to_end.set()
        return len(await self._reading)


@pytest.mark.parametrize("doubted", [False, True])
async def test_a_key_waits_for_what_another_worker_reads_and_for_nothing_that_begins_later(
    workers: Workers, schema: Schema, sealer: Sealer, *, doubted: bool
) -> None:
    """Though something else is in doubt that was locked at about that time."""
    first, second, third = workers
    await first.write(put(sealer, "a"))
    number = key_of(schema)
    early = Reading(second)
    await early.has_found()
    await third.write(erase("a"))
    if doubted:
        third.read_now(lambda connection: connection.keys and connection.keys.doubt())
    assert await first.tidy(at_once=True)
    late = Reading(third)
    await late.has_found()
    await first.tidy(at_once=True)
    assert is_there(schema, number)

    assert await early.ends() == 1
    await first.tidy(at_once=True)

    assert not is_there(schema, number)
    assert await late.ends() == 0


async def test_no_key_is_destroyed_while_another_worker_has_the_turn(
    workers: Workers, schema: Schema, sealer: Sealer
) -> None:
    first, second, _ = workers
    await first.write(put(sealer, "a"))
    number = key_of(schema)
    await first.write(erase("a"))
    second._turns.take_now()

    tidying = asyncio.ensure_future(first.tidy(at_once=True))
    writing = asyncio.ensure_future(first.write(put(sealer, "b")))  # it waits for the same
    done, _ = await asyncio.wait([tidying, writing], timeout=0.1)
    assert (done, is_there(schema, number)) == (set(), True)
    second._turns.release()

    async with asyncio.timeout(30):
        assert await tidying
        await writing
    assert not is_there(schema, number)
    assert secrets(second) == {"b": b"b"}


async def test_a_second_start_of_the_seat_ends_the_writing_of_all_its_workers(
    workers: Workers, schema: Schema, sealer: Sealer
) -> None:
    for number, one in enumerate(workers):
        await one.write(put(sealer, f"of {number}"))

    with closing(Store(schema, sealer, METADATA, operations=OperationLog(sealer))) as twin:
        for one in workers:
            with pytest.raises(Refusal) as caught:
                await one.write(put(sealer, "late"))
            assert caught.value.reason is reasons.STORE_TAKEN_OVER
        await twin.write(put(sealer, "of the twin"))
        assert not await workers[0].tidy(at_once=True)
        assert set(secrets(twin)) == {"of 0", "of 1", "of 2", "of the twin"}


# What a worker leaves that was killed


@contextmanager
def dying(schema: Schema, worker: Store) -> Iterator[psycopg.Connection]:
    """A worker that is gone, while the database goes on with what it was told last."""
    turn, held = (sql.Identifier(schema.name, one) for one in ("store_turn", "secrets"))
    worker.shared.words[HOLDER] = 1 + worker.shared.number
    with psycopg.connect(schema.url) as connection:
        connection.execute(sql.SQL("UPDATE {} SET xact = ''").format(turn))
        connection.execute(sql.SQL("DELETE FROM {}").format(held))
        yield connection


async def test_nothing_is_remembered_while_a_dead_worker_s_transaction_is_under_way(
    workers: Workers, schema: Schema, sealer: Sealer
) -> None:
    first, second, third = workers
    await first.write(put(sealer, "a"))
    known = Remembered(names, names_of((SECRETS,)))
    with dying(schema, second) as dead:
        third._turns.take_now()  # and so finds out
        third._turns.release()
        assert await first.read(lambda tx: known.get(tx, "")) == {"a"}
        dead.commit()

    for one in workers:
        assert await one.read(lambda tx: known.get(tx, "")) == set()


async def test_what_was_foreseen_before_a_dead_worker_s_transaction_has_ended_is_read_anew(
    workers: Workers, schema: Schema, sealer: Sealer
) -> None:
    first, second, third = workers
    await first.write(put(sealer, "a"))
    with dying(schema, second) as dead:
        third._turns.take_now()
        third._turns.release()
        foreseen = await foresee(first, lambda tx: names(tx, ""), names_of((SECRETS,)))
        writing = asyncio.ensure_future(first.write(foreseen.within))
        await until_one_waits(schema.url)
        dead.commit()

    assert await writing == set()


def names(connection: Connection, _key: str) -> set[str]:
    found = connection.driver.execute("SELECT name FROM secrets").fetchall()
    return {name for (name,) in found}


async def test_what_a_dead_worker_drew_and_never_committed_is_destroyed(
    workers: Workers, schema: Schema, sealer: Sealer
) -> None:
    first, second, third = workers
    await first.write(put(sealer, "a"))
    await first.tidy(at_once=True)
    assert second.shared.words[KEYS_DOUBTED] == 0
    locked = []

    def work(connection: Connection) -> None:
        """As far as one comes that is killed."""
        assert connection.keys
        locked.append(connection.keys.lock(b"told to nobody", b"secrets.told")[0])

    second._database.write_now(work)
    second.shared.words[HOLDER] = 1 + second.shared.number

    await third.write(put(sealer, "b"))
    await first.tidy(at_once=True)

    assert not is_there(schema, locked[0])
    assert secrets(third) == {"a": b"a", "b": b"b"}
