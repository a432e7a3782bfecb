"""Rows that wait: written together at the end, and nobody meets a transaction without them."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import bindparam, func, insert, select, text, update

from renkei import reasons
from renkei.refusals import Refusal
from renkei_server.store.engine.columns import number, table
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.operations import Operation
from renkei_server.store.engine.prepared import Prepared
from renkei_server.store.engine.store import Store
from tests.server.world import NOON, OpenStore

ROWS = table("rows", number("key", primary_key=True), number("content"))
OTHERS = table("others", number("key", primary_key=True))
_ADD = Prepared(insert(ROWS))
_ADD_OTHER = Prepared(insert(OTHERS))
_COUNT = Prepared(select(func.count()).select_from(ROWS))
_COUNT_OTHERS = Prepared(select(func.count()).select_from(OTHERS))
_CHANGE = Prepared(update(ROWS).where(ROWS.c.key == bindparam("of")).values(content=1))


@pytest.fixture
def store(open_store: OpenStore) -> Store:
    return open_store((ROWS, OTHERS))


def add(key: int) -> Callable[[Connection], int]:
    def work(connection: Connection) -> int:
        _ADD.put_off(connection, {"key": key, "content": 0})
        return key

    return work


def count(connection: Connection) -> int:
    counted: int = _COUNT.value(connection, {})
    return counted


@contextmanager
def written(store: Store) -> Iterator[Counter[str]]:
    """What the writer runs meanwhile, by its first words; a statement counts for each of its rows."""
    ran: Counter[str] = Counter()
    driver = store._database._writer.driver  # type: ignore[attr-defined]  # SQLite's
    seen: list[str] = []
    driver.set_trace_callback(seen.append)
    yield ran
    driver.set_trace_callback(None)
    ran.update(" ".join(one.split()[:3]) for one in seen)


async def test_rows_of_several_use_cases_are_there_once_they_are_told(store: Store) -> None:
    told = await asyncio.gather(*(store.write(add(key)) for key in range(5)))

    assert told == [0, 1, 2, 3, 4]
    assert store.read_now(count) == 5


@pytest.mark.parametrize(
    "look",
    [count, lambda tx: tx.execute(text("SELECT count(*) FROM rows")).scalar_one()],
    ids=["prepared", "of Core"],
)
async def test_a_statement_meets_the_rows_that_wait_in_its_table(
    store: Store, look: Callable[[Connection], int]
) -> None:
    def work(connection: Connection) -> int:
        add(1)(connection)
        return look(connection)

    assert await asyncio.gather(store.write(work), store.write(look)) == [1, 1]


async def test_a_row_that_waits_can_be_changed(store: Store) -> None:
    def work(connection: Connection) -> int:
        add(1)(connection)
        return int(_CHANGE.run(connection, {"of": 1}).rowcount)  # type: ignore[attr-defined]

    assert await store.write(work) == 1


async def test_a_statement_on_another_table_lets_them_wait(store: Store) -> None:
    def work(connection: Connection) -> None:
        add(1)(connection)
        _COUNT_OTHERS.value(connection, {})
        assert connection.driver.execute("SELECT count(*) FROM rows").fetchone() == (0,)

    await store.write(work)
    assert store.read_now(count) == 1


async def test_a_unique_key_that_is_taken_falls_on_its_own_use_case(store: Store) -> None:
    await store.write(add(3))

    outcomes = await asyncio.gather(
        *(store.write(add(key)) for key in (1, 3, 5, 5)), return_exceptions=True
    )

    taken = [
        "IntegrityError" in [kind.__name__ for kind in type(one).__mro__]  # any driver's own
        for one in outcomes
    ]
    assert taken == [False, True, False, True]
    assert store.read_now(count) == 3


async def test_what_a_failed_use_case_let_wait_is_never_written(store: Store) -> None:
    def refuse(connection: Connection) -> None:
        add(9)(connection)
        raise Refusal(reasons.PERSON_NOT_HELD)

    for many in (1, 3):
        fine = [store.write(add(many + turn)) for turn in range(many - 1)]
        await asyncio.gather(store.write(refuse), *fine, return_exceptions=True)

    assert store.read_now(count) == 2


def test_rows_wait_before_a_server_runs_too(store: Store) -> None:
    store.write_now(add(1))

    assert store.read_now(count) == 1


@pytest.mark.usefixtures("database")
async def test_a_commit_writes_rows_and_nothing_else(store: Store) -> None:
    def work(connection: Connection) -> None:
        drawn = connection.draw()
        add(drawn)(connection)
        _ADD_OTHER.put_off(connection, {"key": drawn})

    async def ask() -> None:
        await store.write(work, operation=Operation(at=NOON, caller="somebody", method="/a/B"))

    await ask()  # what is written once a block is written
    with written(store) as ran:
        await asyncio.gather(*(ask() for _ in range(8)))

    assert ran == {
        "BEGIN IMMEDIATE": 1,
        "SAVEPOINT apart": 1,
        "INSERT INTO rows": 8,
        "INSERT INTO others": 8,
        "INSERT INTO operations": 8,
        "COMMIT": 1,
    }


# What a store keeps in memory of what it wrote


async def test_what_is_kept_outlives_a_commit_and_no_failure(store: Store) -> None:
    def keep(connection: Connection) -> object:
        had = connection.recall("what")
        connection.keep("what", "this")
        return had

    def fail(connection: Connection) -> None:
        connection.keep("what", "that")
        raise Refusal(reasons.PERSON_NOT_HELD)

    assert [await store.write(keep), await store.write(keep)] == [None, "this"]
    with pytest.raises(Refusal):
        await store.write(fail)
    assert await store.write(keep) is None


async def test_what_is_kept_is_forgotten_where_one_of_several_fails(store: Store) -> None:
    kept = []

    def keep(connection: Connection) -> None:
        kept.append(connection.recall("what"))
        connection.keep("what", "this")

    def fail(connection: Connection) -> None:
        connection.keep("what", "that")
        raise Refusal(reasons.PERSON_NOT_HELD)

    await asyncio.gather(store.write(keep), store.write(fail), return_exceptions=True)
    await store.write(keep)

    assert kept == [None, None, None]


async def test_a_reader_keeps_nothing(store: Store) -> None:
    store.read_now(lambda connection: connection.keep("what", "this"))

    assert store.read_now(lambda connection: connection.recall("what")) is None
