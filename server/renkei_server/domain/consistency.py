"""What is found where two files are compared that go on changing (F9).

1. Of two lists of buckets those differ whose count or sum does.
2. Of two lists of persons those differ whom one alone holds, or whose digests differ.
3. A person who differs is looked at here, compared there, and looked at here again. What is found
   counts only if nothing of them was under way either time and nothing came between: all that was
   told had then arrived before the other end looked, and nothing new can have.
4. What is under way is no difference, and neither is who changed each time they were looked at.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from renkei.codes import ResidentRecordCode
from renkei.consistency import BucketDigest, ComparedPerson, Finding, PersonComparison

LOOKS: Final = 3
"""So often a person who changes meanwhile is compared anew."""


@dataclass(frozen=True, slots=True)
class View:
    """How a person stands at the end that compares."""

    person: ComparedPerson | None
    """None where nobody is held by the code, or nothing of them can be compared."""
    known: bool = False
    """Whether somebody is held by it."""
    sequence: int = field(default=0, repr=False)
    """Of the last notification of them that was applied or given."""
    in_flight: bool = False
    """Whether one is still under way to the other end."""


def differing_buckets(
    here: Mapping[int, BucketDigest], there: Mapping[int, BucketDigest]
) -> list[int]:
    """The buckets that differ, in order."""
    return sorted(one for one in here.keys() | there.keys() if here.get(one) != there.get(one))


def differing_persons(
    here: Mapping[ResidentRecordCode, bytes], there: Mapping[ResidentRecordCode, bytes]
) -> Iterator[ResidentRecordCode]:
    """The persons who differ; one without a digest at either end is compared by code alone."""
    for code in sorted(here.keys() | there.keys(), key=lambda one: one.digits):
        one, other = here.get(code), there.get(code)
        if one is None or other is None or (one and other and one != other):
            yield code


def found(before: View, told: PersonComparison, after: View) -> Finding | None:
    """What is found of a person; None where the two ends agree.

    `told` is what the other end said of the view before; CHANGED_MEANWHILE asks for another look.
    """
    if before.known and told.held and not told.differing:
        return None
    if not before.known and not told.held:
        return None
    if before.in_flight or after.in_flight:
        return Finding.IN_FLIGHT
    if before != after:
        return Finding.CHANGED_MEANWHILE
    if not before.known:
        return Finding.MISSING_HERE
    return Finding.ITEMS_DIFFER if told.held else Finding.MISSING_THERE
