"""The registers of persons: found by their own number, told in full, shown to no reader of the file."""

from dataclasses import replace
from datetime import date

import pytest

from renkei.codes import IndividualNumber, Institution
from renkei.persons import FourAttributes
from renkei.recorded_days import RecordedDay
from renkei_server.domain.identity_changes import HeldIdentity
from renkei_server.store.engine.files import SealedFile
from renkei_server.store.engine.places import Place
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.engine.store import Store
from renkei_server.store.identities import identity_file
from renkei_server.store.identities.identity_file import BY_NUMBER, FORM
from renkei_server.store.persons import insured, residents
from renkei_server.store.persons.insured import INSURED, InsuredPerson
from renkei_server.store.persons.residents import (
    BY_LOCAL_ADDRESS_NUMBER,
    REGISTER,
    ResidentRecord,
)
from tests.server.world import (
    OpenStore,
    identity_items,
    individual_number,
    local_address_number,
    resident_record_code,
)

from .conftest import on_disk


@pytest.fixture
def store(open_store: OpenStore) -> Store:
    return open_store(residents.TABLES, identity_file.TABLES, insured.TABLES)


@pytest.fixture
def record(attributes: FourAttributes) -> ResidentRecord:
    return ResidentRecord(
        local_address_number(12345678),
        resident_record_code(1234567890),
        individual_number(12345678901),
        attributes,
    )


@pytest.fixture
def identity(attributes: FourAttributes) -> HeldIdentity:
    items = identity_items(
        attributes,
        resident_record_code=resident_record_code(1234567890),
        individual_number=individual_number(12345678901),
        changed_on=RecordedDay(2026, 0, 0, unknown="月日不詳"),
        former_surname="髙\U000e0100",
    )
    return HeldIdentity(items, Institution("131148"), entered_on=items.changed_on)


@pytest.mark.parametrize("removed", [False, True])
@pytest.mark.parametrize("number", [None, individual_number(12345678901)])
def test_a_resident_is_found_as_recorded(
    store: Store,
    sealer: Sealer,
    record: ResidentRecord,
    *,
    removed: bool,
    number: IndividualNumber | None,
) -> None:
    held = SealedFile(REGISTER, sealer)
    day = date(2026, 11, 1) if removed else None
    record = replace(record, removed_on=day, individual_number=number)
    store.write_now(lambda connection: held.add(connection, record))

    def find(count: int) -> ResidentRecord | None:
        number = local_address_number(count)
        return store.read_now(
            lambda connection: held.find(connection, BY_LOCAL_ADDRESS_NUMBER, number)
        )

    assert find(12345678) == record
    assert find(1) is None


def test_a_person_of_the_nation_is_found_as_recorded(
    store: Store, sealer: Sealer, identity: HeldIdentity
) -> None:
    held = SealedFile(FORM, sealer)
    store.write_now(lambda connection: held.add(connection, identity))

    def find(count: int) -> HeldIdentity | None:
        number = individual_number(count)
        return store.read_now(lambda connection: held.find(connection, BY_NUMBER, number))

    assert find(12345678901) == identity
    assert find(1) is None


def test_an_insured_person_is_found_as_recorded(
    store: Store, sealer: Sealer, attributes: FourAttributes
) -> None:
    held = SealedFile(INSURED, sealer)
    person = InsuredPerson(individual_number(1), attributes)
    store.write_now(lambda connection: held.add(connection, person))

    def find(count: int) -> InsuredPerson | None:
        number = individual_number(count)
        return store.read_now(
            lambda connection: held.find(connection, insured.BY_INDIVIDUAL_NUMBER, number)
        )

    assert find(1) == person
    assert find(2) is None


def test_the_file_shows_nothing_of_anybody(
    store: Store,
    sealer: Sealer,
    place: Place,
    record: ResidentRecord,
    identity: HeldIdentity,
    attributes: FourAttributes,
) -> None:
    person = InsuredPerson(individual_number(1), attributes)
    store.write_now(lambda connection: SealedFile(REGISTER, sealer).add(connection, record))
    store.write_now(lambda connection: SealedFile(FORM, sealer).add(connection, identity))
    store.write_now(lambda connection: SealedFile(INSURED, sealer).add(connection, person))

    raw = on_disk(place)

    assert b"residents" in raw
    hidden = ("山田", "花子", "ヤマダ", "1970-01-31", "1640001", "中野区", "12345678")
    assert [one for one in hidden if one.encode() in raw] == []


def test_a_record_shows_nothing_of_anybody(record: ResidentRecord, identity: HeldIdentity) -> None:
    shown = f"{replace(record, removed_on=date(2026, 11, 1))!r} {identity!r}"

    assert [one for one in ("山田", "12345678", "1970", "FEMALE", "2026") if one in shown] == []
