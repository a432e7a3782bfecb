"""Which changes of identity information are applied, and what a file holds after them."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from renkei import reasons
from renkei.change_reasons import OF_THE_HOUSEHOLD, ChangeReason, ReasonList
from renkei.codes import Institution
from renkei.identities import ChangeInformation, IdentityItems, IdentityNotification
from renkei.municipal_items import MunicipalItems
from renkei.persons import Sex
from renkei.reasons import Reason
from renkei.recorded_days import RecordedDay
from renkei.refusals import Refusal
from renkei_server.domain.identity_changes import (
    NUMBER_CHANGES,
    ON_REMOVED,
    HeldIdentity,
    Holders,
    applied,
    judge_at_municipality,
    judge_beyond,
)
from tests.server.world import individual_number, resident_record_code

TODAY = date(2026, 11, 23)
NAKANO, SHIBUYA = Institution("131148"), Institution("131130")
UNKNOWN = RecordedDay(2026, 11, 0, unknown="日不詳")

ITEMS = IdentityItems(
    resident_record_code=resident_record_code(1),
    name="山田　花子",
    furigana="ヤマダ　ハナコ",
    birth=RecordedDay(1970, 1, 31),
    sex=Sex.FEMALE,
    address="東京都中野区中野",
    individual_number=individual_number(1),
    reason=ChangeReason.MOVED_IN,
    changed_on=RecordedDay(2020, 4, 1),
)
MUNICIPAL = MunicipalItems(
    name_unregistered_characters=0,
    address_unregistered_characters=0,
    town_code="1234567",
    postal_code="1640001",
    became_resident_on=RecordedDay(2020, 4, 1),
    address_fixed_on=RecordedDay(2020, 4, 1),
    notified_on=date(2020, 4, 2),
    operator_id="operator-1",
    terminal_id="terminal-1",
)
RESIDENT = HeldIdentity(ITEMS, NAKANO, entered_on=ITEMS.changed_on, municipal=MUNICIPAL)
REMOVED = replace(RESIDENT, leaves_on=RecordedDay(2026, 1, 1))
NOBODY = Holders(None, None, None)


def known(held: HeldIdentity) -> Holders:
    return Holders(held, held, held)


def told(
    reason: ChangeReason, *, on: RecordedDay | None = None, supersedes: int = 0, **items: object
) -> IdentityNotification:
    changed = replace(ITEMS, reason=reason, changed_on=on or RecordedDay.of(TODAY), **items)  # type: ignore[arg-type]
    return IdentityNotification(NAKANO, 5, changed, supersedes=supersedes)


def refusal(
    notification: IdentityNotification, holders: Holders, municipal: MunicipalItems = MUNICIPAL
) -> Reason | None:
    try:
        judge_at_municipality(notification, municipal, holders, TODAY)
    except Refusal as refused:
        return refused.reason
    return None


def information_for(reason: ChangeReason) -> ChangeInformation:
    """What a reason wants to be told of before."""
    code = (
        ITEMS.resident_record_code if reason is ChangeReason.RESIDENT_RECORD_CODE_CHANGED else None
    )
    number = ITEMS.individual_number if reason in NUMBER_CHANGES else None
    return ChangeInformation(code, number)


# At the municipality


@pytest.mark.parametrize("reason", ChangeReason)
def test_each_reason_is_for_a_newcomer_a_resident_or_nobody(reason: ChangeReason) -> None:
    notification = replace(told(reason), change_information=information_for(reason))
    if reason is ChangeReason.RESIDENT_RECORD_CODE_CHANGED:
        changed = replace(notification.items, resident_record_code=resident_record_code(2))
        notification = replace(notification, items=changed)

    newcomer, resident = (
        refusal(notification, NOBODY),
        refusal(notification, Holders(RESIDENT, None, RESIDENT)),
    )

    if reason in OF_THE_HOUSEHOLD:
        assert {newcomer, resident} == {reasons.REASON_NOT_FOR_NETWORK}
    elif reason.list is ReasonList.ENTRY:
        assert (newcomer, resident) == (None, reasons.RESIDENT_ALREADY)
    else:
        assert (newcomer, resident) == (reasons.RESIDENT_RECORD_CODE_NOT_HELD, None)


@pytest.mark.parametrize("reason", ChangeReason)
def test_who_was_removed_comes_back_by_an_entry_and_is_corrected_by_the_office_alone(
    reason: ChangeReason,
) -> None:
    notification = replace(told(reason), change_information=information_for(reason))

    found = refusal(notification, known(REMOVED))

    if reason in OF_THE_HOUSEHOLD:
        assert found is reasons.REASON_NOT_FOR_NETWORK
    elif reason is ChangeReason.BIRTH:
        assert found is reasons.RESIDENT_ALREADY
    elif reason.list is ReasonList.ENTRY or reason in ON_REMOVED:
        assert found is None
    else:
        assert found is reasons.RESIDENT_NO_MORE


@pytest.mark.parametrize("reason", ChangeReason)
def test_only_a_moving_out_lies_ahead(reason: ChangeReason) -> None:
    tomorrow = RecordedDay.of(TODAY + timedelta(days=1))
    notification = replace(told(reason, on=tomorrow), change_information=information_for(reason))
    holders = NOBODY if reason.list is ReasonList.ENTRY else known(RESIDENT)

    found = refusal(notification, holders)

    planned = reason in (ChangeReason.MOVED_OUT, ChangeReason.MOVED_ABROAD)
    if reason not in OF_THE_HOUSEHOLD:
        assert (found is reasons.CHANGE_IN_THE_FUTURE) is not planned


@pytest.mark.parametrize("reason", ChangeReason)
def test_a_day_is_unknown_at_a_birth_a_death_or_a_disappearance_alone(reason: ChangeReason) -> None:
    may = {ChangeReason.BIRTH, ChangeReason.DEATH, ChangeReason.REMOVED_EX_OFFICIO}
    notification = replace(told(reason, on=UNKNOWN), change_information=information_for(reason))
    holders = NOBODY if reason.list is ReasonList.ENTRY else known(RESIDENT)

    found = refusal(notification, holders)

    if reason not in OF_THE_HOUSEHOLD:
        assert (found is reasons.DAY_NOT_OF_CALENDAR) is (reason not in may)


def test_a_move_within_changes_the_address_and_what_follows_from_it() -> None:
    """INP-05."""
    follows = replace(
        MUNICIPAL,
        town_code="7654321",
        postal_code="1650026",
        address_fixed_on=RecordedDay.of(TODAY),
        notified_on=TODAY,
        address_unregistered_characters=1,
        reason_detail="転居",
        operator_id="operator-2",
    )
    moved = told(ChangeReason.MOVED_WITHIN, address="東京都中野区\ue000沼")

    assert refusal(moved, known(RESIDENT), follows) is None


@pytest.mark.parametrize(
    ("items", "municipal"),
    [
        ({"name": "別の　名前"}, {}),
        ({"furigana": "ベツ"}, {}),
        ({"birth": RecordedDay(1971, 1, 31)}, {}),
        ({"sex": Sex.MALE}, {}),
        ({"former_surname": "旧"}, {}),
        ({}, {"name_unregistered_characters": 1}),
        ({}, {"became_resident_on": RecordedDay.of(TODAY)}),
        ({}, {"previous_municipality": "131130"}),
        ({}, {"previous_address": "東京都渋谷区"}),
    ],
)
def test_a_move_within_changes_nothing_else(
    items: dict[str, object], municipal: dict[str, object]
) -> None:
    moved = told(ChangeReason.MOVED_WITHIN, address="東京都中野区沼袋", **items)

    found = refusal(moved, known(RESIDENT), replace(MUNICIPAL, **municipal))  # type: ignore[arg-type]

    assert found is reasons.OTHER_ITEMS_CHANGED


def test_what_was_refused_further_on_may_be_entered_again() -> None:
    entered, resident = told(ChangeReason.MOVED_IN, supersedes=3), known(RESIDENT)

    assert refusal(entered, resident) is reasons.RESIDENT_ALREADY, "it only says so"
    assert refusal(entered, replace(resident, refused_beyond=True)) is None


# At every hop


def beyond(notification: IdentityNotification, holders: Holders) -> Reason | None:
    try:
        judge_beyond(notification, holders, TODAY)
    except Refusal as refused:
        return refused.reason
    return None


def test_nobody_is_claimed_for_days_that_lie_ahead() -> None:
    """A day more is for clocks that differ; only a moving out is planned."""
    for days, reason, expected in (
        (1, ChangeReason.MOVED_IN, None),
        (2, ChangeReason.MOVED_IN, reasons.CHANGE_IN_THE_FUTURE),
        (2, ChangeReason.MOVED_OUT, None),
    ):
        ahead = RecordedDay.of(TODAY + timedelta(days=days))
        assert beyond(told(reason, on=ahead), known(RESIDENT)) is expected


def test_a_number_is_the_person_s_own_and_changes_for_its_reasons_alone() -> None:
    """INP-09."""
    other = individual_number(2)
    changed = told(ChangeReason.INDIVIDUAL_NUMBER_CHANGED, individual_number=other)
    rightly = replace(changed, change_information=ChangeInformation(None, individual_number(1)))
    wrongly = replace(changed, change_information=ChangeInformation(None, individual_number(3)))
    holders = Holders(RESIDENT, RESIDENT, None)

    assert beyond(rightly, holders) is None
    assert beyond(wrongly, holders) is reasons.INDIVIDUAL_NUMBER_NOT_THE_PERSONS
    assert beyond(changed, holders) is reasons.CHANGE_INFORMATION_AT_FAULT
    silently = told(ChangeReason.ERROR_CORRECTED, individual_number=other)
    assert beyond(silently, holders) is reasons.INDIVIDUAL_NUMBER_NOT_THE_PERSONS


def test_a_change_of_the_number_that_was_applied_is_taken_again_as_a_resend_alone() -> None:
    now = individual_number(2)
    changed = told(ChangeReason.INDIVIDUAL_NUMBER_CHANGED, individual_number=now)
    again = replace(changed, change_information=ChangeInformation(None, individual_number(1)))
    held = replace(RESIDENT, items=replace(ITEMS, individual_number=now))
    holders = Holders(held, held, held)

    assert beyond(again, holders) is reasons.INDIVIDUAL_NUMBER_NOT_THE_PERSONS
    assert beyond(replace(again, sequence=2, supersedes=1), holders) is None


def test_nobody_gets_the_number_or_the_code_of_somebody_else() -> None:
    somebody = replace(RESIDENT, items=replace(ITEMS, resident_record_code=resident_record_code(9)))
    entry = told(ChangeReason.MOVED_IN)

    held = beyond(entry, Holders(None, None, somebody))
    assert held is reasons.INDIVIDUAL_NUMBER_HELD_BY_ANOTHER
    changed = replace(
        told(
            ChangeReason.RESIDENT_RECORD_CODE_CHANGED, resident_record_code=resident_record_code(9)
        ),
        change_information=ChangeInformation(resident_record_code(1)),
    )
    assert (
        beyond(changed, Holders(RESIDENT, somebody, RESIDENT)) is reasons.RESIDENT_RECORD_CODE_HELD
    )
    assert beyond(changed, Holders(RESIDENT, None, RESIDENT)) is None


# What a file holds


def test_an_entry_elsewhere_moves_the_person_and_the_old_municipality_s_word_counts_no_more() -> (
    None
):
    entry = replace(told(ChangeReason.MOVED_IN), origin=SHIBUYA)
    there = applied(entry, RESIDENT)
    assert there is not None
    assert (there.municipality, there.is_removed(TODAY)) == (SHIBUYA, False)

    for late in (ChangeReason.MOVED_OUT, ChangeReason.DEATH, ChangeReason.ERROR_CORRECTED):
        assert applied(told(late), there) is None
    older = told(ChangeReason.MOVED_IN, on=RecordedDay(2019, 1, 1))
    assert applied(older, there) is None, "they have moved on since"


def test_a_planned_removal_turns_on_its_day_and_is_undone_by_a_new_entry() -> None:
    planned = RecordedDay.of(TODAY + timedelta(days=10))
    leaving = applied(told(ChangeReason.MOVED_OUT, on=planned), RESIDENT)
    assert leaving is not None
    days = (TODAY, TODAY + timedelta(days=9), TODAY + timedelta(days=10))
    assert [leaving.is_removed(day) for day in days] == [False, False, True]

    back = applied(told(ChangeReason.ENTERED_BY_CANCELLATION), leaving)
    assert back is not None
    assert back.leaves_on is None


def test_a_correction_of_somebody_removed_leaves_them_removed() -> None:
    corrected = applied(told(ChangeReason.ERROR_CORRECTED, name="別の　名前"), REMOVED)

    assert corrected is not None
    assert (corrected.items.name, corrected.is_removed(TODAY)) == ("別の　名前", True)


def test_what_nobody_has_told_where_it_lives_is_whose_tells_first() -> None:
    from_before = replace(RESIDENT, municipality=None)

    held = applied(told(ChangeReason.ERROR_CORRECTED), from_before)

    assert held is not None
    assert held.municipality == NAKANO


# What a municipality keeps beside


@pytest.mark.parametrize("item", ["operator_id", "terminal_id"])
@pytest.mark.parametrize(
    ("told", "reason"),
    [("", reasons.FIELD_MISSING), ("端末", reasons.CHARACTER_NOT_ALLOWED)],
)
def test_who_acted_where_is_told_in_ascii_and_never_left_out(
    item: str, told: str, reason: Reason
) -> None:
    municipal = replace(MUNICIPAL, **{item: told})  # type: ignore[arg-type]
    refused = []
    for judge in municipal.judges(ITEMS):
        try:
            judge()
        except Refusal as refusal:
            refused.append((refusal.reason, refusal.fields))

    assert refused == [(reason, (item,))]
