"""The law that comes with Renkei: what it holds, and how it owns up to what it does not know."""

from datetime import date

import pytest

from renkei import reasons
from renkei.codes import Institution
from renkei.refusals import Refusal
from renkei_server.domain.law.reading import read
from renkei_server.domain.legal_basis import Fidelity, LegalBasis

TODAY = date(2026, 11, 23)
WARD, TOWN, TOKYO, PENSIONS, MINISTER = map(
    Institution, ("131148", "131130", "130001", "nenkin", "mhlw")
)
HOUSEHOLD, TAX = "TM90000000000001", "TM00000000000002"

PROVIDED = (
    "1 2 3 5 7 11 13 15 20 28 37 39 48 53 57 58 59 63 65 66 69 73 75 76 81 83 84 86 87 91 92 96 "
    "106 108 110 112 115 118 124 129 130 132 136 137 138 141 142 144 149 150 151 152 155 156 158 "
    "160 163 164 165 166"
)
"""The items by which a municipality provides household information, as the assessment has them."""


@pytest.fixture(scope="module")
def law() -> LegalBasis:
    return read()


def test_it_holds_the_sixty_items_by_which_a_municipality_provides(law: LegalBasis) -> None:
    rows = law.table_of(TODAY).rows
    held = [row.item for row in rows if row.information == HOUSEHOLD]

    assert " ".join(held) == PROVIDED
    assert len(held) == 60
    assert {row.provider for row in rows} == {"municipality"}


def test_a_row_that_decides_is_no_more_than_inferred(law: LegalBasis) -> None:
    deciding = [row for row in law.table_of(TODAY).rows if row.decides]

    assert [row.item for row in deciding] == ["73", "132", "132", "136"]
    assert {row.fidelity for row in deciding} == {Fidelity.INFERRED}


def test_an_item_of_which_only_its_number_is_known_says_nothing_more(law: LegalBasis) -> None:
    for row in law.table_of(TODAY).rows:
        if not row.decides:
            assert (row.inquirer, row.affair, row.procedure) == (None, None, None)
            assert row.fidelity is Fidelity.DOCUMENTED


def test_the_pension_agency_asks_a_municipality_for_household_information(
    law: LegalBasis,
) -> None:
    basis = law.decide(
        inquirer=PENSIONS,
        inquirer_delegator=MINISTER,
        affair="JM90000000073000",
        procedure="JT90000000073001",
        provider=WARD,
        information=HOUSEHOLD,
        day=TODAY,
    )

    assert (basis.table, basis.item, basis.fidelity) == ("2024", "73", Fidelity.INFERRED)


def test_a_municipality_asks_another_for_local_tax_information(law: LegalBasis) -> None:
    basis = law.decide(
        inquirer=TOWN,
        affair="JM90000000132000",
        procedure="JT90000000132001",
        provider=WARD,
        information=TAX,
        day=TODAY,
    )

    assert basis.item == "132"


def test_a_prefecture_asks_a_municipality_for_household_information(law: LegalBasis) -> None:
    basis = law.decide(
        inquirer=TOKYO,
        affair="JM90000000136000",
        procedure="JT90000000136001",
        provider=WARD,
        information=HOUSEHOLD,
        day=TODAY,
    )

    assert basis.item == "136"


def test_the_register_s_own_affair_is_known_and_refused(law: LegalBasis) -> None:
    for affair in law.register_affairs:
        with pytest.raises(Refusal) as caught:
            law.refuse_register_affair(affair)
        assert caught.value.reason is reasons.INQUIRY_FOR_REGISTER_AFFAIRS
    assert law.register_affairs


def test_its_table_came_into_force_when_the_act_s_own_was_abolished(law: LegalBasis) -> None:
    assert law.table_of(date(2024, 5, 27)).name == "2024"

    with pytest.raises(Refusal) as caught:
        law.table_of(date(2024, 5, 26))
    assert caught.value.reason is reasons.LEGAL_TABLE_NOT_IN_FORCE
