"""The check of a person's own records: nothing is needed but what was told and a public key.

1. The head is that of the information provision network's log, and the log's key signed it.
2. Each record, as it is told, is a leaf under that head: not a byte of it was altered.
3. The numbers go from the first that was asked for to as many as are shown, without a hole.
4. Each record names the one before it, so none was put in between or exchanged.
5. What was seen on an earlier day is still there, and is what it was.

Every fault is listed; none ends the check. What cannot be judged because of one fault is not held
against the records as another: what an altered record says of its place is not believed.
Records are erased once their years are over: then the first number is higher than 1, and the person
says from which number on to check. What no check of one person's records can show: one that was
written as undisclosed from the start; and a head that the network shows to this person alone.
(invented; the records are those of article 23)
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from typing import Self

from renkei.networks import LINKAGE
from renkei.personal_records import AT_ONCE, PersonalRecords, ShownRecord
from renkei.wire.exchange_records import record_of
from renkei_pki.log_export import NO_HASH, SALT_BYTES, Place, Whole, hash_of
from renkei_pki.log_heads import Head, SignedHead, read_hash
from renkei_pki.merkle import HASH_BYTES, SIZE_LIMIT, includes
from renkei_pki.signing import VerifyingKey

_KEEPER = "provision-network"


class PersonFaultKind(Enum):
    """What can be wrong with the records that a person was told; the value tells it."""

    HEAD_UNREADABLE = "this is no signed head of a record log"
    ORIGIN = "the head is not that of the information provision network's log"
    SIGNATURE = "the head is not signed by the key"
    NOT_IN_LOG = "as it is told, it is not in the log that the head stands for"
    NO_RECORD = "its content is no record of an exchange"
    MISSING = "shown to the person by its number, and not told"
    DISORDER = "does not come after the one that is told before it"
    SURPLUS = "has a higher number than there are records shown"
    CHAIN = "names another record before it than the one that was told"
    SEEN_GONE = "was seen before, and the network shows fewer records now"
    SEEN_CHANGED = "is not the record that was seen under its number"


@dataclass(frozen=True, slots=True)
class PersonFault:
    """One fault: what, and where ("record 3", "head")."""

    kind: PersonFaultKind
    where: str


@dataclass(frozen=True, slots=True)
class Seen:
    """The last record that a person has seen: its number, and its leaf hash."""

    number: int
    hash: bytes

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raise ValueError unless text is a number, a colon and 64 hexadecimal digits."""
        number, _, digits = text.partition(":")
        try:
            seen = cls(int(number), read_hash(digits))
        except ValueError:
            seen = cls(0, NO_HASH)
        if not 0 < seen.number < SIZE_LIMIT or seen.text != text:
            msg = "what was seen is told as NUMBER:HASH"
            raise ValueError(msg)
        return seen

    @property
    def text(self) -> str:
        """How it is kept until the next time."""
        return f"{self.number}:{self.hash.hex()}"


@dataclass(frozen=True, slots=True)
class PersonReport:
    """What the check found; `last` is for the next time, where a record was proven."""

    head: Head | None
    last: Seen | None
    faults: tuple[PersonFault, ...]

    @property
    def sound(self) -> bool:
        """Whether there is no fault."""
        return not self.faults


@dataclass(frozen=True, slots=True)
class _Judged:
    """A record, and its leaf hash where it is proven to be in the log."""

    record: ShownRecord
    proven: bytes | None


def check_person(
    told: PersonalRecords, key: VerifyingKey, *, first: int | None = None, seen: Seen | None = None
) -> PersonReport:
    """Check what a person was told; `first` is the first number to expect, else what was asked."""
    faults: list[PersonFault] = []
    head = _read_head(told.head, key, faults)
    judged = [_Judged(one, _proven(one, head)) for one in told.records]
    if head:
        faults += _unproven(judged)
    faults += _numbers(told, told.first if first is None else first)
    faults += _chain(judged)
    if seen:
        faults += _against_seen(told, judged, seen)
    return PersonReport(head, _last(judged, seen), tuple(faults))


def _read_head(text: str, key: VerifyingKey, faults: list[PersonFault]) -> Head | None:
    try:
        signed = SignedHead.parse(text)
    except ValueError:
        faults.append(PersonFault(PersonFaultKind.HEAD_UNREADABLE, "head"))
        return None
    origin = signed.head.origin
    if (origin.domain, origin.role) != (LINKAGE, _KEEPER):
        faults.append(PersonFault(PersonFaultKind.ORIGIN, "head"))
    if not signed.verify(key):
        faults.append(PersonFault(PersonFaultKind.SIGNATURE, "head"))
    return signed.head


def _proven(one: ShownRecord, head: Head | None) -> bytes | None:
    """The leaf hash that the record makes, if it is in the log."""
    previous = one.previous or NO_HASH
    formed = len(one.salt) == SALT_BYTES and len(previous) == HASH_BYTES
    if head is None or not formed or not 0 < one.number < SIZE_LIMIT:
        return None
    body = Whole(Place(one.number, previous), one.salt, one.content)
    leaf = hash_of(one.written_at, body.commitment)
    return leaf if includes(head.root, head.size, one.leaf, leaf, one.proof) else None


def _unproven(judged: Sequence[_Judged]) -> Iterator[PersonFault]:
    for one in judged:
        if one.proven is None:
            yield _at(PersonFaultKind.NOT_IN_LOG, one.record.number)
        elif not _is_record(one.record):
            yield _at(PersonFaultKind.NO_RECORD, one.record.number)


def _is_record(one: ShownRecord) -> bool:
    try:
        return bool(record_of(one.content))
    except ValueError:
        return False


def _numbers(told: PersonalRecords, first: int) -> Iterator[PersonFault]:
    """Each number from the first to the last that is shown, once and in order."""
    expected = first
    for number in (one.number for one in told.records):
        if number < expected:
            yield _at(PersonFaultKind.DISORDER, number)
            continue
        if number > told.shown:
            yield _at(PersonFaultKind.SURPLUS, number)
        if number > expected:
            yield _missing(expected, number - 1)
        expected = number + 1
    if expected <= told.shown and len(told.records) < AT_ONCE:
        yield _missing(expected, told.shown)


def _chain(judged: Sequence[_Judged]) -> Iterator[PersonFault]:
    for one in judged:
        if one.proven and (one.record.number == 1) != (not one.record.previous):
            yield _at(PersonFaultKind.CHAIN, one.record.number)
    for before, after in pairwise(judged):
        follows = after.record.number == before.record.number + 1
        if before.proven and after.proven and follows and after.record.previous != before.proven:
            yield _at(PersonFaultKind.CHAIN, after.record.number)


def _against_seen(
    told: PersonalRecords, judged: Sequence[_Judged], seen: Seen
) -> Iterator[PersonFault]:
    if told.shown < seen.number:
        yield _at(PersonFaultKind.SEEN_GONE, seen.number)
    for one in judged:
        same = one.record.number == seen.number and one.proven == seen.hash
        next_one = one.record.number == seen.number + 1 and one.record.previous == seen.hash
        concerned = one.record.number in (seen.number, seen.number + 1)
        if one.proven and concerned and not (same or next_one):
            yield _at(PersonFaultKind.SEEN_CHANGED, seen.number)
            return


def _last(judged: Sequence[_Judged], seen: Seen | None) -> Seen | None:
    proven = [Seen(one.record.number, one.proven) for one in judged if one.proven]
    return max([*proven, *([seen] if seen else [])], key=lambda one: one.number, default=None)


def _at(kind: PersonFaultKind, number: int) -> PersonFault:
    return PersonFault(kind, f"record {number}")


def _missing(first: int, last: int) -> PersonFault:
    where = f"record {first}" if first == last else f"records {first} to {last}"
    return PersonFault(PersonFaultKind.MISSING, where)
