"""The wide line of a result."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renkei import reasons
from renkei.inquiries import ANSWERED, CODE_NOT_ACQUIRED, not_permitted
from renkei.inquiries import PROVIDED as FOUND
from renkei.reasons import Reason
from renkei.refusals import Refusal
from renkei.sub_copies import Items, NullReason
from renkei_server.domain.batch_files.faults import Fault
from renkei_server.domain.batch_files.inquiry import for_middle_server, for_ward
from renkei_server.domain.batch_files.result import (
    ResultLine,
    read_results,
    write_results,
)
from renkei_server.domain.batch_files.sides import Side
from renkei_server.domain.layouts.layouts import Layout

from .making import (
    CUTS,
    FULL_NAME,
    HOUSEHOLD,
    INQUIRY,
    INTEGRATED,
    ITEMS,
    LOCAL,
    PLAIN,
    TAX,
    chunks,
    digits,
    good,
    inquiries,
    items,
    wrong,
)

PROVIDED = ResultLine(INQUIRY, ANSWERED, "", FOUND, ITEMS)
FAILED = ResultLine(INQUIRY, "90", CODE_NOT_ACQUIRED, "", {})
FIRST_ITEM, WIDTH = 26, 32


@st.composite
def results(draw: st.DrawFn, layout: Layout) -> ResultLine:
    """A line of result in every form."""
    inquiry = draw(inquiries(Side.MIDDLE_SERVER, layout))
    if draw(st.booleans()):
        return ResultLine(inquiry, ANSWERED, draw(st.just("") | PLAIN), FOUND, draw(items(layout)))
    unknown = draw(st.sampled_from(("", inquiry.provider_institution_code)))
    return ResultLine(
        replace(inquiry, provider_institution_code=unknown),
        draw(digits(2).filter(lambda status: status != ANSWERED)),
        draw(st.just("") | PLAIN),
        draw(st.just("") | digits(2)),
        {},
    )


def written(*lines: ResultLine, layout: Layout = HOUSEHOLD) -> bytes:
    return b"".join(write_results(lines, layout))


def cells(line: ResultLine = PROVIDED) -> list[str]:
    return written(line).decode().removesuffix("\r\n").split(",")


def with_cells(line: ResultLine, changes: dict[int, str]) -> list[Fault]:
    """What is wrong with the line when some of its fields, counted from 0, are others."""
    told = cells(line)
    for index, text in changes.items():
        told[index] = text
    return wrong(read_results([(",".join(told) + "\r\n").encode()], Side.WARD, HOUSEHOLD))


@settings(max_examples=60)
@given(st.data(), st.sampled_from((HOUSEHOLD, TAX)), CUTS)
def test_lines_come_back_as_they_were_written(
    data: st.DataObject, layout: Layout, size: int
) -> None:
    lines = data.draw(st.lists(results(layout), max_size=3))

    read = read_results(chunks(written(*lines, layout=layout), size), Side.MIDDLE_SERVER, layout)

    assert good(read) == lines


def test_what_is_documented_stands_where_it_is_documented() -> None:
    told = cells()

    assert len(told) == WIDTH
    assert (told[1], told[12]) == (LOCAL.digits, INQUIRY.provider_institution_code)
    assert told[23:26] == [ANSWERED, "", FOUND]
    assert told[FIRST_ITEM:] == ["0", "", FULL_NAME, "", "", "NotAcceptable"]


@pytest.mark.parametrize(
    ("detail", "information", "provided"),
    [(ANSWERED, FOUND, True), (ANSWERED, "02", False), ("08", FOUND, False), (ANSWERED, "", False)],
)
def test_success_needs_both_statuses(detail: str, information: str, *, provided: bool) -> None:
    line = replace(PROVIDED, detail_status=detail, information_status=information)

    assert line.provided is provided


def test_the_platform_translates_a_result_back() -> None:
    at_middle = replace(FAILED, inquiry=for_middle_server(INQUIRY, INTEGRATED))
    (told,) = good(read_results([written(at_middle)], Side.MIDDLE_SERVER, HOUSEHOLD))

    handed = replace(told, inquiry=for_ward(told.inquiry, LOCAL))

    assert good(read_results([written(handed)], Side.WARD, HOUSEHOLD)) == [FAILED]
    assert INTEGRATED.digits not in written(handed).decode()


def test_no_answer_nothing_held_and_zero_stay_different() -> None:
    flag, name, relationship = (item.code for item in HOUSEHOLD.items)
    zero: Items = {flag: "0", name: NullReason.NOT_COVERED, relationship: NullReason.NOT_ACCEPTABLE}
    (answered, failed) = good(
        read_results([written(replace(PROVIDED, items=zero), FAILED)], Side.WARD, HOUSEHOLD)
    )

    assert (answered.items, failed.items) == (zero, {})


def test_a_message_tells_the_code_in_full_width_letters() -> None:
    message = not_permitted("TM02")

    assert message == "指定された特定個人情報名「ＴＭ０２」の照会は許可されていません。"


@pytest.mark.parametrize(
    ("line", "changes", "field", "reason"),
    [
        (PROVIDED, {0: "1"}, "number_system", reasons.BATCH_FIELD_LENGTH),
        (PROVIDED, {13: "TM00000000000002"}, "information_code", reasons.MALFORMED_BATCH_FIELD),
        (PROVIDED, {18: "x"}, "field 19", reasons.BATCH_FIELD_NOT_EMPTY),
        (PROVIDED, {22: "x"}, "field 23", reasons.BATCH_FIELD_NOT_EMPTY),
        (PROVIDED, {23: ""}, "detail_status", reasons.BATCH_FIELD_MISSING),
        (PROVIDED, {23: "9"}, "detail_status", reasons.BATCH_FIELD_LENGTH),
        (PROVIDED, {23: "xx"}, "detail_status", reasons.MALFORMED_BATCH_FIELD),
        (PROVIDED, {24: "x" * 201}, "message", reasons.BATCH_FIELD_LENGTH),
        (PROVIDED, {24: "x\t"}, "message", reasons.MALFORMED_BATCH_FIELD),
        (FAILED, {26: "0"}, HOUSEHOLD.items[0].code, reasons.BATCH_FIELD_NOT_EMPTY),
        (FAILED, {29: "NotAcceptable"}, HOUSEHOLD.items[1].code, reasons.BATCH_FIELD_NOT_EMPTY),
        (PROVIDED, {31: "NotKnown"}, HOUSEHOLD.items[2].code, reasons.MALFORMED_BATCH_FIELD),
        (PROVIDED, {30: "妻"}, HOUSEHOLD.items[2].code, reasons.MALFORMED_BATCH_FIELD),
        (PROVIDED, {26: ""}, HOUSEHOLD.items[0].code, reasons.ITEM_NULL_WITHOUT_REASON),
        (PROVIDED, {26: "2"}, HOUSEHOLD.items[0].code, reasons.ITEM_MALFORMED),
        (PROVIDED, {28: "あ" * 101}, HOUSEHOLD.items[1].code, reasons.ITEM_TOO_LONG),
        (
            PROVIDED,
            {26: "", 27: "NotAcceptable"},
            HOUSEHOLD.items[0].code,
            reasons.ITEM_NOT_NULLABLE,
        ),
    ],
)
def test_a_line_that_is_not_of_its_form_is_told(
    line: ResultLine, changes: dict[int, str], field: str, reason: Reason
) -> None:
    (fault,) = with_cells(line, changes)

    assert (fault.line, fault.field, fault.reason) == (1, field, reason)


@pytest.mark.parametrize("extra", [b",", b",,"])
def test_every_line_is_as_wide_as_its_layout(extra: bytes) -> None:
    data = written(PROVIDED).replace(b"\r\n", extra + b"\r\n")

    (fault,) = wrong(read_results([data], Side.WARD, HOUSEHOLD))

    assert fault.reason is reasons.BATCH_FIELD_COUNT


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (replace(PROVIDED, items={}), reasons.ITEM_MISSING),
        (replace(FAILED, items=ITEMS), reasons.BATCH_FIELD_NOT_EMPTY),
        (replace(FAILED, message="a,b"), reasons.MALFORMED_BATCH_FIELD),
        (replace(FAILED, message="a\nb"), reasons.MALFORMED_BATCH_FIELD),
        (
            replace(PROVIDED, items={**ITEMS, HOUSEHOLD.items[1].code: "Yamada, H."}),
            reasons.MALFORMED_BATCH_FIELD,
        ),
    ],
)
def test_what_does_not_fit_is_never_written(line: ResultLine, reason: Reason) -> None:
    with pytest.raises(Refusal) as caught:
        written(line)

    assert caught.value.reason is reason
