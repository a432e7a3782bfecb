"""What files ask for, as it is kept until it was done: records of registration, lines of inquiry."""

import pytest

from renkei import reasons
from renkei.answers import Outcome
from renkei.exchanges import ExchangeId
from renkei.inquiries import Inquiry
from renkei.reasons import Reason
from renkei_server.domain.batch_files.runs import Provision
from renkei_server.store.batch_runs import inquiry_lines, registration_records
from renkei_server.store.batch_runs.inquiry_lines import EndedLine, InquiryLines
from renkei_server.store.batch_runs.registration_records import Record, RegistrationRecords
from renkei_server.store.engine.places import Place
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.engine.store import Store
from tests.network.people.sub_copies import HOUSEHOLD, ITEMS, NAME, sub_copy
from tests.server.world import OpenStore, local_address_number, request_id

from .conftest import on_disk, rows

PERSON, OTHER = local_address_number(880_001), local_address_number(880_002)
CANARY = "秘密の世帯主名キヨミズ"
SUB_COPY = sub_copy({**ITEMS, NAME: CANARY})
INFORMATION = HOUSEHOLD.information_code
EXCHANGE = ExchangeId(request_id(1))


@pytest.fixture
def store(open_store: OpenStore) -> Store:
    return open_store(registration_records.TABLES, inquiry_lines.TABLES)


@pytest.fixture
def records(sealer: Sealer) -> RegistrationRecords:
    return RegistrationRecords(sealer)


@pytest.fixture
def lines(sealer: Sealer) -> InquiryLines:
    return InquiryLines(sealer)


def add(store: Store, records: RegistrationRecords, *told: Record) -> list[tuple[int, Reason]]:
    return store.write_now(lambda connection: records.add(connection, "run", "file", told))


def keys(store: Store, records: RegistrationRecords | InquiryLines) -> list[int]:
    return store.read_now(lambda connection: records.after(connection, "run", 0, 9))


def test_a_record_is_kept_as_it_was_told_until_it_is_registered(
    store: Store, records: RegistrationRecords
) -> None:
    assert add(store, records, Record(7, PERSON, SUB_COPY)) == []
    (key,) = keys(store, records)

    held = store.read_now(lambda connection: records.get(connection, key))
    assert (held.run_id, held.file, held.person, held.sub_copy) == (
        "run",
        "file",
        PERSON,
        SUB_COPY,
    )
    store.write_now(lambda connection: records.registered(connection, key, INFORMATION, 1))

    assert keys(store, records) == []


def test_a_number_and_a_person_s_sub_copy_come_once_in_a_run(
    store: Store, records: RegistrationRecords
) -> None:
    add(store, records, Record(1, PERSON, SUB_COPY))

    assert add(store, records, Record(1, OTHER, SUB_COPY)) == [(1, reasons.BATCH_RECORD_REPEATED)]
    assert add(store, records, Record(2, OTHER, SUB_COPY), Record(3, PERSON, SUB_COPY)) == [
        (2, reasons.BATCH_SUB_COPY_REPEATED)
    ]


def test_an_information_is_provided_with_its_first_record_and_no_other_version_is(
    store: Store, records: RegistrationRecords
) -> None:
    def provision(version: int) -> Provision:
        return store.read_now(
            lambda connection: records.provision(connection, INFORMATION, version)
        )

    add(store, records, Record(1, PERSON, SUB_COPY), Record(2, OTHER, SUB_COPY))
    first, second = keys(store, records)
    store.write_now(lambda connection: records.refused(connection, first, reasons.PERSON_NOT_HELD))
    assert provision(1) is Provision.NOT_YET

    store.write_now(lambda connection: records.registered(connection, second, INFORMATION, 1))

    assert (provision(1), provision(2)) == (Provision.DONE, Provision.NOT_YET)
    refusals = store.read_now(lambda connection: records.refusals(connection, "run", 0, 9))
    assert refusals == [(1, reasons.PERSON_NOT_HELD)]


def test_what_a_refused_record_held_is_erased(store: Store, records: RegistrationRecords) -> None:
    add(store, records, Record(1, PERSON, SUB_COPY))
    (key,) = keys(store, records)

    store.write_now(lambda connection: records.refused(connection, key, reasons.PERSON_NOT_HELD))

    kept = rows(store, "SELECT named, person, sub_copy FROM registration_records")
    assert kept == [(None, None, None)]


def test_a_line_is_kept_with_what_came_of_it_or_why_nothing_did(
    store: Store, lines: InquiryLines
) -> None:
    asked = [(1, b"asked of one"), (2, b"asked of another")]
    store.write_now(lambda connection: lines.add(connection, "run", "file", asked))
    first, second = keys(store, lines)
    store.write_now(lambda connection: lines.started(connection, first, EXCHANGE))
    held = store.read_now(lambda connection: lines.get(connection, first))
    assert (held.asked, held.exchange_id) == (b"asked of one", EXCHANGE)
    came = Inquiry(EXCHANGE, Outcome.PROVIDED, INFORMATION, "", (SUB_COPY,))

    store.write_now(lambda connection: lines.ended(connection, first, came))
    store.write_now(lambda connection: lines.ended(connection, second, reasons.PERSON_NOT_HELD))

    def results(line: int, limit: int) -> list[EndedLine]:
        return list(
            store.read_now(lambda connection: lines.results(connection, "run", "file", line, limit))
        )

    one, other = results(0, 9)
    assert (one.line, one.asked, one.came) == (1, b"asked of one", came)
    assert (other.line, other.came) == (2, reasons.PERSON_NOT_HELD)
    assert results(1, 9) == [other]
    assert results(0, 1) == [one]


def test_nobody_is_named_in_the_files_nor_by_any_repr(
    store: Store, place: Place, records: RegistrationRecords, lines: InquiryLines
) -> None:
    add(store, records, Record(1, PERSON, SUB_COPY))
    (key,) = keys(store, records)
    asked = [(1, PERSON.digits.encode())]
    store.write_now(lambda connection: lines.add(connection, "run", "file", asked))
    (line,) = keys(store, lines)
    came = Inquiry(EXCHANGE, Outcome.PROVIDED, INFORMATION, "", (SUB_COPY,))
    store.write_now(lambda connection: lines.ended(connection, line, came))

    held = store.read_now(
        lambda connection: (records.get(connection, key), lines.get(connection, line))
    )
    (ended,) = store.read_now(lambda connection: lines.results(connection, "run", "file", 0, 9))

    for value in (PERSON.digits, CANARY):
        assert value.encode() not in on_disk(place)
        assert value not in repr((held, ended))
