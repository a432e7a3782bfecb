"""Serials at the information provision network: their tombstones tell used from never issued."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine

from renkei import reasons
from renkei.codes import Institution
from renkei.refusals import Refusal
from renkei_server.domain.serials import Serial, SerialState, judge_use
from renkei_server.store.codes import serials
from renkei_server.store.codes.serials import Serials
from renkei_server.store.engine.boxes import KEY_BYTES
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.numbers import Numbers
from renkei_server.store.engine.places import Place
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.engine.store import Store, tables
from tests.server.world import NOON, OpenStore, serial

from .conftest import on_disk, rows

OWNER = Institution("131148")
HOUR, MICROSECOND = timedelta(hours=1), timedelta(microseconds=1)


@pytest.fixture
def store(open_store: OpenStore) -> Store:
    return open_store(serials.TABLES)


@pytest.fixture
def issued(sealer: Sealer) -> Serials:
    return Serials(sealer)


def issue(store: Store, issued: Serials, count: int, lifetime: timedelta = HOUR) -> str:
    return store.write_now(
        lambda connection: issued.issue(connection, serial(count), OWNER, NOON + lifetime)
    )


def find(store: Store, issued: Serials, count: int) -> Serial | None:
    return store.read_now(lambda connection: issued.find(connection, serial(count)))


def test_a_serial_is_known_by_owner_and_expiry(store: Store, issued: Serials) -> None:
    key = issue(store, issued, 1)

    assert find(store, issued, 1) == Serial(OWNER, NOON + HOUR, SerialState.ISSUED)
    assert find(store, issued, 2) is None
    told = store.read_now(lambda connection: issued.issued(connection, key))
    assert told == (serial(1), NOON + HOUR)


def test_a_used_serial_stays_known_and_is_told_no_more(store: Store, issued: Serials) -> None:
    key, other = issue(store, issued, 1), issue(store, issued, 2)

    store.write_now(lambda connection: issued.use(connection, serial(1)))

    assert find(store, issued, 1) == Serial(OWNER, NOON + HOUR, SerialState.USED)
    told = store.read_now(lambda connection: issued.issued(connection, key))
    assert told == (None, NOON + HOUR)
    assert store.read_now(lambda connection: issued.issued(connection, other))[0] == serial(2)


async def test_a_used_serial_is_erased(store: Store, issued: Serials, place: Place) -> None:
    issue(store, issued, 1)
    ((sealed,),) = rows(store, "SELECT serial FROM serials")
    assert sealed in on_disk(place)

    store.write_now(lambda connection: issued.use(connection, serial(1)))
    await store.tidy(at_once=True)

    assert sealed not in on_disk(place)


def test_serials_expire_when_their_time_has_come(store: Store, issued: Serials) -> None:
    for count, hours in ((1, 3), (2, 1), (3, 2)):
        issue(store, issued, count, hours * HOUR)

    def expired(hours: int) -> list[str]:
        swept = store.write_now(lambda c: issued.expire(c, NOON + hours * HOUR, 10))
        assert {known.state for _, known in swept} <= {SerialState.EXPIRED}
        return [one.value for one, _ in swept]

    assert not store.read_now(lambda connection: issued.any_expired(connection, NOON))
    assert expired(0) == []
    assert store.read_now(lambda connection: issued.any_expired(connection, NOON + 2 * HOUR))
    assert expired(2) == [serial(2).value, serial(3).value]
    assert expired(2) == []
    assert find(store, issued, 2) == Serial(OWNER, NOON + HOUR, SerialState.EXPIRED)
    assert find(store, issued, 1) == Serial(OWNER, NOON + 3 * HOUR, SerialState.ISSUED)


def test_a_few_expire_at_a_time_the_oldest_first(store: Store, issued: Serials) -> None:
    for count in (3, 1, 2):
        issue(store, issued, count, count * HOUR)

    swept = store.write_now(lambda connection: issued.expire(connection, NOON + 9 * HOUR, 2))

    assert [one for one, _ in swept] == [serial(1), serial(2)]


def test_a_used_serial_does_not_expire(store: Store, issued: Serials) -> None:
    issue(store, issued, 1)
    store.write_now(lambda connection: issued.use(connection, serial(1)))

    assert store.write_now(lambda c: issued.expire(c, NOON + 9 * HOUR, 10)) == []
    assert find(store, issued, 1) == Serial(OWNER, NOON + HOUR, SerialState.USED)


@given(st.lists(st.timedeltas(-HOUR, HOUR), max_size=5), st.timedeltas(-HOUR, HOUR))
def test_the_sweep_and_the_judge_agree_to_the_microsecond(
    expiries: list[timedelta], passed: timedelta
) -> None:
    issued = Serials(Sealer(b"k" * KEY_BYTES))
    expiries = [*expiries, passed, passed + MICROSECOND]
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        tables(serials.TABLES).create_all(connection)
        tx = Connection(connection)
        tx.draw = Numbers().draw
        for count, expiry in enumerate(expiries):
            issued.issue(tx, serial(count), OWNER, NOON + expiry)
        known = [issued.find(tx, serial(count)) for count in range(len(expiries))]

        swept = issued.expire(tx, NOON + passed, 99)
    engine.dispose()

    refused = {serial(n) for n, one in enumerate(known) if is_expired(one, NOON + passed)}
    assert {one for one, _ in swept} == refused


def is_expired(known: Serial | None, now: datetime) -> bool:
    """Whether a use now would be refused for that reason."""
    try:
        judge_use(known, OWNER, now)
    except Refusal as refusal:
        return refusal.reason is reasons.SERIAL_EXPIRED
    return False


def test_the_file_does_not_show_a_serial(store: Store, issued: Serials, place: Place) -> None:
    issue(store, issued, 1)

    raw = on_disk(place)

    assert b"131148" in raw
    assert serial(1).value.encode() not in raw
