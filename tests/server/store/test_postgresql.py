"""A PostgreSQL that is cut off, dies or is asked by two: what was told as written is there once."""

import asyncio
import itertools
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace

import psycopg
import pytest
from sqlalchemy import Column, Integer, MetaData, Table, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from renkei import reasons
from renkei.limits import BATCH_LIMIT
from renkei.refusals import Refusal
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.operations import TABLES, OperationLog
from renkei_server.store.engine.places import Schema
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.engine.store import Store, tables
from tests.postgresql import Cluster
from tests.postgresql.line import ANSWER, REQUEST, Line
from tests.server.world import OpenStore
from tests.stores import POSTGRESQL

from .conftest import NOTES, note, notes, rows

pytestmark = pytest.mark.only_on(POSTGRESQL, why="a file of SQLite has no connections to lose")

WRITTEN = Table(
    "written",
    MetaData(),
    Column("number", Integer, primary_key=True),
    Column("what", Integer, nullable=False),
)
COUNTER = Table("counter", MetaData(), Column("count", Integer, primary_key=True))
WRITES, AT_ONCE, TROUBLES = 600, 24, 3


@pytest.fixture
def store(open_store: OpenStore) -> Store:
    return open_store((WRITTEN, NOTES))


def write(what: int) -> Callable[[Connection], int]:
    """A use case that nothing keeps from being done twice."""

    def work(connection: Connection) -> int:
        connection.execute(insert(WRITTEN).values(what=what))
        return what

    return work


async def write_many(store: Store, trouble: Callable[[], object]) -> tuple[set[int], set[int]]:
    """Write again and again while there is trouble; what was told as written, and as refused."""
    told, refused = set[int](), set[int]()
    committed = asyncio.Event()
    store.on_commit(committed.set)
    troubles, left = 0, itertools.count()

    def goes_on() -> bool:
        return len(told | refused) < WRITES or troubles < TROUBLES

    async def writer() -> None:
        while goes_on():
            one = next(left)
            try:
                told.add(await store.write(write(one)))
            except Refusal:
                refused.add(one)

    async def troubled() -> None:
        nonlocal troubles
        while goes_on():
            await asyncio.to_thread(trouble)
            troubles += 1
            committed.clear()
            if goes_on():
                await committed.wait()

    troubling = asyncio.create_task(troubled())
    await asyncio.gather(*(writer() for _ in range(AT_ONCE)))
    committed.set()
    await troubling
    return told, refused


def is_each_there_once(store: Store, told: set[int], refused: set[int]) -> bool:
    there = Counter(what for (what,) in rows(store, "SELECT what FROM written"))
    return (
        set(there.values()) == {1}
        and told <= set(there) <= told | refused
        and len(told) + len(refused) >= WRITES
    )


async def test_connections_cut_again_and_again_lose_and_double_nothing(
    store: Store, postgresql: Cluster, shared_url: str
) -> None:
    cut = 0

    def trouble() -> None:
        nonlocal cut
        cut += postgresql.cut(shared_url)

    told, refused = await write_many(store, trouble)

    assert cut >= TROUBLES
    assert is_each_there_once(store, told, refused)
    assert len(refused) < WRITES / 2, "a cut is no outage: there is a database to connect to"


async def test_a_database_killed_and_started_again_under_load_loses_and_doubles_nothing(
    store: Store, postgresql: Cluster
) -> None:
    killed = 0

    def trouble() -> None:
        nonlocal killed
        if killed < 3:
            killed += 1
            postgresql.kill()
            postgresql.start()

    told, refused = await write_many(store, trouble)

    assert killed == 3
    assert is_each_there_once(store, told, refused)


async def test_after_a_restart_in_good_order_everything_goes_on(
    store: Store, postgresql: Cluster
) -> None:
    await store.write(note(b"before"))
    postgresql.restart()

    assert await store.write(note(b"after")) == b"after"
    assert notes(store) == [b"before", b"after"]


# A commit of which nobody heard


@pytest.fixture
def line(shared_url: str) -> Iterator[Line]:
    with Line(shared_url) as line:
        yield line


@pytest.fixture
def far(line: Line, place: Schema, sealer: Sealer) -> Iterator[Store]:
    """The store, by that line."""
    store = Store(
        replace(place, url=line.url),
        sealer,
        tables(TABLES, (WRITTEN,)),
        operations=OperationLog(sealer),
    )
    yield store
    store.close()


class Watched:
    """A use case, and how often it was run."""

    def __init__(self) -> None:
        self.runs = 0

    def __call__(self, connection: Connection) -> str:
        self.runs += 1
        write(7)(connection)
        return f"run {self.runs}"


@pytest.mark.parametrize(("lost", "runs"), [(ANSWER, 1), (REQUEST, 2)])
async def test_a_commit_of_unknown_outcome_is_asked_about_and_done_once(
    far: Store, line: Line, lost: str, runs: int
) -> None:
    await far.write(write(1))
    work, effects = Watched(), []

    def use_case(connection: Connection) -> str:
        connection.after_commit(lambda: effects.append("noted"))
        return work(connection)

    line.lose(lost)
    assert await far.write(use_case) == f"run {runs}"

    assert (line.lost, work.runs, effects) == (1, runs, ["noted"])
    assert rows(far, "SELECT what FROM written ORDER BY number") == [(1,), (7,)]


async def test_another_s_commit_under_the_same_number_is_not_taken_for_ours(
    far: Store, line: Line, postgresql: Cluster, shared_url: str
) -> None:
    """A crash of the database forgets a transaction's number with it, and gives it once more."""
    await far.write(write(1))
    work, given = Watched(), []

    def crash_and_let_others_write() -> None:
        postgresql.kill()
        postgresql.start()
        with psycopg.connect(shared_url, autocommit=True) as other:
            other.execute("CREATE TABLE IF NOT EXISTS others (what int)")
            given.append(other.execute("SELECT pg_current_xact_id()::text").fetchone())

    line.lose(REQUEST, crash_and_let_others_write)
    assert await far.write(work) == "run 2"

    assert (line.lost, len(given)) == (1, 1)
    assert rows(far, "SELECT what FROM written ORDER BY number") == [(1,), (7,)]


async def test_nobody_to_ask_is_an_outage(far: Store, line: Line, postgresql: Cluster) -> None:
    """What was done then is found by the request's receipt, once it is repeated."""
    await far.write(write(1))
    line.lose(ANSWER, postgresql.kill)

    with pytest.raises(Refusal) as refused:
        await far.write(write(7))
    postgresql.start()

    assert refused.value.reason is reasons.STORE_UNAVAILABLE
    assert rows(far, "SELECT what FROM written ORDER BY number") == [(1,), (7,)]


async def test_a_database_that_is_frozen_is_an_outage_and_is_not_waited_for_for_ever(
    store: Store, postgresql: Cluster
) -> None:
    """Its own timeouts stand still with it; once it goes on, so does the seat."""
    await store.write(write(1))
    with postgresql.frozen():
        async with asyncio.timeout(60):
            written, tidied, read = await asyncio.gather(
                store.write(write(2)),
                store.tidy(at_once=True),
                store.look(lambda connection: connection.scalars(text("SELECT 1")).one()),
                return_exceptions=True,
            )

    assert tidied is False
    for outcome in (written, read):
        assert isinstance(outcome, Refusal)
        assert outcome.reason is reasons.STORE_UNAVAILABLE
    await store.write(write(3))
    assert rows(store, "SELECT what FROM written ORDER BY number") == [(1,), (3,)]


# Use cases


async def test_a_use_case_that_goes_on_after_an_error_is_never_told_as_written(
    store: Store,
) -> None:
    """PostgreSQL has undone it by then, and answers its COMMIT all the same."""
    await store.write(note(b"one"))

    def careless(connection: Connection) -> str:
        write(1)(connection)
        with pytest.raises(IntegrityError):
            note(b"one")(connection)
        return "written"

    with pytest.raises(Refusal) as refused:
        await store.write(careless)

    assert refused.value.reason is reasons.STORE_UNAVAILABLE
    assert rows(store, "SELECT what FROM written") == []
    assert await store.write(write(2)) == 2


async def test_two_who_write_one_schema_take_turns(open_store: OpenStore) -> None:
    """Started twice by mistake, neither overwrites what the other has just written."""
    both = [open_store((COUNTER,)) for _ in range(2)]
    both[0].write_now(lambda connection: connection.execute(insert(COUNTER).values(count=0)))

    def count(connection: Connection) -> int:
        counted: int = connection.scalars(select(COUNTER.c.count)).one()
        connection.execute(update(COUNTER).values(count=counted + 1))
        return counted + 1

    told = await asyncio.gather(*(one.write(count) for _ in range(40) for one in both))

    assert sorted(told) == list(range(1, 81))


async def test_the_reads_of_some_whole_batches_wait_for_few_connections(
    store: Store, postgresql: Cluster, place: Schema
) -> None:
    await store.write(note(b"one"))

    told = await asyncio.gather(
        *(
            store.read(lambda connection: connection.scalars(select(NOTES.c.content)).all())
            for _ in range(3 * BATCH_LIMIT)
        )
    )

    assert told == [[b"one"]] * 3 * BATCH_LIMIT
    with postgresql.administering() as connection:
        counted = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = %s",
            [f"renkei {place.name}"],
        ).fetchone()
    assert counted is not None
    assert counted[0] <= 3
