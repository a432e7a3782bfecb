"""An operator's session: good at one terminal, for a time, for what was permitted."""

from datetime import timedelta

import pytest

from renkei import reasons
from renkei.refusals import Refusal
from renkei_server.domain.operators import (
    Access,
    Deed,
    Factor,
    Session,
    judge_deed,
    judge_factors,
    judge_session,
)
from tests.server.world import NOON

TERMINAL, WARD, FUNCTION = "spiffe://terminal-1", "131148", "code-acquisition"
INSTANT = timedelta(microseconds=1)
SESSION = Session(
    session_id="5b7c1a52-6f0e-4b8e-9d2f-3a8f3f0f7c11",
    operator_id="operator-17",
    institution=WARD,
    terminal=TERMINAL,
    factors=frozenset({Factor.PASSWORD, Factor.BIOMETRIC}),
    permissions=frozenset({(FUNCTION, Access.UPDATE)}),
    approver=False,
    not_before=NOON,
    not_after=NOON + timedelta(hours=1),
)
ASKED = {"terminal": TERMINAL, "institution": WARD, "now": NOON}


def refusal(session: Session = SESSION, **asked: object) -> Refusal:
    with pytest.raises(Refusal) as caught:
        judge_session(session, **(ASKED | asked))  # type: ignore[arg-type]
    assert caught.value.fields == ("operator_session",)
    return caught.value


def test_an_operator_may_do_what_was_permitted_here_and_now() -> None:
    judge_session(SESSION, **ASKED)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "elsewhere", [{"terminal": "spiffe://terminal-2"}, {"institution": "131130"}]
)
def test_a_session_is_good_at_its_own_terminal_and_institution_alone(
    elsewhere: dict[str, str],
) -> None:
    reason = refusal(**elsewhere).reason
    assert reason is reasons.OPERATOR_SESSION_OF_ANOTHER_TERMINAL


def test_a_session_is_good_between_its_two_times() -> None:
    last = SESSION.not_after - INSTANT
    judge_session(SESSION, **(ASKED | {"now": last}))  # type: ignore[arg-type]

    for now in (SESSION.not_before - INSTANT, SESSION.not_after):
        assert refusal(now=now).reason is reasons.OPERATOR_SESSION_OUT_OF_DATE


@pytest.mark.parametrize(
    ("held", "needed", "may"),
    [
        (Access.UPDATE, Access.UPDATE, True),
        (Access.UPDATE, Access.READ, True),
        (Access.READ, Access.READ, True),
        (Access.READ, Access.UPDATE, False),
    ],
)
def test_to_update_includes_to_read(held: Access, needed: Access, *, may: bool) -> None:
    permissions = {(FUNCTION, held)}

    if may:
        judge_deed(permissions, Deed(FUNCTION, needed), approver=False)
    else:
        assert missing(permissions, needed).reason is reasons.PERMISSION_MISSING


@pytest.mark.parametrize("permissions", [(), (("moving", Access.UPDATE),)])
def test_a_permission_is_for_one_function(permissions: tuple[tuple[str, Access], ...]) -> None:
    told = missing(set(permissions), Access.UPDATE)

    assert (told.reason, told.detail) == (reasons.PERMISSION_MISSING, "code-acquisition, update")


def test_where_is_judged_before_when() -> None:
    everything = refusal(terminal="elsewhere", now=SESSION.not_after)

    assert everything.reason is reasons.OPERATOR_SESSION_OF_ANOTHER_TERMINAL


def missing(permissions: set[tuple[str, Access]], access: Access) -> Refusal:
    with pytest.raises(Refusal) as caught:
        judge_deed(permissions, Deed(FUNCTION, access), approver=True)
    assert caught.value.fields == ("operator_session",)
    return caught.value


def test_what_another_one_proposes_is_approved_by_an_approver_alone() -> None:
    held, approval = {(FUNCTION, Access.UPDATE)}, Deed(FUNCTION, Access.UPDATE, approves=True)
    judge_deed(held, approval, approver=True)

    with pytest.raises(Refusal) as caught:
        judge_deed(held, approval, approver=False)
    assert caught.value.reason is reasons.APPROVER_RIGHT_MISSING


def test_every_factor_that_a_terminal_needs_was_used() -> None:
    both = (Factor.PASSWORD, Factor.BIOMETRIC)
    judge_factors(both, both)
    judge_factors([Factor.PASSWORD], ())

    with pytest.raises(Refusal) as caught:
        judge_factors([Factor.PASSWORD, Factor.PIN], both)
    told = caught.value.reason, caught.value.detail, caught.value.fields
    assert told == (reasons.OPERATOR_FACTOR_MISSING, "biometric", ("operator_session",))
