"""The peer with whom a seat compares its file (F9), as the seat needs it; see `peers.codes`."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from renkei.consistency import BucketDigest, ComparedPerson, PersonComparison, PersonDigests


class ComparesPersons(Protocol):
    """The other end of one municipality's comparison: prefecture, nation or municipal CS."""

    async def list_bucket_digests(self) -> Mapping[int, BucketDigest]:
        """The sums of the buckets that anybody is in."""
        ...

    async def list_person_digests(self, buckets: Sequence[int]) -> PersonDigests:
        """The persons of the first of these buckets, and of how many."""
        ...

    async def compare_persons(
        self, persons: Sequence[ComparedPerson]
    ) -> Sequence[PersonComparison]:
        """How what is held here of these compares there, in their order."""
        ...
