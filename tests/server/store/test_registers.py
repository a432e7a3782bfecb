"""The registers of persons: found by their own number, told in full, shown to no reader of the file."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from renkei.persons import FourAttributes
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.engine.store import Store
from renkei_server.store.persons import identities, insured, residents
from renkei_server.store.persons.identities import Identities, Identity
from renkei_server.store.persons.insured import Insured
from renkei_server.store.persons.residents import ResidentRecord, Residents
from tests.server.world import (
    OpenStore,
    individual_number,
    local_address_number,
    resident_record_code,
)

from .conftest import on_disk


@pytest.fixture
def store(open_store: OpenStore) -> Store:
    return open_store(residents.TABLES, identities.TABLES, insured.TABLES)


@pytest.fixture
def record(attributes: FourAttributes) -> ResidentRecord:
    return ResidentRecord(
        local_address_number(12345678),
        resident_record_code(1234567890),
        individual_number(12345678901),
        attributes,
    )


@pytest.fixture
def identity(attributes: FourAttributes) -> Identity:
    return Identity(individual_number(12345678901), resident_record_code(1234567890), attributes)


@pytest.mark.parametrize("removed", [False, True])
@pytest.mark.parametrize("number", [None, individual_number(12345678901)])
def test_a_resident_is_found_as_recorded(
    store: Store, sealer: Sealer, record: ResidentRecord, *, removed: bool, number: object
) -> None:
    held = Residents(sealer)
    record = replace(record, removed=removed, individual_number=number)
    store.write_now(lambda connection: held.add(connection, record))

    def find(count: int) -> ResidentRecord | None:
        return store.read(lambda connection: held.find(connection, local_address_number(count)))

    assert find(12345678) == record
    assert find(1) is None


def test_a_person_of_the_nation_is_found_as_recorded(
    store: Store, sealer: Sealer, identity: Identity
) -> None:
    held = Identities(sealer)
    store.write_now(lambda connection: held.add(connection, identity))

    def find(count: int) -> Identity | None:
        return store.read(lambda connection: held.find(connection, individual_number(count)))

    assert find(12345678901) == identity
    assert find(1) is None


def test_an_insured_person_is_found_as_recorded(
    store: Store, sealer: Sealer, attributes: FourAttributes
) -> None:
    held = Insured(sealer)
    store.write_now(lambda connection: held.add(connection, individual_number(1), attributes))

    def find(count: int) -> FourAttributes | None:
        return store.read(lambda connection: held.find(connection, individual_number(count)))

    assert find(1) == attributes
    assert find(2) is None


def test_nobody_is_recorded_twice(
    store: Store,
    sealer: Sealer,
    record: ResidentRecord,
    identity: Identity,
    attributes: FourAttributes,
) -> None:
    adds = (
        lambda connection: Residents(sealer).add(connection, record),
        lambda connection: Identities(sealer).add(connection, identity),
        lambda connection: Insured(sealer).add(connection, individual_number(1), attributes),
    )
    for add in adds:
        store.write_now(add)
        with pytest.raises(IntegrityError):
            store.write_now(add)


def test_the_file_shows_nothing_of_anybody(
    store: Store,
    sealer: Sealer,
    database: Path,
    record: ResidentRecord,
    identity: Identity,
    attributes: FourAttributes,
) -> None:
    store.write_now(lambda connection: Residents(sealer).add(connection, record))
    store.write_now(lambda connection: Identities(sealer).add(connection, identity))
    store.write_now(
        lambda connection: Insured(sealer).add(connection, individual_number(1), attributes)
    )

    raw = on_disk(database)

    assert b"residents" in raw
    hidden = ("山田", "花子", "ヤマダ", "1970-01-31", "1640001", "中野区", "12345678")
    assert [one for one in hidden if one.encode() in raw] == []


def test_a_record_shows_nothing_of_anybody(record: ResidentRecord, identity: Identity) -> None:
    shown = f"{record!r} {identity!r}"

    assert [one for one in ("山田", "12345678", "1970", "FEMALE") if one in shown] == []
