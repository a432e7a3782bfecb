"""By what nobody is looked for, who fits, and for which affairs what is told."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from renkei import reasons
from renkei.change_reasons import ChangeReason
from renkei.codes import Institution
from renkei.facts import FOUND, LIMIT
from renkei.identities import IdentityItems
from renkei.identity_search import Attributes, Criteria, IdentityStanding, Purpose
from renkei.persons import FourAttributes, Sex
from renkei.reasons import Reason
from renkei.recorded_days import RecordedDay
from renkei.refusals import Refusal
from renkei_server.domain.identity_affairs import IdentityAffairs
from renkei_server.domain.identity_changes import HeldIdentity
from renkei_server.domain.identity_search import (
    fits,
    is_asked_for,
    judge_criteria,
    judge_found,
    standing_of,
    told_of,
)
from renkei_server.domain.law.identity_affairs import FILE, read_identity_affairs
from renkei_server.domain.law.lines import LawError
from tests.server.world import identity_items, individual_number, resident_record_code

TODAY = date(2026, 11, 23)
NAKANO, TOKYO, NATION = Institution("131148"), Institution("130001"), Institution("jlis")
BIRTH = RecordedDay(1970, 1, 31)
NAME, ADDRESS = "山田　花子", "東京都中野区中野１－２"
BIRTH_FIELD, ADDRESS_FIELD, NAME_FIELD = (
    f"criteria.attributes.{one}" for one in ("birth", "address", "name")
)


@pytest.fixture
def items(attributes: FourAttributes) -> IdentityItems:
    return replace(
        identity_items(attributes),
        name=NAME,
        furigana="ヤマダ　ハナコ",
        birth=BIRTH,
        sex=Sex.FEMALE,
        address=ADDRESS,
    )


@pytest.fixture
def affairs() -> IdentityAffairs:
    return read_identity_affairs()


def refusal(attributes: Attributes) -> Refusal | None:
    try:
        judge_criteria(Criteria(attributes))
    except Refusal as refused:
        return refused
    return None


@pytest.mark.parametrize(
    "attributes",
    [
        Attributes(NAME, BIRTH),
        Attributes(NAME, address=ADDRESS),
        Attributes(NAME, BIRTH, ADDRESS, Sex.MALE),
        Attributes(NAME, RecordedDay(1970, 0, 0, unknown="月日不詳")),
    ],
)
def test_a_name_with_a_birth_date_or_an_address_is_enough(attributes: Attributes) -> None:
    assert refusal(attributes) is None


@pytest.mark.parametrize(
    ("attributes", "reason", "fields"),
    [
        (Attributes(NAME), reasons.SEARCH_BY_NAME_ALONE, (BIRTH_FIELD, ADDRESS_FIELD)),
        (
            Attributes(NAME, RecordedDay(0, 0, 0, unknown="不詳")),
            reasons.SEARCH_BY_NAME_ALONE,
            (BIRTH_FIELD, ADDRESS_FIELD),
        ),
        (
            Attributes(NAME, sex=Sex.MALE),
            reasons.SEARCH_BY_NAME_AND_SEX,
            (BIRTH_FIELD, ADDRESS_FIELD),
        ),
        (
            Attributes(birth=BIRTH, address=ADDRESS),
            reasons.SEARCH_WITHOUT_NAME,
            (NAME_FIELD,),
        ),
        (
            Attributes(birth=BIRTH, address=ADDRESS, sex=Sex.MALE),
            reasons.SEARCH_WITHOUT_NAME,
            (NAME_FIELD,),
        ),
        (
            Attributes("\u309b", birth=BIRTH, address=ADDRESS),
            reasons.SEARCH_WITHOUT_NAME,
            (NAME_FIELD,),
        ),
        (Attributes(sex=Sex.MALE), reasons.SEARCH_WITHOUT_NAME, (NAME_FIELD,)),
        (
            Attributes(),
            reasons.SEARCH_WITHOUT_CRITERIA,
            (NAME_FIELD, BIRTH_FIELD, ADDRESS_FIELD),
        ),
    ],
)
def test_each_violation_has_its_reason_and_names_what_lacks(
    attributes: Attributes, reason: Reason, fields: tuple[str, ...]
) -> None:
    refused = refusal(attributes)

    assert refused is not None
    assert (refused.reason, refused.fields) == (reason, fields)


def test_every_attribute_that_is_told_has_to_fit(items: IdentityItems) -> None:
    key = Attributes("ﾔﾏﾀﾞ ﾊﾅｺ", BIRTH, "東京都中野区中野1‐2", Sex.FEMALE)

    assert fits(key, items)
    for changed in (
        replace(key, name="ヤマダ　タロウ"),
        replace(key, birth=RecordedDay(1970, 1, 30)),
        replace(key, address="東京都中野区中野1‐3"),
        replace(key, sex=Sex.MALE),
    ):
        assert not fits(changed, items)


def test_a_given_name_alone_is_no_name(items: IdentityItems) -> None:
    assert not fits(Attributes("花子", BIRTH), items)


def test_a_code_and_a_number_fit_exactly(items: IdentityItems) -> None:
    assert fits(items.resident_record_code, items)
    assert fits(items.individual_number, items)
    assert not fits(resident_record_code(2), items)
    assert not fits(individual_number(2), items)


def test_the_removed_and_the_dead_are_found_where_they_are_asked_for(items: IdentityItems) -> None:
    resident = HeldIdentity(items, NAKANO)
    left = RecordedDay(2026, 11, 23)
    removed = replace(resident, leaves_on=left, removed_by=ChangeReason.MOVED_OUT)
    dead = replace(resident, leaves_on=left, removed_by=ChangeReason.DEATH)
    leaving = replace(removed, leaves_on=RecordedDay(2026, 11, 24))
    corrected = replace(dead, items=replace(items, reason=ChangeReason.ERROR_CORRECTED))
    everybody = (resident, leaving, removed, dead, corrected)

    def found(criteria: Criteria) -> list[bool]:
        return [is_asked_for(criteria, one, TODAY) for one in everybody]

    key = items.resident_record_code
    assert found(Criteria(key)) == [True, True, False, False, False]
    assert found(Criteria(key, removed=True)) == [True, True, True, False, False]
    assert found(Criteria(key, dead=True)) == [True, True, False, True, True]
    assert [standing_of(one, TODAY) for one in everybody] == [
        IdentityStanding.RESIDENT,
        IdentityStanding.RESIDENT,
        IdentityStanding.REMOVED,
        IdentityStanding.DEAD,
        IdentityStanding.DEAD,
    ]


def test_more_than_a_hundred_are_told_to_nobody() -> None:
    judge_found(100)

    with pytest.raises(Refusal) as refused:
        judge_found(101)

    assert refused.value.reason is reasons.TOO_MANY_FOUND
    assert (refused.value.fact(FOUND), refused.value.fact(LIMIT)) == (101, 100)


def test_the_number_is_told_where_it_is_asked_with(items: IdentityItems) -> None:
    held = HeldIdentity(items, NAKANO)

    with_it, without = (told_of(held, TODAY, number=number) for number in (True, False))

    assert (with_it.individual_number, without.individual_number) == (items.individual_number, None)


@pytest.mark.parametrize(
    ("asking", "affair", "told"),
    [
        (NAKANO, "resident-register", True),
        (NAKANO, "public-authentication", False),
        (TOKYO, "prefectural-tax", True),
        (TOKYO, "passport", False),
        (NAKANO, "passport", None),
        (TOKYO, "resident-register", None),
        (NATION, "resident-register", None),
        (NAKANO, "unheard-of", None),
    ],
)
def test_an_affair_is_for_those_of_its_kind_and_says_whether_it_uses_the_number(
    affairs: IdentityAffairs,
    asking: Institution,
    affair: str,
    told: bool | None,  # noqa: FBT001 - a case
) -> None:
    if told is not None:
        assert affairs.tells_number(asking, Purpose(affair)) is told
        return

    with pytest.raises(Refusal) as refused:
        affairs.tells_number(asking, Purpose(affair))

    assert refused.value.reason is reasons.AFFAIR_NOT_LISTED
    assert refused.value.fields == ("purpose.affair",)


@pytest.mark.parametrize(
    ("purpose", "reason"),
    [
        (("", ""), reasons.FIELD_MISSING),
        (("Resident Register", ""), reasons.AFFAIR_NOT_LISTED),
        (("resident-register", "山田花子の申請"), reasons.MALFORMED_CASE_REFERENCE),
        (("resident-register", "2026 15"), reasons.MALFORMED_CASE_REFERENCE),
        (("resident-register", "9" * 41), reasons.MALFORMED_CASE_REFERENCE),
    ],
)
def test_a_purpose_is_a_word_and_a_reference_without_a_person_in_it(
    purpose: tuple[str, str], reason: Reason
) -> None:
    Purpose("resident-register", "2026-0015/3")

    with pytest.raises(Refusal) as refused:
        Purpose(*purpose)

    assert refused.value.reason is reason


@pytest.mark.parametrize(
    "line",
    [
        "Passport,prefecture,a,b,no,inferred,c",
        "passport,ward,a,b,no,inferred,c",
        "passport,prefecture,a,b,perhaps,inferred,c",
        "passport,prefecture,a,b,no,certain,c",
        "passport,prefecture,a,b,no,inferred",
    ],
)
def test_a_table_that_cannot_be_read_is_refused_whole(tmp_path: Path, line: str) -> None:
    head = "affair,of,english,japanese,individual_number,fidelity,source"
    (tmp_path / FILE).write_text(f"{head}\n{line}\n", encoding="utf-8")

    with pytest.raises(LawError):
        read_identity_affairs(tmp_path)
