"""Stores of one seat that several workers have open: one order of commits, one memory of them."""

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path
from threading import Event

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import bindparam, insert, select, update

from renkei.codes import Institution
from renkei.exchanges import ExchangeId
from renkei.refusals import Refusal
from renkei_server.seats.provision.announcing import ANNOUNCE, Announcing
from renkei_server.store.engine import operations, outbox
from renkei_server.store.engine.boxes import KEY_BYTES
from renkei_server.store.engine.changes import names_of
from renkei_server.store.engine.columns import drawn_number, number, table
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.foreseen import foresee
from renkei_server.store.engine.key_file import KeyFile
from renkei_server.store.engine.outbox import Outbox
from renkei_server.store.engine.places import Place
from renkei_server.store.engine.prepared import Prepared
from renkei_server.store.engine.remembered import Remembered
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.engine.shared import HOLDER
from renkei_server.store.engine.store import tables
from renkei_server.store.sub_copies import organisation_keys
from renkei_server.store.sub_copies.organisation_keys import TABLE_NAMES, OrganisationKeys
from tests.server.world import NOON, CountedIds
from tests.stores import POSTGRESQL

from .conftest import wal
from .several import Workers, handles_of, several

WORKERS = 3
ROWS = table("rows", drawn_number(), number("worker"))
SUM = table("sum", number("only", primary_key=True), number("held"))
_ADD = Prepared(insert(ROWS))
_ROWS = Prepared(select(ROWS.c.number, ROWS.c.worker).order_by(ROWS.c.number))
_FIRST = Prepared(insert(SUM))
_SET = Prepared(update(SUM).values(held=bindparam("now")))
_HELD = Prepared(select(SUM.c.held))

METADATA = tables(operations.TABLES, outbox.TABLES, organisation_keys.TABLES, (ROWS, SUM))


@pytest.fixture
async def workers(place: Place, sealer: Sealer) -> AsyncIterator[Workers]:
    """The stores of a seat's workers."""
    async with several(place, sealer, METADATA, WORKERS) as stores:
        stores[0].write_now(lambda tx: _FIRST.run(tx, {"only": 1, "held": 0}))
        yield stores


def add(worker: int) -> Callable[[Connection], int]:
    def work(connection: Connection) -> int:
        drawn = connection.draw()
        _ADD.put_off(connection, {"number": drawn, "worker": worker})
        return drawn

    return work


def held(connection: Connection) -> int:
    found: int = _HELD.value(connection, {})
    return found


def set_to(now: int) -> Callable[[Connection], object]:
    return lambda connection: _SET.run(connection, {"now": now})


async def test_each_number_is_drawn_once_and_their_order_is_that_of_the_commits(
    workers: Workers,
) -> None:
    committed: list[int] = []

    async def write(worker: int) -> None:
        committed.extend(
            [await workers[worker].write(add(worker), durable=False) for _ in range(40)]
        )

    await asyncio.gather(*(write(worker) for worker in range(WORKERS) for _ in range(3)))

    rows = workers[0].read_now(lambda tx: list(_ROWS.run(tx, {}).fetchall()))
    assert [row[0] for row in rows] == sorted(committed) == list(range(1, 1 + 120 * WORKERS))
    for worker in range(WORKERS):
        own = [row[0] for row in rows if row[1] == worker]
        assert own == sorted(own)


async def test_two_never_have_the_turn_at_once_and_who_waits_is_woken(workers: Workers) -> None:
    first, second, _ = (one._turns for one in workers)
    had: list[int] = []
    first.take_now()
    second.take(lambda: had.append(2))
    first.take(lambda: had.append(1))
    first.release()
    assert had == [1], "it is let go of as often as it was taken"

    first.release()

    async with asyncio.timeout(5):
        while had != [1, 2]:
            await asyncio.sleep(0)
    second.release()


async def test_nobody_who_waits_is_passed_over_for_ever(workers: Workers) -> None:
    ended: list[int] = []

    async def write(worker: int) -> None:
        for _ in range(60):
            await workers[worker].write(add(worker), durable=False)
        ended.append(worker)

    async with asyncio.timeout(20):
        await asyncio.gather(*map(write, range(WORKERS)))
    rows = workers[0].read_now(lambda tx: [row[1] for row in _ROWS.run(tx, {}).fetchall()])
    assert {rows[:60].count(worker) for worker in range(WORKERS)} != {0, 60}


async def test_what_one_remembers_is_forgotten_once_another_has_changed_it(
    workers: Workers,
) -> None:
    read: list[int] = []

    def find(connection: Connection, _key: str) -> int:
        read.append(1)
        return held(connection)

    known = Remembered(find, names_of((SUM,)))
    first, second, _ = workers
    assert [await first.read(lambda tx: known.get(tx, "")) for _ in range(3)] == [0, 0, 0]
    await second.write(add(1))
    assert await first.read(lambda tx: known.get(tx, "")) == 0
    assert len(read) == 1, "another table is nothing to it"

    await second.write(set_to(7))

    assert await first.read(lambda tx: known.get(tx, "")) == 7


async def told(listeners: list[asyncio.Event]) -> None:
    async with asyncio.timeout(5):
        for one in listeners:
            await one.wait()
            one.clear()


async def test_who_watches_a_table_is_told_at_every_worker_once_any_has_changed_it(
    workers: Workers,
) -> None:
    watchers = [asyncio.Event() for _ in workers]
    for store, watcher in zip(workers, watchers, strict=True):
        store.on_change(names_of((SUM,)), watcher.set)

    for now, store in enumerate(workers):
        await store.write(set_to(now))
        await told(watchers)

    await workers[1].write(add(1))
    for store in workers:
        store.awake()
    assert not any(one.is_set() for one in watchers), "another table is nothing to them"


async def test_a_key_that_one_worker_destroys_is_in_no_worker_s_memory(
    workers: Workers, tmp_path: Path
) -> None:
    root = tmp_path / "root.key"
    root.write_bytes(b"r" * KEY_BYTES)
    each = [OrganisationKeys(KeyFile(root), CountedIds(), "131148") for _ in workers]
    for store, keys in zip(workers, each, strict=True):
        store.on_change(TABLE_NAMES, keys.forget)
    await workers[0].write(lambda tx: each[0].ensure_first(tx, NOON))
    for store, keys in zip(workers, each, strict=True):
        await store.read(lambda tx, keys=keys: keys.opened(tx, 1))  # type: ignore[misc] # bound now
    assert all(keys._opened and keys._wrapped._known for keys in each)

    await workers[2].write(each[2].destroy_all)

    async with asyncio.timeout(5):
        while any(keys._opened or keys._wrapped._known for keys in each):
            await asyncio.sleep(0)
    with pytest.raises(Refusal):
        await workers[0].read(lambda tx: each[0].opened(tx, 1))


@pytest.mark.only_on(POSTGRESQL, why="on SQLite nothing comes between what a reader does")
async def test_a_key_that_is_opened_while_it_is_destroyed_stays_in_no_memory(
    workers: Workers, tmp_path: Path
) -> None:
    (root := tmp_path / "root.key").write_bytes(b"r" * KEY_BYTES)
    keys = OrganisationKeys(KeyFile(root), CountedIds(), "131148")
    workers[0].on_change(TABLE_NAMES, keys.forget)
    await workers[0].write(lambda tx: keys.ensure_first(tx, NOON))
    has_begun, is_destroyed = Event(), Event()

    def open_slowly(connection: Connection) -> object:
        connection.driver.execute("SELECT count(*) FROM organisation_keys")  # it sees what is there
        has_begun.set()
        assert is_destroyed.wait(30)
        return keys.opened(connection, 1)

    opening = asyncio.ensure_future(workers[0].read(open_slowly))
    await asyncio.to_thread(has_begun.wait, 30)
    await workers[1].write(keys.destroy_all)
    async with asyncio.timeout(5):
        while workers[0]._watchers._watchers[0].seen != workers[0].changes.of(TABLE_NAMES):
            await asyncio.sleep(0)
    is_destroyed.set()

    await opening
    assert (keys._opened, keys._wrapped._known) == ({}, {})


async def test_what_was_foreseen_is_read_anew_where_another_worker_changed_it(
    workers: Workers,
) -> None:
    first, second, _ = workers
    foreseen = await foresee(first, held, names_of((SUM,)))
    await second.write(set_to(7))

    assert await first.write(foreseen.within) == 7


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.integers(0, WORKERS - 1), st.booleans()), max_size=24))
def test_what_a_transaction_keeps_for_the_next_is_never_older_than_another_workers(
    steps: list[tuple[int, bool]], new_place: Callable[[], Place], sealer: Sealer
) -> None:
    """As the right edge of the record log is kept: in memory, and written once a commit."""

    def count_up(connection: Connection) -> None:
        kept = connection.recall("sum")
        now = (held(connection) if kept is None else kept) + 1
        connection.keep("sum", now)
        _SET.run(connection, {"now": now})

    async def run() -> int:
        async with several(new_place(), sealer, METADATA, WORKERS) as stores:
            stores[0].write_now(lambda tx: _FIRST.run(tx, {"only": 1, "held": 0}))
            under_way = []
            for worker, waits in steps:
                writing = asyncio.ensure_future(stores[worker].write(count_up, durable=False))
                under_way.append(writing)
                if waits:
                    await writing
            await asyncio.gather(*under_way)
            return stores[1].read_now(held)

    assert asyncio.run(run()) == len(steps)


async def test_a_task_that_another_worker_put_wakes_who_makes_the_calls(
    workers: Workers, sealer: Sealer
) -> None:
    first, second, _ = workers
    woken = asyncio.Event()
    first.on_commit(woken.set)
    theirs, ours = (Outbox(sealer, CountedIds(), one.shared) for one in (second, first))
    before = ours.puts("tell")

    await second.write(lambda tx: theirs.put(tx, "tell", cause="", content={}))

    async with asyncio.timeout(5):
        await woken.wait()
    assert ours.puts("tell") == before + 1


async def test_an_exchange_counts_as_announced_at_every_worker_once_one_begins_to_tell_it(
    workers: Workers, sealer: Sealer
) -> None:
    owed = [Outbox(sealer, CountedIds(), one.shared) for one in workers]
    announcing = [Announcing(*each) for each in zip(workers, owed, strict=True)]
    exchanges = [ExchangeId.of(Institution("131130"), f"{number:032x}") for number in (1, 2)]
    for exchange in exchanges:
        content = {"exchange": exchange.text}
        await workers[1].write(
            lambda tx, told=content: owed[1].put(tx, ANNOUNCE, cause="", content=told)
        )

    def wait_at(worker: int) -> list[bool]:
        at = announcing[worker]
        return workers[worker].read_now(lambda tx: [at.waits(tx, one) for one in exchanges])

    assert wait_at(0) == wait_at(2) == [True, True]
    first = workers[0].read_now(lambda tx: owed[0].after(tx, ANNOUNCE, 0, 1))[0]
    await workers[0].look_in_turn(lambda _: announcing[0].begins(first))
    assert wait_at(0) == wait_at(2) == [False, True]
    Announcing(workers[0], owed[0])
    assert wait_at(2) == [False, False], "what was owed before a start may have been announced"


async def test_a_store_that_is_set_back_is_so_for_every_worker(
    workers: Workers, tmp_path: Path
) -> None:
    first, second, _ = workers
    known = Remembered(lambda connection, _: held(connection), names_of((SUM,)))
    first.save(tmp_path / "saved.db")
    await second.write(set_to(7))
    last = await second.write(add(1))
    assert await second.read(lambda tx: known.get(tx, "")) == 7

    first.restore(tmp_path / "saved.db")

    assert await second.read(lambda tx: known.get(tx, "")) == 0
    assert await second.write(add(1)) > last


async def test_the_turn_of_a_worker_that_was_killed_is_free_and_its_memory_is_not_believed(
    workers: Workers,
) -> None:
    first, second, _ = workers
    doubted = asyncio.Event()
    first.on_doubt(doubted.set)
    foreseen = await foresee(first, held, names_of((SUM,)))
    shared = second.shared
    with closing(os.fdopen(os.open(f"/proc/self/fd/{handles_of(shared).memory}", os.O_RDWR))) as it:
        fcntl.flock(it, fcntl.LOCK_EX)
        shared.words[HOLDER] = 2
        waiting = asyncio.ensure_future(first.write(foreseen.within))
        await asyncio.sleep(0)
        # what a dying worker leaves: a commit, and no word of it
        second._database.write_now(set_to(7))

    assert await waiting == 7
    first.awake()
    assert doubted.is_set()


async def test_tidying_waits_until_no_worker_writes(workers: Workers, database: Path) -> None:
    first, second, _ = workers
    await first.tidy()
    await second.write(add(1))
    await first.tidy()
    assert wal(database).stat().st_size, "somebody wrote since the last time"

    assert await first.tidy()
    assert wal(database).stat().st_size == 0
    assert await second.tidy(), "it leaves that to the first"
