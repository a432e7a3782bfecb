"""One step of a comparison (F9): the sums of all buckets, or the persons of some that differ.

A step asks the peer and writes nothing: whoever took it writes what it found, so that one that broke
is taken anew from its start.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from renkei.codes import ResidentRecordCode
from renkei.consistency import PERSONS_LIMIT, BucketDigest, Finding, PersonComparison, bucket_of
from renkei.consistency_reports import Found
from renkei_server.domain.consistency import (
    LOOKS,
    View,
    differing_buckets,
    differing_persons,
    found,
)
from renkei_server.peers.consistency import ComparesPersons
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.store import Store

BUCKETS_AT_ONCE: Final = 64


class OwnSide(Protocol):
    """What the seat that compares holds itself, of one municipality."""

    def buckets(self, connection: Connection) -> Mapping[int, BucketDigest]:
        """The sums of the buckets that anybody is in."""
        ...

    def digests(self, connection: Connection, bucket: int) -> Mapping[ResidentRecordCode, bytes]:
        """Everybody in a bucket, with their digest."""
        ...

    def view(self, connection: Connection, code: ResidentRecordCode) -> View:
        """How a person stands."""
        ...


@dataclass(frozen=True, slots=True)
class Sums:
    """What the sums of all buckets say."""

    persons: int
    differing: Sequence[int]
    calls: int = 1


@dataclass(frozen=True, slots=True)
class Step:
    """What was found in the first of some buckets."""

    answered: int
    compared: int
    calls: int
    not_comparable: int
    submitted: Sequence[ResidentRecordCode]
    """Whose items the peer was told."""
    found: Sequence[Found]


Views = Mapping[ResidentRecordCode, View]
Comparisons = Mapping[ResidentRecordCode, PersonComparison]


class Comparing:
    """One municipality's persons, here and at one peer."""

    def __init__(self, store: Store, own: OwnSide, peer: ComparesPersons) -> None:
        self._store = store
        self._own = own
        self._peer = peer
        self._calls = 0
        self._submitted: dict[ResidentRecordCode, None] = {}

    async def sums(self) -> Sums:
        """Compare the sums of all buckets."""
        there = await self._peer.list_bucket_digests()
        here = await self._store.read(self._own.buckets)
        persons = sum(one.persons for one in here.values())
        return Sums(persons, differing_buckets(here, there))

    async def step(self, buckets: Sequence[int]) -> Step:
        """Compare the persons of the first of these buckets."""
        self._calls, self._submitted = 1, {}
        told = await self._peer.list_person_digests(buckets[:BUCKETS_AT_ONCE])
        here = await self._store.read(
            lambda connection: self._digests(connection, buckets[: told.answered])
        )
        findings: list[Found] = []
        left = list(differing_persons(here, told.digests))
        for look in range(LOOKS):
            looked = await self._look(left) if left else {}
            last = look == LOOKS - 1
            left = [one for one, it in looked.items() if it.finding is Finding.CHANGED_MEANWHILE]
            findings += [
                it for it in looked.values() if last or it.finding is not Finding.CHANGED_MEANWHILE
            ]
        return Step(
            answered=told.answered,
            compared=len(here.keys() | told.digests.keys()),
            calls=self._calls,
            not_comparable=sum(not one for one in here.values()),
            submitted=[*self._submitted],
            found=findings,
        )

    def _digests(
        self, connection: Connection, buckets: Sequence[int]
    ) -> Mapping[ResidentRecordCode, bytes]:
        every: dict[ResidentRecordCode, bytes] = {}
        for bucket in buckets:
            every |= self._own.digests(connection, bucket)
        return every

    async def _look(
        self, codes: Sequence[ResidentRecordCode]
    ) -> Mapping[ResidentRecordCode, Found]:
        """Look at some persons here, have them compared there, and look here again."""
        before = await self._views(codes)
        told = {**await self._compared(before), **await self._listed(before)}
        after = await self._views(codes)
        looked: dict[ResidentRecordCode, Found] = {}
        for code in codes:
            finding = found(before[code], told[code], after[code])
            if finding is not None:
                differ = finding is Finding.ITEMS_DIFFER
                looked[code] = Found(finding, code, told[code].differing if differ else ())
        return looked

    async def _views(self, codes: Sequence[ResidentRecordCode]) -> Views:
        return await self._store.read(
            lambda connection: {one: self._own.view(connection, one) for one in codes}
        )

    async def _compared(self, views: Views) -> Comparisons:
        """How those compare of whom anything is held here that can be compared."""
        persons = [one.person for one in views.values() if one.person is not None]
        told: list[PersonComparison] = []
        for first in range(0, len(persons), PERSONS_LIMIT):
            some = persons[first : first + PERSONS_LIMIT]
            told += await self._peer.compare_persons(some)
            self._calls += 1
        self._submitted |= dict.fromkeys(one.code for one in persons)
        return {one.code: it for one, it in zip(persons, told, strict=True)}

    async def _listed(self, views: Views) -> Comparisons:
        """Whether the others are held there; that is all that can be asked."""
        others = [code for code, one in views.items() if one.person is None]
        held: set[ResidentRecordCode] = set()
        left = sorted({bucket_of(one) for one in others})
        while left:
            told = await self._peer.list_person_digests(left[:BUCKETS_AT_ONCE])
            self._calls += 1
            held |= told.digests.keys()
            left = left[told.answered :]
        return {one: PersonComparison(one in held) for one in others}
