"""Guarded statements: what a column seals is never written as it was told, by no way."""

import itertools

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import bindparam, insert, select, text, update
from sqlalchemy.exc import StatementError

from renkei.codes import ProcessingSerial
from renkei_server.store.engine.boxes import KEY_BYTES
from renkei_server.store.engine.codecs import SERIAL
from renkei_server.store.engine.columns import blind, drawn_number, number, sealed, table
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.guarded import Guarded
from renkei_server.store.engine.places import Place
from renkei_server.store.engine.prepared import Prepared, only
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.engine.store import Store
from tests.server.world import OpenStore, serial

from .conftest import on_disk

_HELD = table(
    "held",
    drawn_number(),
    blind("serial_index", unique=True),
    sealed("serial", SERIAL, optional=True),
    sealed("remark", optional=True),
    number("turn"),
)
_THE_ONE = _HELD.c.serial_index == bindparam("of")
ADD = Guarded(insert(_HELD).returning(_HELD.c.number))
FIND = Guarded(
    select(_HELD.c.turn, _HELD.c.serial, _HELD.c.serial_index, _HELD.c.remark).where(_THE_ONE)
)
REMARK = Guarded(select(_HELD.c.remark).where(_THE_ONE))
TURN = Guarded(select(_HELD.c.turn, _HELD.c.remark).where(_THE_ONE))
NOTE = Guarded(update(_HELD).where(_THE_ONE).values(remark=bindparam("noted")))
ERASE = Prepared(update(_HELD).values(serial=None, remark=None))

ONE, OTHER = serial(1), serial(2)
_NUMBERS = itertools.count(1)


@pytest.fixture
def store(open_store: OpenStore) -> Store:
    return open_store((_HELD,))


def row(of: ProcessingSerial, remark: bytes | None = b"remark", turn: int = 7) -> dict[str, object]:
    told = {"serial_index": of.value, "serial": of, "remark": remark, "turn": turn}
    return {"number": next(_NUMBERS), **told}


@pytest.fixture
def held(store: Store, sealer: Sealer) -> Store:
    """A store that holds one row."""
    store.write_now(lambda tx: only(ADD.run(tx, sealer, row(ONE))))
    return store


def test_values_come_again_as_they_were_told_each_in_its_place(held: Store, sealer: Sealer) -> None:
    found = held.read_now(lambda tx: FIND.row(tx, sealer, {"of": ONE.value}))

    assert found == (7, ONE, sealer.blind(_HELD.c.serial_index, ONE.value.encode()), b"remark")
    assert held.read_now(lambda tx: FIND.row(tx, sealer, {"of": OTHER.value})) is None


def test_the_file_shows_neither_what_is_sealed_nor_what_it_is_found_by(
    held: Store, sealer: Sealer, place: Place
) -> None:
    held.write_now(lambda tx: NOTE.run(tx, sealer, {"of": ONE.value, "noted": b"in the clear"}))
    raw = on_disk(place)

    assert b"held" in raw
    assert [value for value in (ONE.value.encode(), b"in the clear") if value in raw] == []


def test_an_insert_names_every_column(held: Store, sealer: Sealer) -> None:
    told = row(OTHER)
    added = held.write_now(lambda tx: only(ADD.run(tx, sealer, told)))
    assert added == str(told["number"])


def test_what_was_sealed_is_changed_and_erased(held: Store, sealer: Sealer) -> None:
    held.write_now(lambda tx: NOTE.run(tx, sealer, {"of": ONE.value, "noted": b"new"}))
    assert held.read_now(lambda tx: REMARK.value(tx, sealer, {"of": ONE.value})) == b"new"

    held.write_now(lambda tx: ERASE.run(tx, {}))
    assert held.read_now(lambda tx: FIND.row(tx, sealer, {"of": ONE.value}))[1::2] == (None, None)  # type: ignore[index]


def test_many_rows_go_at_once_and_are_asked_for_at_once(store: Store, sealer: Sealer) -> None:
    many = Guarded(insert(_HELD))
    rows = [row(serial(count), remark=b"%d" % count, turn=count) for count in range(3)]
    rows.append(row(serial(3), remark=None, turn=3))

    store.write_now(lambda tx: many.run_each(tx, sealer, iter(rows)))

    asked = [{"of": serial(count).value} for count in (2, 9, 0, 3)]
    assert store.read_now(lambda tx: REMARK.values(tx, sealer, asked)) == [b"2", None, b"0", None]
    assert store.read_now(lambda tx: TURN.values(tx, sealer, asked)) == [2, None, 0, 3]


def test_a_statement_that_is_not_guarded_writes_no_sealed_value(store: Store) -> None:
    def write(connection: Connection) -> None:
        Prepared(insert(_HELD)).run(connection, row(ONE))

    with pytest.raises(TypeError, match=r"a guarded statement is needed to write held\.serial"):
        store.write_now(write)


def test_core_itself_writes_no_sealed_value(store: Store, place: Place) -> None:
    def write(connection: Connection) -> None:
        connection.execute(
            insert(_HELD).values(number=1, serial_index=b"x", remark=b"in the clear", turn=1)
        )

    with pytest.raises(StatementError, match="written by a guarded statement alone"):
        store.write_now(write)

    assert b"in the clear" not in on_disk(place)


@pytest.mark.parametrize("wrong", ["a text", 7, {"value": "x"}, b"bytes"])
def test_a_value_of_another_kind_than_the_column_s_is_not_written(
    store: Store, sealer: Sealer, wrong: object
) -> None:
    with pytest.raises((TypeError, AttributeError)):
        store.write_now(lambda tx: ADD.run(tx, sealer, {**row(ONE), "serial": wrong}))

    assert store.read_now(lambda tx: tx.alchemy.scalar(text("SELECT count(*) FROM held"))) == 0


def test_another_key_finds_nothing_and_opens_nothing(held: Store) -> None:
    stranger = Sealer(b"x" * KEY_BYTES)
    every = Guarded(select(_HELD.c.serial))

    assert held.read_now(lambda tx: FIND.row(tx, stranger, {"of": ONE.value})) is None
    with pytest.raises(InvalidTag):
        held.read_now(lambda tx: every.row(tx, stranger, {}))
