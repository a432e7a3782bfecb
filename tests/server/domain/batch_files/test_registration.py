"""Attachments of a registration: records, what they hold, and each way in which one is wrong."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import count, islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renkei import reasons
from renkei.reasons import Reason
from renkei.refusals import Refusal
from renkei.sub_copies import Publication, RecordName
from renkei_server.domain.batch_files.elements import LONGEST_TEXT
from renkei_server.domain.batch_files.faults import Fault, Parsed
from renkei_server.domain.batch_files.numbering import RecordNumbers
from renkei_server.domain.batch_files.registration import (
    Registration,
    checked,
    for_middle_server,
    read_registrations,
    write_registrations,
)
from renkei_server.domain.batch_files.sides import Side

from .making import (
    CUTS,
    HOUSEHOLD,
    INTEGRATED,
    ITEMS,
    LAYOUTS,
    LOCAL,
    REGISTRATION,
    TODAY,
    chunks,
    good,
    registrations,
    wrong,
)

SEGMENT = "<SegmentOfRegistrationDelete>1</SegmentOfRegistrationDelete>"
RECORD = "InformationOfSPIRegistrationDelete"
NAME = HOUSEHOLD.items[1].code


def written(*records: Registration) -> bytes:
    return b"".join(write_registrations(records))


def read(data: bytes, side: Side = Side.WARD) -> list[Parsed[Registration] | Fault]:
    return list(read_registrations([data], side))


def changed(old: str, new: str, record: Registration = REGISTRATION) -> list[Fault]:
    """What is wrong when one place of a file is another."""
    text = written(record).decode()
    assert text.count(old) == 1
    return wrong(read(text.replace(old, new).encode()))


def judged(*records: Registration, numbers: RecordNumbers | None = None) -> list[Fault]:
    read = read_registrations([written(*records)], Side.WARD)
    return wrong(checked(read, LAYOUTS, TODAY, numbers or RecordNumbers()))


@settings(max_examples=60)
@given(
    st.sampled_from(Side).flatmap(
        lambda side: st.tuples(st.just(side), st.lists(registrations(side), max_size=3))
    ),
    CUTS,
)
def test_records_come_back_as_they_were_written(
    told: tuple[Side, list[Registration]], size: int
) -> None:
    side, records = told

    assert good(read_registrations(chunks(written(*records), size), side)) == records


@settings(max_examples=60)
@given(st.lists(registrations(), max_size=3, unique_by=lambda record: record.number))
def test_what_keeps_its_layout_passes_the_check(records: list[Registration]) -> None:
    assert judged(*records) == []


def test_the_documented_elements_are_there() -> None:
    text = written(REGISTRATION).decode()

    assert f"<IntegratedAddressNumber>{LOCAL.digits}</IntegratedAddressNumber>" in text
    assert "<PublicationDate>2026-04-01</PublicationDate><PublishedEndDate></Pub" in text
    assert "ReasonOfNull=&quot;NotAcceptable&quot;" in text
    assert text.endswith(f"{SEGMENT}</SPIRegistrationDeleteList>")


def test_the_platform_puts_its_own_number_in_the_place_of_the_local_one() -> None:
    data = written(for_middle_server(REGISTRATION, INTEGRATED))

    assert good(read(data, Side.MIDDLE_SERVER)) == [replace(REGISTRATION, person=INTEGRATED)]
    assert LOCAL.digits.encode() not in data


@pytest.mark.parametrize(
    ("old", "new", "field", "reason"),
    [
        (">1</RecordI", "></RecordI", "RecordIdentificationNumber", reasons.BATCH_FIELD_MISSING),
        (">1</RecordI", ">0</RecordI", "RecordIdentificationNumber", reasons.MALFORMED_BATCH_FIELD),
        (
            ">1</RecordI",
            ">10000000</RecordI",
            "RecordIdentificationNumber",
            reasons.BATCH_FIELD_LENGTH,
        ),
        (LOCAL.digits, "1" * 16, "IntegratedAddressNumber", reasons.BATCH_FIELD_LENGTH),
        (LOCAL.digits, "1" * 14, "IntegratedAddressNumber", reasons.MALFORMED_BATCH_FIELD),
        (
            "<IntegratedAddressNumber>000001357902468</IntegratedAddressNumber>",
            "",
            "IntegratedAddressNumber",
            reasons.BATCH_FIELD_MISSING,
        ),
        (
            "TM90000000000001</SpecificP",
            "TM90000000000002</SpecificP",
            "SpecificPersonalInformationCode",
            reasons.MALFORMED_BATCH_FIELD,
        ),
        (
            "DS90000000000100</DataSet",
            "DS90000000000101</DataSet",
            "DataSetIdentificationItemCode",
            reasons.MALFORMED_BATCH_FIELD,
        ),
        ("></DataSetRecordKey", ">-</DataSetRecordKey", "DataSetRecordKey", None),
        (
            "></ParentDataSetRecordKey",
            ">1</ParentDataSetRecordKey",
            "ParentDataSetRecordKey",
            reasons.BATCH_FIELD_NOT_EMPTY,
        ),
        (">1</SPIMajor", ">2</SPIMajor", "SPIMajorVersion", reasons.MALFORMED_BATCH_FIELD),
        ("2026-04-01</Pub", "2026-02-30</Pub", "PublicationDate", reasons.MALFORMED_BATCH_FIELD),
        ("2026-04-01</Pub", "20260401</Pub", "PublicationDate", reasons.MALFORMED_BATCH_FIELD),
        ("></PublishedE", ">2026-03-31</PublishedE", "PublishedEndDate", None),
        ("></Administ", ">13</Administ", "AdministrativeRegionCode", None),
        ("<DataSetRecordKey>", "<KojinNo>1</KojinNo><DataSetRecordKey>", "", None),
        (
            "<DataSetRecordKey>",
            "<DataSetRecordKey>a</DataSetRecordKey><DataSetRecordKey>",
            "DataSetRecordKey",
            reasons.MALFORMED_BATCH_FIELD,
        ),
    ],
)
def test_a_field_that_is_not_of_its_form_is_told(
    old: str, new: str, field: str, reason: Reason | None
) -> None:
    (fault,) = changed(old, new)

    expected = reason or (reasons.MALFORMED_BATCH_FIELD if field else reasons.BATCH_FIELD_UNKNOWN)
    assert (fault.line, fault.field, fault.reason) == (1, field, expected)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("&lt;/TM90000000000001&gt;", "", reasons.MALFORMED_BATCH_MESSAGE),
        ("UTF-8&quot;", "Shift_JIS&quot;", reasons.BATCH_ENCODING),
        (
            "ReasonOfNull=&quot;NotAcceptable&quot; ",
            "",
            reasons.ITEM_NULL_WITHOUT_REASON,
        ),
        (
            "xsi:nil=&quot;true&quot;/&gt;",
            f"xsi:nil=&quot;true&quot;&gt;1&lt;/{HOUSEHOLD.items[2].code}&gt;",
            None,
        ),
        (
            "&lt;/DS90000000000100&gt;",
            f"&lt;{NAME} Version=&quot;1&quot;&gt;1&lt;/{NAME}&gt;&lt;/DS90000000000100&gt;",
            None,
        ),
        ("NotAcceptable", "NotKnown", reasons.ITEM_NULL_WITHOUT_REASON),
        ("xsi:nil=&quot;true&quot;", "xsi:nil=&quot;false&quot;", reasons.MALFORMED_BATCH_MESSAGE),
        ("2026-04-01&quot;", "2026-04-31&quot;", reasons.MALFORMED_BATCH_MESSAGE),
        ("2026-04-01&quot;", "2026-W14-3&quot;", reasons.MALFORMED_BATCH_MESSAGE),
        (f"&lt;{NAME} Version=&quot;1&quot;", f"&lt;{NAME}", reasons.MALFORMED_BATCH_MESSAGE),
        (
            f"&lt;{NAME} Version=&quot;1&quot;",
            f"&lt;{NAME} Version=&quot;2&quot;",
            reasons.MALFORMED_BATCH_MESSAGE,
        ),
        (
            "&lt;/TM90000000000001&gt;",
            "&lt;DS90000000000100/&gt;&lt;/TM90000000000001&gt;",
            None,
        ),
        ("&lt;TM90000000000001&gt;", "&lt;TM90000000000001 a=&quot;1&quot;&gt;", None),
    ],
)
def test_copy_data_that_is_not_of_its_form_is_told(
    old: str, new: str, reason: Reason | None
) -> None:
    faults = changed(old, new)

    assert [(one.field, one.reason) for one in faults] == [
        ("DuplicateCopyData", reason or reasons.MALFORMED_BATCH_MESSAGE)
    ]


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("SPIRegistrationDeleteList>", "List>", 0),
        (f"<{RECORD}>", f"<{RECORD} a='1'>", 0),
        (SEGMENT, f"{SEGMENT}<{RECORD}><DataSetRecordKey/></{RECORD}>", 1),
        (SEGMENT, f"<{RECORD}/>{SEGMENT}", 1),
        (SEGMENT, f"<Other/>{SEGMENT}", 1),
        (SEGMENT, f"text{SEGMENT}", 1),
        ("</SPIRegistrationDeleteList>", "", 1),
        ("<SPIRegistrationDeleteList>", "<!DOCTYPE a><SPIRegistrationDeleteList>", 0),
        (">1</RecordI", ">&other;</RecordI", 1),
        (">1</RecordI", "><b/></RecordI", 1),
    ],
)
def test_a_file_that_is_not_of_its_form_is_told_and_given_up(old: str, new: str, line: int) -> None:
    told = read(written(REGISTRATION).decode().replace(old, new).encode())

    assert isinstance(told[-1], Fault)
    assert (told[-1].line, told[-1].field) == (line, "")
    assert told[-1].reason is reasons.MALFORMED_BATCH_MESSAGE


@pytest.mark.parametrize("segment", ["", SEGMENT * 2, SEGMENT.replace("1", "2")])
def test_a_file_says_once_that_it_registers(segment: str) -> None:
    data = written(REGISTRATION).decode().replace(SEGMENT, segment).encode()

    told = read(data)

    fault = Fault(0, "SegmentOfRegistrationDelete", reasons.MALFORMED_BATCH_FIELD)
    assert [one for one in told if isinstance(one, Fault)] == [fault]


@pytest.mark.parametrize(
    "encoded",
    [
        written(REGISTRATION).decode().encode("shift_jis"),
        written(REGISTRATION).replace(b"UTF-8", b"Shift_JIS", 1),
    ],
)
def test_a_file_is_utf_8(encoded: bytes) -> None:
    assert [fault.reason for fault in wrong(read(encoded))] == [reasons.BATCH_ENCODING]


@settings(max_examples=60)
@given(st.integers(0, 700))
def test_a_file_that_is_cut_off_is_never_whole(size: int) -> None:
    data = written(REGISTRATION)[:size]

    assert isinstance(read(data)[-1], Fault)


@settings(max_examples=60)
@given(st.data(), CUTS)
def test_how_the_bytes_are_cut_changes_nothing_even_in_a_damaged_file(
    data: st.DataObject, size: int
) -> None:
    good = written(REGISTRATION, replace(REGISTRATION, number=2))
    place = data.draw(st.integers(0, len(good) - 1))
    put = data.draw(st.sampled_from((b"<", b"&", b"\xe8", b"\xff", b"")))
    damaged = good[:place] + put + good[place + 1 :]

    cut = list(read_registrations(chunks(damaged, size), Side.WARD))

    assert cut == read(damaged)


def test_a_bad_record_leaves_the_others_good() -> None:
    records = [replace(REGISTRATION, number=number) for number in (1, 2, 3)]
    data = written(*records).replace(b">2</RecordI", b">x</RecordI")

    told = read(data)

    assert [one.line for one in told] == [1, 2, 3]
    assert [isinstance(one, Fault) for one in told] == [False, True, False]


def test_a_record_number_occurs_once_in_the_whole_run() -> None:
    numbers = RecordNumbers()
    second = replace(REGISTRATION, number=2)

    assert judged(REGISTRATION, second, numbers=numbers) == []
    assert judged(replace(REGISTRATION, number=3), second, numbers=numbers) == [
        Fault(2, "RecordIdentificationNumber", reasons.BATCH_RECORD_REPEATED)
    ]


@pytest.mark.parametrize(
    ("change", "field", "reason"),
    [
        (
            {"name": RecordName("TM99999999999999")},
            "SpecificPersonalInformationCode",
            reasons.INFORMATION_UNKNOWN,
        ),
        ({"layout_version": 9}, "SPIMajorVersion", reasons.LAYOUT_VERSION_UNKNOWN),
        ({"items": {**ITEMS, NAME: "あ" * 101}}, NAME, reasons.ITEM_TOO_LONG),
        ({"items": {**ITEMS, "ELSE": "1"}}, "item 4", reasons.ITEM_OUTSIDE_LAYOUT),
    ],
)
def test_a_record_that_breaks_its_layout_is_told(
    change: dict[str, object], field: str, reason: Reason
) -> None:
    record = replace(REGISTRATION, sub_copy=replace(REGISTRATION.sub_copy, **change))  # type: ignore[arg-type]

    assert judged(record) == [Fault(1, field, reason)]


def test_a_data_set_is_the_layouts() -> None:
    assert judged(replace(REGISTRATION, data_set="OTHER")) == [
        Fault(1, "DataSetIdentificationItemCode", reasons.MALFORMED_BATCH_FIELD)
    ]


def test_the_check_passes_faults_on() -> None:
    fault = Fault(1, "", reasons.MALFORMED_BATCH_MESSAGE)

    assert list(checked([fault], LAYOUTS, TODAY, RecordNumbers())) == [fault]


@pytest.mark.parametrize(
    "record",
    [
        replace(REGISTRATION, number=0),
        replace(REGISTRATION, number=10_000_000),
        replace(REGISTRATION, region="13"),
        replace(REGISTRATION, sub_copy=replace(REGISTRATION.sub_copy, items={**ITEMS, "a>": "1"})),
        replace(
            REGISTRATION, sub_copy=replace(REGISTRATION.sub_copy, items={**ITEMS, NAME: "\x00"})
        ),
        replace(
            REGISTRATION,
            sub_copy=replace(REGISTRATION.sub_copy, items={**ITEMS, NAME: "a" * LONGEST_TEXT}),
        ),
    ],
)
def test_what_does_not_fit_is_never_written(record: Registration) -> None:
    with pytest.raises(Refusal) as caught:
        written(record)

    assert caught.value.reason in (
        reasons.MALFORMED_BATCH_FIELD,
        reasons.BATCH_FIELD_LENGTH,
    )


def test_a_stream_is_written_and_read_record_by_record() -> None:
    drawn = 0

    def records() -> Iterator[Registration]:
        nonlocal drawn
        for number in count(1):
            drawn = number
            yield replace(REGISTRATION, number=number)

    read = read_registrations(write_registrations(records()), Side.WARD)
    first = list(islice(read, 3))

    assert [one.line for one in first] == [1, 2, 3]
    assert drawn <= 4


@pytest.mark.parametrize("opening", [b"<" + b"a" * 200_000, b"<!--" + b" " * 200_000])
def test_markup_without_end_is_given_up(opening: bytes) -> None:
    cut = chunks(opening, 1000)

    (fault,) = wrong(read_registrations(cut, Side.WARD))

    assert fault.reason is reasons.MALFORMED_BATCH_MESSAGE
    assert next(cut, None) is not None


def test_text_without_end_is_given_up() -> None:
    head, _, _ = written(REGISTRATION).partition(b"1</RecordI")
    cut = chunks(head + b"1" * 200_000, 1000)

    (fault,) = wrong(read_registrations(cut, Side.WARD))

    assert fault.reason is reasons.MALFORMED_BATCH_MESSAGE
    assert next(cut, None) is not None


def test_a_publication_of_one_day_is_one() -> None:
    day = date(2026, 4, 1)
    record = replace(
        REGISTRATION, sub_copy=replace(REGISTRATION.sub_copy, publication=Publication(day, day))
    )

    assert good(read(written(record))) == [record]
