"""What a log tells a person of their own records, and that it proves itself."""

from datetime import datetime, timedelta

import pytest

from renkei.networks import LINKAGE
from renkei.personal_records import AT_ONCE, PersonalRecords
from renkei_pki import keys
from renkei_pki.identity import Identity
from renkei_pki.person_check import Seen, check_person
from renkei_pki.signing import SigningKey, VerifyingKey
from renkei_server.store.engine import record_log
from renkei_server.store.engine.record_log import RecordLog
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.engine.store import Store
from tests.pki.test_person_check import content
from tests.server.world import NOON, CountedIds, OpenStore

HANAKO, TARO = b"link id of Hanako", b"link id of Taro"
LATER = NOON + timedelta(days=1)

_KEY = keys.new_key()
KEY, PUBLIC = SigningKey(_KEY), VerifyingKey(_KEY.public_key())


@pytest.fixture
def store(open_store: OpenStore) -> Store:
    return open_store(record_log.TABLES)


@pytest.fixture
def log(sealer: Sealer, ids: CountedIds) -> RecordLog:
    return RecordLog(sealer, ids, Identity(LINKAGE, "ipn", "provision-network"))


def write(
    store: Store, log: RecordLog, person: bytes, *, shown: bool = True, at: datetime = NOON
) -> None:
    store.write_now(
        lambda connection: log.append(connection, content(1), person=person, shown=shown, at=at)
    )


def told(store: Store, log: RecordLog, person: bytes, first: int = 0) -> PersonalRecords:
    return store.read_now(lambda c: log.told(c, person, log.head(c, KEY, at=LATER), first))


def numbers(records: PersonalRecords) -> list[int]:
    return [one.number for one in records.records]


def test_a_person_is_told_what_is_shown_of_them_and_of_nobody_else(
    store: Store, log: RecordLog
) -> None:
    for person, shown in ((HANAKO, True), (TARO, True), (HANAKO, False), (HANAKO, True)):
        write(store, log, person, shown=shown)

    of_hanako = told(store, log, HANAKO)

    assert (of_hanako.shown, numbers(of_hanako)) == (2, [1, 2])
    assert [one.leaf for one in of_hanako.records] == [0, 3]
    assert check_person(of_hanako, PUBLIC).sound


def test_somebody_whom_the_log_does_not_know_is_told_nothing(store: Store, log: RecordLog) -> None:
    write(store, log, HANAKO)

    assert (told(store, log, TARO).shown, told(store, log, TARO).records) == (0, ())
    assert check_person(told(store, log, TARO), PUBLIC).sound


@pytest.mark.parametrize(("first", "expected"), [(-1, [1, 2, 3]), (2, [2, 3]), (4, [])])
def test_records_are_told_from_a_number_on(
    store: Store, log: RecordLog, first: int, expected: list[int]
) -> None:
    for _ in range(3):
        write(store, log, HANAKO)

    records = told(store, log, HANAKO, first)

    assert (records.shown, numbers(records)) == (3, expected)
    assert check_person(records, PUBLIC).sound


def test_so_many_are_told_at_once_and_the_rest_from_there_on(store: Store, log: RecordLog) -> None:
    for _ in range(AT_ONCE + 2):
        write(store, log, HANAKO)

    page = check_person(told(store, log, HANAKO), PUBLIC)
    assert page.sound
    assert page.last
    rest = told(store, log, HANAKO, page.last.number + 1)

    assert numbers(rest) == [AT_ONCE + 1, AT_ONCE + 2]
    assert check_person(rest, PUBLIC, seen=page.last).sound
    assert not check_person(rest, PUBLIC, seen=Seen(AT_ONCE, bytes(32))).sound


def test_what_was_erased_still_counts_and_what_is_left_is_proven(
    store: Store, log: RecordLog
) -> None:
    for at in (NOON, NOON, LATER):
        write(store, log, HANAKO, at=at)
    seen = check_person(told(store, log, HANAKO), PUBLIC).last
    store.write_now(lambda connection: log.erase_older(connection, LATER))

    records = told(store, log, HANAKO)

    assert (records.shown, numbers(records)) == (3, [3])
    assert check_person(records, PUBLIC, first=3, seen=seen).sound
