"""Whatever is wrong, no message and no repr holds what stood in the file."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renkei.inquiries import ANSWERED, PROVIDED
from renkei_server.domain.batch_files.faults import Fault
from renkei_server.domain.batch_files.inquiry import read_inquiries, write_inquiries
from renkei_server.domain.batch_files.numbering import RecordNumbers
from renkei_server.domain.batch_files.registration import (
    checked,
    read_registrations,
    write_registrations,
)
from renkei_server.domain.batch_files.result import (
    ResultLine,
    read_results,
    write_results,
)
from renkei_server.domain.batch_files.sides import Side

from .making import (
    FULL_NAME,
    HOUSEHOLD,
    INQUIRY,
    ITEMS,
    LAYOUTS,
    LOCAL,
    REGISTRATION,
    TODAY,
)

PERSONAL = (LOCAL.digits, FULL_NAME, FULL_NAME[:2], "operator-17")
RESULT = ResultLine(INQUIRY, ANSWERED, "", PROVIDED, ITEMS)
FILES = {
    "inquiry": b"".join(write_inquiries([INQUIRY])),
    "result": b"".join(write_results([RESULT], HOUSEHOLD)),
    "registration": b"".join(write_registrations([REGISTRATION])),
}


def told(kind: str, data: bytes) -> str:
    """Everything that reading this file gives, as it would stand in a log."""
    read: Iterator[object]
    match kind:
        case "inquiry":
            read = read_inquiries([data], Side.WARD)
        case "result":
            read = read_results([data], Side.WARD, HOUSEHOLD)
        case _:
            records = read_registrations([data], Side.WARD)
            read = checked(records, LAYOUTS, TODAY, RecordNumbers())
    return "\n".join(f"{one!r} {one if isinstance(one, Fault) else ''}" for one in read)


@pytest.mark.parametrize(
    "record", [INQUIRY, RESULT, REGISTRATION], ids=lambda one: type(one).__name__
)
def test_a_record_hides_who_it_is_about_and_what_it_tells(record: object) -> None:
    assert [one for one in PERSONAL if one in repr(record)] == []


@pytest.mark.parametrize("kind", FILES)
def test_a_good_file_is_told_without_its_values(kind: str) -> None:
    text = told(kind, FILES[kind])

    assert "Fault" not in text
    assert [one for one in PERSONAL if one in text] == []


@given(st.sampled_from(sorted(FILES)), st.data())
def test_a_damaged_file_is_told_without_its_values(kind: str, data: st.DataObject) -> None:
    good = FILES[kind]
    start = data.draw(st.integers(0, len(good) - 1))
    end = data.draw(st.integers(start, min(start + 40, len(good))))
    put = data.draw(st.binary(max_size=4) | st.sampled_from((b",", b"<", b"\r\n", b"1")))

    text = told(kind, good[:start] + put + good[end:])

    assert [one for one in PERSONAL if one in text] == []


def test_a_name_in_the_place_of_a_field_or_an_item_is_not_told() -> None:
    text = FILES["registration"].decode()
    for old in (
        "<DataSetRecordKey></DataSetRecordKey>",
        HOUSEHOLD.items[1].code,
        "InformationOfSPIRegistrationDelete",
    ):
        new = "<山田花子/>" if "<" in old else "山田花子"
        report = told("registration", text.replace(old, new).encode())
        assert "Fault" in report
        assert "山田" not in report
