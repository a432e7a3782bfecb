"""An operator's session: good at one terminal, for a time, for what was permitted."""

from datetime import timedelta

import pytest

from renkei import reasons
from renkei.refusals import Refusal
from renkei_server.domain.operators import Access, Session, judge_permission, judge_session
from tests.server.world import NOON

TERMINAL, WARD, FUNCTION = "spiffe://terminal-1", "131148", "code-acquisition"
INSTANT = timedelta(microseconds=1)
SESSION = Session(
    session_id="5b7c1a52-6f0e-4b8e-9d2f-3a8f3f0f7c11",
    operator_id="operator-17",
    institution=WARD,
    terminal=TERMINAL,
    permissions=frozenset({(FUNCTION, Access.UPDATE)}),
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
        judge_permission(permissions, FUNCTION, needed)
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
        judge_permission(permissions, FUNCTION, access)
    assert caught.value.fields == ("operator_session",)
    return caught.value
