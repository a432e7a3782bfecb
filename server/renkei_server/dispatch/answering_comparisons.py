"""The end of a comparison that is asked (F9): prefecture, nation, or the municipal CS by its register."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from renkei import reasons
from renkei.codes import ResidentRecordCode
from renkei.consistency import (
    BUCKETS,
    BucketDigest,
    ComparedPerson,
    PersonComparison,
    PersonDigests,
    differing,
)
from renkei.refusals import Refusal
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.store import Store
from renkei_server.store.identities.file_side import FileSide

PERSONS_AT_ONCE: Final = 500
"""Once so many persons were told no further bucket is: those beside a caller do not wait long."""


@dataclass(frozen=True, slots=True)
class Answering:
    """Answers of one municipality's persons, from what is committed now."""

    store: Store
    side: FileSide

    def buckets(self) -> Awaitable[Mapping[int, BucketDigest]]:
        """The sums of the buckets that anybody is in."""
        return self.store.read(self.side.buckets)

    def persons(self, buckets: Sequence[int]) -> Awaitable[PersonDigests]:
        """The persons of the first of these buckets. Raises BUCKET_UNKNOWN."""
        for place, bucket in enumerate(buckets):
            if not 0 <= bucket < BUCKETS:
                raise Refusal(reasons.BUCKET_UNKNOWN, "", f"buckets[{place}]")

        def read(connection: Connection) -> PersonDigests:
            return listed(buckets, lambda bucket: self.side.digests(connection, bucket))

        return self.store.read(read)

    def compare(self, persons: Sequence[ComparedPerson]) -> Awaitable[Sequence[PersonComparison]]:
        """How these compare with what is held here."""

        def read(connection: Connection) -> Sequence[PersonComparison]:
            held = (self.side.find(connection, one.code) for one in persons)
            return [
                PersonComparison(held=False)
                if there is None
                else PersonComparison(held=True, differing=differing(one, there))
                for one, there in zip(persons, held, strict=True)
            ]

        return self.store.read(read)


def listed(
    buckets: Sequence[int], digests: Callable[[int], Mapping[ResidentRecordCode, bytes]]
) -> PersonDigests:
    """The persons of as many of the first buckets as are told at once, and at least of one."""
    found: dict[ResidentRecordCode, bytes] = {}
    answered = 0
    for bucket in buckets:
        found |= digests(bucket)
        answered += 1
        if len(found) >= PERSONS_AT_ONCE:
            break
    return PersonDigests(answered, found)
