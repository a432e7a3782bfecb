"""The check of an exported log: each planted fault is found where it is, and none is invented."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from renkei.networks import LINKAGE
from renkei_pki import keys
from renkei_pki.identity import Identity
from renkei_pki.log_check import Fault, FaultKind, Report, check, years_before
from renkei_pki.log_export import (
    NO_HASH,
    Entry,
    Erased,
    Place,
    Whole,
    Withheld,
    hash_of,
    read_head,
    write_head,
)
from renkei_pki.log_heads import Head, SignedHead
from renkei_pki.merkle import Frontier
from renkei_pki.signing import SigningKey, VerifyingKey

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
KEPT_SINCE = datetime(2019, 11, 23, 12, tzinfo=UTC)
ORIGIN = Identity(LINKAGE, "131148", "middle-server")

_KEY, _OTHER_KEY = keys.new_key(), keys.new_key()
KEY, PUBLIC = SigningKey(_KEY), VerifyingKey(_KEY.public_key())
OTHER_KEY = SigningKey(_OTHER_KEY)


@dataclass(frozen=True)
class Written:
    """What a log is told to write: whom it concerns, whether it is shown, whether it is old."""

    person: int
    shown: bool
    old: bool = False


def log_of(plan: Sequence[Written]) -> list[Entry]:
    """The log of an honest party; what is old enough has been erased."""
    last: dict[int, tuple[int, bytes]] = {}
    entries = []
    for index, one in enumerate(plan):
        number, previous = last.get(one.person, (0, NO_HASH))
        place = Place(number + 1, previous) if one.shown else Place()
        body = Whole(place, sha256(str(index).encode()).digest(), f"record {index}".encode())
        at = KEPT_SINCE + timedelta(seconds=-1 if one.old else index)
        leaf = hash_of(at, body.commitment)
        if one.shown:
            last[one.person] = (place.number, leaf)
        entries.append(Entry(index, at, leaf, Erased(body.commitment) if one.old else body))
    return entries


def head_of(entries: Sequence[Entry], at: datetime = NOW) -> Head:
    """The head that stands for these leaves, in this order."""
    frontier = Frontier()
    for entry in entries:
        frontier = frontier.appended(entry.hash)
    return Head(ORIGIN, frontier.size, frontier.root, at)


def checked(
    entries: Sequence[Entry],
    head: Head | None = None,
    older: SignedHead | None = None,
    key: SigningKey = KEY,
) -> Report:
    """The check of these lines under a head; else under the one that they make."""
    signed = (head or head_of(entries)).signed(key)
    lines = [write_head(signed), *(entry.line for entry in entries)]
    return check(lines, PUBLIC, older=older)


def faults(entries: Sequence[Entry], head: Head | None = None) -> list[tuple[FaultKind, str]]:
    """What the check finds."""
    return [(fault.kind, fault.where) for fault in checked(entries, head).faults]


def at_leaf(kind: FaultKind, *leaves: int) -> list[tuple[FaultKind, str]]:
    """These faults, one at each leaf."""
    return [(kind, f"leaf {leaf}") for leaf in leaves]


def followers(entries: Sequence[Entry], of: Entry) -> list[int]:
    """The leaves that name this one as the record before them."""
    return [
        one.index
        for one in entries
        if not isinstance(one.body, Erased) and one.body.place.previous == of.hash
    ]


WRITTEN = st.builds(Written, st.integers(0, 3), st.booleans(), st.booleans())
PLANS = st.lists(WRITTEN, min_size=1, max_size=40)
YOUNG = st.lists(st.builds(Written, st.integers(0, 3), st.booleans()), min_size=1, max_size=40)
ANY = st.integers(0, 10**6)


@given(plan=st.lists(WRITTEN, max_size=40), older=ANY, contents=st.sampled_from([Whole, Withheld]))
def test_an_honest_log_has_no_fault_with_or_without_contents(
    plan: list[Written], older: int, contents: type[Whole | Withheld]
) -> None:
    entries = log_of(plan)
    before = head_of(entries[: older % (len(entries) + 1)]).signed(KEY)
    if contents is Withheld:
        entries = [
            replace(one, body=one.body.withheld) if isinstance(one.body, Whole) else one
            for one in entries
        ]

    report = checked(entries, older=before)

    assert report.faults == ()
    assert report.sound
    assert report.bodies.get(Erased, 0) == sum(one.old for one in plan)
    assert report.bodies.get(contents, 0) == sum(not one.old for one in plan)


@given(plan=PLANS)
def test_lines_are_read_as_they_were_written(plan: list[Written]) -> None:
    entries = log_of(plan)

    assert [Entry.parse(entry.line) for entry in entries] == entries
    assert read_head(write_head(head_of(entries).signed(KEY))).head == head_of(entries)


def altered_body(body: Whole) -> list[Whole | Withheld | Erased]:
    """The record with each of its parts altered."""
    place = body.place
    return [
        replace(body, content=body.content + b"x"),
        replace(body, salt=bytes(32)),
        replace(body, place=replace(place, number=place.number + 1)),
        replace(body, place=replace(place, previous=b"x" * 32)),
        replace(body, place=Place(0 if place.number else 1)),
        replace(body.withheld, seal=bytes(32)),
        Erased(bytes(32)),
    ]


@given(plan=YOUNG, which=ANY)
def test_an_altered_record_is_found_and_nothing_else(plan: list[Written], which: int) -> None:
    entries = log_of(plan)
    leaf = which % len(entries)
    body = entries[leaf].body
    assert isinstance(body, Whole)

    for altered in altered_body(body):
        planted = [*entries]
        planted[leaf] = replace(entries[leaf], body=altered)
        early = at_leaf(FaultKind.ERASED_EARLY, leaf) if isinstance(altered, Erased) else []
        assert faults(planted, head_of(entries)) == [*at_leaf(FaultKind.ALTERED, leaf), *early]


@given(plan=PLANS, which=ANY)
def test_an_altered_time_is_found_also_of_what_was_erased(plan: list[Written], which: int) -> None:
    entries = log_of(plan)
    leaf = which % len(entries)
    entries[leaf] = replace(entries[leaf], at=entries[leaf].at - timedelta(days=1))

    assert faults(entries) == at_leaf(FaultKind.ALTERED, leaf)


@given(plan=YOUNG, which=ANY)
def test_a_record_altered_with_its_hash_no_longer_makes_the_root(
    plan: list[Written], which: int
) -> None:
    entries = log_of(plan)
    head, leaf = head_of(entries), which % len(entries)
    body = entries[leaf].body
    assert isinstance(body, Whole)
    holes = followers(entries, entries[leaf])
    forged = replace(body, content=b"forged")
    at = entries[leaf].at
    entries[leaf] = Entry(leaf, at, hash_of(at, forged.commitment), forged)

    assert faults(entries, head) == [
        *at_leaf(FaultKind.CHAIN_HOLE, *holes),
        (FaultKind.ROOT, "head"),
    ]


@given(plan=PLANS, which=ANY, more=st.integers(1, 3))
def test_missing_leaves_are_found_as_one_gap(plan: list[Written], which: int, more: int) -> None:
    entries = log_of(plan)
    first = which % len(entries)
    gone = entries[first : first + more]
    left = [one for one in entries if one not in gone]
    last = gone[-1].index
    where = f"leaf {first}" if last == first else f"leaves {first} to {last}"

    found = faults(left, head_of(entries))

    holes = sorted(follower for one in gone for follower in followers(left, one))
    assert found == [(FaultKind.MISSING, where), *at_leaf(FaultKind.CHAIN_HOLE, *holes)]


@given(plan=PLANS, which=ANY, to=ANY)
def test_a_doubled_line_is_found(plan: list[Written], which: int, to: int) -> None:
    entries = log_of(plan)
    doubled = entries[which % len(entries)]
    lines = [*entries]
    lines.insert(to % (len(entries) + 1), doubled)

    found = faults(lines, head_of(entries))

    ahead = [one for one in found if one[0] is FaultKind.REORDERED]  # the copy came first
    assert [one for one in found if one not in ahead] == at_leaf(FaultKind.DOUBLED, doubled.index)
    assert len(ahead) == (to % (len(entries) + 1) < doubled.index)


@given(plan=PLANS, which=ANY, by=st.integers(1, 40))
def test_a_line_that_stands_too_late_is_found(plan: list[Written], which: int, by: int) -> None:
    assume(len(plan) > 1)
    entries = log_of(plan)
    leaf = which % (len(entries) - 1)
    lines = [one for one in entries if one.index != leaf]
    lines.insert(leaf + 1 + (by - 1) % (len(entries) - 1 - leaf), entries[leaf])

    assert faults(lines, head_of(entries)) == at_leaf(FaultKind.REORDERED, leaf)


@given(plan=PLANS, which=ANY, to=ANY)
def test_two_leaves_in_each_others_place_do_not_make_the_root(
    plan: list[Written], which: int, to: int
) -> None:
    entries = log_of(plan)
    one, other = which % len(entries), to % len(entries)
    assume(one != other)
    head = head_of(entries)
    entries[one], entries[other] = (
        replace(entries[other], index=one),
        replace(entries[one], index=other),
    )

    assert (FaultKind.ROOT, "head") in faults(entries, head)


@given(plan=PLANS, size=ANY)
def test_leaves_beyond_the_head_are_found(plan: list[Written], size: int) -> None:
    entries = log_of(plan)
    signed = size % len(entries)

    assert faults(entries, head_of(entries[:signed])) == at_leaf(
        FaultKind.SURPLUS, *range(signed, len(entries))
    )


@given(plan=YOUNG, which=ANY)
def test_a_record_erased_before_its_years_were_over_is_found(
    plan: list[Written], which: int
) -> None:
    entries = log_of(plan)
    leaf = which % len(entries)
    entries[leaf] = replace(entries[leaf], body=Erased(entries[leaf].body.commitment))

    assert faults(entries) == at_leaf(FaultKind.ERASED_EARLY, leaf)


def relinked(entries: list[Entry], leaf: int, place: Place) -> list[Entry]:
    """The log of a party that wrote this record in another place, and every hash rightly."""
    body = entries[leaf].body
    assert isinstance(body, Whole)
    moved = replace(body, place=place)
    at = entries[leaf].at
    return [
        *entries[:leaf],
        Entry(leaf, at, hash_of(at, moved.commitment), moved),
        *entries[leaf + 1 :],
    ]


THREE = log_of([Written(0, shown=True), Written(1, shown=True), Written(0, shown=True)])


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        pytest.param(Place(3, THREE[0].hash), FaultKind.CHAIN_NUMBER, id="number left out"),
        pytest.param(Place(1, THREE[0].hash), FaultKind.CHAIN_START, id="number used again"),
        pytest.param(Place(2), FaultKind.CHAIN_START, id="nothing before it"),
        pytest.param(Place(0, THREE[0].hash), FaultKind.CHAIN_START, id="undisclosed after all"),
        pytest.param(Place(2, b"x" * 32), FaultKind.CHAIN_HOLE, id="record before it left out"),
        pytest.param(Place(3, THREE[1].hash), FaultKind.CHAIN_NUMBER, id="another person's"),
    ],
)
def test_a_place_that_does_not_follow_is_found_under_a_right_root(
    place: Place, kind: FaultKind
) -> None:
    assert faults(THREE) == []
    assert faults(relinked(THREE, 2, place)) == at_leaf(kind, 2)


def test_two_records_after_the_same_one_are_found() -> None:
    plan = [Written(0, shown=True), Written(0, shown=True), Written(0, shown=True)]
    entries = log_of(plan)

    forked = relinked(entries, 2, Place(2, entries[0].hash))

    assert faults(forked) == at_leaf(FaultKind.CHAIN_FORK, 2)


@given(plan=YOUNG, which=ANY)
def test_a_shown_record_that_was_never_written_leaves_a_hole(
    plan: list[Written], which: int
) -> None:
    entries = log_of(plan)
    hidden = entries[which % len(entries)]
    holes = followers(entries, hidden)
    left = [one for one in entries if one is not hidden]
    renumbered = [replace(one, index=index) for index, one in enumerate(left)]

    assert faults(renumbered) == at_leaf(FaultKind.CHAIN_HOLE, *(hole - 1 for hole in holes))


def test_a_head_that_the_key_did_not_sign_is_found() -> None:
    report = checked(THREE, key=OTHER_KEY)

    assert report.faults == (Fault(FaultKind.SIGNATURE, "head"),)


@pytest.mark.parametrize(
    ("older", "kind"),
    [
        (head_of(THREE[:2]).signed(OTHER_KEY), FaultKind.SIGNATURE),
        (
            replace(head_of(THREE[:2]), origin=Identity(LINKAGE, "131130", "middle-server")).signed(
                KEY
            ),
            FaultKind.OLDER_ORIGIN,
        ),
        (replace(head_of(THREE), size=4).signed(KEY), FaultKind.SHRUNK),
        (head_of(THREE[1:]).signed(KEY), FaultKind.REWRITTEN),
        (head_of([THREE[1], THREE[0], THREE[2]]).signed(KEY), FaultKind.REWRITTEN),
    ],
)
def test_a_log_that_is_not_the_older_heads_is_found(older: SignedHead, kind: FaultKind) -> None:
    assert checked(THREE, older=older).faults == (Fault(kind, "older head"),)


def test_a_past_that_was_written_anew_from_end_to_end_is_found_by_an_older_head_alone() -> None:
    plan = [Written(0, shown=True), Written(1, shown=True)]
    kept = head_of(log_of(plan)).signed(KEY)
    anew = log_of([Written(1, shown=False), *plan])

    assert checked(anew).sound
    assert checked(anew, older=kept).faults == (Fault(FaultKind.REWRITTEN, "older head"),)


@given(plan=st.lists(st.builds(Written, st.integers(0, 3), st.booleans()), min_size=4, max_size=40))
def test_every_fault_is_listed(plan: list[Written]) -> None:
    entries = log_of(plan)
    head = head_of(entries)
    body = entries[0].body
    assert isinstance(body, Whole)
    early = replace(entries[1], body=Erased(entries[1].body.commitment))
    altered = replace(entries[0], body=replace(body, content=b"x"))
    lines = [altered, early, entries[2], early, *entries[4:]]

    report = checked(lines, head, key=OTHER_KEY)

    found = {(fault.kind, fault.where) for fault in report.faults}
    assert found >= {
        (FaultKind.ALTERED, "leaf 0"),
        (FaultKind.ERASED_EARLY, "leaf 1"),
        (FaultKind.DOUBLED, "leaf 1"),
        (FaultKind.MISSING, "leaf 3"),
        (FaultKind.SIGNATURE, "head"),
    }


Spoil = Callable[[dict[str, object]], dict[str, object]]


def without(name: str) -> Spoil:
    return lambda told: {key: value for key, value in told.items() if key != name}


def having(**values: object) -> Spoil:
    return lambda told: told | values


@pytest.mark.parametrize(
    "spoil",
    [
        without("index"),
        without("salt"),
        having(more=1),
        having(index="1"),
        having(index=True),
        having(index=-1),
        having(index=2**63),
        having(shown=2**63),
        having(at="2026-11-23"),
        having(hash="00"),
        having(hash=("ab" * 32).upper()),
        having(previous=None),
        having(content="*"),
        having(content=1),
    ],
)
def test_a_line_out_of_form_is_found_and_the_rest_checked(
    spoil: Spoil,
) -> None:
    spoilt = spoil(json.loads(THREE[1].line))
    lines = [THREE[0].line, json.dumps(spoilt), THREE[2].line]

    report = check([write_head(head_of(THREE).signed(KEY)), *lines], PUBLIC)

    assert report.faults == (
        Fault(FaultKind.UNREADABLE, "line 3"),
        Fault(FaultKind.MISSING, "leaf 1"),
    )


@pytest.mark.parametrize(
    "line", ["", "[]", "{", "[" * 100_000, '{"format": 1}', "\ufffd", "1" * 9_999]
)
def test_without_a_head_the_leaves_are_still_checked(line: str) -> None:
    report = check([line, THREE[2].line, line], PUBLIC)

    assert report.head is None
    assert [fault.kind for fault in report.faults] == [
        FaultKind.UNREADABLE,
        FaultKind.UNREADABLE,
        FaultKind.MISSING,
        FaultKind.CHAIN_HOLE,
    ]
    assert check([], PUBLIC).faults == (Fault(FaultKind.UNREADABLE, "line 1"),)


def test_a_head_of_a_size_that_nobody_could_write_is_answered_at_once() -> None:
    head = replace(head_of(THREE), size=2**62)

    assert faults(THREE, head) == [(FaultKind.MISSING, f"leaves 3 to {2**62 - 1}")]


@given(
    moment=st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)),  # noqa: DTZ001
    later=st.timedeltas(timedelta(0), timedelta(days=3)),
)
def test_what_may_be_erased_once_may_be_erased_ever_after(
    moment: datetime, later: timedelta
) -> None:
    first = moment.replace(tzinfo=UTC)

    assert years_before(first, 7) <= years_before(first + later, 7)


def test_a_term_that_would_end_on_a_29_february_ends_with_the_28th() -> None:
    leap = datetime(2032, 2, 29, 8, tzinfo=UTC)

    assert years_before(leap, 7) == datetime(2025, 3, 1, tzinfo=UTC)
    assert years_before(leap, 4) == datetime(2028, 2, 29, 8, tzinfo=UTC)
