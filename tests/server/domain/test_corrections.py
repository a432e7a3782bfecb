"""Who may correct identity information: whoever was permitted to, by somebody else, once (INP-08)."""

from dataclasses import replace

import pytest

from renkei import reasons
from renkei.change_reasons import ChangeReason
from renkei.refusals import Refusal
from renkei_server.domain.corrections import (
    NEED_PERMISSION,
    Approval,
    Corrected,
    Use,
    permission,
    require_case_reference,
    require_correction,
)
from tests.server.world import NOON

EX_OFFICIO, ERROR = ChangeReason.CORRECTED_EX_OFFICIO, ChangeReason.ERROR_CORRECTED
GIVEN = Approval("one", ERROR, "R8-123", "manager", NOON)
NOTHING = Corrected(None, None)  # type: ignore[arg-type]  # nobody looks at it
USED = replace(GIVEN, approval_id="used", use=Use(NOON, 3, NOTHING, NOTHING))


def refusal(*given: Approval, reason: ChangeReason = ERROR, by: str = "clerk") -> reasons.Reason:
    with pytest.raises(Refusal) as caught:
        permission(given, reason, by)
    assert caught.value.fields == ("notification.items.reason",)
    return caught.value.reason


def test_a_correction_uses_the_permission_that_somebody_else_has_given_for_its_reason() -> None:
    of_the_enterer = replace(GIVEN, approval_id="own", operator_id="clerk")

    assert permission([USED, of_the_enterer, GIVEN], ERROR, "clerk") is GIVEN


def test_nothing_is_corrected_that_nobody_has_permitted() -> None:
    assert refusal() is reasons.MANAGER_PERMISSION_MISSING
    assert refusal(GIVEN, reason=EX_OFFICIO) is reasons.MANAGER_PERMISSION_MISSING


def test_a_permission_is_used_once() -> None:
    assert refusal(USED) is reasons.MANAGER_PERMISSION_USED


def test_who_entered_a_correction_has_not_permitted_it() -> None:
    assert refusal(GIVEN, by="manager") is reasons.APPROVER_IS_ENTERER


def test_corrections_alone_are_permitted() -> None:
    assert {EX_OFFICIO, ERROR} == NEED_PERMISSION
    require_correction(EX_OFFICIO)

    with pytest.raises(Refusal) as caught:
        require_correction(ChangeReason.MINOR_CORRECTION)
    assert caught.value.reason is reasons.NOT_A_CORRECTION


@pytest.mark.parametrize("told", ["R8-123", "(8)45/6"])
def test_papers_are_called_by_a_number(told: str) -> None:
    require_case_reference(told)


@pytest.mark.parametrize("told", ["x" * 41, "a b", "a\n", "山田"])
def test_what_is_no_number_of_papers_is_refused(told: str) -> None:
    with pytest.raises(Refusal) as caught:
        require_case_reference(told)
    assert caught.value.reason is reasons.MALFORMED_CASE_REFERENCE


def test_a_correction_without_papers_is_not_permitted() -> None:
    with pytest.raises(Refusal) as caught:
        require_case_reference("")
    assert (caught.value.reason, caught.value.fields) == (
        reasons.FIELD_MISSING,
        ("case_reference",),
    )
