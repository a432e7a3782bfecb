"""A case with a slip is refused when it is read; the kit's own are without."""

import re
from pathlib import Path

import pytest

from renkei_simulators.conformance.case_error import CaseError
from renkei_simulators.conformance.cases import Answered, Refused
from renkei_simulators.conformance.controls import Fidelity, Level, controls
from renkei_simulators.conformance.reading import known_failures, load, parse
from renkei_simulators.conformance.requests import UNKNOWN_FIELD, encode
from renkei_simulators.conformance.vocabulary import SAMPLES, VOCABULARY, fill_text, placeholders

ROOT = Path(__file__).parents[3]
GUIDE = ROOT / "docs" / "guides" / "write-a-case.md"

GOOD = """
title = "A repeat is answered"
title_ja = "再送には応答する"
controls = ["INP-06"]
fidelity = "inferred"
seat = "municipal-cs"
network = "ward"
method = "renkei.ward.v1.LinkageCodeGenerationService/GenerateLinkageCode"

[caller]
role = "resident-record"

[[step]]
expect.outcome = "OK"

[step.request]
sender = "${institution}"
request_id = "${request_id}"
individual_number.digits = "${individual_number:known}"

[[step]]
change.individual_number.digits = "${individual_number:bad_check_digit}"
expect.outcome = "INDIVIDUAL_NUMBER_CHECK_DIGIT"
"""


def test_a_good_case_is_read() -> None:
    case = parse("F1.7b/good", GOOD)
    first, second = case.steps

    assert case.flow_step == "F1.7b"
    assert isinstance(first.expect, Answered)
    assert isinstance(second.expect, Refused)
    assert second.request["sender"] == "${institution}", "a later step changes the first request"
    assert case.caller.network == "ward"


@pytest.mark.parametrize(
    ("was", "becomes", "told"),
    [
        ("INP-06", "INP-99", "INP-99"),
        ('"INDIVIDUAL_NUMBER_CHECK_DIGIT"', '"NUMBER_IS_BAD"', "NUMBER_IS_BAD"),
        ('"inferred"', '"certain"', "CERTAIN"),
        ('["INP-06"]', "[]", "no control of the case is inferred"),
        ('"municipal-cs"', '"central-bank"', "central-bank is none of"),
        ('network = "ward"', 'network = "internet"', "internet is none of"),
        ("/GenerateLinkageCode", "/ForgetLinkageCode", "the contract has no method"),
        ("${request_id}", "${requestid}", "there are no placeholders requestid"),
        ("individual_number.digits", "individual_number.digit", "no field named"),
        ('expect.outcome = "OK"', 'expect.outcome = "OK"\nexpect.present = ["x"]', "no field x"),
        (
            'expect.outcome = "OK"',
            'expect.outcome = "OK"\nexpect.compared_with_first = "same"',
            "compared with itself",
        ),
        ('expect.outcome = "OK"', 'expect.outcome = "OK"\nexpect.reason = "X"', "has no reason"),
        ('expect.outcome = "OK"', 'expect.outcome = "OK"\nunknown_field_in = "a"', "a is no mess"),
        ("title_ja", "titel_ja", "titel_ja"),
        ('title = "A repeat is answered"', "", "'title' is missing"),
        ("change.", "request.", "step 2 has no request"),
        ('[caller]\nrole = "resident-record"', "caller = 3", "no table"),
    ],
)
def test_a_case_with_a_slip_is_refused_by_name(was: str, becomes: str, told: str) -> None:
    assert was in GOOD
    with pytest.raises(CaseError, match=re.escape(told)) as refused:
        parse("F1.7b/slip", GOOD.replace(was, becomes, 1))
    assert "F1.7b/slip" in str(refused.value)


def test_an_answer_is_compared_with_an_answer() -> None:
    refused = GOOD.replace('"OK"', '"FIELD_MISSING"')
    compared = '"OK"\nexpect.compared_with_first = "same"'

    with pytest.raises(CaseError, match="no answer with which"):
        parse("F1.7b/slip", refused.replace('"INDIVIDUAL_NUMBER_CHECK_DIGIT"', compared))
    assert parse("F1.7b/good", GOOD.replace('"INDIVIDUAL_NUMBER_CHECK_DIGIT"', compared))


def test_a_case_is_no_better_founded_than_its_controls() -> None:
    documented = GOOD.replace('"inferred"', '"documented"')
    assert parse("F1.7b/good", documented).fidelity is Fidelity.DOCUMENTED

    with pytest.raises(CaseError, match="no control of the case is documented"):
        parse("F1.7b/slip", documented.replace("INP-06", "INP-03"))


def test_cases_are_in_the_order_of_the_flow() -> None:
    steps = list(dict.fromkeys(case.flow_step for case in load()))

    assert steps == ["F1.0", "F1.1", "F1.3", "F1.4", "F1.7b", "F1.8", "F1.10"]


def test_a_folder_of_ones_own_is_read_and_an_empty_one_is_told(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="holds no case"):
        load(tmp_path)
    (tmp_path / "F1.7b").mkdir()
    (tmp_path / "F1.7b" / "good.toml").write_text(GOOD, encoding="utf-8")

    assert [case.id for case in load(tmp_path)] == ["F1.7b/good"]


def test_an_unknown_field_is_put_where_the_case_says() -> None:
    case = parse("F1.7b/good", GOOD)
    plain, outer, inner = (
        encode(case.descriptor, case.steps[0].request, SAMPLES, place)
        for place in (None, "", "individual_number")
    )

    assert outer == plain + UNKNOWN_FIELD
    assert UNKNOWN_FIELD in inner
    assert not inner.endswith(UNKNOWN_FIELD + UNKNOWN_FIELD)


def test_placeholders_are_found_and_filled_at_any_depth() -> None:
    told = {"a": ["${request_id}"], "b": {"c": "x${institution}"}, "d": 3}

    assert placeholders(told) == {"request_id", "institution"}
    assert fill_text("x${institution}", SAMPLES) == f"x{SAMPLES['institution']}"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('"F1.7b/none" = "later"', "no case"),
        ('"F1.7b/check-digit" = " "', "no reason"),
        ('"F1.7b/check-digit" = 3', "cannot be read"),
        ("=", "cannot be read"),
    ],
)
def test_a_list_of_known_failures_needs_cases_and_reasons(
    tmp_path: Path, text: str, told: str
) -> None:
    file = tmp_path / "known.toml"
    file.write_text(text)
    with pytest.raises(CaseError, match=told):
        known_failures(file, load())

    file.write_text('"F1.7b/check-digit" = "not written yet"')
    assert known_failures(file, load()) == {"F1.7b/check-digit": "not written yet"}


def test_every_control_has_its_source_and_its_quotation() -> None:
    found = controls()

    assert len(found) == 123
    for one in found.values():
        assert re.fullmatch(r"[A-Z]{3}-\d\d", one.id)
        assert one.level in Level
        assert all((one.obligation, one.observable, one.quote_ja, one.source_section))


def test_the_guide_tells_every_placeholder() -> None:
    rows = {f"| `${{{name}}}` | {word.meaning} |" for name, word in VOCABULARY.items()}

    assert rows <= set(GUIDE.read_text(encoding="utf-8").splitlines())
