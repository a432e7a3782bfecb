"""What is kept for a term is there until its last day in Japan has passed, and gone after it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from renkei.change_reasons import ChangeReason
from renkei.codes import Institution, ResidentRecordCode
from renkei.identities import IdentityNotification
from renkei.persons import FourAttributes
from renkei.recorded_days import RecordedDay
from renkei_server.domain.days import JAPAN
from renkei_server.domain.identity_changes import HeldIdentity
from renkei_server.store.engine import erasures
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.files import SealedFile
from renkei_server.store.engine.histories import Change
from renkei_server.store.engine.operations import Operation, OperationLog
from renkei_server.store.engine.places import Place
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.engine.store import Store
from renkei_server.store.identities import identity_file, incoming
from renkei_server.store.identities.identity_file import (
    BY_CODE,
    BY_NUMBER,
    FORM,
    IdentityFile,
    known_at,
)
from renkei_server.store.identities.incoming import Incoming
from renkei_server.store.retention import Retention, Term, of_file, of_operations
from tests.server.world import (
    NOON,
    OpenStore,
    SetClock,
    identity_items,
    individual_number,
    resident_record_code,
)

from .conftest import on_disk

NAKANO = Institution("131148")
CODE, OTHER_CODE = resident_record_code(1), resident_record_code(2)
METHOD = "/renkei.ward.v1.ResidentService/GetNotification"


@pytest.fixture
def store(open_store: OpenStore) -> Store:
    return open_store(identity_file.TABLES, incoming.TABLES, erasures.TABLES)


@pytest.fixture
def file(sealer: Sealer) -> IdentityFile:
    return SealedFile(FORM, sealer)


@pytest.fixture
def came(sealer: Sealer) -> Incoming:
    return Incoming(sealer)


@pytest.fixture
def terms(file: IdentityFile, came: Incoming) -> tuple[Term, ...]:
    def forget(connection: Connection, held: HeldIdentity) -> None:
        for origin, code in known_at(file, connection, held):
            came.forget(connection, origin, code)

    return tuple(of_file("persons", file, forget))


@pytest.fixture
def person(attributes: FourAttributes) -> HeldIdentity:
    return HeldIdentity(identity_items(attributes, resident_record_code=CODE), NAKANO)


async def erase(store: Store, terms: tuple[Term, ...], day: date) -> int:
    """What a seat erases at the last second of a day in Japan."""
    end = datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=JAPAN)
    return await Retention(store=store, terms=terms, clock=SetClock(end)).run_once()


@pytest.mark.parametrize(
    ("removed_on", "last_day"),
    [
        (date(2026, 11, 1), date(2176, 11, 1)),
        (date(2024, 2, 29), date(2174, 2, 28)),
        (date(2030, 1, 31), date(2180, 1, 31)),
    ],
)
async def test_who_was_removed_is_found_by_number_for_150_years_and_by_nobody_after(
    store: Store,
    file: IdentityFile,
    terms: tuple[Term, ...],
    person: HeldIdentity,
    removed_on: date,
    last_day: date,
) -> None:
    dead = replace(person, leaves_on=RecordedDay.of(removed_on))
    store.write_now(lambda connection: file.add(connection, dead))
    number = dead.items.individual_number

    assert await erase(store, terms, last_day) == 0
    found = store.read_now(lambda connection: file.find(connection, BY_NUMBER, number))
    erased = await erase(store, terms, last_day + timedelta(days=1))
    gone = store.read_now(lambda connection: file.find(connection, BY_NUMBER, number))

    assert found == dead
    assert (erased, gone) == (1, None)
    assert store.read_now(erasures.history) == [("persons", 1)]


async def test_a_day_that_is_not_known_counts_as_the_last_that_it_can_have_been(
    store: Store, file: IdentityFile, terms: tuple[Term, ...], person: HeldIdentity
) -> None:
    died = RecordedDay(2026, 11, 0, unknown="11月頃")
    store.write_now(lambda connection: file.add(connection, replace(person, leaves_on=died)))

    assert await erase(store, terms, date(2176, 11, 30)) == 0
    assert await erase(store, terms, date(2176, 12, 1)) == 1


async def test_who_lives_there_is_kept_for_ever(
    store: Store, file: IdentityFile, terms: tuple[Term, ...], person: HeldIdentity
) -> None:
    store.write_now(lambda connection: file.add(connection, person))

    assert await erase(store, terms, date(2900, 1, 1)) == 0


async def test_what_somebody_was_is_kept_for_150_years_from_the_change_on(
    store: Store, file: IdentityFile, terms: tuple[Term, ...], person: HeldIdentity
) -> None:
    now = replace(person, items=replace(person.items, name="別の　名前"))
    evening = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)  # it is the 24th in Japan
    store.write_now(lambda connection: file.add(connection, person))
    change = Change(evening, ChangeReason.ERROR_CORRECTED.name)
    store.write_now(lambda connection: file.replace(connection, person, now, change))

    def earlier() -> int:
        return len(store.read_now(lambda connection: file.earlier(connection, BY_CODE, CODE)))

    assert await erase(store, terms, date(2176, 11, 24)) == 0
    assert earlier() == 1
    assert await erase(store, terms, date(2176, 11, 25)) == 1
    assert earlier() == 0
    assert store.read_now(lambda connection: file.find(connection, BY_CODE, CODE)) == now


async def test_with_a_person_goes_all_by_which_somebody_could_guess_that_they_were_here(
    place: Place,
    sealer: Sealer,
    store: Store,
    file: IdentityFile,
    came: Incoming,
    terms: tuple[Term, ...],
    person: HeldIdentity,
) -> None:
    def die(connection: Connection) -> None:
        file.add(connection, person)
        file.replace(connection, person, dead, Change(NOON, ChangeReason.DEATH.name))
        came.applied(connection, IdentityNotification(NAKANO, 1, dead.items), 0)

    dead = replace(person, leaves_on=RecordedDay(2026, 11, 20))
    store.write_now(die)
    await erase(store, terms, date(2176, 11, 22))

    assert store.read_now(lambda connection: came.last(connection, NAKANO, CODE)) == 0
    assert store.read_now(lambda connection: file.earlier(connection, BY_CODE, CODE)) == []
    assert await store.tidy(at_once=True)
    index = sealer.blind(FORM.tables[0].c.resident_record_code, BY_CODE.index(CODE) or b"")
    if isinstance(place, Path):  # a dead row of PostgreSQL's keeps its indexes (decision 0029)
        assert index not in on_disk(place)


async def test_many_are_erased_some_at_a_time_until_none_is_due(
    store: Store, file: IdentityFile, terms: tuple[Term, ...], attributes: FourAttributes
) -> None:
    def one(count: int) -> HeldIdentity:
        code: ResidentRecordCode = resident_record_code(count)
        items = identity_items(
            attributes, resident_record_code=code, individual_number=individual_number(count)
        )
        return HeldIdentity(items, NAKANO, leaves_on=RecordedDay(2026, 1, 1))

    store.write_now(lambda connection: file.add_each(connection, map(one, range(2001))))

    assert await erase(store, terms, date(2176, 1, 2)) == 2001
    assert [count for _, count in store.read_now(erasures.history)] == [1000, 1000, 1]


async def test_what_was_done_is_kept_three_years_and_no_longer(
    store: Store, sealer: Sealer
) -> None:
    log = OperationLog(sealer)
    moments = (NOON, NOON + timedelta(days=1))
    done = [Operation(at, "spiffe://a", METHOD, person=CODE.digits) for at in moments]
    store.write_now(lambda connection: log.record(connection, done))

    async def erase_at(moment: datetime) -> int:
        clock = SetClock(moment)
        return await Retention(store=store, terms=(of_operations(log),), clock=clock).run_once()

    last = NOON.replace(year=NOON.year + 3)
    assert await erase_at(last) == 0
    assert await erase_at(last + timedelta(seconds=1)) == 1
    left = store.read_now(lambda connection: log.concerning(connection, CODE.digits))
    assert [one.at for one in left] == [moments[1]]
