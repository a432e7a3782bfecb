"""Who may have a bulk output, how often, and who is in it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from renkei import reasons
from renkei.bulk_outputs import BulkOutputState, Changed
from renkei.change_reasons import ChangeReason
from renkei.codes import Institution
from renkei.identity_search import Purpose
from renkei.persons import FourAttributes
from renkei.recorded_days import RecordedDay
from renkei.refusals import Refusal
from renkei_server.domain.bulk_outputs import TO_APPROVE, TO_FETCH, BulkOutput, was_changed
from renkei_server.domain.identity_changes import HeldIdentity
from tests.server.world import NOON, identity_items

CHANGED = Changed(date(2026, 4, 1), date(2026, 4, 30))
TODAY = date(2026, 11, 23)
ASKED = BulkOutput(
    output_id="output",
    criteria=None,
    changed=CHANGED,
    purpose=Purpose("resident-register"),
    tells_number=True,
    requested_by="clerk",
    requested_at=NOON,
)
APPROVED = ASKED.approve("manager", NOON)
SECOND = timedelta(seconds=1)


def test_another_operator_approves_it_and_who_asked_for_it_fetches_each_page_once() -> None:
    states = [ASKED.state(NOON), APPROVED.state(NOON)]
    APPROVED.judge_fetch("clerk", 0, NOON)
    begun = APPROVED.fetched(3, 500)
    begun.judge_fetch("clerk", 500, NOON)
    ended = begun.fetched(2, 0)

    assert [*states, begun.state(NOON), ended.state(NOON)] == [
        BulkOutputState.REQUESTED,
        BulkOutputState.APPROVED,
        BulkOutputState.UNDER_WAY,
        BulkOutputState.ENDED,
    ]
    assert (ended.told, ended.approved_by) == (5, "manager")


@pytest.mark.parametrize(
    ("output", "operator", "after", "reason"),
    [
        (ASKED, "clerk", 0, reasons.BULK_OUTPUT_NOT_APPROVED),
        (APPROVED, "manager", 0, reasons.BULK_OUTPUT_OF_ANOTHER),
        (APPROVED, "clerk", 500, reasons.BULK_OUTPUT_USED),
        (APPROVED.fetched(3, 500), "clerk", 0, reasons.BULK_OUTPUT_USED),
        (APPROVED.fetched(3, 0), "clerk", 0, reasons.BULK_OUTPUT_USED),
    ],
)
def test_nothing_is_fetched_before_by_another_or_twice(
    output: BulkOutput, operator: str, after: int, reason: reasons.Reason
) -> None:
    with pytest.raises(Refusal) as refused:
        output.judge_fetch(operator, after, NOON)

    assert refused.value.reason is reason


@pytest.mark.parametrize(
    ("output", "operator", "after", "later", "reason"),
    [
        (APPROVED.fetched(3, 0), "manager", 0, timedelta(0), reasons.BULK_OUTPUT_OF_ANOTHER),
        (APPROVED.fetched(3, 0), "clerk", 0, TO_FETCH, reasons.BULK_OUTPUT_EXPIRED),
        (APPROVED.fetched(3, 500), "clerk", 500, timedelta(0), reasons.BULK_OUTPUT_USED),
        (APPROVED, "clerk", 0, timedelta(0), reasons.BULK_OUTPUT_USED),
    ],
)
def test_a_page_is_told_again_to_whoever_fetched_it_and_in_the_same_term(
    output: BulkOutput, operator: str, after: int, later: timedelta, reason: reasons.Reason
) -> None:
    for told in (APPROVED.fetched(3, 500), APPROVED.fetched(3, 0)):
        told.judge_told("clerk", 0, NOON + TO_FETCH - SECOND)

    with pytest.raises(Refusal) as refused:
        output.judge_told(operator, after, NOON + later)

    assert refused.value.reason is reason


def test_nobody_approves_their_own_nor_twice() -> None:
    for output, operator, reason in (
        (ASKED, "clerk", reasons.APPROVER_IS_REQUESTER),
        (APPROVED, "manager", reasons.BULK_OUTPUT_APPROVED_ALREADY),
    ):
        with pytest.raises(Refusal) as refused:
            output.approve(operator, NOON)
        assert refused.value.reason is reason


def test_it_is_approved_within_a_week_and_fetched_within_a_day() -> None:
    week, day = NOON + TO_APPROVE, NOON + TO_FETCH
    ASKED.approve("manager", week - SECOND)
    APPROVED.judge_fetch("clerk", 0, day - SECOND)

    with pytest.raises(Refusal, match="BULK_OUTPUT_EXPIRED"):
        ASKED.approve("manager", week)
    with pytest.raises(Refusal, match="BULK_OUTPUT_EXPIRED"):
        APPROVED.judge_fetch("clerk", 0, day)
    assert {ASKED.state(week), APPROVED.state(day)} == {BulkOutputState.EXPIRED}


def test_who_was_changed_is_told_by_day_reason_and_standing(attributes: FourAttributes) -> None:
    items = replace(identity_items(attributes), changed_on=RecordedDay(2026, 4, 30))
    here = HeldIdentity(items, Institution("131148"))
    late = replace(here, items=replace(items, changed_on=RecordedDay(2026, 5, 1)))
    moved = replace(here, items=replace(items, reason=ChangeReason.MOVED_WITHIN))
    dead = replace(here, leaves_on=items.changed_on, removed_by=ChangeReason.DEATH)
    everybody = (here, late, moved, dead)

    def found(changed: Changed) -> list[bool]:
        return [was_changed(changed, TODAY)(one) for one in everybody]

    assert found(CHANGED) == [True, False, True, False]
    assert found(replace(CHANGED, reasons=frozenset({items.reason}))) == [True, False, False, False]
    assert found(replace(CHANGED, removed=True)) == [True, False, True, False]
    assert found(replace(CHANGED, dead=True)) == [True, False, True, True]


def test_the_days_are_in_order() -> None:
    with pytest.raises(Refusal, match="DAYS_OUT_OF_ORDER"):
        Changed(date(2026, 4, 2), date(2026, 4, 1))
