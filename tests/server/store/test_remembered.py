"""What is read of tables that seldom change is kept in memory, until it may be another."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

import pytest
from sqlalchemy import bindparam, insert, select, update

from renkei import reasons
from renkei.refusals import Refusal
from renkei_server.store.engine.changes import names_of
from renkei_server.store.engine.columns import number, table
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.prepared import Prepared
from renkei_server.store.engine.remembered import Remembered
from renkei_server.store.engine.store import Store
from tests.server.world import OpenStore

ROWS = table("rows", number("key", primary_key=True), number("content"))
OTHERS = table("others", number("key", primary_key=True))
_ADD = Prepared(insert(ROWS))
_ADD_OTHER = Prepared(insert(OTHERS))
_SET = Prepared(update(ROWS).where(ROWS.c.key == bindparam("of")).values(content=bindparam("now")))
_FIND = Prepared(select(ROWS.c.content).where(ROWS.c.key == bindparam("of")))


class Rows:
    """Reads rows by way of memory, and notes which it had to read."""

    def __init__(self) -> None:
        self.read: list[int] = []
        self._known = Remembered(self._find, names_of((ROWS,)))

    def get(self, key: int) -> Callable[[Connection], int | None]:
        return lambda connection: self._known.get(connection, key)

    def _find(self, connection: Connection, key: int) -> int | None:
        self.read.append(key)
        found: int | None = _FIND.value(connection, {"of": key})
        return found


@pytest.fixture
def store(open_store: OpenStore) -> Store:
    store = open_store((ROWS, OTHERS))
    store.write_now(lambda tx: _ADD.run_each(tx, [{"key": n, "content": n} for n in (1, 2)]))
    return store


@pytest.fixture
def rows() -> Rows:
    return Rows()


def change(now: int) -> Callable[[Connection], None]:
    def work(connection: Connection) -> None:
        _SET.run(connection, {"of": 1, "now": now})

    return work


async def test_it_is_read_once_for_readers_and_transactions(store: Store, rows: Rows) -> None:
    told = [await store.read(rows.get(1)), await store.look(rows.get(1))]
    await store.write(lambda tx: _ADD_OTHER.put_off(tx, {"key": 1}))
    told += [store.read_now(rows.get(1)), await store.write(rows.get(1))]

    assert told == [1, 1, 1, 1]
    assert rows.read == [1]


async def test_it_is_read_again_once_it_was_changed(store: Store, rows: Rows) -> None:
    await store.read(rows.get(1))
    await store.write(change(7))

    assert [await store.write(rows.get(1)), await store.read(rows.get(1))] == [7, 7]


async def test_a_transaction_sees_its_own_change_and_its_failure_leaves_nothing(
    store: Store, rows: Rows
) -> None:
    seen = []

    def fail(connection: Connection) -> None:
        change(7)(connection)
        seen.append(rows.get(1)(connection))
        raise Refusal(reasons.PERSON_NOT_HELD)

    await store.read(rows.get(1))
    with pytest.raises(Refusal):
        await store.write(fail)

    assert seen == [7]
    assert [await store.read(rows.get(1)), await store.write(rows.get(1))] == [1, 1]


async def test_what_is_read_while_a_change_is_on_its_way_is_not_kept_after(
    store: Store, rows: Rows
) -> None:
    def work(connection: Connection) -> None:
        change(7)(connection)
        reading.append(asyncio.run_coroutine_threadsafe(read(), loop))

    async def read() -> int | None:
        return await store.read(rows.get(1))

    loop = asyncio.get_running_loop()
    reading: list[Future[int | None]] = []
    await store.write(work)
    await asyncio.wrap_future(reading[0])

    assert await store.read(rows.get(1)) == 7


async def test_a_store_that_was_set_back_is_read_again(
    store: Store, rows: Rows, tmp_path: Path
) -> None:
    store.save(tmp_path / "saved.db")
    await store.write(change(7))
    assert await store.read(rows.get(1)) == 7

    store.restore(tmp_path / "saved.db")

    assert await store.read(rows.get(1)) == 1


async def test_a_reader_that_began_before_a_change_leaves_nothing_behind(
    store: Store, rows: Rows
) -> None:
    """As one in another thread, whose snapshot is older than what was written meanwhile."""

    def old(connection: Connection) -> int | None:
        found = rows.get(2)(connection)
        store.changes.note({"rows"})
        return found if rows.get(1)(connection) else None

    await store.read(old)
    await store.read(rows.get(1))

    assert rows.read == [2, 1, 1]


async def test_memory_is_bounded(store: Store, rows: Rows) -> None:
    for key in range(2_500):
        store.read_now(rows.get(key))

    assert len(rows._known._known) <= 1_000
