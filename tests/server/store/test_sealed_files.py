"""Files of persons: sealed whole, found by each of their keys, with what was before where it is kept."""

import sqlite3
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import text

from renkei.codes import IndividualNumber, ResidentRecordCode
from renkei.persons import FourAttributes
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.files import FileForm, Key, SealedFile
from renkei_server.store.engine.histories import Change, Earlier
from renkei_server.store.engine.places import Place
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.engine.store import Store
from tests.server.world import NOON, OpenStore, individual_number, resident_record_code

from .conftest import on_disk


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody, as a file of this test knows them."""

    code: ResidentRecordCode
    number: IndividualNumber | None
    attributes: FourAttributes
    note: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class NameAndBirth:
    """What many may have in common."""

    name: str
    birth_date: date


BY_CODE = Key[Known, ResidentRecordCode]("code", lambda one: one.code)
BY_NUMBER = Key[Known, IndividualNumber]("individual_number", lambda one: one.number)
BY_NAME_AND_BIRTH = Key[Known, NameAndBirth](
    "name_and_birth",
    lambda one: NameAndBirth(one.attributes.name, one.attributes.birth_date),
    shared=True,
)
KEYS = (BY_CODE, BY_NUMBER, BY_NAME_AND_BIRTH)
PLAIN = FileForm("plain", Known, *KEYS)
KEPT = FileForm("kept", Known, *KEYS, history=True)

CORRECTED, MOVED = Change(NOON, "corrected"), Change(NOON + timedelta(days=1), "moved")


@dataclass(frozen=True, slots=True)
class Office:
    """A file in a store."""

    store: Store
    file: SealedFile[Known]

    def add(self, *records: Known) -> None:
        self.store.write_now(lambda tx: self.file.add_each(tx, records))

    def by_code(self, code: ResidentRecordCode) -> Known | None:
        return self.store.read_now(lambda tx: self.file.find(tx, BY_CODE, code))

    def by_number(self, number: IndividualNumber) -> Known | None:
        return self.store.read_now(lambda tx: self.file.find(tx, BY_NUMBER, number))

    def by_name_and_birth(self, one: Known) -> list[Known]:
        shared = NameAndBirth(one.attributes.name, one.attributes.birth_date)
        return list(
            self.store.read_now(lambda tx: self.file.find_all(tx, BY_NAME_AND_BIRTH, shared))
        )

    def replace(self, was: Known, now: Known, change: Change | None = None) -> None:
        self.store.write_now(lambda tx: self.file.replace(tx, was, now, change))

    def forget(self, was: Known, change: Change | None = None) -> None:
        self.store.write_now(lambda tx: self.file.forget(tx, was, change))

    def earlier(self, number: IndividualNumber) -> list[Earlier[Known]]:
        return list(self.store.read_now(lambda tx: self.file.earlier(tx, BY_NUMBER, number)))

    def every(self) -> list[Known]:
        return self.store.read_now(lambda tx: list(self.file.every(tx)))


@pytest.fixture
def store(open_store: OpenStore) -> Store:
    return open_store(PLAIN.tables, KEPT.tables)


@pytest.fixture
def plain(store: Store, sealer: Sealer) -> Office:
    return Office(store, SealedFile(PLAIN, sealer))


@pytest.fixture
def kept(store: Store, sealer: Sealer) -> Office:
    return Office(store, SealedFile(KEPT, sealer))


@pytest.fixture
def one(attributes: FourAttributes) -> Known:
    return Known(resident_record_code(1), individual_number(1), attributes)


@pytest.fixture
def other(one: Known) -> Known:
    return replace(one, code=resident_record_code(2), number=individual_number(2))


# Numbered


GROWING = FileForm("growing", Known, BY_NAME_AND_BIRTH)


def test_a_record_has_the_number_that_it_was_given_and_none_comes_again(
    open_store: OpenStore, sealer: Sealer, one: Known
) -> None:
    store, file = open_store(PLAIN.tables), SealedFile(PLAIN, sealer)
    first = store.write_now(lambda tx: file.add(tx, one))

    assert store.read_now(lambda tx: file.numbered(tx, first)) == one
    store.write_now(lambda tx: file.forget(tx, one))
    assert store.read_now(lambda tx: file.numbered(tx, first)) is None
    assert store.write_now(lambda tx: file.add(tx, one)) > first


def test_a_file_that_only_grows_holds_the_same_twice_and_forgets_none(
    open_store: OpenStore, sealer: Sealer, one: Known
) -> None:
    store, file = open_store(GROWING.tables), SealedFile(GROWING, sealer)
    shared = NameAndBirth(one.attributes.name, one.attributes.birth_date)
    numbers = [store.write_now(lambda tx: file.add(tx, one)) for _ in range(2)]

    assert numbers[0] < numbers[1]
    assert list(store.read_now(lambda tx: file.find_all(tx, BY_NAME_AND_BIRTH, shared))) == [
        one,
        one,
    ]
    for change in (lambda tx: file.forget(tx, one), lambda tx: file.replace(tx, one, one)):
        with pytest.raises(ValueError, match="many records may have the same"):
            store.write_now(change)


# Found


def test_a_record_is_found_by_each_of_its_keys_as_it_was_added(
    plain: Office, one: Known, other: Known
) -> None:
    plain.add(replace(one, note="ひとり目"))
    plain.add(other)

    found = replace(one, note="ひとり目")
    assert plain.by_code(one.code) == plain.by_number(individual_number(1)) == found
    assert plain.by_code(resident_record_code(3)) is None
    assert plain.by_number(individual_number(3)) is None


def test_all_who_share_a_key_are_found_in_the_order_in_which_they_came(
    plain: Office, one: Known, other: Known
) -> None:
    namesake_of_another_day = replace(
        one,
        code=resident_record_code(3),
        number=None,
        attributes=replace(one.attributes, birth_date=date(1970, 2, 1)),
    )
    plain.add(other, one, namesake_of_another_day)

    assert plain.by_name_and_birth(one) == [other, one]
    assert plain.by_name_and_birth(namesake_of_another_day) == [namesake_of_another_day]


def test_of_many_who_may_share_a_key_none_is_taken_for_the_one(plain: Office, one: Known) -> None:
    plain.add(one)
    shared = NameAndBirth(one.attributes.name, one.attributes.birth_date)

    with pytest.raises(ValueError, match="many records may have the same name_and_birth"):
        plain.store.read_now(lambda tx: plain.file.find(tx, BY_NAME_AND_BIRTH, shared))


def test_many_may_lack_a_key_and_are_not_found_by_it(
    plain: Office, one: Known, other: Known
) -> None:
    without = [replace(one, number=None), replace(other, number=None)]
    plain.add(*without)

    assert plain.by_number(individual_number(1)) is None
    assert [plain.by_code(one.code), plain.by_code(other.code)] == without


def test_many_are_looked_for_at_once_and_each_answer_is_in_its_place(
    plain: Office, one: Known, other: Known
) -> None:
    plain.add(one, other)
    codes = [other.code, resident_record_code(3), one.code]

    found = plain.store.read_now(lambda tx: plain.file.find_each(tx, BY_CODE, codes))

    assert found == [other, None, one]


def test_a_find_is_one_statement(plain: Office, one: Known) -> None:
    plain.add(one)
    ran: list[str] = []

    class Heard:
        """The driver, which tells what it is asked to run."""

        def __init__(self, driver: Any) -> None:
            self._driver = driver

        def __getattr__(self, name: str) -> Any:
            return getattr(self._driver, name)

        def execute(self, statement: str, *values: object) -> Any:
            ran.append(statement)
            return self._driver.execute(statement, *values)

    def traced(tx: Connection) -> None:
        driver, tx.driver = tx.driver, Heard(tx.driver)
        plain.file.find(tx, BY_CODE, one.code)
        tx.driver = driver

    plain.store.read_now(traced)

    assert [statement.split()[0] for statement in ran] == ["SELECT"]


# Added


def test_nobody_is_added_twice_by_any_unique_key_and_of_many_none_remains(
    plain: Office, one: Known, other: Known
) -> None:
    plain.add(one)

    for again in (replace(other, code=one.code), replace(other, number=one.number)):
        with pytest.raises((sqlite3.IntegrityError, psycopg.IntegrityError)):
            plain.add(replace(other, code=resident_record_code(9), number=None), again)

    assert plain.every() == [one]


def test_one_by_one_and_all_at_once_come_to_the_same(
    plain: Office, kept: Office, one: Known, other: Known
) -> None:
    plain.add(one, other)
    for each in (one, other):
        kept.store.write_now(lambda tx, each=each: kept.file.add(tx, each))

    assert plain.every() == kept.every() == [one, other]


# Changed


def test_a_record_that_was_replaced_is_found_by_what_it_is_now_alone(
    plain: Office, one: Known, other: Known
) -> None:
    plain.add(one, other)
    now = replace(
        one,
        number=individual_number(7),
        attributes=replace(one.attributes, name="鈴木　花子"),
    )

    plain.replace(one, now)

    assert plain.by_number(individual_number(7)) == plain.by_code(one.code) == now
    assert plain.by_number(individual_number(1)) is None
    assert plain.by_name_and_birth(one) == [other]


def test_what_is_not_held_or_not_as_it_is_told_is_neither_replaced_nor_forgotten(
    plain: Office, one: Known, other: Known
) -> None:
    plain.add(one)
    stale = replace(one, note="as somebody thinks it is")

    for was in (other, stale):
        for change in (lambda was=was: plain.replace(was, one), lambda was=was: plain.forget(was)):
            with pytest.raises(LookupError):
                change()

    assert plain.every() == [one]


async def test_what_was_forgotten_is_gone_from_the_file_and_its_disk(
    plain: Office, one: Known, other: Known, place: Place
) -> None:
    plain.add(one, other)
    (held,) = _held(plain.store, "plain", 1)
    assert held in on_disk(place)

    plain.forget(one)
    await plain.store.tidy(at_once=True)

    assert plain.by_code(one.code) is None
    assert plain.every() == [other]
    assert held not in on_disk(place)


# What was before


def test_a_history_tells_what_a_record_was_until_when_and_why_oldest_first(
    kept: Office, one: Known, other: Known
) -> None:
    kept.add(one, other)
    second = replace(one, note="second")
    third = replace(second, number=individual_number(7))

    kept.replace(one, second, CORRECTED)
    kept.replace(second, third, MOVED)

    told = [Earlier(one, CORRECTED), Earlier(second, MOVED)]
    assert kept.earlier(individual_number(7)) == told
    assert kept.earlier(individual_number(1)) == told, "also by what the number was then"
    assert kept.earlier(individual_number(2)) == []
    assert kept.by_code(one.code) == third


def test_a_forgotten_record_stays_in_the_history_and_whoever_comes_next_has_none_of_it(
    kept: Office, one: Known, other: Known
) -> None:
    kept.add(one)
    kept.forget(one, MOVED)
    kept.add(other)
    kept.replace(other, replace(other, note="other"), CORRECTED)

    assert kept.earlier(individual_number(1)) == [Earlier(one, MOVED)]
    assert kept.earlier(individual_number(2)) == [Earlier(other, CORRECTED)]


def test_without_a_reason_a_file_with_a_history_changes_nothing(kept: Office, one: Known) -> None:
    kept.add(one)

    for change in (lambda: kept.replace(one, replace(one, note="x")), lambda: kept.forget(one)):
        with pytest.raises(ValueError, match="told why"):
            change()

    assert (kept.every(), kept.earlier(individual_number(1))) == ([one], [])


def test_a_reason_for_which_there_is_no_place_is_not_dropped_in_silence(
    plain: Office, one: Known
) -> None:
    plain.add(one)

    with pytest.raises(ValueError, match="no other"):
        plain.replace(one, replace(one, note="x"), CORRECTED)

    assert plain.every() == [one]


def test_earlier_versions_are_erased_once_they_ended_long_enough_ago(
    kept: Office, one: Known
) -> None:
    kept.add(one)
    kept.replace(one, second := replace(one, note="second"), CORRECTED)
    kept.replace(second, replace(one, note="third"), MOVED)

    erased = kept.store.write_now(lambda tx: kept.file.erase_earlier(tx, MOVED.at))

    assert erased == 1
    assert kept.earlier(individual_number(1)) == [Earlier(second, MOVED)]


# Shown


def test_the_files_show_nothing_of_anybody(kept: Office, one: Known, place: Place) -> None:
    kept.add(replace(one, note="秘密の備考"))
    kept.replace(replace(one, note="秘密の備考"), one, Change(NOON, "死亡による消除"))

    raw = on_disk(place)

    assert b"kept_history" in raw
    shown = [
        one.code.digits,
        individual_number(1).digits,
        "山田",
        "花子",
        "1970-01-31",
        "秘密",
        "死亡",
    ]
    assert [value for value in shown if value.encode() in raw] == []


@pytest.mark.parametrize("stolen_from", ["kept", "kept_history"])
def test_a_record_is_opened_in_its_own_file_alone(
    plain: Office, kept: Office, one: Known, stolen_from: str
) -> None:
    plain.add(one)
    kept.add(one)
    kept.replace(one, replace(one, note="x"), CORRECTED)
    put = text(f"UPDATE plain SET record = (SELECT record FROM {stolen_from})")  # noqa: S608 - of our own words
    plain.store.write_now(lambda tx: tx.execute(put))

    with pytest.raises(InvalidTag):
        plain.by_code(one.code)


def test_a_key_tells_nothing_of_a_person_in_another_file(
    plain: Office, kept: Office, one: Known
) -> None:
    plain.add(one)
    kept.add(one)
    kept.replace(one, replace(one, note="x"), CORRECTED)

    def index(file: str) -> bytes:
        statement = text(f"SELECT individual_number FROM {file}")  # noqa: S608 - of our own words
        found: bytes = plain.store.read_now(lambda tx: tx.alchemy.scalar(statement))
        return found

    indexes = {index(file) for file in ("plain", "kept", "kept_history")}

    assert len(indexes) == 3


@dataclass(frozen=True, slots=True)
class _ShowsAName:
    code: ResidentRecordCode
    name: str


@dataclass(frozen=True, slots=True)
class _ShowsADay:
    code: ResidentRecordCode
    since: date | None = None


@dataclass(frozen=True, slots=True)
class _HoldsOneThatShows:
    code: ResidentRecordCode
    held: _ShowsAName | None


@pytest.mark.parametrize(
    ("record", "shown"),
    [(_ShowsAName, "name"), (_ShowsADay, "since"), (_HoldsOneThatShows, "held"), (str, "value")],
)
def test_a_record_that_would_show_something_of_itself_makes_no_file(
    record: type[object], shown: str
) -> None:
    with pytest.raises(TypeError, match=f"{record.__name__} shows its {shown}"):
        FileForm("shown", record, Key("code", lambda _: None))


def test_neither_a_record_nor_why_it_changed_is_shown(one: Known) -> None:
    shown = repr([replace(one, note="秘密"), Earlier(one, Change(NOON, "死亡"))])

    hidden = ("山田", "1970", individual_number(1).digits, one.code.digits, "秘密", "死亡")
    assert [value for value in hidden if value in shown] == []


def _held(store: Store, file: str, number: int) -> tuple[bytes]:
    """What lies sealed in a row."""
    statement = f"SELECT record FROM {file} ORDER BY number LIMIT 1 OFFSET {number - 1}"  # noqa: S608 - of our own words
    held: bytes = store.read_now(lambda tx: tx.execute(text(statement)).scalar_one())
    return (held,)
