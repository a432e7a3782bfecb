"""Looking into a store from outside: everything that is sealed, and nothing changed."""

from dataclasses import replace

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import delete, select
from sqlalchemy.exc import DBAPIError

from renkei.persons import FourAttributes
from renkei_server.store.engine import outbox
from renkei_server.store.engine.boxes import KEY_BYTES
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.files import SealedFile
from renkei_server.store.engine.inspection import Inspection
from renkei_server.store.engine.outbox import Outbox
from renkei_server.store.engine.places import Place
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.engine.store import Store
from renkei_server.store.persons import insured
from renkei_server.store.persons.insured import INSURED, InsuredPerson
from tests.server.world import CountedIds, OpenStore, individual_number


@pytest.fixture
def person(attributes: FourAttributes) -> InsuredPerson:
    return InsuredPerson(individual_number(1), attributes)


def insure(connection: Connection, sealer: Sealer, person: InsuredPerson) -> None:
    SealedFile(INSURED, sealer).add(connection, person)


@pytest.fixture
def store(open_store: OpenStore, sealer: Sealer, person: InsuredPerson) -> Store:
    """A store with one person and one call that is owed."""
    opened = open_store(insured.TABLES, outbox.TABLES)
    owed = Outbox(sealer, CountedIds())
    opened.write_now(lambda connection: insure(connection, sealer, person))
    opened.write_now(lambda connection: owed.put(connection, "tell", cause="", content={"a": "b"}))
    return opened


def test_every_sealed_value_is_told_with_its_place(
    store: Store, place: Place, sealer: Sealer, person: InsuredPerson
) -> None:
    with Inspection(place, sealer, store.metadata) as inspection:
        opened = dict(inspection.opened())

    assert opened == {
        "insured.record": INSURED.content.write(person),
        "outbox.content": b'{"a":"b"}',
    }


def test_the_values_of_one_place_can_be_asked_for(
    store: Store, place: Place, sealer: Sealer
) -> None:
    with Inspection(place, sealer, store.metadata) as inspection:
        assert inspection.values("outbox.content") == [b'{"a":"b"}']
        assert inspection.values("outbox.kind") == []
        assert (inspection.rows("outbox"), inspection.rows("operations")) == (1, 0)


def test_a_closed_store_can_be_looked_into(store: Store, place: Place, sealer: Sealer) -> None:
    store.close()

    with Inspection(place, sealer, store.metadata) as inspection:
        assert inspection.rows("insured") == 1


def test_what_is_committed_meanwhile_is_seen(
    store: Store, place: Place, sealer: Sealer, person: InsuredPerson
) -> None:
    with Inspection(place, sealer, store.metadata) as inspection:
        another = replace(person, individual_number=individual_number(2))
        store.write_now(lambda connection: insure(connection, sealer, another))

        assert inspection.rows("insured") == 2


def test_without_the_store_s_key_nothing_is_opened(store: Store, place: Place) -> None:
    with (
        Inspection(place, Sealer(b"x" * KEY_BYTES), store.metadata) as inspection,
        pytest.raises(InvalidTag),
    ):
        list(inspection.opened())


def test_looking_changes_nothing(store: Store, place: Place, sealer: Sealer) -> None:
    table = store.metadata.tables["outbox"]
    with (
        Inspection(place, sealer, store.metadata) as inspection,
        pytest.raises(DBAPIError, match=r"readonly|read-only"),
    ):
        inspection.read(lambda connection: connection.execute(delete(table)))


def test_many_rows_come_one_after_the_other(store: Store, place: Place, sealer: Sealer) -> None:
    """A cursor at a PostgreSQL lasts no longer than a transaction."""
    kinds = select(store.metadata.tables["outbox"].c.kind).execution_options(yield_per=1)
    with Inspection(place, sealer, store.metadata) as inspection:
        assert inspection.read(lambda connection: list(connection.scalars(kinds))) == ["tell"]
