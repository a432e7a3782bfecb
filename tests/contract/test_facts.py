"""Facts that a refusal carries: read back as they were stated, and never a person's number."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renkei import reasons
from renkei.facts import EXPECTED, FACTS, FOUND, INSTITUTION, LIMIT, NOT_AFTER
from renkei.refusals import Refusal
from renkei.wire.refusals import (
    facts_of,
    read_refusal,
    read_refused_request,
    write_refused_request,
)

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
NUMBERS = st.integers(min_value=-(10**10) + 1, max_value=10**10 - 1)
MOMENTS = st.datetimes(timezones=st.just(UTC))


def carried(refusal: Refusal) -> Refusal:
    """A refusal as whoever made a batch reads it."""
    told = read_refused_request(write_refused_request(refusal))
    assert told is not None
    return told


@given(found=NUMBERS, limit=NUMBERS, until=MOMENTS)
def test_what_is_stated_is_read_back(found: int, limit: int, until: datetime) -> None:
    stated = (FOUND.of(found), LIMIT.of(limit), NOT_AFTER.of(until))

    told = carried(Refusal(reasons.BATCH_TOO_LARGE, "a detail", "requests", facts=stated))

    assert (told.fact(FOUND), told.fact(LIMIT), told.fact(NOT_AFTER)) == (found, limit, until)
    assert (told.reason, told.detail, told.fields) == (
        reasons.BATCH_TOO_LARGE,
        "a detail",
        ("requests",),
    )


def test_a_fact_that_was_not_stated_is_none() -> None:
    told = carried(Refusal(reasons.BATCH_TOO_LARGE, facts=(LIMIT.of(200),)))

    assert told.fact(LIMIT) == 200
    assert told.fact(EXPECTED) is None


def test_a_refusal_seen_from_outside_keeps_its_facts() -> None:
    inner = Refusal(reasons.MALFORMED_INQUIRY, facts=(INSTITUTION.of("131148"),))

    assert inner.within("terms").fact(INSTITUTION) == "131148"


@pytest.mark.parametrize("number", [10**10, 12345678901, -(10**10), 123456789012])
def test_a_number_that_could_name_a_person_is_no_fact(number: int) -> None:
    with pytest.raises(ValueError, match="at most ten digits"):
        FOUND.of(number)


@pytest.mark.parametrize(
    "facts",
    [
        {"limit": "many"},
        {"limit": "123456789012"},
        {"limit": "１２"},
        {"limit": " 1_2 "},
        {"notAfter": "noon"},
        {"notAfter": "2026-11-23T12:00:00"},
        {"notAfter": "0001-01-01T00:00:00+14:00"},
        {"notAfter": "9999-12-31T23:59:59-14:00"},
        {"else": "1"},
    ],
)
def test_what_a_peer_states_out_of_form_is_passed_over(facts: dict[str, str]) -> None:
    told = read_refusal("BATCH_TOO_LARGE", ["requests"], facts)

    assert told is not None
    assert told.facts == ()


@pytest.mark.parametrize("word", ["\x1b[2J", "two\nlines", "\u202eback", "x" * 501])
def test_of_a_peers_words_nothing_is_taken_that_is_not_one_short_line(word: str) -> None:
    told = read_refusal("INTERNAL", [word, "sex"], {"detail": word, "incident": word})

    assert told is not None
    assert (told.detail, told.fields, told.incident) == ("", ("sex",), "")


def test_a_peer_names_a_hundred_fields_at_most() -> None:
    told = read_refusal("MALFORMED_ATTRIBUTES", map(str, range(10**6)), {})

    assert told is not None
    assert len(told.fields) == 100


def test_a_reason_outside_the_contract_is_no_refusal_of_it() -> None:
    assert read_refusal("NO_SUCH_REASON", [], {}) is None


def test_of_a_fault_nothing_but_its_incident_is_told() -> None:
    fault = Refusal(reasons.INTERNAL, "the cause", facts=(FOUND.of(1),))

    assert facts_of(fault, "an-id") == {"incident": "an-id"}
    told = read_refused_request(write_refused_request(fault, "an-id"))
    assert told is not None
    assert (told.detail, told.facts, told.incident) == ("", (), "an-id")
    assert "an-id" in str(told)


def test_a_fact_is_named_as_error_info_wants_it() -> None:
    """google.rpc.ErrorInfo: keys are lower camel case of at most 64 characters."""
    assert all(name.isalnum() and name[0].islower() and len(name) <= 64 for name in FACTS)
    assert not {"detail", "incident"} & set(FACTS)
