"""The store: one use case is one transaction, and what was told is there."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from renkei import reasons
from renkei.refusals import Refusal
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.opening import read_only
from renkei_server.store.engine.operations import Operation, OperationLog
from renkei_server.store.engine.places import Place
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.engine.store import Store
from tests.server.world import NOON, Disk, OpenStore
from tests.stores import POSTGRESQL, SQLITE

from .conftest import NOTES, note, notes


def seen_from_outside(place: Place) -> int:
    """How many notes another connection sees."""
    with closing(read_only(place)) as other:
        counted: int = other.execute(text("SELECT count(*) FROM notes")).scalar_one()
    return counted


def and_then(work: Callable[[Connection], object], error: Exception) -> Callable[..., object]:
    """A use case that writes and then fails."""

    def failing(connection: Connection) -> object:
        work(connection)
        raise error

    return failing


def operation(person: str = "") -> Operation:
    return Operation(at=NOON, caller="somebody", method="/a/B", person=person)


# One use case, one transaction


async def test_a_value_is_returned_once_everybody_can_see_what_was_written(
    store: Store, place: Place
) -> None:
    seen_inside = -1

    def work(connection: Connection) -> str:
        nonlocal seen_inside
        note(b"first")(connection)
        seen_inside = seen_from_outside(place)
        return "value"

    assert await store.write(work) == "value"
    assert (seen_inside, seen_from_outside(place)) == (0, 1)


async def test_a_refusal_is_raised_as_it_is_and_leaves_nothing(store: Store) -> None:
    refusal = Refusal(reasons.PERSON_NOT_HELD, "", "local_address_number")

    with pytest.raises(Refusal) as caught:
        await store.write(and_then(note(b"gone"), refusal))

    assert caught.value is refusal
    assert notes(store) == []


async def test_a_fault_is_raised_as_it_is_and_leaves_nothing(store: Store) -> None:
    with pytest.raises(ZeroDivisionError):
        await store.write(and_then(note(b"gone"), ZeroDivisionError()))

    assert notes(store) == []
    assert await store.write(note(b"next")) == b"next"


async def test_use_cases_that_arrive_together_share_a_commit(store: Store) -> None:
    commits = []
    store.on_commit(lambda: commits.append(len(notes(store))))

    told = await asyncio.gather(*(store.write(note(b"%d" % n)) for n in range(5)))

    assert told == [b"0", b"1", b"2", b"3", b"4"]
    assert commits == [5]


async def test_one_of_several_that_fails_takes_back_nothing_but_itself(store: Store) -> None:
    outcomes = await asyncio.gather(
        store.write(note(b"before")),
        store.write(and_then(note(b"refused"), Refusal(reasons.PERSON_NOT_HELD))),
        store.write(note(b"between")),
        store.write(note(b"before")),  # there is one already
        store.write(and_then(note(b"broken"), ZeroDivisionError())),
        store.write(note(b"after")),
        return_exceptions=True,
    )

    kinds = [type(one) for one in outcomes]
    assert kinds == [bytes, Refusal, bytes, IntegrityError, ZeroDivisionError, bytes]
    assert notes(store) == [b"before", b"between", b"after"]


async def test_a_use_case_sees_what_those_before_it_in_the_same_commit_wrote(store: Store) -> None:
    def count(connection: Connection) -> int:
        counted: int = connection.execute(text("SELECT count(*) FROM notes")).scalar_one()
        return counted

    told = await asyncio.gather(store.write(note(b"one")), store.write(count))

    assert told == [b"one", 1]


async def test_a_caller_that_goes_away_does_not_take_its_use_case_back(store: Store) -> None:
    loop, committed = asyncio.get_running_loop(), asyncio.Event()
    store.on_commit(committed.set)

    def work(connection: Connection) -> None:
        note(b"kept")(connection)
        loop.call_soon_threadsafe(waiting.cancel)

    waiting = asyncio.create_task(store.write(work))
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await committed.wait()
    await store.write(note(b"next"))

    assert notes(store) == [b"kept", b"next"]


# The record of an operation is part of it


async def test_the_record_of_an_operation_goes_with_its_use_case(
    store: Store, sealer: Sealer
) -> None:
    done, refused = operation("one"), operation("two")

    await asyncio.gather(
        store.write(note(b"done"), operation=done),
        store.write(and_then(note(b"not"), Refusal(reasons.PERSON_NOT_HELD)), operation=refused),
        return_exceptions=True,
    )

    log = OperationLog(sealer)
    assert [done.recorded, refused.recorded] == [True, False]
    assert len(store.read_now(lambda connection: log.concerning(connection, "one"))) == 1
    assert store.read_now(lambda connection: log.concerning(connection, "two")) == []


# How sure it is


FORCES = {SQLITE: ("PRAGMA synchronous", {2: True, 1: False})}
"""SQLite's FULL is 2 and forces each commit; its NORMAL is 1 and forces checkpoints only."""
FORCES[POSTGRESQL] = ("SHOW synchronous_commit", {"on": True, "off": False})


@pytest.mark.parametrize("durable", [[True], [False], [False, True], [True, False], [False, False]])
async def test_what_was_told_is_forced_to_the_disk_unless_none_needs_it(
    store: Store, store_kind: str, durable: list[bool]
) -> None:
    statement, means = FORCES[store_kind]

    def work(connection: Connection) -> bool:
        told: object = connection.driver.execute(statement).fetchone()[0]
        return means[told]

    forced = await asyncio.gather(*(store.write(work, durable=one) for one in durable))

    dies_alone = store_kind == POSTGRESQL  # it may forget what its seat remembers
    assert set(forced) == {any(durable) or dies_alone}


# Whom it holds up


async def test_a_lock_from_outside_holds_up_writers_and_not_the_loop(
    store: Store, database: Path
) -> None:
    with closing(sqlite3.connect(database, isolation_level=None)) as outside:
        outside.execute("BEGIN IMMEDIATE")
        writing = asyncio.create_task(store.write(note(b"in the end")))
        for _ in range(100):
            await asyncio.sleep(0)
        assert not writing.done()
        assert await store.read(lambda _: True)
        outside.execute("ROLLBACK")

    assert await writing == b"in the end"


@pytest.mark.usefixtures("database")
async def test_a_disk_that_was_slow_once_holds_up_writers_and_not_the_loop(store: Store) -> None:
    going, on = threading.Event(), threading.Event()

    def slow(statement: str) -> None:
        if statement == "COMMIT":
            going.set()
            on.wait(0.01 if not slept else 10)

    slept: list[bool] = []
    store._database._writer.driver.set_trace_callback(slow)  # type: ignore[attr-defined]
    await store.write(note(b"slow"))
    slept.append(True)
    going.clear()
    writing = asyncio.create_task(store.write(note(b"slow again")))
    while not going.is_set():
        await asyncio.sleep(0)

    assert await store.read(lambda _: True)  # the loop is free while the disk is not
    assert not writing.done()
    on.set()
    assert await writing == b"slow again"


# Where it cannot be used


@pytest.mark.parametrize("together", [1, 3])
async def test_a_full_disk_is_an_outage_for_all_that_arrived_together(
    store: Store, disk: Disk, together: int
) -> None:
    await store.write(note(b"before"))
    disk.fill_up(store)

    large = [store.write(note(b"%d" % n * 20_000)) for n in range(together)]
    outcomes = await asyncio.gather(*large, return_exceptions=True)

    met = [one.reason for one in outcomes if isinstance(one, Refusal)]
    assert met == [reasons.STORE_UNAVAILABLE] * together
    assert notes(store) == [b"before"]


async def test_once_there_is_room_again_everything_is_as_before(store: Store, disk: Disk) -> None:
    disk.fill_up(store)
    with pytest.raises(Refusal):
        await store.write(note(b"x" * 20_000))
    disk.make_room(store)

    assert await asyncio.gather(*(store.write(note(b"%d" % n)) for n in range(3)))
    assert notes(store) == [b"0", b"1", b"2"]


async def test_a_table_that_is_away_is_an_outage_for_readers_and_writers(store: Store) -> None:
    store.write_now(lambda connection: connection.execute(text("ALTER TABLE notes RENAME TO away")))

    with pytest.raises(Refusal) as read:
        notes(store)
    with pytest.raises(Refusal) as written:
        await store.write(note(b"no"))

    assert {read.value.reason, written.value.reason} == {reasons.STORE_UNAVAILABLE}


def test_a_refusal_while_reading_is_no_outage(store: Store) -> None:
    def work(_: Connection) -> None:
        raise Refusal(reasons.ACQUISITION_NOT_ASKED)

    with pytest.raises(Refusal) as caught:
        store.read_now(work)

    assert caught.value.reason is reasons.ACQUISITION_NOT_ASKED


# What fails alone


async def test_a_use_case_that_stops_an_iteration_holds_up_nobody(store: Store) -> None:
    outcomes = await asyncio.gather(
        store.write(and_then(note(b"no"), StopIteration())),
        store.write(note(b"yes")),
        return_exceptions=True,
    )

    assert [type(one) for one in outcomes] == [RuntimeError, bytes]
    assert await store.write(note(b"next")) == b"next"


async def test_an_effect_that_fails_takes_nothing_along(store: Store) -> None:
    told: list[str] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, what: told.append(what["message"]))

    def work(connection: Connection) -> str:
        connection.after_commit(lambda: 1 / 0)  # type: ignore[arg-type,return-value]
        connection.after_commit(lambda: told.append("the next"))
        return "done"

    assert await store.write(work) == "done"
    asyncio.get_running_loop().set_exception_handler(None)
    assert told == ["an effect of a commit failed", "the next"]
    assert await store.write(note(b"next")) == b"next"


async def test_after_an_outage_nothing_is_believed_that_memory_says(
    store: Store, disk: Disk
) -> None:
    doubted: list[int] = []
    store.on_doubt(lambda: doubted.append(store.changes.latest))
    before = store.changes.latest

    disk.fill_up(store)
    with pytest.raises(Refusal):
        await store.write(note(b"x" * 20_000))
    disk.make_room(store)

    assert doubted
    assert doubted[0] > before


# Before and after


def test_what_is_written_before_a_server_runs_is_there_at_once(store: Store) -> None:
    assert store.write_now(note(b"first")) == b"first"
    assert notes(store) == [b"first"]


def test_a_store_that_is_opened_again_holds_what_it_held(
    store: Store, open_store: OpenStore
) -> None:
    store.write_now(note(b"first"))

    assert notes(open_store((NOTES,))) == [b"first"]
