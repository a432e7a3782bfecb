"""Numbers of synthetic persons: each of its form, none given twice in the nation."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renkei.codes import IndividualNumber, LocalAddressNumber, ResidentRecordCode
from renkei_simulators.population.numbers import Numbers, local_address_number, national_index

NAKANO, MEGURO, YOKOHAMA, NEIGHBOUR = "131148", "131105", "141003", "131130"
EVERY_CODE = [
    f"{prefecture:02d}{number:03d}"
    for prefecture in (1, 13, 47)
    for number in (*range(100, 160), *range(200, 260), *range(300, 700))
]
RECORD_BODIES, INDIVIDUAL_BODIES = 8 * 10**9, 10**11


def weighted(digits: str, weights: tuple[int, ...]) -> int:
    return sum(int(one) * weight for one, weight in zip(digits, weights, strict=True))


@given(st.integers(0, 999_999), st.integers(0, 2**63))
def test_every_number_is_of_its_form(index: int, seed: int) -> None:
    numbers, national = Numbers(seed), national_index(NAKANO, index)

    IndividualNumber.parse(numbers.individual_number(national).digits)
    code = ResidentRecordCode.parse(numbers.resident_record_code(national).digits)
    remainder = weighted(code.digits[:10], (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
    assert remainder >= 2, "a code whose check digit is in doubt is never made"


@given(st.integers(0, 9_999_999))
def test_a_local_address_number_ends_in_its_check_digit(index: int) -> None:
    digits = LocalAddressNumber.parse(local_address_number(NAKANO, index).digits).digits

    remainder = weighted(digits[:14], (3, 2, 7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
    assert remainder != 1, "a serial without a check digit is skipped"
    assert int(digits[14]) == (11 - remainder if remainder else 0)


def test_local_address_numbers_rise_and_are_the_municipalitys_own() -> None:
    numbers = [local_address_number(NAKANO, index).digits for index in range(2_000)]

    assert numbers[0] == "013114000000013"
    assert all(one[:14] < other[:14] for one, other in pairwise(numbers))
    assert all(one.startswith("013114") for one in numbers)
    skipped = int(numbers[-1][:14]) - int(numbers[0][:14]) - 1_999
    assert 0.08 < skipped / 2_000 < 0.13, "about one serial in eleven has no check digit"


@given(st.data())
def test_nobody_in_the_nation_shares_a_place(data: st.DataObject) -> None:
    person = st.tuples(st.sampled_from(EVERY_CODE), st.integers(0, 74_999))
    one, other = data.draw(person), data.draw(person)

    assert (national_index(*one) == national_index(*other)) == (one == other)


def test_blocks_lie_side_by_side_and_fill_no_more_than_there_are_numbers() -> None:
    first = [national_index(code, 0) for code in EVERY_CODE]

    assert len(set(first)) == len(first)
    assert national_index("13200", 0) - national_index("13159", 999_999) == 1
    assert national_index("47699", 74_999) < RECORD_BODIES < INDIVIDUAL_BODIES


@pytest.mark.parametrize(
    ("code", "room"),
    [(YOKOHAMA, 5_000_000), (MEGURO, 5_000_000), (NAKANO, 1_000_000), ("132012", 800_000)],
)
def test_the_room_of_a_municipality_ends_where_it_is_told(code: str, room: int) -> None:
    national_index(code, room - 1)
    with pytest.raises(ValueError, match=f"room for {room:,}"):
        national_index(code, room)


@pytest.mark.parametrize("code", ["139991", "131601", "001148", "481148", "130001"])
def test_what_is_no_municipality_has_no_room(code: str) -> None:
    with pytest.raises(ValueError, match="is no municipality"):
        national_index(code, 0)


@given(st.integers(0, 2**63))
def test_the_two_numbers_of_a_person_have_keys_of_their_own(seed: int) -> None:
    numbers, first = Numbers(seed), national_index(NAKANO, 0)

    pairs = [
        (
            int(numbers.individual_number(first + index).digits[:11]),
            int(numbers.resident_record_code(first + index).digits[:10]),
        )
        for index in range(16)
    ]
    assert len({individual - record for individual, record in pairs}) == 16
    for numbers_of_a_kind in zip(*pairs, strict=True):
        steps = {other - one for one, other in pairwise(numbers_of_a_kind)}
        assert len(steps) == 15, "neighbours lie at no fixed distance"


def test_another_seed_gives_other_numbers_and_another_ward_too() -> None:
    here, there = national_index(NAKANO, 0), national_index(NEIGHBOUR, 0)

    assert Numbers(1).individual_number(here) == Numbers(1).individual_number(here)
    assert Numbers(1).individual_number(here) != Numbers(2).individual_number(here)
    assert Numbers(1).individual_number(here) != Numbers(1).individual_number(there)
    assert local_address_number(NAKANO, 0) != local_address_number(NEIGHBOUR, 0)
