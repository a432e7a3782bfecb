"""Synthetic residents: always the same, each one unique, households as in a Tokyo ward."""

import tracemalloc
from collections import defaultdict
from datetime import date
from itertools import islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renkei.codes import IndividualNumber, LocalAddressNumber, ResidentRecordCode
from renkei_simulators.population.numbers import Numbers, national_index
from renkei_simulators.population.residents import TWINS_EVERY, Resident, residents

NAKANO, SHIBUYA = "131148", "131130"
TODAY = date(2026, 11, 23)


def some(count: int, code: str = NAKANO, seed: int = 1) -> list[Resident]:
    return list(islice(residents(seed, code, on=TODAY), count))


@pytest.fixture(scope="module")
def crowd() -> list[Resident]:
    return some(20_000)


def test_the_same_seed_gives_the_same_persons_whatever_is_taken() -> None:
    assert some(300) == some(900)[:300]
    assert some(300) != some(300, seed=2)


def test_no_number_is_given_twice_in_the_nation(crowd: list[Resident]) -> None:
    everybody = crowd + some(20_000, SHIBUYA)

    numbers = [one.individual_number for one in everybody if one.individual_number]
    assert len(set(numbers)) == len(numbers)
    codes = [one.resident_record_code for one in everybody]
    assert len(set(codes)) == len(codes)
    locals_ = [one.local_address_number for one in crowd]
    assert len(set(locals_)) == len(locals_)


@given(st.integers(0, 1_199_999), st.integers(0, 2**63))
def test_every_number_is_of_its_form(index: int, seed: int) -> None:
    numbers, national = Numbers(seed), national_index(NAKANO, index)

    IndividualNumber.parse(numbers.individual_number(national).digits)
    LocalAddressNumber.parse(numbers.local_address_number(NAKANO, index).digits)
    code = ResidentRecordCode.parse(numbers.resident_record_code(national).digits)
    weighted = sum(
        int(one) * weight
        for one, weight in zip(code.digits, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2), strict=False)
    )
    assert weighted % 11 >= 2, "a code whose check digit is in doubt is never made"


@given(
    st.tuples(st.sampled_from(["011002", "131148", "141003", "132012"]), st.integers(0, 1_199_999)),
    st.tuples(st.sampled_from(["013030", "133035", "472018"]), st.integers(0, 59_999)),
)
def test_municipalities_never_share_a_place_in_the_nation(
    city: tuple[str, int], other: tuple[str, int]
) -> None:
    assert national_index(*city) != national_index(*other)


@pytest.mark.parametrize(
    ("code", "index"), [(NAKANO, 1_200_000), ("133035", 60_000), ("139991", 0)]
)
def test_where_there_is_no_room_nobody_is_numbered(code: str, index: int) -> None:
    with pytest.raises(ValueError, match="room for"):
        national_index(code, index)


def test_every_household_has_one_head_who_comes_first_and_one_address(
    crowd: list[Resident],
) -> None:
    households = defaultdict(list)
    for person in crowd:
        households[person.household_number].append(person)

    households.popitem()  # the last one may be cut
    for members in households.values():
        assert [one.head for one in members] == [True] + [False] * (len(members) - 1)
        assert len({one.address for one in members}) == 1
    assert 1.5 < len(crowd) / len(households) < 2.0


def test_ages_are_those_of_a_tokyo_ward(crowd: list[Resident]) -> None:
    ages = [(TODAY - one.birth_date).days / 365.25 for one in crowd]

    assert 0.30 < sum(20 <= age < 40 for age in ages) / len(ages) < 0.55
    assert 0.10 < sum(age >= 65 for age in ages) / len(ages) < 0.30
    assert 0.05 < sum(age < 18 for age in ages) / len(ages) < 0.25
    assert min(ages) >= 0


@pytest.mark.parametrize("text", ["𠮷田", "髙橋", "山﨑", "葛\U000e0100西", "渡邉", "齋藤", "濵田"])
def test_names_that_break_naive_systems_are_among_the_first_two_thousand(
    crowd: list[Resident], text: str
) -> None:
    assert any(one.name.startswith(text) for one in crowd[:2_000])


def test_some_persons_share_name_and_birth_date_at_a_known_rate(crowd: list[Resident]) -> None:
    heads = [one for one in crowd if one.head]
    twins = [
        (one, other)
        for one, other in pairwise(heads)
        if (one.name, one.birth_date) == (other.name, other.birth_date)
    ]

    assert len(twins) >= len(heads) // TWINS_EVERY - 1
    assert all(one.individual_number != other.individual_number for one, other in twins)


def test_removed_foreign_and_numberless_persons_exist(crowd: list[Resident]) -> None:
    assert 0.01 < sum(one.removed is not None for one in crowd) / len(crowd) < 0.06
    assert any(one.name.isascii() for one in crowd)
    assert any(one.alias for one in crowd)
    assert any(one.former_surname for one in crowd)
    assert any(one.protective_measure for one in crowd)
    assert 0 < sum(one.individual_number is None for one in crowd) < len(crowd) / 100


def test_a_municipality_without_listed_towns_gets_neutral_addresses() -> None:
    assert all("見本市" in one.address for one in some(10, "011002"))


def test_nothing_personal_is_shown() -> None:
    person = some(1)[0]

    assert repr(person) == "Resident(index=0)"


def test_the_stream_takes_bounded_memory() -> None:
    tracemalloc.start()
    for _ in islice(residents(3, NAKANO, on=TODAY), 10_000):
        pass
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 5_000_000, "bytes, however many are streamed"
