"""Numbers that order rows: known before the row is written, and never there again."""

from pathlib import Path

import pytest
from sqlalchemy import insert, text

from renkei import reasons
from renkei.refusals import Refusal
from renkei_server.store.engine.columns import drawn_number, number, table
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.prepared import Prepared
from renkei_server.store.engine.store import Store
from tests.server.world import OpenStore

ROWS = table("rows", drawn_number(), number("content"))
_ADD = Prepared(insert(ROWS))
_BLOCK = 1_000_000


@pytest.fixture
def store(open_store: OpenStore) -> Store:
    return open_store((ROWS,))


def add(connection: Connection) -> int:
    drawn = connection.draw()
    _ADD.put_off(connection, {"number": drawn, "content": 0})
    return drawn


def reserved(store: Store) -> int:
    found: int = store.read_now(
        lambda tx: tx.execute(text("SELECT reserved FROM drawn_numbers")).scalar_one()
    )
    return found


async def test_each_is_greater_than_the_one_before(store: Store) -> None:
    drawn = [await store.write(add) for _ in range(3)]

    assert drawn == [1, 2, 3]


async def test_what_failed_gives_none_back(store: Store) -> None:
    given = []

    def fail(connection: Connection) -> None:
        given.append(add(connection))
        raise Refusal(reasons.PERSON_NOT_HELD)

    with pytest.raises(Refusal):
        await store.write(fail)

    assert await store.write(add) > max(given)


async def test_what_was_deleted_gives_none_back_though_the_store_is_opened_again(
    store: Store, open_store: OpenStore
) -> None:
    last = await store.write(add)
    store.write_now(lambda tx: tx.execute(text("DELETE FROM rows")))
    store.close()

    assert await open_store((ROWS,)).write(add) > last


async def test_a_store_is_told_once_a_block_how_far_numbers_go(store: Store) -> None:
    first = await store.write(add)
    told = reserved(store)
    for _ in range(3):
        await store.write(add)

    assert told == reserved(store) == first + _BLOCK

    def many(connection: Connection) -> int:
        return max(connection.draw() for _ in range(_BLOCK))

    last = await store.write(many)
    assert last == reserved(store) - _BLOCK > told


async def test_a_reservation_that_was_taken_back_is_made_again(store: Store) -> None:
    def work(connection: Connection) -> None:
        add(connection)
        connection.execute(text("DROP TABLE drawn_numbers"))  # so that the reservation fails

    with pytest.raises(Refusal):
        await store.write(work)
    last = await store.write(add)

    assert reserved(store) == last + _BLOCK


async def test_a_store_that_was_set_back_repeats_none(store: Store, tmp_path: Path) -> None:
    await store.write(add)
    store.save(tmp_path / "saved.db")
    last = await store.write(add)

    store.restore(tmp_path / "saved.db")

    assert await store.write(add) > last


async def test_a_store_that_bore_other_numbers_before_goes_on_from_them(
    store: Store, open_store: OpenStore
) -> None:
    """As after an upgrade, and where it is set back to what another process wrote."""
    store.write_now(lambda tx: tx.execute(insert(ROWS).values(number=7 * _BLOCK, content=0)))
    store.write_now(lambda tx: tx.execute(text("DELETE FROM drawn_numbers")))
    store.close()

    assert await open_store((ROWS,)).write(add) == 7 * _BLOCK + 1


def test_a_reader_draws_none(store: Store) -> None:
    with pytest.raises(TypeError, match="where rows are written"):
        store.read_now(lambda connection: connection.draw())
