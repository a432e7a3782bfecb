"""What a line of inquiry asks, and which lines of result come of it: none is ever lost."""

from dataclasses import replace
from datetime import date

import pytest

from renkei import reasons
from renkei.answers import Outcome
from renkei.codes import Institution
from renkei.exchanges import ExchangeId
from renkei.inquiries import CODE_NOT_ACQUIRED, STATUSES, Inquiry
from renkei.reasons import Reason
from renkei.refusals import Refusal
from renkei.sub_copies import Publication, RecordName, SubCopy
from renkei_server.domain.batch_files.asking import (
    NOT_READABLE,
    NOT_STARTED,
    newest_layout,
    result_of_refusal,
    results_of,
    terms_of,
)
from renkei_server.domain.batch_files.result import ResultLine, read_results, write_results
from renkei_server.domain.batch_files.sides import Side
from renkei_server.domain.law.institutions import read_institution_codes
from renkei_server.domain.layouts.layouts import Layout

from .making import HOUSEHOLD, INQUIRY, ITEMS, LAYOUTS, TAX, TODAY, good

CODES = read_institution_codes()
EXCHANGE = ExchangeId("8f14e45f-ceea-467f-9a3b-0d1c2b3a4f5e")
OLD_TAX = LAYOUTS.known[TAX.information_code, 1]
OLD_TAX_ITEMS = {"DI90000000000201": "3000", "DI90000000000202": "12000"}
TAX_ITEMS = {
    "DI90000000000201": "3000",
    "DI90000000000203": "12000",
    "DI90000000000204": "2026-06-01",
}


def record(layout: Layout, items: dict[str, str], key: str = "") -> SubCopy:
    name = RecordName(layout.information_code, key)
    return SubCopy(name, layout.version, Publication(date(2026, 4, 1)), items)


def came(outcome: Outcome, *records: SubCopy) -> Inquiry:
    return Inquiry(EXCHANGE, outcome, INQUIRY.information_code, "", records)


def results(told: Inquiry, plain: Layout = HOUSEHOLD) -> list[tuple[Layout, ResultLine]]:
    return list(results_of(INQUIRY, told, LAYOUTS, plain))


def test_a_line_asks_by_name_for_what_its_codes_say() -> None:
    line = replace(INQUIRY, inquirer_delegator_code="1419900000090001")

    terms = terms_of(line, CODES)

    assert (terms.inquirer, terms.provider) == (Institution("131148"), Institution("131130"))
    assert (terms.inquirer_delegator, terms.provider_delegator) == (Institution("mhlw"), None)
    assert (terms.affair_code, terms.from_date) == (INQUIRY.affair_code, INQUIRY.from_date)


@pytest.mark.parametrize(("code", "hidden"), [("1", False), ("2", True)])
def test_the_person_may_see_that_it_was_asked_unless_the_line_says_not(
    code: str,
    hidden: bool,  # noqa: FBT001 - a case of the table above
) -> None:
    assert terms_of(replace(INQUIRY, inquirer_nondisclosure_code=code), CODES).non_disclosure is (
        hidden
    )


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("inquirer_nondisclosure_code", "0", reasons.MALFORMED_BATCH_FIELD),
        ("provider_institution_code", "0" * 16, reasons.INSTITUTION_CODE_UNKNOWN),
        ("provider_delegator_code", "9" * 16, reasons.INSTITUTION_CODE_UNKNOWN),
    ],
)
def test_a_code_that_says_nothing_is_refused_with_its_field(
    field: str, value: str, reason: Reason
) -> None:
    with pytest.raises(Refusal) as refused:
        terms_of(replace(INQUIRY, **{field: value}), CODES)  # type: ignore[arg-type]

    assert (refused.value.reason, refused.value.fields) == (reason, (field,))


def test_each_record_that_was_provided_is_a_line_under_its_own_layout() -> None:
    told = came(Outcome.PROVIDED, record(OLD_TAX, OLD_TAX_ITEMS), record(TAX, TAX_ITEMS, "2"))

    (old, first), (new, second) = results(told, TAX)

    assert (old, new) == (OLD_TAX, TAX)
    assert (first.items, second.items) == (OLD_TAX_ITEMS, TAX_ITEMS)
    assert first.provided
    assert second.provided


@pytest.mark.parametrize("outcome", [one for one in Outcome if one is not Outcome.PROVIDED])
def test_without_information_there_is_one_line_with_the_statuses(outcome: Outcome) -> None:
    told = came(outcome)

    ((layout, line),) = results(told)

    assert layout == HOUSEHOLD
    assert (line.detail_status, line.information_status) == (
        told.detail_status,
        told.information_status,
    )
    assert not line.items


def test_an_answer_that_follows_no_known_layout_is_told_as_such() -> None:
    unknown = replace(record(TAX, TAX_ITEMS), layout_version=9)
    broken = record(TAX, {})

    for one in (unknown, broken):
        ((layout, line),) = results(came(Outcome.PROVIDED, one), TAX)
        assert (layout, line.detail_status, line.items) == (TAX, "15", {})
        assert line.message == reasons.MALFORMED_ANSWER.japanese


def test_a_comma_in_a_value_becomes_one_that_a_line_can_hold() -> None:
    items = {**ITEMS, HOUSEHOLD.items[1].code: "Smith, John"}

    ((layout, line),) = results(came(Outcome.PROVIDED, record(HOUSEHOLD, items)))  # type: ignore[arg-type]

    data = b"".join(write_results([line], layout))
    assert good(read_results([data], Side.WARD, layout)) == [line]
    assert "Smith， John" in data.decode()


@pytest.mark.parametrize("reason", reasons.NAMED.values())
def test_whatever_a_line_was_refused_for_can_be_written_on_its_line_of_result(
    reason: Reason,
) -> None:
    line = result_of_refusal(INQUIRY, reason)

    data = b"".join(write_results([line], HOUSEHOLD))

    assert good(read_results([data], Side.WARD, HOUSEHOLD)) == [line]
    assert not line.provided


def test_a_code_that_was_not_acquired_is_told_in_the_words_that_were_seen() -> None:
    assert result_of_refusal(INQUIRY, reasons.CODE_NOT_ACQUIRED).message == CODE_NOT_ACQUIRED


def test_the_newest_layout_in_force_gives_a_file_its_width() -> None:
    assert newest_layout(LAYOUTS, TAX.information_code, TODAY) is TAX
    assert newest_layout(LAYOUTS, TAX.information_code, date(2023, 7, 1)) is OLD_TAX
    with pytest.raises(Refusal) as refused:
        newest_layout(LAYOUTS, "TM99999999999999", TODAY)
    assert refused.value.reason is reasons.INFORMATION_UNKNOWN


def test_every_way_in_which_a_line_ends_has_statuses_of_its_own() -> None:
    files = [(status, "") for status in (NOT_STARTED, NOT_READABLE)]

    assert len({*STATUSES.values(), *files}) == len(Outcome) + 1 + len(files)
