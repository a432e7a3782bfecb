"""Who may ask whom for what: every inquiry outside the table in force is refused, and says why."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import NamedTuple

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from renkei import reasons
from renkei.codes import Institution, LocalGovernmentCode
from renkei.reasons import Reason
from renkei.refusals import Refusal
from renkei_server.domain.legal_basis import (
    EVERY_MUNICIPALITY,
    EVERY_PREFECTURE,
    Basis,
    Fidelity,
    LegalBasis,
    Row,
    Table,
)

WARD, TOWN, PREFECTURE, PENSIONS, MINISTER, STRANGER = map(
    Institution, ("131148", "131130", "130001", "nenkin", "mhlw", "jlis")
)
PENSION, CARE, RELIEF, REGISTER = (f"JM9000000000{one}000" for one in (1, 2, 3, 0))
PENSION_STEP, CARE_STEP, RELIEF_STEP = (f"JT9000000000{one}001" for one in (1, 2, 3))
HOUSEHOLD, TAX = "TM90000000000001", "TM00000000000002"
OLD_DAY, NEW_DAY = date(2025, 3, 31), date(2025, 4, 1)


def row(item: str, inquirer: str, affair: str, procedure: str, information: str) -> Row:
    return Row(
        item, inquirer, affair, procedure, "municipality", information, Fidelity.INFERRED, "a test"
    )


PENSION_ROW = row("73", "minister", PENSION, PENSION_STEP, HOUSEHOLD)
CARE_ROW = row("132", "municipality", CARE, CARE_STEP, TAX)
RELIEF_ROW = row("136", "prefecture", RELIEF, RELIEF_STEP, HOUSEHOLD)
SILENT_ROW = Row("1", None, None, None, "municipality", HOUSEHOLD, Fidelity.DOCUMENTED, "a test")

LAW = LegalBasis(
    tables=(
        Table("2024", date(2024, 5, 27), OLD_DAY, (SILENT_ROW, PENSION_ROW, CARE_ROW)),
        Table("2025", NEW_DAY, None, (CARE_ROW, RELIEF_ROW)),
    ),
    classes={
        EVERY_MUNICIPALITY: "municipality",
        EVERY_PREFECTURE: "prefecture",
        "nenkin": "pension-agency",
        "mhlw": "minister",
    },
    delegations=frozenset({("pension-agency", "minister")}),
    register_affairs=frozenset({REGISTER}),
)


class Inquiry(NamedTuple):
    """What is decided about; one that the table of 2024 permits, but for what a test changes."""

    inquirer: Institution = PENSIONS
    inquirer_delegator: Institution | None = MINISTER
    affair: str = PENSION
    procedure: str = PENSION_STEP
    provider: Institution = WARD
    provider_delegator: Institution | None = None
    information: str = HOUSEHOLD
    day: date = OLD_DAY

    def decide(self) -> Basis:
        return LAW.decide(**self._asdict())

    def refused(self) -> tuple[Reason, tuple[str, ...]]:
        with pytest.raises(Refusal) as caught:
            self.decide()
        return caught.value.reason, caught.value.fields


OF_THE_AGENCY = Inquiry()
OF_A_TOWN = Inquiry(TOWN, None, CARE, CARE_STEP, WARD, None, TAX)
OF_THE_PREFECTURE = Inquiry(PREFECTURE, None, RELIEF, RELIEF_STEP, WARD, None, HOUSEHOLD, NEW_DAY)


def test_the_pension_agency_may_ask_for_the_minister() -> None:
    assert OF_THE_AGENCY.decide() == Basis("2024", "73", Fidelity.INFERRED)


def test_one_municipality_may_ask_another() -> None:
    assert OF_A_TOWN.decide() == Basis("2024", "132", Fidelity.INFERRED)


def test_the_basis_is_of_the_table_in_force_on_the_day() -> None:
    assert OF_A_TOWN._replace(day=OLD_DAY).decide().table == "2024"
    assert OF_A_TOWN._replace(day=NEW_DAY).decide().table == "2025"


def test_what_a_later_table_no_longer_lists_is_refused_from_its_first_day() -> None:
    told = OF_THE_AGENCY._replace(day=NEW_DAY).refused()

    assert told == (reasons.AFFAIR_NOT_IN_TABLE, ("affair_code",))


def test_what_a_later_table_lists_is_refused_until_its_first_day() -> None:
    assert OF_THE_PREFECTURE.decide().item == "136"

    told = OF_THE_PREFECTURE._replace(day=OLD_DAY).refused()
    assert told == (reasons.AFFAIR_NOT_IN_TABLE, ("affair_code",))


def test_before_the_first_table_nothing_is_permitted() -> None:
    eve = LAW.tables[0].first_day - timedelta(days=1)

    assert OF_A_TOWN._replace(day=eve).refused() == (reasons.LEGAL_TABLE_NOT_IN_FORCE, ())


@pytest.mark.parametrize(
    ("inquiry", "reason", "field"),
    [
        (
            OF_THE_AGENCY._replace(affair="JM99999999999999"),
            reasons.AFFAIR_NOT_IN_TABLE,
            "affair_code",
        ),
        (
            OF_THE_AGENCY._replace(procedure=CARE_STEP),
            reasons.PROCEDURE_NOT_OF_AFFAIR,
            "procedure_code",
        ),
        (
            OF_THE_AGENCY._replace(inquirer=TOWN, inquirer_delegator=None),
            reasons.INQUIRER_NOT_OF_CLASS,
            "inquirer",
        ),
        (
            OF_THE_AGENCY._replace(provider=PREFECTURE),
            reasons.PROVIDER_NOT_OF_CLASS,
            "provider",
        ),
        (
            OF_THE_AGENCY._replace(information=TAX),
            reasons.INFORMATION_NOT_IN_ROW,
            "information_code",
        ),
    ],
    ids=lambda case: case.name if isinstance(case, Reason) else "",
)
def test_each_departure_from_a_row_is_told_apart(
    inquiry: Inquiry, reason: Reason, field: str
) -> None:
    assert inquiry.refused() == (reason, (field,))


def test_the_agency_without_the_minister_is_only_itself() -> None:
    told = OF_THE_AGENCY._replace(inquirer_delegator=None).refused()

    assert told == (reasons.INQUIRER_NOT_OF_CLASS, ("inquirer",))


@pytest.mark.parametrize("pretender", [TOWN, PREFECTURE, MINISTER, STRANGER])
def test_nobody_else_acts_for_the_minister(pretender: Institution) -> None:
    told = OF_THE_AGENCY._replace(inquirer=pretender).refused()

    assert told == (reasons.DELEGATION_UNKNOWN, ("inquirer_delegator",))


@pytest.mark.parametrize("principal", [WARD, PREFECTURE, PENSIONS, STRANGER])
def test_the_agency_acts_for_nobody_else(principal: Institution) -> None:
    told = OF_THE_AGENCY._replace(inquirer_delegator=principal).refused()

    assert told == (reasons.DELEGATION_UNKNOWN, ("inquirer_delegator",))


def test_a_provider_acts_for_another_by_the_same_delegations() -> None:
    told = OF_THE_AGENCY._replace(provider_delegator=MINISTER).refused()

    assert told == (reasons.DELEGATION_UNKNOWN, ("provider_delegator",))


def test_two_institutions_without_a_class_do_not_make_a_delegation() -> None:
    told = OF_THE_AGENCY._replace(inquirer=STRANGER, inquirer_delegator=STRANGER).refused()

    assert told == (reasons.DELEGATION_UNKNOWN, ("inquirer_delegator",))


@pytest.mark.parametrize("inquirer", [WARD, TOWN, PREFECTURE, STRANGER])
@pytest.mark.parametrize("day", [date(2000, 1, 1), OLD_DAY, NEW_DAY])
def test_for_resident_register_affairs_nobody_inquires(inquirer: Institution, day: date) -> None:
    told = OF_A_TOWN._replace(inquirer=inquirer, affair=REGISTER, day=day).refused()

    assert told == (reasons.INQUIRY_FOR_REGISTER_AFFAIRS, ("affair_code",))


def test_that_rule_is_judged_alone_too() -> None:
    LAW.refuse_register_affair(CARE)

    with pytest.raises(Refusal) as caught:
        LAW.refuse_register_affair(REGISTER)
    assert caught.value.reason is reasons.INQUIRY_FOR_REGISTER_AFFAIRS


def test_a_row_that_is_not_fully_recorded_permits_nobody() -> None:
    assert not SILENT_ROW.decides

    for blank in ("", "not recorded", "None"):
        told = OF_THE_AGENCY._replace(affair=blank, procedure=blank).refused()
        assert told == (reasons.AFFAIR_NOT_IN_TABLE, ("affair_code",))


def test_a_row_without_an_inquirer_is_no_row_for_those_without_a_class() -> None:
    half = replace(CARE_ROW, inquirer=None)
    law = replace(LAW, tables=(Table("2024", OLD_DAY, None, (half,)),))

    with pytest.raises(Refusal) as caught:
        law.decide(**OF_A_TOWN._replace(inquirer=STRANGER)._asdict())
    assert caught.value.reason is reasons.AFFAIR_NOT_IN_TABLE


def test_of_all_that_can_be_asked_only_what_the_tables_list_is_permitted() -> None:
    institutions = (WARD, TOWN, PREFECTURE, PENSIONS, MINISTER, STRANGER)
    everything = product(
        institutions,
        (None, MINISTER, WARD),
        (PENSION, CARE, RELIEF, REGISTER),
        (PENSION_STEP, CARE_STEP, RELIEF_STEP),
        institutions,
        (None, MINISTER),
        (HOUSEHOLD, TAX),
        (OLD_DAY, NEW_DAY),
    )
    towns = [(one, other) for one in (WARD, TOWN) for other in (WARD, TOWN)]
    listed = {
        *(OF_THE_AGENCY._replace(provider=one) for one in (WARD, TOWN)),
        *(OF_THE_AGENCY._replace(inquirer=MINISTER, inquirer_delegator=None, provider=one)
          for one in (WARD, TOWN)),
        *(OF_A_TOWN._replace(inquirer=one, provider=other, day=day)
          for one, other in towns for day in (OLD_DAY, NEW_DAY)),
        *(OF_THE_PREFECTURE._replace(provider=one) for one in (WARD, TOWN)),
    }  # fmt: skip

    assert {inquiry for one in everything if permitted(inquiry := Inquiry(*one))} == listed


def permitted(inquiry: Inquiry) -> bool:
    try:
        inquiry.decide()
    except Refusal:
        return False
    return True


@pytest.mark.parametrize(
    "reason",
    [
        reasons.INQUIRY_FOR_REGISTER_AFFAIRS,
        reasons.LEGAL_TABLE_NOT_IN_FORCE,
        reasons.DELEGATION_UNKNOWN,
        reasons.AFFAIR_NOT_IN_TABLE,
        reasons.PROCEDURE_NOT_OF_AFFAIR,
        reasons.INQUIRER_NOT_OF_CLASS,
        reasons.PROVIDER_NOT_OF_CLASS,
        reasons.INFORMATION_NOT_IN_ROW,
    ],
)
def test_whatever_the_law_does_not_permit_is_denied_for_good(reason: Reason) -> None:
    assert reason.status == "PERMISSION_DENIED"
    assert not reason.passing


@given(st.integers(1, 47), st.integers(0, 999))
@example(13, 99)
@example(13, 100)
@example(13, 799)
@example(13, 800)
def test_a_local_government_is_of_the_class_that_its_code_shows(
    prefecture: int, local: int
) -> None:
    body = f"{prefecture:02}{local:03}"
    institution = Institution.parse(f"{body}{LocalGovernmentCode.check_digit(body)}")

    expected = None
    if local == 0:
        expected = "prefecture"
    elif 100 <= local < 800:
        expected = "municipality"
    assert LAW.class_of(institution) == expected


@given(st.dates())
def test_a_refusal_names_numbers_and_never_what_was_asked(day: date) -> None:
    asked = "山田花子"

    with pytest.raises(Refusal) as caught:
        OF_THE_AGENCY._replace(affair=asked, day=day).decide()
    assert asked not in str(caught.value)
