"""A person's own records: each planted fault is found where it is, and none is invented."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renkei.answers import Outcome
from renkei.codes import Institution
from renkei.exchange_records import ExchangeRecord
from renkei.exchanges import ExchangeId, InquiryTerms
from renkei.networks import JUKINET, LINKAGE
from renkei.personal_records import AT_ONCE, PersonalRecords, ShownRecord
from renkei.wire.exchange_records import content_of
from renkei_pki import keys
from renkei_pki.identity import Identity
from renkei_pki.log_export import NO_HASH, Place, Whole, hash_of
from renkei_pki.log_heads import Head
from renkei_pki.merkle import inclusion_proof, node_hash
from renkei_pki.person_check import PersonFaultKind, PersonReport, Seen, check_person
from renkei_pki.person_file import read_lines, write_lines
from renkei_pki.signing import SigningKey, VerifyingKey

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ORIGIN = Identity(LINKAGE, "ipn", "provision-network")

_KEY, _OTHER_KEY = keys.new_key(), keys.new_key()
KEY, PUBLIC = SigningKey(_KEY), VerifyingKey(_KEY.public_key())

Found = list[tuple[PersonFaultKind, str]]


def content(number: int) -> bytes:
    """An exchange about somebody."""
    return content_of(
        ExchangeRecord(
            ExchangeId(f"00000000-0000-4000-8000-{number:012d}"),
            InquiryTerms(
                inquirer=Institution("131130"),
                inquirer_delegator=None,
                provider=Institution("131148"),
                provider_delegator=None,
                affair_code="JM90000000132000",
                procedure_code="JT90000000132001",
                information_code="TM90000000000001",
                condition_class="0",
                fiscal_year_class="0",
                from_date=None,
                to_date=None,
                non_disclosure=False,
            ),
            legal_table="table",
            legal_item="132",
            asked_at=NOON,
            answered_at=NOON,
            outcome=Outcome.NO_SUB_COPY,
        )
    )


class Network:
    """A network that keeps a log and tells one person's records, honestly."""

    def __init__(self, plan: Sequence[bool], contents: bytes | None = None) -> None:
        """One record for each of the plan: whether it is this person's and shown, or another's."""
        self.leaves: list[bytes] = []
        self.shown: list[tuple[int, datetime, Whole]] = []
        previous = NO_HASH
        for leaf, own in enumerate(plan):
            place = Place(len(self.shown) + 1, previous) if own else Place()
            record = Whole(place, sha256(b"%d" % leaf).digest(), contents or content(leaf))
            at = NOON + timedelta(seconds=leaf)
            self.leaves.append(hash_of(at, record.commitment))
            if own:
                previous = self.leaves[-1]
                self.shown.append((leaf, at, record))

    def head(self, origin: Identity = ORIGIN) -> Head:
        """The log as it is now."""
        size = len(self.leaves)
        return Head(origin, size, root(self.leaves), NOON)

    def told(self, first: int = 1, head: Head | None = None) -> PersonalRecords:
        """What the person is told."""
        head = head or self.head()
        records = [
            ShownRecord(
                number=one.place.number,
                leaf=leaf,
                written_at=at,
                previous=b"" if one.place.previous == NO_HASH else one.place.previous,
                salt=one.salt,
                content=one.content,
                proof=inclusion_proof(self.node, leaf, len(self.leaves)),
            )
            for leaf, at, one in self.shown
            if one.place.number >= first
        ]
        return PersonalRecords(
            head.signed(KEY).text, len(self.shown), first, tuple(records[:AT_ONCE])
        )

    def node(self, level: int, index: int) -> bytes:
        """The root of a whole subtree."""
        return root(self.leaves[index << level : (index + 1) << level])


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over some leaves, by the definition."""
    if len(leaves) == 1:
        return leaves[0]
    if not leaves:
        return sha256(b"").digest()
    left = 1 << (len(leaves) - 1).bit_length() - 1
    return node_hash(root(leaves[:left]), root(leaves[left:]))


def found(report: PersonReport) -> Found:
    return [(fault.kind, fault.where) for fault in report.faults]


def changed(told: PersonalRecords, index: int, **changes: object) -> PersonalRecords:
    """What is told, with one record changed."""
    records = list(told.records)
    records[index] = replace(records[index], **changes)  # type: ignore[arg-type]
    return replace(told, records=tuple(records))


def without(told: PersonalRecords, *indexes: int) -> PersonalRecords:
    """What is told, with records left out."""
    records = tuple(one for index, one in enumerate(told.records) if index not in indexes)
    return replace(told, records=records)


THREE = Network([False, True, True, False, True, False])
PLANS = st.lists(st.booleans(), max_size=24)


@given(plan=PLANS)
def test_what_an_honest_network_tells_has_no_fault(plan: list[bool]) -> None:
    network = Network(plan)

    report = check_person(network.told(), PUBLIC)

    assert report.sound
    assert report.last == (Seen(sum(plan), network.leaves[_last(plan)]) if any(plan) else None)


def _last(plan: Sequence[bool]) -> int:
    return max(index for index, own in enumerate(plan) if own)


@given(plan=PLANS.filter(any), data=st.data())
def test_a_record_that_is_left_out_is_missed_wherever_it_stands(
    plan: list[bool], data: st.DataObject
) -> None:
    told = Network(plan).told()
    left_out = data.draw(st.integers(1, sum(plan)))

    report = check_person(without(told, left_out - 1), PUBLIC)

    assert found(report) == [(PersonFaultKind.MISSING, f"record {left_out}")]


CHANGES: list[dict[str, object]] = [
    {"content": content(99)},
    {"salt": bytes(32)},
    {"salt": b"short"},
    {"previous": b"x" * 32},
    {"previous": b"x"},
    {"leaf": 0},
    {"leaf": -1},
    {"leaf": 2**70},
    {"written_at": NOON - timedelta(days=1)},
    {"proof": ()},
    {"proof": (bytes(32),) * 3},
]


@pytest.mark.parametrize("index", range(3))
@pytest.mark.parametrize("change", CHANGES, ids=[str(*one) for one in CHANGES])
def test_a_record_of_which_anything_was_altered_is_not_in_the_log(
    change: dict[str, object], index: int
) -> None:
    report = check_person(changed(THREE.told(), index, **change), PUBLIC)

    assert found(report) == [(PersonFaultKind.NOT_IN_LOG, f"record {index + 1}")]


def test_a_record_under_another_number_is_not_in_the_log_and_its_own_is_missing() -> None:
    report = check_person(changed(THREE.told(), 2, number=4), PUBLIC)

    assert found(report) == [
        (PersonFaultKind.NOT_IN_LOG, "record 4"),
        (PersonFaultKind.SURPLUS, "record 4"),
        (PersonFaultKind.MISSING, "record 3"),
    ]


def test_records_out_of_order_or_told_twice_are_told() -> None:
    first, second, third = THREE.told().records

    swapped = check_person(replace(THREE.told(), records=(second, first, third)), PUBLIC)
    twice = check_person(replace(THREE.told(), records=(first, first, second, third)), PUBLIC)

    assert found(swapped) == [
        (PersonFaultKind.MISSING, "record 1"),
        (PersonFaultKind.DISORDER, "record 1"),
    ]
    assert found(twice) == [(PersonFaultKind.DISORDER, "record 1")]


def test_another_persons_record_in_the_place_of_ones_own_breaks_the_chain() -> None:
    """Both are in the log, and both were written as somebody's second."""
    network = Network([True, True, True])
    foreign = Whole(Place(2, b"x" * 32), bytes(32), content(9))
    network.leaves.append(hash_of(NOON, foreign.commitment))
    told = network.told()
    strange = ShownRecord(
        2, 3, NOON, b"x" * 32, bytes(32), foreign.content, inclusion_proof(network.node, 3, 4)
    )

    report = check_person(
        replace(told, records=(told.records[0], strange, told.records[2])), PUBLIC
    )

    assert found(report) == [
        (PersonFaultKind.CHAIN, "record 2"),
        (PersonFaultKind.CHAIN, "record 3"),
    ]


def test_a_first_record_that_names_one_before_it_breaks_the_chain() -> None:
    network = Network([])
    begun_anew = Whole(Place(1, b"x" * 32), bytes(32), content(0))
    network.leaves.append(hash_of(NOON, begun_anew.commitment))
    record = ShownRecord(1, 0, NOON, b"x" * 32, bytes(32), begun_anew.content, ())

    told = replace(network.told(), shown=1, records=(record,))

    assert found(check_person(told, PUBLIC)) == [(PersonFaultKind.CHAIN, "record 1")]


def test_what_is_in_the_log_and_no_record_of_an_exchange_is_told() -> None:
    report = check_person(Network([True], b"\xff").told(), PUBLIC)

    assert found(report) == [(PersonFaultKind.NO_RECORD, "record 1")]


def test_the_head_must_be_the_networks_and_signed_by_its_key() -> None:
    other = VerifyingKey(_OTHER_KEY.public_key())
    told = THREE.told()

    assert found(check_person(told, other)) == [(PersonFaultKind.SIGNATURE, "head")]
    for origin in (
        Identity(LINKAGE, "131148", "middle-server"),
        Identity(JUKINET, "ipn", "provision-network"),
    ):
        foreign = THREE.told(head=THREE.head(origin))
        assert found(check_person(foreign, PUBLIC)) == [(PersonFaultKind.ORIGIN, "head")]
    garbled = check_person(replace(told, head="no head"), PUBLIC)
    assert found(garbled) == [(PersonFaultKind.HEAD_UNREADABLE, "head")]
    assert (garbled.head, garbled.last) == (None, None)


def test_a_head_of_another_log_proves_no_record_of_this_one() -> None:
    report = check_person(THREE.told(head=Network([True] * 6).head()), PUBLIC)

    assert {kind for kind, _ in found(report)} == {PersonFaultKind.NOT_IN_LOG}


# From one day to the next


def test_records_that_were_erased_are_not_missed_by_who_says_from_which_number_on() -> None:
    told = without(THREE.told(), 0)

    assert found(check_person(told, PUBLIC)) == [(PersonFaultKind.MISSING, "record 1")]
    assert check_person(told, PUBLIC, first=2).sound
    assert check_person(THREE.told(2), PUBLIC).sound


def test_what_was_seen_is_still_there_and_goes_on() -> None:
    seen = check_person(Network([False, True, True]).told(), PUBLIC).last

    for first in (1, 2, 3):
        assert check_person(THREE.told(first), PUBLIC, seen=seen).sound


def test_a_record_that_was_seen_and_is_told_no_more_is_missed_though_nothing_else_shows_it() -> (
    None
):
    seen = check_person(THREE.told(), PUBLIC).last
    shorter = Network([False, True, True, False])

    assert check_person(shorter.told(), PUBLIC).sound
    report = check_person(shorter.told(), PUBLIC, seen=seen)

    assert found(report) == [(PersonFaultKind.SEEN_GONE, "record 3")]
    assert report.last == seen


@pytest.mark.parametrize("first", [1, 2, 3])
def test_a_history_that_was_written_anew_is_not_the_one_that_was_seen(first: int) -> None:
    seen = Seen(2, b"x" * 32)

    report = check_person(THREE.told(first), PUBLIC, seen=seen)

    assert found(report) == [(PersonFaultKind.SEEN_CHANGED, "record 2")]


def test_of_more_records_than_are_told_at_once_the_rest_is_not_missed() -> None:
    network = Network([True] * (AT_ONCE + 1))
    told = network.told()

    page = check_person(told, PUBLIC)
    assert page.sound
    assert page.last
    assert page.last.number == AT_ONCE
    rest = check_person(network.told(AT_ONCE + 1), PUBLIC, seen=page.last)

    assert rest.sound
    assert not check_person(without(told, 0), PUBLIC).sound


# The file


@given(plan=PLANS)
def test_a_file_is_read_as_it_was_written(plan: list[bool]) -> None:
    told = Network(plan).told()

    assert read_lines(write_lines(told)) == told


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (0, ""),
        (0, "[]"),
        (0, '{"format": "renkei record log 1", "head": "", "shown": 1, "first": 1}'),
        (0, '{"format": "renkei personal records 1", "head": 1, "shown": 1, "first": 1}'),
        (0, '{"format": "renkei personal records 1", "head": "", "shown": true, "first": 1}'),
        (1, "nothing"),
        (1, "[" * 100_000),
        (1, "{}"),
    ],
)
def test_what_is_no_such_file_is_told_with_its_line(line: int, text: str) -> None:
    lines = list(write_lines(THREE.told()))
    lines[line] = text

    with pytest.raises(ValueError, match=f"line {line + 1}: "):
        read_lines(lines)


@pytest.mark.parametrize(
    "change",
    [
        {"number": "1"},
        {"leaf": None},
        {"at": "today"},
        {"salt": "00"},
        {"previous": "xyz"},
        {"content": "%%"},
        {"proof": "00"},
        {"proof": ["00"]},
        {"proof": [1]},
        {"more": 1},
    ],
    ids=str,
)
def test_a_record_that_is_not_of_its_form_is_told_with_its_line(change: dict[str, object]) -> None:
    head, record, *others = write_lines(THREE.told())
    altered = json.dumps(json.loads(record) | change)

    with pytest.raises(ValueError, match="line 2: this is no record"):
        read_lines([head, altered, *others])


@pytest.mark.parametrize(
    "text", ["", "1", "1:00", f"0:{'0' * 64}", f"x:{'0' * 64}", f"-1:{'0' * 64}"]
)
def test_what_was_seen_is_read_in_its_one_form(text: str) -> None:
    seen = Seen(3, bytes(range(32)))

    assert Seen.parse(seen.text) == seen
    with pytest.raises(ValueError, match="NUMBER:HASH"):
        Seen.parse(text)
