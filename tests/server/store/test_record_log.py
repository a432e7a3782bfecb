"""The record log: what was written stays provable, found by its person, and forgotten in time."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import (
    LargeBinary,
    MetaData,
    Table,
    create_engine,
    literal,
    select,
    update,
)

from renkei import reasons
from renkei.networks import LINKAGE
from renkei.refusals import Refusal
from renkei_pki import keys, merkle
from renkei_pki.identity import Identity
from renkei_pki.log_check import FaultKind, Report, check
from renkei_pki.log_export import NO_HASH, Place, Whole, Withheld
from renkei_pki.log_heads import SignedHead
from renkei_pki.merkle import HASH_BYTES, leaf_hash
from renkei_pki.signing import SigningKey, VerifyingKey
from renkei_server.store.engine import places, record_log
from renkei_server.store.engine.boxes import KEY_BYTES
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.record_log import Record, RecordLog
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.engine.store import Store
from tests.server.world import NOON, CountedIds, OpenStore

from .conftest import on_disk

ORIGIN = Identity(LINKAGE, "131148", "middle-server")
HANAKO, TARO = b"link id of Hanako", b"link id of Taro"

_KEY = keys.new_key()
KEY, PUBLIC = SigningKey(_KEY), VerifyingKey(_KEY.public_key())

RECORDS: Table = record_log.TABLES[0]


@pytest.fixture
def store(open_store: OpenStore) -> Store:
    return open_store(record_log.TABLES)


@pytest.fixture
def log(sealer: Sealer, ids: CountedIds) -> RecordLog:
    return RecordLog(sealer, ids, ORIGIN)


def appending(
    log: RecordLog,
    content: bytes,
    person: bytes = HANAKO,
    *,
    shown: bool = True,
    at: datetime = NOON,
) -> Callable[[Connection], int]:
    """The use case that writes a record."""
    return lambda connection: log.append(connection, content, person=person, shown=shown, at=at)


def head(store: Store, log: RecordLog, at: datetime = NOON) -> SignedHead:
    """The head of the log as it is."""
    return store.read_now(lambda connection: log.head(connection, KEY, at=at))


def export(store: Store, log: RecordLog, signed: SignedHead, *, contents: bool = True) -> list[str]:
    """The lines of an export."""
    return store.read_now(
        lambda connection: list(log.export(connection, signed, contents=contents))
    )


def judged(store: Store, log: RecordLog, older: SignedHead | None = None) -> Report:
    """What somebody from outside says of the log now."""
    return check(export(store, log, head(store, log)), PUBLIC, older=older)


def of(store: Store, log: RecordLog, person: bytes) -> list[Record]:
    """What is kept about a person."""
    return store.read_now(lambda connection: log.concerning(connection, person))


def hash_at(store: Store, leaf: int) -> bytes:
    """A leaf's hash."""
    statement = select(RECORDS.c.hashes).where(RECORDS.c.leaf == leaf)
    hashes: bytes = store.read_now(lambda connection: connection.scalars(statement).one())
    return hashes[:HASH_BYTES]


def test_records_are_leaves_in_the_order_in_which_they_were_written(
    store: Store, log: RecordLog
) -> None:
    written = [store.write_now(appending(log, b"%d" % number)) for number in range(5)]

    assert written == [0, 1, 2, 3, 4]
    assert [one.content for one in of(store, log, HANAKO)] == [b"0", b"1", b"2", b"3", b"4"]
    assert head(store, log).head.size == 5
    assert head(store, log).verify(PUBLIC)


def test_a_record_is_found_as_it_was_written_and_by_its_person_alone(
    store: Store, log: RecordLog
) -> None:
    store.write_now(appending(log, b"asked by the tax office"))
    store.write_now(appending(log, b"asked by the pension office", TARO))

    assert of(store, log, HANAKO) == [
        Record(0, NOON, hash_at(store, 0), Place(1), b"asked by the tax office")
    ]
    assert of(store, log, HANAKO[:-1]) == []
    assert b"tax" not in repr(of(store, log, HANAKO)).encode()


def test_shown_records_are_numbered_person_by_person_and_each_names_the_one_before_it(
    store: Store, log: RecordLog
) -> None:
    for person, shown in (
        (HANAKO, True),
        (TARO, True),
        (HANAKO, False),
        (HANAKO, True),
        (TARO, False),
        (TARO, True),
    ):
        store.write_now(appending(log, b"x", person, shown=shown))

    def places(person: bytes) -> list[Place]:
        shown = store.read_now(lambda connection: log.shown_to(connection, person))
        return [one.place for one in shown]

    assert places(HANAKO) == [Place(1, NO_HASH), Place(2, hash_at(store, 0))]
    assert places(TARO) == [Place(1, NO_HASH), Place(2, hash_at(store, 1))]
    assert [one.place.number for one in of(store, log, HANAKO)] == [1, 0, 2]


def test_the_same_record_twice_makes_two_leaves_that_nobody_can_tell_to_be_the_same(
    store: Store, log: RecordLog
) -> None:
    for _ in range(2):
        store.write_now(appending(log, b"x", shown=False))

    assert hash_at(store, 0) != hash_at(store, 1)


def test_a_record_about_nobody_or_at_no_certain_time_is_not_written(
    store: Store, log: RecordLog
) -> None:
    with pytest.raises(ValueError, match="somebody"):
        store.write_now(appending(log, b"x", b""))
    with pytest.raises(ValueError, match="zone"):
        store.write_now(appending(log, b"x", at=NOON.replace(tzinfo=None)))

    assert head(store, log).head.size == 0
    assert judged(store, log).sound


def test_every_record_is_proved_to_be_in_the_log_of_every_later_size(
    store: Store, log: RecordLog
) -> None:
    heads = [head(store, log).head]
    for number in range(20):
        store.write_now(appending(log, b"%d" % number))
        heads.append(head(store, log).head)

    def prove(connection: Connection) -> None:
        for size, then in enumerate(heads):
            for leaf, hashed in enumerate(hashes[:size]):
                proof = log.inclusion(connection, leaf, size)
                assert merkle.includes(then.root, size, leaf, hashed, proof)
                assert not merkle.includes(then.root, size, leaf, leaf_hash(b"x"), proof)
            proof = log.consistency(connection, size, 20)
            assert merkle.extends(then.root, size, heads[20].root, 20, proof)

    hashes = [hash_at(store, leaf) for leaf in range(20)]
    store.read_now(prove)


def test_what_the_log_does_not_have_it_does_not_prove(store: Store, log: RecordLog) -> None:
    store.write_now(appending(log, b"x"))

    with pytest.raises(ValueError, match="no leaf 1"):
        store.read_now(lambda connection: log.inclusion(connection, 1, 1))
    with pytest.raises(LookupError):
        store.read_now(lambda connection: log.inclusion(connection, 0, 2))
    with pytest.raises(LookupError):
        store.read_now(lambda connection: log.consistency(connection, 1, 2))


def test_a_record_whose_use_case_fails_leaves_no_trace(store: Store, log: RecordLog) -> None:
    store.write_now(appending(log, b"first"))
    before, kept = head(store, log), _rows(store)

    def failing(connection: Connection) -> None:
        appending(log, b"second")(connection)
        appending(log, b"third", TARO)(connection)
        raise Refusal(reasons.PERSON_NOT_HELD)

    with pytest.raises(Refusal):
        store.write_now(failing)

    assert _rows(store) == kept
    assert head(store, log).head == before.head
    assert store.write_now(appending(log, b"second")) == 1
    assert [one.place.number for one in of(store, log, HANAKO)] == [1, 2]
    assert judged(store, log, older=before).sound


async def test_of_use_cases_that_share_a_commit_the_failing_one_leaves_no_trace(
    store: Store, log: RecordLog
) -> None:
    def failing(connection: Connection) -> int:
        appending(log, b"lost")(connection)
        raise Refusal(reasons.PERSON_NOT_HELD)

    works = [appending(log, b"first"), failing, appending(log, b"second")]

    outcomes = await asyncio.gather(*map(store.write, works), return_exceptions=True)

    assert [one for one in outcomes if isinstance(one, int)] == [0, 1]
    assert [one.content for one in of(store, log, HANAKO)] == [b"first", b"second"]
    assert judged(store, log).sound


def _rows(store: Store) -> list[object]:
    """Every row of the log's tables."""
    return store.read_now(
        lambda connection: [
            tuple(row) for table in record_log.TABLES for row in connection.execute(select(table))
        ]
    )


def test_the_log_goes_on_where_it_was_when_the_server_starts_again(
    store: Store, log: RecordLog, open_store: OpenStore, sealer: Sealer
) -> None:
    for number in range(6):
        store.write_now(appending(log, b"%d" % number))
    kept = head(store, log)
    store.close()

    store = open_store(record_log.TABLES)
    log = RecordLog(sealer, CountedIds(), ORIGIN)
    store.write_now(appending(log, b"6"))

    assert head(store, log).head.size == 7
    assert of(store, log, HANAKO)[-1].place.number == 7
    assert judged(store, log, older=kept).sound


def test_erasing_forgets_the_old_and_leaves_the_rest_provable(store: Store, log: RecordLog) -> None:
    old = NOON.replace(year=NOON.year - 8)
    for at in (old, old, NOON):
        store.write_now(appending(log, b"x", at=at))
    kept = head(store, log)
    before = NOON.replace(year=NOON.year - 7)

    assert store.write_now(lambda connection: log.erase_older(connection, before)) == 2
    assert store.write_now(lambda connection: log.erase_older(connection, before)) == 0

    (left,) = of(store, log, HANAKO)
    assert left.place == Place(3, hash_at(store, 1))
    assert head(store, log).head == kept.head
    assert judged(store, log, older=kept).sound
    store.write_now(appending(log, b"y"))
    assert of(store, log, HANAKO)[-1].place.number == 4
    assert judged(store, log, older=kept).sound


def test_a_record_of_the_very_moment_is_not_older(store: Store, log: RecordLog) -> None:
    store.write_now(appending(log, b"x", at=NOON + timedelta(milliseconds=1)))
    erased = store.write_now(
        lambda connection: log.erase_older(connection, NOON + timedelta(milliseconds=999))
    )

    assert erased == 0


async def test_what_was_erased_is_gone_from_the_files_with_its_salt_and_index(
    store: Store, log: RecordLog, place: places.Place
) -> None:
    for number in range(50):
        await store.write(appending(log, bytes(10 * number), at=NOON + timedelta(days=number % 2)))
    rows = store.read_now(lambda connection: list(connection.execute(select(RECORDS))))
    await store.tidy(at_once=True)
    before = on_disk(place)

    await store.write(lambda connection: log.erase_older(connection, NOON + timedelta(hours=1)))
    await store.tidy(at_once=True)

    after = on_disk(place)
    for row in rows:
        erased = row.leaf % 2 == 0
        assert row.record[:40] in before
        assert (row.record[:40] in after) != erased
        assert row.hashes in after
    assert rows[0].person_index in after  # the other half is found by it
    await store.write(lambda connection: log.erase_older(connection, NOON + timedelta(days=2)))
    await store.tidy(at_once=True)
    assert rows[0].person_index in before
    assert rows[0].person_index not in on_disk(place)


def test_the_file_shows_neither_person_nor_content(
    store: Store, log: RecordLog, place: places.Place
) -> None:
    store.write_now(appending(log, b"asked by the tax office"))

    raw = on_disk(place)

    assert b"record_log_counters" in raw
    for hidden in (HANAKO, b"tax office"):
        assert hidden not in raw


def test_an_export_without_contents_is_as_good_a_proof_and_shows_none(
    store: Store, log: RecordLog
) -> None:
    for content in (b"asked by the tax office", b"asked by the pension office"):
        store.write_now(appending(log, content))
    signed = head(store, log)

    whole = export(store, log, signed)
    without = export(store, log, signed, contents=False)

    reports = [check(lines, PUBLIC) for lines in (whole, without)]
    assert all(report.sound for report in reports)
    assert [report.bodies for report in reports] == [{Whole: 2}, {Withheld: 2}]
    assert "content" in "".join(whole)
    assert not {"content", "salt"} & set("".join(without).split('"'))


def test_an_export_is_of_the_log_as_it_was_at_its_head(store: Store, log: RecordLog) -> None:
    store.write_now(appending(log, b"x"))
    then = head(store, log)
    store.write_now(appending(log, b"y"))

    assert len(export(store, log, then)) == 2
    assert check(export(store, log, then), PUBLIC).sound


def tampering(**values: object) -> Callable[[Connection], object]:
    """What somebody does to the second record who has the database, but no key."""
    return lambda connection: connection.execute(
        update(RECORDS).where(RECORDS.c.leaf == 1).values(**_as_they_are(values))
    )


def deleting(connection: Connection) -> object:
    """Somebody deletes the second record."""
    return connection.execute(RECORDS.delete().where(RECORDS.c.leaf == 1))


def exchanging(connection: Connection) -> None:
    """Somebody exchanges what the first two records say."""
    kept = select(RECORDS.c.record).where(RECORDS.c.leaf < 2).order_by(RECORDS.c.leaf)
    first, second = connection.scalars(kept)
    for leaf, record in ((0, second), (1, first)):
        changed = update(RECORDS).where(RECORDS.c.leaf == leaf)
        connection.execute(changed.values(**_as_they_are({"record": record})))


def _as_they_are(values: dict[str, object]) -> dict[str, object]:
    """Values that are written past every statement of ours."""
    return {
        name: literal(value, LargeBinary) if isinstance(value, bytes) else value
        for name, value in values.items()
    }


@pytest.mark.parametrize(
    ("tamper", "faults"),
    [
        (tampering(record=None), [FaultKind.ERASED_EARLY]),
        (tampering(record=b"x" * 200), [FaultKind.ERASED_EARLY]),
        (tampering(at="2019-01-01T00:00:00Z"), [FaultKind.ALTERED]),
        (
            tampering(hashes=bytes(64)),
            [FaultKind.ALTERED, FaultKind.CHAIN_HOLE, FaultKind.ROOT],
        ),
        (deleting, [FaultKind.MISSING, FaultKind.CHAIN_HOLE]),
        (exchanging, [FaultKind.ALTERED, FaultKind.ALTERED]),
    ],
)
def test_what_was_done_to_the_database_is_found(
    store: Store,
    log: RecordLog,
    tamper: Callable[[Connection], object],
    faults: list[FaultKind],
) -> None:
    for number in range(4):
        store.write_now(appending(log, b"%d" % number))
    assert judged(store, log).sound

    store.write_now(tamper)

    assert [fault.kind for fault in judged(store, log).faults] == faults


STEPS = st.lists(
    st.tuples(st.sampled_from([HANAKO, TARO]), st.booleans(), st.booleans()), max_size=30
)


@given(steps=STEPS)
def test_no_honest_history_looks_like_a_fault(
    steps: list[tuple[bytes, bool, bool]],
) -> None:
    engine = create_engine("sqlite://")
    metadata = MetaData()
    for table in record_log.TABLES:
        table.to_metadata(metadata)
    log = RecordLog(Sealer(b"k" * KEY_BYTES), CountedIds(), ORIGIN)
    now = NOON
    with engine.begin() as made:
        metadata.create_all(made)
        connection = Connection(made)
        kept = log.head(connection, KEY, at=now)
        for person, shown, years_pass in steps:
            log.append(connection, b"x", person=person, shown=shown, at=now)
            if years_pass:
                kept = log.head(connection, KEY, at=now)
                now = now.replace(year=now.year + 4)
                log.erase_older(connection, now.replace(year=now.year - 7))
        lines = list(log.export(connection, log.head(connection, KEY, at=now)))
    engine.dispose()

    assert check(lines, PUBLIC, older=kept).faults == ()
