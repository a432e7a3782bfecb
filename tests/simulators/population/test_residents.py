"""Synthetic residents: always the same, each one unique, households as in a Tokyo ward."""

import gc
import re
import sys
import tracemalloc
from collections import Counter
from collections.abc import Iterable
from datetime import date
from itertools import groupby, islice, pairwise

import pytest

from renkei import reasons
from renkei.codes import IndividualNumber, LocalAddressNumber, ResidentRecordCode
from renkei.refusals import Refusal
from renkei_simulators.population.residents import (
    HARD_NAME_EVERY,
    TWINS_EVERY,
    WITHOUT_NUMBER_EVERY,
    Removal,
    Resident,
    residents,
)

NAKANO, SHIBUYA, YOKOHAMA, SAPPORO = "131148", "131130", "141003", "011002"
TODAY = date(2026, 11, 23)
HARD_NAMES = ["𠮷田", "髙橋", "山﨑", "葛\U000e0100西", "渡邉", "齋藤", "濵田", "祇\U000e0100園"]
HARD_NAMES += [
    "渡邊",
    "齊藤",
    "德永",
    "辻\U000e0100",
    "𣘺本",
    "𡈽屋",
    "栁沢",
    "𫝆井",
    "桒原",
    "\ufa19山",
]


def some(count: int, code: str = NAKANO, seed: int = 1) -> list[Resident]:
    return list(islice(residents(seed, code, on=TODAY), count))


def households(people: Iterable[Resident]) -> list[list[Resident]]:
    """All but the last, which may be cut."""
    grouped = groupby(people, key=lambda one: one.household_number)
    return [list(members) for _, members in grouped][:-1]


@pytest.fixture(scope="module")
def crowd() -> list[Resident]:
    return some(20_000)


def test_the_same_seed_gives_the_same_persons_whatever_is_taken(crowd: list[Resident]) -> None:
    side_by_side = zip(
        residents(1, NAKANO, on=TODAY), residents(1, SHIBUYA, on=TODAY), strict=False
    )

    assert [one for one, _ in islice(side_by_side, 1_000)] == some(1_000) == crowd[:1_000]
    assert some(300) != some(300, seed=2)
    assert [one.index for one in crowd] == list(range(len(crowd)))


def test_no_number_is_given_twice_in_the_nation(crowd: list[Resident]) -> None:
    everybody = crowd + some(20_000, SHIBUYA)

    numbers = [one.individual_number for one in everybody if one.individual_number]
    assert len({number.digits for number in numbers}) == len(numbers)
    assert len({one.resident_record_code.digits for one in everybody}) == len(everybody)
    assert len({one.local_address_number.digits for one in everybody}) == len(everybody)


def test_every_number_of_the_crowd_parses(crowd: list[Resident]) -> None:
    for one in crowd:
        LocalAddressNumber.parse(one.local_address_number.digits)
        code = ResidentRecordCode.parse(one.resident_record_code.digits)
        assert len(ResidentRecordCode.check_digits(code.digits[:10])) == 1
        if one.individual_number:
            IndividualNumber.parse(one.individual_number.digits)


def test_a_household_has_one_head_who_comes_first_and_one_address(crowd: list[Resident]) -> None:
    for members in households(crowd):
        assert [one.head for one in members] == [True] + [False] * (len(members) - 1)
        assert len({(one.address, one.postal_code) for one in members}) == 1
        assert len({one.name for one in members}) == len(members) <= 6


def test_households_are_small_and_their_children_younger_than_their_parents(
    crowd: list[Resident],
) -> None:
    homes = households(crowd)

    assert 1.55 < len(crowd) / len(homes) < 1.85
    assert 0.5 < sum(len(members) == 1 for members in homes) / len(homes) < 0.7
    assert {len(members) for members in homes} == {1, 2, 3, 4, 5, 6}
    for head, *others in homes:
        parents = [head, *(one for one in others if one.relation in {"妻", "夫"})]
        children = [one for one in others if one.relation == "子"]
        for child in children:
            assert all((child.birth_date - one.birth_date).days > 18 * 365 for one in parents)
        for older, younger in pairwise(children):
            assert (younger.birth_date - older.birth_date).days > 360
    assert {"妻", "夫", "子", "父", "母", "同居人", "妻（未届）"} < {one.relation for one in crowd}


def test_ages_are_those_of_a_tokyo_ward(crowd: list[Resident]) -> None:
    ages = [(TODAY - one.birth_date).days / 365.25 for one in crowd]

    assert 0.33 < sum(20 <= age < 40 for age in ages) / len(ages) < 0.45
    assert 0.13 < sum(age >= 65 for age in ages) / len(ages) < 0.24
    assert 0.09 < sum(age < 18 for age in ages) / len(ages) < 0.20
    assert 0 <= min(ages) < max(ages) < 105


@pytest.mark.parametrize("seed", [1, 20261123])
def test_names_that_break_naive_systems_are_among_the_first_two_thousand(seed: int) -> None:
    heads = [one for one in some(2_000, seed=seed) if one.head]

    assert set(HARD_NAMES) <= {one.name.partition("　")[0] for one in heads}
    assert sum(one.name.startswith(tuple(HARD_NAMES)) for one in heads) >= (
        len(heads) // HARD_NAME_EVERY
    )


def test_names_are_of_many_kinds_and_have_readings(crowd: list[Resident]) -> None:
    japanese = [one for one in crowd if not one.name.isascii()]

    assert all(one.name.count("　") == 1 for one in japanese)
    assert all(re.fullmatch("[ァ-ヴー]+(　[ァ-ヴー]+)+", one.furigana) for one in crowd)
    assert len({one.name.partition("　")[0] for one in japanese}) > 200
    assert len({one.name.partition("　")[2] for one in japanese}) > 200
    common = Counter(one.name.partition("　")[0] for one in japanese)
    assert common["佐藤"] > 3 * common["小島"] > 0


def test_foreign_residents_bear_latin_names_and_some_an_alias(crowd: list[Resident]) -> None:
    foreign = [one for one in crowd if one.name.isascii()]

    assert 0.03 < len(foreign) / len(crowd) < 0.10
    assert all(re.fullmatch(r"[A-Z'-]+( [A-Z'-]+)+", one.name) for one in foreign)
    assert 0.2 < sum(bool(one.alias) for one in foreign) / len(foreign) < 0.4
    assert not any(one.alias for one in crowd if not one.name.isascii())
    assert any(one.former_surname for one in crowd)
    assert not any(one.former_surname for one in foreign)


def test_two_persons_share_name_and_birth_date_at_a_known_step(crowd: list[Resident]) -> None:
    heads = {one.household_number: one for one in crowd if one.head}
    steps = [number for number in heads if number and number % TWINS_EVERY == 0]

    assert len(steps) >= 20
    for number in steps:
        one, other = heads[number - 1], heads[number]
        assert (one.name, one.birth_date, one.sex) == (other.name, other.birth_date, other.sex)
        assert one.resident_record_code != other.resident_record_code
    alike = Counter((one.name, one.birth_date) for one in crowd)
    assert len(steps) <= sum(number - 1 for number in alike.values()) < 2 * len(steps)


def test_some_have_no_individual_number_also_in_a_small_world(crowd: list[Resident]) -> None:
    assert sum(one.individual_number is None for one in crowd) == 20_000 // WITHOUT_NUMBER_EVERY
    assert sum(one.individual_number is None for one in crowd[:200]) == 1


def test_some_are_removed_none_before_birth_and_no_head_dies_who_has_a_family(
    crowd: list[Resident],
) -> None:
    removed = [one for one in crowd if one.removed]

    assert 0.02 < len(removed) / len(crowd) < 0.04
    assert {one.removed.why for one in removed if one.removed} == set(Removal)
    assert all(one.birth_date <= one.removed.since <= TODAY for one in removed if one.removed)
    for head, *others in households(crowd):
        if head.removed and others:
            assert head.removed.why is Removal.MOVED_OUT
            assert all(one.removed == head.removed for one in others)


def test_protective_measures_are_rare_and_for_the_whole_household(crowd: list[Resident]) -> None:
    assert 0.001 < sum(one.protective_measure for one in crowd) / len(crowd) < 0.01
    for members in households(crowd):
        assert len({one.protective_measure for one in members}) == 1


def test_addresses_are_those_of_the_municipality() -> None:
    numbers = "[０-９]+"
    nakano = re.compile(f"東京都中野区.+?{numbers}丁目{numbers}番{numbers}号(　.+{numbers})?")
    people = some(3_000)

    assert all(nakano.fullmatch(one.address) for one in people)
    assert len({one.postal_code for one in people}) == 19
    assert all(re.fullmatch("16[45]00[0-3][0-9]", one.postal_code) for one in people)
    assert any("東京都中野区江古田４丁目" in one.address for one in people)
    assert all(one.postal_code.startswith("15") for one in some(200, SHIBUYA))
    assert all(one.postal_code.startswith("2") for one in some(200, YOKOHAMA))
    assert any("山下町" in one.address and "番地" in one.address for one in some(600, YOKOHAMA))


def test_a_municipality_without_listed_towns_gets_neutral_addresses() -> None:
    assert all("見本市" in one.address and not one.postal_code for one in some(10, SAPPORO))


def test_a_code_with_a_wrong_check_digit_is_refused_at_once() -> None:
    with pytest.raises(Refusal) as refused:
        residents(1, "131149", on=TODAY)
    assert refused.value.reason is reasons.LOCAL_GOVERNMENT_CODE_CHECK_DIGIT


def test_nothing_personal_is_shown(crowd: list[Resident]) -> None:
    assert repr(crowd[0]) == "Resident(index=0)"
    (gone,) = islice((one for one in crowd if one.removed), 1)
    assert "since" not in repr(gone.removed)


def test_fifty_thousand_are_streamed_in_bounded_memory() -> None:
    stream = residents(3, NAKANO, on=TODAY)
    for _ in islice(stream, 1_000):
        pass
    gc.collect()
    before = sys.getallocatedblocks()
    for _ in islice(stream, 47_000):
        pass
    tracemalloc.start()
    try:
        for _ in islice(stream, 2_000):
            pass
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    gc.collect()

    assert sys.getallocatedblocks() - before < 1_000, "blocks, after fifty thousand"
    assert peak < 100_000, "bytes at a time"
