"""Comparisons of two files: just what differs is found, whatever goes on meanwhile (F9; STO-08, STO-09)."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renkei.change_reasons import ChangeReason
from renkei.codes import ResidentRecordCode
from renkei.consistency import Finding, bucket_of
from renkei.identities import ChangeInformation, IdentityNotification
from renkei.recorded_days import RecordedDay
from renkei_server.domain.identity_changes import HeldIdentity
from renkei_server.store.identities.compared import BEYOND, SUMS, WITHIN
from renkei_server.store.identities.compared import compared as as_compared
from tests.stores import SQLITE

from .two_ends import DAY, NEIGHBOUR, OWN, WARD, End, code_of, compared, person, two_ends

STORES = [SQLITE]

LATER = RecordedDay(2026, 6, 1)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[End, End]]:
    """Two files, which a test empties."""
    ends = two_ends(tmp_path_factory.mktemp("ends"))
    yield ends
    for one in ends:
        one.store.close()


@pytest.fixture
def ends(both: tuple[End, End]) -> tuple[End, End]:
    for one in both:
        one.empty()
        one.owed.clear()
    return both


def missing(finding: Finding) -> tuple[Finding, tuple[str, ...]]:
    return finding, ()


# Whatever the files hold

VERSIONS: tuple[Mapping[str, object], ...] = (
    {},
    {"name": "別の　名前"},
    {"address": "東京都中野区本町", "reason": ChangeReason.MOVED_WITHIN},
    {"former_surname": "髙\U000e0100"},
)


def version(number: int, which: int) -> HeldIdentity:
    """Somebody in one of several versions; the last is removed."""
    if which == len(VERSIONS):
        return replace(person(number), leaves_on=DAY)
    return person(number, **VERSIONS[which])


def differing(one: HeldIdentity, other: HeldIdentity) -> set[str]:
    names = {
        "name": "items.name.text",
        "address": "items.address",
        "reason": "items.reason",
        "former_surname": "items.former_surname.text",
    }
    told = {
        place
        for name, place in names.items()
        if getattr(one.items, name) != getattr(other.items, name)
    }
    return told | (
        {"removed"} if (one.leaves_on is None) is not (other.leaves_on is None) else set()
    )


STATES = st.none() | st.integers(0, len(VERSIONS))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(STATES, STATES), max_size=40))
async def test_the_report_is_what_a_plain_comparison_finds(
    both: tuple[End, End], persons: list[tuple[int | None, int | None]]
) -> None:
    here, there = both
    for place, end in enumerate(both):
        end.empty()
        states = ((number, told[place]) for number, told in enumerate(persons))
        end.hold(*(version(number, which) for number, which in states if which is not None))

    found = await compared(here, there)

    expected: dict[ResidentRecordCode, tuple[Finding, set[str]]] = {}
    for number, (one, other) in enumerate(persons):
        if one is not None and other is None:
            expected[code_of(number)] = (Finding.MISSING_THERE, set())
        elif one is None and other is not None:
            expected[code_of(number)] = (Finding.MISSING_HERE, set())
        elif one is not None and other is not None and one != other:
            told = differing(version(number, one), version(number, other))
            expected[code_of(number)] = (Finding.ITEMS_DIFFER, told)
    assert {code: (kind, {*names}) for code, (kind, names) in found.findings.items()} == expected


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 12), st.none() | st.integers(0, len(VERSIONS))), max_size=40)
)
def test_the_sums_are_always_those_of_what_the_file_holds(
    both: tuple[End, End], changes: list[tuple[int, int | None]]
) -> None:
    end, _ = both
    end.empty()
    held: dict[int, HeldIdentity] = {}
    for number, which in changes:
        if which is None and number in held:
            end.lose(number)
            del held[number]
        elif which is not None and number in held:
            end.lose(number)
            held[number] = version(number, which)
            end.hold(held[number])
        elif which is not None:
            held[number] = version(number, which)
            end.hold(held[number])

    sums = end.store.read_now(lambda tx: SUMS.of(tx, end.sealer, WARD.name))

    assert {number: one.records for number, one in sums.items()} == {
        bucket: sum(bucket_of(code_of(one)) == bucket for one in held)
        for bucket in {bucket_of(code_of(one)) for one in held}
    }
    for bucket, one in sums.items():
        digests = (
            as_compared(two).beyond.digest
            for number, two in held.items()
            if bucket_of(code_of(number)) == bucket
        )
        total = sum(map(int.from_bytes, digests)) % (1 << 256)
        assert one.sum_of(BEYOND) == total.to_bytes(32)


# What it costs


async def test_equal_files_cost_one_call(ends: tuple[End, End]) -> None:
    for end in ends:
        end.hold(*map(person, range(500)))

    found = await compared(*ends)

    assert (found.findings, found.persons, found.calls) == ({}, 0, 1)


async def test_a_difference_costs_its_bucket_and_no_more(ends: tuple[End, End]) -> None:
    for end in ends:
        end.hold(*map(person, range(500)))
    ends[1].change(7, name="別の　名前")

    found = await compared(*ends)

    assert found.findings == {code_of(7): (Finding.ITEMS_DIFFER, ("items.name.text",))}
    assert found.persons <= 5
    assert found.calls == 3


async def test_what_differs_is_found_once_and_gone_once_it_was_mended(
    ends: tuple[End, End],
) -> None:
    here, there = ends
    for end in ends:
        end.hold(*map(person, range(20)))
    there.lose(3)
    assert (await compared(*ends)).findings == {code_of(3): missing(Finding.MISSING_THERE)}

    there.hold(here.find(3))

    assert (await compared(*ends)).findings == {}


# Persons who moved on


async def test_who_moved_on_is_compared_as_their_municipality_told_them_last(
    ends: tuple[End, End],
) -> None:
    here, there = ends
    everybody = [person(number) for number in range(3)]
    there.hold(*everybody)
    here.hold(*everybody)
    entered = replace(everybody[1].items, address="東京都渋谷区神宮前", changed_on=LATER)

    there.take(IdentityNotification(NEIGHBOUR, 1, entered))

    assert (await compared(*ends)).findings == {}, "the ward has told nothing new"
    told = await compared(here, there, NEIGHBOUR)
    assert told.findings == {code_of(1): missing(Finding.MISSING_HERE)}


async def test_a_removal_that_came_late_is_compared_too(ends: tuple[End, End]) -> None:
    here, there = ends
    for end in ends:
        end.hold(person(1))
    entered = replace(person(1).items, address="東京都渋谷区神宮前", changed_on=LATER)
    left = replace(person(1).items, reason=ChangeReason.MOVED_OUT)
    there.take(IdentityNotification(NEIGHBOUR, 1, entered), IdentityNotification(WARD, 1, left))
    assert set((await compared(*ends)).findings) == {code_of(1)}

    here.take(IdentityNotification(WARD, 1, left))

    assert (await compared(*ends)).findings == {}


async def test_who_came_back_is_compared_as_a_resident(ends: tuple[End, End]) -> None:
    here, there = ends
    for end in ends:
        end.hold(person(1))
    away = replace(person(1).items, address="東京都渋谷区神宮前", changed_on=LATER)
    back = replace(person(1).items, changed_on=RecordedDay(2026, 8, 1))
    there.take(IdentityNotification(NEIGHBOUR, 1, away), IdentityNotification(WARD, 1, back))

    here.take(IdentityNotification(WARD, 1, back))

    assert (await compared(*ends)).findings == {}
    assert there.store.read_now(lambda tx: there.departed.find(tx, WARD, code_of(1))) is None
    gone = there.store.read_now(lambda tx: there.departed.find(tx, NEIGHBOUR, code_of(1)))
    assert gone is not None
    assert gone.items == away


async def test_who_has_another_code_is_compared_by_it(ends: tuple[End, End]) -> None:
    here, there = ends
    for end in ends:
        end.hold(person(1))
    items = replace(
        person(1).items,
        resident_record_code=code_of(9),
        reason=ChangeReason.RESIDENT_RECORD_CODE_CHANGED,
    )
    changed = IdentityNotification(WARD, 1, items, ChangeInformation(code_of(1)))
    here.take(changed)
    here.owed.add(code_of(9))
    assert (await compared(*ends)).findings == {
        code_of(1): missing(Finding.IN_FLIGHT),
        code_of(9): missing(Finding.IN_FLIGHT),
    }

    there.take(changed)
    here.owed.clear()

    assert (await compared(*ends)).findings == {}


# What goes on meanwhile


async def test_what_is_owed_is_in_flight_and_no_difference(ends: tuple[End, End]) -> None:
    here, there = ends
    there.hold(*map(person, range(5)))
    here.hold(*map(person, range(6)))
    here.change(2, name="別の　名前")
    here.owed |= {code_of(2), code_of(5)}

    found = await compared(*ends)

    assert found.findings == {
        code_of(2): missing(Finding.IN_FLIGHT),
        code_of(5): missing(Finding.IN_FLIGHT),
    }


async def test_a_notification_that_arrives_meanwhile_makes_no_difference(
    ends: tuple[End, End],
) -> None:
    """It is owed before the persons are asked for, and has arrived when they are compared."""
    here, there = ends
    for end in ends:
        end.hold(*map(person, range(5)))
    told = IdentityNotification(WARD, 1, replace(person(2).items, name="別の　名前"))
    here.take(told)
    here.owed.add(code_of(2))
    calls = 0

    def arrive() -> None:
        nonlocal calls
        calls += 1
        if calls == 2:
            there.take(told)
            here.owed.clear()

    assert (await compared(here, there, after=arrive)).findings == {}


async def test_a_person_who_changes_between_two_looks_is_looked_at_again(
    ends: tuple[End, End],
) -> None:
    """Told and arrived while the other end answers: what it said was of before."""
    here, there = ends
    for end in ends:
        end.hold(*map(person, range(5)))
    there.change(1, name="別の　名前")
    numbers = iter((0, 0, 1))

    def change() -> None:
        if sequence := next(numbers, 0):
            told = IdentityNotification(WARD, sequence, person(1).items)
            here.take(told)
            there.take(told)

    assert (await compared(here, there, after=change)).findings == {}


async def test_a_person_who_changes_at_every_look_is_told_as_such(ends: tuple[End, End]) -> None:
    here, there = ends
    for end in ends:
        end.hold(*map(person, range(5)))
    there.change(1, name="別の　名前")
    sequence = 0

    def change() -> None:
        nonlocal sequence
        sequence += 1
        items = replace(person(1).items, address=f"東京都中野区本町{sequence}")
        here.take(IdentityNotification(WARD, sequence, items))

    found = await compared(here, there, after=change)

    assert found.findings == {code_of(1): missing(Finding.CHANGED_MEANWHILE)}


async def test_who_is_missing_here_and_arrives_meanwhile_is_not_missing(
    ends: tuple[End, End],
) -> None:
    here, there = ends
    there.hold(person(1))
    calls = 0

    def arrive() -> None:
        nonlocal calls
        calls += 1
        if calls == 2:
            here.hold(person(1))

    assert (await compared(here, there, after=arrive)).findings == {}


# Within the municipality


async def test_a_municipality_s_own_items_are_compared_within_it_alone(
    ends: tuple[End, End],
) -> None:
    here, there = ends
    here.hold(replace(person(1), municipal=OWN))
    there.hold(replace(person(1), municipal=replace(OWN, postal_code="1640002")))

    sums = [
        [end.store.read_now(end.side(kind=kind).buckets)[bucket_of(code_of(1))].sum for end in ends]
        for kind in (BEYOND, WITHIN)
    ]

    assert [len({*two}) for two in sums] == [1, 2]
