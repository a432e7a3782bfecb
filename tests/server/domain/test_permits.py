"""Permits: a pair in which neither side sees the other's code, good for one thing, once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renkei import reasons
from renkei.codes import Institution, LinkageCode
from renkei.exchanges import ExchangeId, InquiryTerms
from renkei.permits import COMMITMENT_BYTES, Permit, Side
from renkei.reasons import Reason
from renkei.refusals import Refusal
from renkei_server.domain.legal_basis import Basis, Fidelity
from renkei_server.domain.linkage_codes import CODE_KEY_BYTES, LINK_ID_BYTES, CodeCipher
from renkei_server.domain.permits import (
    COMMITMENT_KEY_BYTES,
    LIFETIME,
    Core,
    Pair,
    issue_pair,
    judge,
)

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)
NAKANO, SHIBUYA, NENKIN, MINISTER = map(Institution, ("131148", "131130", "nenkin", "mhlw"))
EXCHANGE = ExchangeId.parse("5b7c1a52-6f0e-4b8e-9d2f-3a8f3f0f7c11")
ANOTHER_EXCHANGE = ExchangeId.parse("5b7c1a52-6f0e-4b8e-9d2f-3a8f3f0f7c12")
LINK_ID, ANOTHER_LINK_ID = (bytes([one]) * LINK_ID_BYTES for one in (1, 2))
BASIS = Basis("2024", "73", Fidelity.INFERRED)

CIPHER = CodeCipher(b"k" * CODE_KEY_BYTES)
CORE = Core(CIPHER, b"c" * COMMITMENT_KEY_BYTES)

TERMS = InquiryTerms(
    inquirer=NENKIN,
    inquirer_delegator=MINISTER,
    provider=NAKANO,
    provider_delegator=None,
    affair_code="JM90000000073000",
    procedure_code="JT90000000073001",
    information_code="TM90000000000001",
    condition_class="0",
    fiscal_year_class="0",
    from_date=date(2025, 4, 1),
    to_date=date(2026, 3, 31),
    non_disclosure=False,
)

OTHER_TERMS: list[dict[str, Any]] = [
    {"inquirer_delegator": None},
    {"provider_delegator": MINISTER},
    {"affair_code": "JM90000000132000"},
    {"procedure_code": "JT90000000132001"},
    {"information_code": "TM00000000000002"},
    {"condition_class": "1"},
    {"fiscal_year_class": "1"},
    {"from_date": None},
    {"to_date": date(2026, 4, 1)},
    {"non_disclosure": True},
]

link_ids = st.binary(min_size=LINK_ID_BYTES, max_size=LINK_ID_BYTES)
exchanges = st.uuids().map(lambda uuid: ExchangeId.parse(str(uuid)))

RUN = 6
"""So many bytes in a row do not meet by chance."""


def issue(
    link_id: bytes = LINK_ID, exchange: ExchangeId = EXCHANGE, terms: InquiryTerms = TERMS
) -> Pair:
    return issue_pair(
        CORE,
        exchange,
        terms=terms,
        code=CIPHER.code_of(link_id, terms.inquirer),
        table=BASIS.table,
        item=BASIS.item,
        world="world-1",
        now=NOON,
    )


PAIR = issue()
PROVIDERS, INQUIRERS = PAIR.providers, PAIR.inquirers


def judge_here(permit: Permit, **changes: Any) -> None:
    """Judge as the provider of the exchange does at once, but for what is changed."""
    fitting: dict[str, Any] = {
        "holder": NAKANO,
        "side": Side.PROVIDER,
        "world": "world-1",
        "exchange_id": EXCHANGE,
        "code": PROVIDERS.code,
        "terms": TERMS,
        "now": NOON,
        "already_used": False,
    }
    judge(permit, **fitting | changes)


def reason_of(act: Callable[[], object]) -> Reason:
    with pytest.raises(Refusal) as caught:
        act()
    return caught.value.reason


# The pair


def test_each_side_has_a_copy_with_its_own_code() -> None:
    assert (INQUIRERS.holder, PROVIDERS.holder) == (NENKIN, NAKANO)
    assert INQUIRERS.code == CIPHER.code_of(LINK_ID, NENKIN)
    assert PROVIDERS.code == CIPHER.code_of(LINK_ID, NAKANO)


def test_but_for_side_and_code_both_copies_say_the_same() -> None:
    assert replace(INQUIRERS, side=Side.PROVIDER, code=PROVIDERS.code) == PROVIDERS


def test_a_permit_says_what_was_permitted_under_which_item_and_until_when() -> None:
    assert PROVIDERS.terms == TERMS
    assert (PROVIDERS.legal_table, PROVIDERS.legal_item) == ("2024", "73")
    assert (PROVIDERS.not_before, PROVIDERS.not_after) == (NOON, NOON + LIFETIME)
    assert (PROVIDERS.exchange.inquirer, PROVIDERS.exchange.provider) == (NENKIN, NAKANO)


def test_what_is_no_code_of_the_inquirer_gets_no_permit() -> None:
    code = CIPHER.code_of(LINK_ID, SHIBUYA)

    assert reason_of(
        lambda: issue_pair(
            CORE,
            EXCHANGE,
            terms=TERMS,
            code=code,
            table=BASIS.table,
            item=BASIS.item,
            world="world-1",
            now=NOON,
        )
    ) is (reasons.MALFORMED_LINKAGE_CODE)


@given(link_ids, exchanges)
def test_nothing_of_the_other_code_or_of_the_link_id_is_in_a_copy(
    link_id: bytes, exchange: ExchangeId
) -> None:
    pair = issue(link_id, exchange)

    assert not runs(pair.providers.code.value) & runs(pair.inquirers.code.value)
    for permit in (pair.providers, pair.inquirers):
        assert not runs(link_id) & runs(permit.commitment + permit.code.value)
        assert len(permit.commitment) == COMMITMENT_BYTES


@given(link_ids, st.lists(exchanges, min_size=2, max_size=5, unique=True))
def test_commitments_do_not_show_that_two_exchanges_are_about_one_person(
    link_id: bytes, of_one_person: list[ExchangeId]
) -> None:
    commitments = {issue(link_id, exchange).providers.commitment for exchange in of_one_person}

    assert len(commitments) == len(of_one_person)


def test_a_permit_shows_nothing_that_names_a_person() -> None:
    shown = repr(PROVIDERS)

    assert repr(PROVIDERS.code.value) not in shown
    assert repr(PROVIDERS.commitment) not in shown
    assert repr(CORE.commitment_key) not in repr(CORE)


# What joins two copies


@given(link_ids, exchanges)
def test_the_core_sees_that_two_copies_belong_together(
    link_id: bytes, exchange: ExchangeId
) -> None:
    pair = issue(link_id, exchange)

    assert CORE.joins(pair.inquirers, pair.providers)
    assert CORE.joins(pair.providers, pair.inquirers)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(INQUIRERS, id="the same copy twice"),
        pytest.param(issue(ANOTHER_LINK_ID).providers, id="another person"),
        pytest.param(issue(exchange=ANOTHER_EXCHANGE).providers, id="another exchange"),
        pytest.param(
            replace(issue(ANOTHER_LINK_ID).providers, commitment=PROVIDERS.commitment),
            id="another person's code under this commitment",
        ),
        pytest.param(
            replace(issue(exchange=ANOTHER_EXCHANGE).providers, exchange_id=EXCHANGE),
            id="another exchange's commitment under this id",
        ),
        pytest.param(replace(PROVIDERS, code=INQUIRERS.code), id="the inquirer's code"),
        pytest.param(
            replace(PROVIDERS, terms=replace(TERMS, provider=SHIBUYA)), id="another provider"
        ),
    ],
)
def test_copies_that_do_not_belong_together_are_told_apart(other: Permit) -> None:
    assert not CORE.joins(INQUIRERS, other)
    assert not CORE.joins(other, INQUIRERS)


def test_another_core_can_open_neither_code_nor_commitment() -> None:
    with_other_codes = Core(CodeCipher(b"x" * CODE_KEY_BYTES), CORE.commitment_key)
    with_other_commitments = Core(CIPHER, b"x" * COMMITMENT_KEY_BYTES)

    assert not with_other_codes.joins(INQUIRERS, PROVIDERS)
    assert not with_other_commitments.joins(INQUIRERS, PROVIDERS)


# When a permit is good


def test_each_party_may_act_on_its_own_copy() -> None:
    judge_here(PROVIDERS)
    judge_here(INQUIRERS, holder=NENKIN, side=Side.INQUIRER, code=INQUIRERS.code)


def test_a_permit_of_another_world_is_refused() -> None:
    assert reason_of(lambda: judge_here(PROVIDERS, world="world-2")) is (
        reasons.PERMIT_OF_ANOTHER_WORLD
    )


@pytest.mark.parametrize(
    ("permit", "changes"),
    [
        pytest.param(PROVIDERS, {"holder": SHIBUYA}, id="redirected to another provider"),
        pytest.param(PROVIDERS, {"holder": NENKIN}, id="given to the inquirer"),
        pytest.param(INQUIRERS, {}, id="the inquirer's copy at the provider"),
        pytest.param(
            INQUIRERS, {"holder": NENKIN}, id="the inquirer's copy at the inquirer as provider"
        ),
    ],
)
def test_a_redirected_permit_is_refused(permit: Permit, changes: dict[str, Any]) -> None:
    assert reason_of(lambda: judge_here(permit, **changes)) is reasons.PERMIT_FOR_ANOTHER_PARTY


@pytest.mark.parametrize(
    "changes",
    [*OTHER_TERMS, {"inquirer": SHIBUYA}, {"provider": SHIBUYA}],
    ids=lambda one: next(iter(one)),
)
def test_what_is_asked_beside_the_permit_is_refused(changes: dict[str, Any]) -> None:
    asked = replace(TERMS, **changes)

    assert reason_of(lambda: judge_here(PROVIDERS, terms=asked)) is reasons.PERMIT_ALTERED


@pytest.mark.parametrize("changes", OTHER_TERMS, ids=lambda one: next(iter(one)))
def test_a_permit_for_what_was_not_asked_is_refused(changes: dict[str, Any]) -> None:
    permit = issue(terms=replace(TERMS, **changes)).providers

    assert reason_of(lambda: judge_here(permit)) is reasons.PERMIT_ALTERED


@pytest.mark.parametrize(
    "changes",
    [
        {"exchange_id": ANOTHER_EXCHANGE},
        {"code": CIPHER.code_of(ANOTHER_LINK_ID, NAKANO)},
        {"code": INQUIRERS.code},
    ],
    ids=["exchange", "another person", "the inquirer's code"],
)
def test_another_exchange_or_person_than_the_permits_is_refused(changes: dict[str, Any]) -> None:
    assert reason_of(lambda: judge_here(PROVIDERS, **changes)) is reasons.PERMIT_ALTERED


@given(st.timedeltas(-LIFETIME, 2 * LIFETIME))
def test_a_permit_is_good_between_its_two_times_and_at_no_other(after: timedelta) -> None:
    now = NOON + after
    if after < timedelta(0):
        assert reason_of(lambda: judge_here(PROVIDERS, now=now)) is reasons.PERMIT_NOT_YET_VALID
    elif after >= LIFETIME:
        assert reason_of(lambda: judge_here(PROVIDERS, now=now)) is reasons.PERMIT_EXPIRED
    else:
        judge_here(PROVIDERS, now=now)


def test_a_permit_is_good_from_its_first_moment_on_and_not_at_its_last() -> None:
    judge_here(PROVIDERS, now=NOON)
    judge_here(PROVIDERS, now=NOON + LIFETIME - MOMENT)
    assert reason_of(lambda: judge_here(PROVIDERS, now=NOON - MOMENT)) is (
        reasons.PERMIT_NOT_YET_VALID
    )
    assert reason_of(lambda: judge_here(PROVIDERS, now=NOON + LIFETIME)) is reasons.PERMIT_EXPIRED


def test_a_permit_is_good_once() -> None:
    assert reason_of(lambda: judge_here(PROVIDERS, already_used=True)) is (
        reasons.PERMIT_ALREADY_USED
    )


def test_a_used_permit_may_be_forgotten_once_it_has_expired() -> None:
    used = reason_of(lambda: judge_here(PROVIDERS, now=NOON + LIFETIME, already_used=True))
    forgotten = reason_of(lambda: judge_here(PROVIDERS, now=NOON + LIFETIME))

    assert used is forgotten is reasons.PERMIT_EXPIRED


def test_whoever_is_not_the_holder_does_not_learn_that_a_permit_was_used() -> None:
    assert reason_of(lambda: judge_here(PROVIDERS, holder=SHIBUYA, already_used=True)) is (
        reasons.PERMIT_FOR_ANOTHER_PARTY
    )


def test_a_code_that_is_malformed_opens_nothing() -> None:
    damaged = replace(PROVIDERS, code=LinkageCode(PROVIDERS.code.value[::-1]))

    assert not CORE.joins(INQUIRERS, damaged)


def runs(value: bytes) -> set[bytes]:
    return {value[start : start + RUN] for start in range(len(value) - RUN + 1)}
