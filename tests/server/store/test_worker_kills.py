"""A worker that is killed, and a database that dies, in the middle of what workers do at once.

What was told as written is there, once; and of what never came to be, or was erased, no key is left.
"""

import asyncio
import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from renkei.refusals import Refusal
from renkei_server.store.engine.key_ring import HEAD, KeyRing
from renkei_server.store.engine.places import Place, Schema
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.engine.shared import KEYS_DRAWN
from renkei_server.store.engine.store import Store
from tests.postgresql import Cluster
from tests.stores import POSTGRESQL

from .several import Workers, several
from .working import METADATA, Worker, erase, put, secrets, write

WORKERS, KILLS, DEATHS = 3, 4, 3


@pytest.fixture
async def workers(place: Place, sealer: Sealer) -> AsyncIterator[Workers]:
    """The stores of a seat's workers."""
    async with several(place, sealer, METADATA, WORKERS) as stores:
        yield stores


async def tidy(store: Store) -> None:
    """Until nothing is left to be destroyed."""
    async with asyncio.timeout(30):
        await store.write(erase("nobody"))
        while not await store.tidy(at_once=True):
            pass


def keys_left_over(store: Store, schema: Schema) -> set[int]:
    """The keys of the ring that were drawn and lock nothing."""
    with psycopg.connect(schema.url) as connection:
        query = sql.SQL("SELECT told FROM {}").format(sql.Identifier(schema.name, "secrets"))
        held = connection.execute(query).fetchall()
    in_use = {HEAD.unpack_from(one)[2] for (one,) in held}
    ring = KeyRing(schema.keys, read_only=True)
    drawn = {one for one in ring.all() if one <= store.shared.words[KEYS_DRAWN]}
    ring.close()
    assert in_use <= drawn, "a value that nobody can open"
    return drawn - in_use


def require_told(store: Store, lines: Sequence[str]) -> None:
    """What was told is there, but for what may be gone; and whatever is there can be opened."""
    there = secrets(store)
    put, gone = ({one[1:] for one in lines if one[0] == sign} for sign in "+-")
    assert there == {name: name.encode() for name in there}
    assert put - gone <= set(there)


async def test_workers_killed_again_and_again_lose_and_double_nothing_and_leave_no_key(
    place: Place, sealer: Sealer
) -> None:
    """Here the first lives on, to see what it is left with; a seat's ends at once."""
    lines: list[str] = []
    async with several(place, sealer, METADATA, WORKERS) as stores:
        first, *others = stores
        for one in others:  # whose places the processes take
            asyncio.get_running_loop().remove_reader(one.shared.wakes_by)
        names = (f"first {count}" for count in itertools.count())
        writing = asyncio.create_task(write(first, names, lines.append))
        for kill in range(KILLS):
            for worker in [Worker(place, first.shared, number) for number in (1, 2)]:
                lines += await asyncio.to_thread(worker.tells, 10 + 7 * kill)
                await first.tidy(at_once=True)
                lines += await asyncio.to_thread(worker.kill)
            for number in (1, 2):  # nobody who was killed waits for the turn any more
                others[number - 1].shared.wait(waits=False)
        writing.cancel()
        with suppress(asyncio.CancelledError):
            await writing
        await tidy(first)

        require_told(first, lines)
        assert {line.split()[0] for line in lines} >= {"+first", "-first"}
        if not isinstance(place, Path):
            assert keys_left_over(first, place) == set()


@pytest.mark.only_on(POSTGRESQL, why="a file of SQLite dies with its seat")
async def test_a_database_that_dies_under_the_load_of_all_workers_loses_nothing_and_leaves_no_key(
    workers: Workers, place: Place, postgresql: Cluster
) -> None:
    assert isinstance(place, Schema)
    told: list[set[str]] = [set() for _ in workers]
    dies = True

    async def write_here(worker: int, which: int) -> None:
        store = workers[worker]
        for count in itertools.count():
            if not dies and count > 20:
                return
            name = f"{worker} {which} {count}"
            with suppress(Refusal):
                await store.write(put(store.sealer, name))
                if count % 2:
                    await store.write(erase(name))
                else:
                    told[worker].add(name)

    each = itertools.product(range(WORKERS), range(3))
    loading = asyncio.gather(*(write_here(worker, which) for worker, which in each))
    for _ in range(DEATHS):
        before = workers[0].commits
        await asyncio.to_thread(postgresql.kill)
        await asyncio.to_thread(postgresql.start)
        await workers[0].tidy(at_once=True)
        async with asyncio.timeout(60):
            while workers[0].commits < before + 30:
                await asyncio.sleep(0)
    dies = False
    await loading
    await tidy(workers[0])

    for store in workers:
        there = secrets(store)
        assert there == {name: name.encode() for name in there}
        assert set.union(*told) <= set(there)
    assert keys_left_over(workers[0], place) == set()
