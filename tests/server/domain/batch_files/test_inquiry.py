"""The eighteen fields of an inquiry."""

from dataclasses import replace
from datetime import UTC, date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renkei import reasons
from renkei.reasons import Reason
from renkei.refusals import Refusal
from renkei_server.domain.batch_files.faults import Fault
from renkei_server.domain.batch_files.inquiry import (
    COLUMNS,
    InquiryLine,
    for_middle_server,
    for_ward,
    read_inquiries,
    write_inquiries,
)
from renkei_server.domain.batch_files.sides import Side

from .making import CUTS, INQUIRY, INTEGRATED, LOCAL, chunks, good, inquiries, wrong

NAMES = [column.name for column in COLUMNS]
REQUIRED = [column.name for column in COLUMNS if column.required]


def written(*lines: InquiryLine) -> bytes:
    return b"".join(write_inquiries(lines))


def with_field(name: str, text: str) -> bytes:
    """The line with another text in one field."""
    cells = written(INQUIRY).decode().removesuffix("\r\n").split(",")
    cells[NAMES.index(name)] = text
    return (",".join(cells) + "\r\n").encode()


def faults(data: bytes, side: Side = Side.WARD) -> list[Fault]:
    return wrong(read_inquiries([data], side))


@settings(max_examples=60)
@given(
    st.sampled_from(Side).flatmap(
        lambda side: st.tuples(st.just(side), st.lists(inquiries(side), max_size=4))
    ),
    CUTS,
)
def test_lines_come_back_as_they_were_written(
    told: tuple[Side, list[InquiryLine]], size: int
) -> None:
    side, lines = told

    assert good(read_inquiries(chunks(written(*lines), size), side)) == lines


def test_a_line_has_the_fields_and_the_padding_that_are_documented() -> None:
    assert written(INQUIRY).decode() == (
        "01,000001357902468,,20261123093015123,2100                ,operator-17,0220113114801700,"
        "1,JM90000000132000,JT90000000132001,,,0220113113001700,TM90000000000001,0,0,20260401,\r\n"
    )


def test_the_time_is_japans_whatever_zone_it_was_told_in() -> None:
    told = replace(INQUIRY, requested_at=INQUIRY.requested_at.astimezone(UTC))

    assert written(told) == written(INQUIRY)


def test_the_platform_puts_its_own_number_in_and_leaves_the_local_one_empty() -> None:
    (sent,) = good(
        read_inquiries([written(for_middle_server(INQUIRY, INTEGRATED))], Side.MIDDLE_SERVER)
    )
    cells = written(sent).decode().split(",")

    assert cells[1:3] == ["", INTEGRATED.digits]
    assert LOCAL.digits not in written(sent).decode()
    assert for_ward(sent, LOCAL) == INQUIRY


@pytest.mark.parametrize(("side", "person"), [(Side.WARD, INTEGRATED), (Side.MIDDLE_SERVER, LOCAL)])
def test_a_person_numbered_as_on_the_other_side_is_refused(side: Side, person: object) -> None:
    line = replace(INQUIRY, person=person)  # type: ignore[arg-type]

    (fault,) = faults(written(line), side)

    assert fault.reason in (reasons.BATCH_FIELD_MISSING, reasons.BATCH_FIELD_NOT_EMPTY)


def test_both_numbers_on_a_line_are_refused() -> None:
    data = with_field("integrated_address_number", INTEGRATED.digits)

    for side, at_fault in (
        (Side.WARD, "integrated_address_number"),
        (Side.MIDDLE_SERVER, "local_address_number"),
    ):
        assert faults(data, side) == [Fault(1, at_fault, reasons.BATCH_FIELD_NOT_EMPTY)]


@pytest.mark.parametrize("name", REQUIRED)
def test_a_required_field_is_not_empty(name: str) -> None:
    assert faults(with_field(name, "")) == [Fault(1, name, reasons.BATCH_FIELD_MISSING)]


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.name)
def test_a_field_is_as_long_as_its_form(column: object) -> None:
    name, width = column.name, column.width  # type: ignore[attr-defined]

    (fault,) = faults(with_field(name, "1" * (width + 1)))

    detail = f"{width + 1} characters, expected {width}"
    assert fault == Fault(1, name, reasons.BATCH_FIELD_LENGTH, detail)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("local_address_number", "00000135790246X"),
        ("local_address_number", "００００００１３５７９０２４６"),
        ("local_address_number", "     1357902468"),
        ("requested_at", "20261323093015123"),
        ("requested_at", "20261123093060123"),
        ("inquirer_department_code", " " * 20),
        ("inquirer_department_code", " " * 16 + "2100"),
        ("inquirer_user_id", "職員"),
        ("inquirer_user_id", "operator "),
        ("affair_code", "JT90000000132000"),
        ("procedure_code", "JM90000000132001"),
        ("information_code", "JM90000000000001"),
        ("provider_institution_code", "02201131130     "),
        ("from_date", "20260230"),
        ("from_date", "2026-4-1"),
        ("to_date", "20260331"),
    ],
)
def test_a_field_is_of_its_form(name: str, text: str) -> None:
    (fault,) = faults(with_field(name, text))

    assert (fault.field, fault.reason) == (name, reasons.MALFORMED_BATCH_FIELD)


@pytest.mark.parametrize(("cut", "count"), [(1, 17), (0, 19)])
def test_a_line_has_eighteen_fields(cut: int, count: int) -> None:
    data = written(INQUIRY)
    data = data[: -2 - cut] + b"\r\n" if cut else data[:-2] + b",\r\n"

    assert faults(data) == [Fault(1, "", reasons.BATCH_FIELD_COUNT, f"{count} fields, expected 18")]


def test_everything_that_is_wrong_on_a_line_is_told_at_once() -> None:
    data = written(INQUIRY) + with_field("affair_code", "").replace(b"JT9", b"JX9")

    assert [str(fault) for fault in faults(data)] == [
        "line 2, affair_code: BATCH_FIELD_MISSING",
        "line 2, procedure_code: MALFORMED_BATCH_FIELD",
    ]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"inquirer_department_code": "2" * 21}, reasons.BATCH_FIELD_LENGTH),
        ({"provider_institution_code": ""}, reasons.BATCH_FIELD_MISSING),
        ({"inquirer_user_id": "a,b"}, reasons.MALFORMED_BATCH_FIELD),
        ({"inquirer_user_id": "a\r\n"}, reasons.MALFORMED_BATCH_FIELD),
        ({"affair_code": "JM9000000013200x"}, reasons.MALFORMED_BATCH_FIELD),
    ],
)
def test_what_does_not_fit_is_never_written(change: dict[str, str], reason: Reason) -> None:
    with pytest.raises(Refusal) as caught:
        written(replace(INQUIRY, **change))  # type: ignore[arg-type]

    assert (caught.value.reason, caught.value.fields) == (reason, tuple(change))


def test_a_span_of_one_day_is_a_span() -> None:
    day = date(2026, 4, 1)
    line = replace(INQUIRY, from_date=day, to_date=day)

    assert good(read_inquiries([written(line)], Side.WARD)) == [line]
