"""Reasons: each told in two languages under a proper status, and none of them twice."""

import pickle
import re

import grpc
import pytest

from renkei import reasons
from renkei.reasons import Reason
from renkei.refusals import DOMAIN, Refusal

JAPANESE = re.compile(r"[぀-ヿ一-鿿]")


@pytest.mark.parametrize("reason", reasons.NAMED.values())
def test_a_reason_is_told_in_english_and_in_japanese(reason: Reason) -> None:
    assert reason.english.isascii()
    assert reason.english.endswith(".")
    assert JAPANESE.search(reason.japanese)
    assert reason.japanese.endswith("。")


@pytest.mark.parametrize("reason", reasons.NAMED.values())
def test_a_reason_goes_out_under_a_status_that_is_an_error(reason: Reason) -> None:
    assert grpc.StatusCode[reason.status] is not grpc.StatusCode.OK


@pytest.mark.parametrize("language", ["english", "japanese"])
def test_no_two_reasons_are_told_alike(language: str) -> None:
    told = [getattr(reason, language) for reason in reasons.NAMED.values()]

    assert len(told) == len(set(told))


def test_no_reason_is_another_name_of_one() -> None:
    assert list(reasons.NAMED) == [reason.name for reason in reasons.NAMED.values()]


@pytest.mark.parametrize("reason", reasons.NAMED.values())
def test_the_form_of_a_request_never_mends_itself(reason: Reason) -> None:
    if reason.status in {"INVALID_ARGUMENT", "ALREADY_EXISTS", "NOT_FOUND", "UNIMPLEMENTED"}:
        assert not reason.passing
    if reason.status in {"UNAVAILABLE", "DEADLINE_EXCEEDED", "INTERNAL"}:
        assert reason.passing


def test_a_reason_is_fit_for_error_info() -> None:
    """AIP-193: upper snake case of at most 63 characters; the domain says whose it is."""
    assert DOMAIN == "renkei"
    for reason in reasons.NAMED.values():
        assert re.fullmatch(r"[A-Z][A-Z0-9_]{1,61}[A-Z0-9]", reason.name)


def test_a_refusal_tells_reason_place_sentence_and_detail() -> None:
    refusal = Refusal(reasons.MALFORMED_ATTRIBUTES, "2 of 4", "name.text", "sex")

    assert str(refusal) == (
        "MALFORMED_ATTRIBUTES [name.text, sex]: "
        "The four attributes are incomplete or out of their form. (2 of 4)"
    )


def test_a_refusal_without_place_and_detail_tells_the_sentence_alone() -> None:
    assert str(Refusal(reasons.PERSON_NOT_HELD)) == (
        "PERSON_NOT_HELD: The register holds no such person."
    )


def test_a_refusal_of_an_inner_value_is_seen_from_the_message_that_holds_it() -> None:
    inner = Refusal(reasons.MALFORMED_ATTRIBUTES, "2 of 4", "name.text", "sex")

    outer = inner.within("attributes").within("person")

    assert outer.fields == ("person.attributes.name.text", "person.attributes.sex")
    assert (outer.reason, outer.detail) == (inner.reason, inner.detail)


def test_a_refusal_without_a_place_gets_the_field_that_holds_it() -> None:
    refusal = Refusal(reasons.MALFORMED_INSTITUTION).within("sender")

    assert refusal.fields == ("sender",)


def test_a_refusal_is_the_same_in_another_process() -> None:
    refusal = Refusal(reasons.MALFORMED_ATTRIBUTES, "2 of 4", "name.text", "sex")

    carried = pickle.loads(pickle.dumps(refusal))  # noqa: S301  # our own bytes

    assert (carried.reason, carried.detail, carried.fields) == (
        refusal.reason,
        refusal.detail,
        refusal.fields,
    )
