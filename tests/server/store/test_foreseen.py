"""What was read before a transaction is believed in it as long as nothing of it has changed."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select, text

from renkei import reasons
from renkei.refusals import Refusal
from renkei_server.store.engine.changes import Changes, names_of
from renkei_server.store.engine.columns import number, table
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.foreseen import Foreseen, foresee
from renkei_server.store.engine.prepared import Prepared
from renkei_server.store.engine.store import Store
from tests.server.world import OpenStore

ROWS = table("rows", number("key", primary_key=True))
OTHERS = table("others", number("key", primary_key=True))
FROM = names_of((ROWS,))
_ADD = Prepared(insert(ROWS))
_ADD_OTHER = Prepared(insert(OTHERS))
_COUNT = Prepared(select(func.count()).select_from(ROWS))


class Counting:
    """Reads how many rows there are, and notes how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, connection: Connection) -> int:
        self.asked += 1
        counted: int = _COUNT.value(connection, {})
        return counted


@pytest.fixture
def store(open_store: OpenStore) -> Store:
    return open_store((ROWS, OTHERS))


@pytest.fixture
def count() -> Counting:
    return Counting()


def add(key: int, statement: Prepared = _ADD) -> Callable[[Connection], None]:
    return lambda connection: statement.put_off(connection, {"key": key})


async def test_it_is_not_read_again_where_nothing_has_changed(
    store: Store, count: Counting
) -> None:
    foreseen = await foresee(store, count, FROM)
    await store.write(add(1, _ADD_OTHER))

    assert await store.write(foreseen.within) == 0
    assert count.asked == 1


@pytest.mark.parametrize(
    "change",
    [
        add(1),
        lambda tx: _ADD.run(tx, {"key": 1}),
        lambda tx: _ADD.run_each(tx, [{"key": 1}]),
        lambda tx: tx.execute(insert(ROWS).values(key=1)),
        lambda tx: tx.execute(text("INSERT INTO rows VALUES (1)")),
    ],
    ids=["put off", "run", "run each", "of Core", "as text"],
)
async def test_it_is_read_again_whatever_way_it_was_changed(
    store: Store, count: Counting, change: Callable[[Connection], None]
) -> None:
    foreseen = await foresee(store, count, FROM)
    await store.write(change)

    assert await store.write(foreseen.within) == 1


async def test_what_an_earlier_use_case_of_the_same_commit_changed_counts(
    store: Store, count: Counting
) -> None:
    foreseen = await foresee(store, count, FROM)

    told = await asyncio.gather(store.write(add(1)), store.write(foreseen.within))

    assert told[1] == 1


async def test_what_is_read_while_a_change_is_on_its_way_is_not_believed_after(
    store: Store, count: Counting
) -> None:
    """The reader sees what was committed before; what is written by then counts as changed."""

    def change(connection: Connection) -> None:
        add(1)(connection)
        connection.write_waiting()
        met.append(asyncio.run_coroutine_threadsafe(foresee(store, count, FROM), loop))

    loop = asyncio.get_running_loop()
    met: list[Future[Foreseen[int]]] = []
    await store.write(change)
    foreseen = await asyncio.wrap_future(met[0])

    assert await store.write(foreseen.within) == 1


async def test_a_store_that_was_set_back_is_read_again(
    store: Store, count: Counting, tmp_path: Path
) -> None:
    store.save(tmp_path / "saved.db")
    await store.write(add(1))
    foreseen = await foresee(store, count, FROM)

    store.restore(tmp_path / "saved.db")

    assert await store.write(foreseen.within) == 0


async def test_what_was_refused_before_is_asked_again_within(store: Store) -> None:
    def read(connection: Connection) -> int:
        counted: int = _COUNT.value(connection, {})
        if not counted:
            raise Refusal(reasons.ORGANISATION_KEY_MISSING)
        return counted

    foreseen = await foresee(store, read, FROM)
    with pytest.raises(Refusal):
        await store.write(foreseen.within)
    await store.write(add(1))

    assert await store.write(foreseen.within) == 1


def test_a_table_changes_by_itself_and_all_change_together() -> None:
    changes = Changes(tables=("one", "three", "two"))
    before, other = changes.of(("one", "two")), changes.of(("three",))

    changes.note({"two"})
    assert changes.of(("one", "two")) != before
    assert changes.of(("three",)) == other

    changes.note_all()
    assert changes.of(("three",)) != other
