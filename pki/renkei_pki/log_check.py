"""The check of an exported record log: nothing is needed but the file and a public key.

1. Each leaf is what its hash says, and is there once, in its place.
2. The leaves make the root of the head, and the log's key signed that head.
3. An older head, if one was kept, is of the same log: all that it stood for is still there.
4. The records shown to one person follow each other without a hole, whoever that is.
5. Nothing was erased before its years were over.

Every fault is listed; none ends the check. What cannot be judged because of one fault is
not held against the log as another: an altered leaf's place in a chain is not believed.
What no file can show: a person's latest record left out, or the numbers begun anew. The
person alone sees those, by the number last shown and by a second number 1; and a head's
time is the party's own word.
(invented; records of article 23 are kept seven years, by the cabinet order, those of provisions of
identity information five)
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from itertools import pairwise
from operator import itemgetter

from renkei.networks import JUKINET
from renkei_pki.identity import Identity
from renkei_pki.log_export import NO_HASH, Body, Entry, Erased, Place, read_head
from renkei_pki.log_heads import Head, SignedHead
from renkei_pki.merkle import Frontier
from renkei_pki.signing import VerifyingKey

YEARS = 7
"""How long a record of an exchange is kept."""

YEARS_OF_PROVISIONS = 5
"""How long a record of a provision of identity information is kept (PRV-11; documented)."""


def years_kept(origin: Identity) -> int:
    """How long the records of a party's log are kept, in whole years."""
    return YEARS_OF_PROVISIONS if origin.domain == JUKINET else YEARS


class FaultKind(Enum):
    """What can be wrong with a log; the value tells it."""

    UNREADABLE = "the line is not in the form of an export"
    ALTERED = "the record is not what its hash says"
    MISSING = "not in the file"
    DOUBLED = "in the file more than once"
    REORDERED = "stands after a later one"
    SURPLUS = "beyond the size of the head"
    SIGNATURE = "not signed by the key"
    ROOT = "the leaves do not make the root: some were altered, exchanged or moved"
    OLDER_ORIGIN = "is of another party's log"
    SHRUNK = "stands for more records than the log has now"
    REWRITTEN = "the log's first records are no longer those that it stood for"
    CHAIN_START = "only a shown record that is not its person's first follows another"
    CHAIN_HOLE = "the person's shown record before it is not in the log"
    CHAIN_NUMBER = "its number does not follow the person's record before it"
    CHAIN_FORK = "another record follows the same record of the person"
    ERASED_EARLY = "erased before its years were over"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: what, and where ("leaf 17", "line 4", "head"). It names no person."""

    kind: FaultKind
    where: str


@dataclass(frozen=True, slots=True)
class Report:
    """What the check found; `bodies` counts the leaves by the kind of their body."""

    head: SignedHead | None
    bodies: Mapping[type[Body], int]
    faults: tuple[Fault, ...]

    @property
    def sound(self) -> bool:
        """Whether there is no fault."""
        return not self.faults


@dataclass(frozen=True, slots=True)
class _Leaf:
    """What is believed of a leaf; an altered one's place is not."""

    at: datetime
    hash: bytes
    place: Place | None
    erased: bool


_Leaves = dict[int, _Leaf]


def check(
    lines: Iterable[str],
    key: VerifyingKey,
    *,
    older: SignedHead | None = None,
    years: int | None = None,
) -> Report:
    """Check an export; `older` is a head of the log that was kept from an earlier day.

    `years`: how long records must be kept; without it as long as those of such a party are.
    """
    file = iter(lines)
    faults: list[Fault] = []
    signed = _read_head(next(file, ""), faults)
    leaves, bodies = _read_leaves(file, faults)
    head = signed.head if signed else None
    sizes = {one.size for one in (head, older.head if older else None) if one}
    roots = _roots(leaves, sizes)
    faults += _missing(leaves, head)
    faults += _chains(leaves)
    if signed and head:
        faults += _of_head(signed, key, leaves, roots)
        kept = years_kept(head.origin) if years is None else years
        faults += _erased_early(leaves, years_before(head.at, kept))
    if older:
        faults += _of_older(older, head, key, roots)
    return Report(signed, bodies, tuple(faults))


def years_before(moment: datetime, years: int) -> datetime:
    """The moment whose records have been kept for that many calendar years at `moment`."""
    try:
        return moment.replace(year=moment.year - years)
    except ValueError:  # 29 February: a term that would end then ends with the 28th
        midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
        return midnight.replace(year=moment.year - years, month=3, day=1)


def _read_head(line: str, faults: list[Fault]) -> SignedHead | None:
    try:
        return read_head(line)
    except ValueError:
        faults.append(Fault(FaultKind.UNREADABLE, "line 1"))
        return None


def _read_leaves(lines: Iterable[str], faults: list[Fault]) -> tuple[_Leaves, Counter[type[Body]]]:
    leaves: _Leaves = {}
    hashes: set[bytes] = set()
    bodies: Counter[type[Body]] = Counter()
    before = -1
    for number, line in enumerate(lines, start=2):
        try:
            entry = Entry.parse(line)
        except ValueError:
            faults.append(Fault(FaultKind.UNREADABLE, f"line {number}"))
            continue
        where = f"leaf {entry.index}"
        if entry.index in leaves or entry.hash in hashes:
            faults.append(Fault(FaultKind.DOUBLED, where))
        elif entry.index < before:
            faults.append(Fault(FaultKind.REORDERED, where))
        if not entry.fits:
            faults.append(Fault(FaultKind.ALTERED, where))
        if entry.index not in leaves:
            leaves[entry.index] = _believed(entry)
            bodies[type(entry.body)] += 1
            before = entry.index
        hashes.add(entry.hash)
    return leaves, bodies


def _believed(entry: Entry) -> _Leaf:
    body = entry.body
    place = None if isinstance(body, Erased) or not entry.fits else body.place
    return _Leaf(entry.at, entry.hash, place, isinstance(body, Erased))


def _roots(leaves: _Leaves, sizes: set[int]) -> dict[int, bytes]:
    """The root at each of these sizes, as far as the leaves go without a gap."""
    frontier = Frontier()
    roots = {0: frontier.root}
    while frontier.size in leaves:
        frontier = frontier.appended(leaves[frontier.size].hash)
        if frontier.size in sizes:
            roots[frontier.size] = frontier.root
    return roots


def _missing(leaves: _Leaves, head: Head | None) -> Iterator[Fault]:
    end = head.size if head else max(leaves, default=-1) + 1
    there = sorted(index for index in leaves if index < end)
    for before, after in pairwise([-1, *there, end]):
        if after - before > 1:
            yield Fault(FaultKind.MISSING, _range(before + 1, after - 1))


def _of_head(
    signed: SignedHead, key: VerifyingKey, leaves: _Leaves, roots: Mapping[int, bytes]
) -> Iterator[Fault]:
    head = signed.head
    if not signed.verify(key):
        yield Fault(FaultKind.SIGNATURE, "head")
    if roots.get(head.size, head.root) != head.root:
        yield Fault(FaultKind.ROOT, "head")
    for index in sorted(index for index in leaves if index >= head.size):
        yield Fault(FaultKind.SURPLUS, _range(index, index))


def _of_older(
    signed: SignedHead, now: Head | None, key: VerifyingKey, roots: Mapping[int, bytes]
) -> Iterator[Fault]:
    head = signed.head
    if not signed.verify(key):
        yield Fault(FaultKind.SIGNATURE, "older head")
    if now and head.origin != now.origin:
        yield Fault(FaultKind.OLDER_ORIGIN, "older head")
    elif now and head.size > now.size:
        yield Fault(FaultKind.SHRUNK, "older head")
    elif roots.get(head.size, head.root) != head.root:
        yield Fault(FaultKind.REWRITTEN, "older head")


def _chains(leaves: _Leaves) -> Iterator[Fault]:
    earlier: dict[bytes, _Leaf] = {}
    followed: set[bytes] = set()
    for index, leaf in sorted(leaves.items(), key=itemgetter(0)):
        place = leaf.place
        if place is not None:
            kind = _chain_fault(place, earlier.get(place.previous), followed)
            if kind is not None:
                yield Fault(kind, f"leaf {index}")
            followed.add(place.previous)
        earlier.setdefault(leaf.hash, leaf)


def _chain_fault(place: Place, before: _Leaf | None, followed: set[bytes]) -> FaultKind | None:
    """What is wrong with a record's place, seen from the record that it names before it."""
    if (place.number > 1) != (place.previous != NO_HASH):
        return FaultKind.CHAIN_START
    if place.number <= 1:
        return None
    if before is None:
        return FaultKind.CHAIN_HOLE
    if before.place is not None and before.place.number != place.number - 1:
        return FaultKind.CHAIN_NUMBER
    return FaultKind.CHAIN_FORK if place.previous in followed else None


def _erased_early(leaves: _Leaves, kept_since: datetime) -> Iterator[Fault]:
    for index in sorted(leaves):
        if leaves[index].erased and leaves[index].at >= kept_since:
            yield Fault(FaultKind.ERASED_EARLY, f"leaf {index}")


def _range(first: int, last: int) -> str:
    return f"leaf {first}" if first == last else f"leaves {first} to {last}"
