"""What two ends tell each other where they compare files (F9), and reports of it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Protocol

from renkei import reasons
from renkei.codes import ResidentRecordCode
from renkei.consistency import (
    BUCKETS,
    DIGEST_BYTES,
    BucketDigest,
    ComparedPerson,
    PersonComparison,
    PersonDigests,
    item_named,
)
from renkei.jukinet.v1 import consistency_pb2 as jukinet_pb2
from renkei.refusals import Refusal
from renkei.type.v1 import consistency_pb2 as pb2
from renkei.ward.v1 import reconciliation_pb2 as ward_pb2
from renkei.wire.codes import read_resident_record_code, require, write_resident_record_code
from renkei.wire.identities import (
    read_identity_items_of,
    read_municipal_items,
    write_identity_items,
)


class Buckets(Protocol):
    """A response that tells buckets, whichever network it came over."""

    @property
    def buckets(self) -> Sequence[pb2.BucketDigest]: ...


class Persons(Protocol):
    """One that tells persons."""

    @property
    def answered(self) -> int: ...
    @property
    def persons(self) -> Sequence[pb2.PersonDigest]: ...


class Comparisons(Protocol):
    """One that tells comparisons."""

    @property
    def comparisons(self) -> Sequence[pb2.PersonComparison]: ...


def read_buckets(response: Buckets) -> Mapping[int, BucketDigest]:
    """Read the sums of buckets."""
    for one in response.buckets:
        _require(0 <= one.bucket < BUCKETS and one.persons > 0, "buckets.bucket")
        _require(len(one.sum) == DIGEST_BYTES, "buckets.sum")
    return {one.bucket: BucketDigest(one.persons, one.sum) for one in response.buckets}


def write_buckets(buckets: Mapping[int, BucketDigest]) -> Iterable[pb2.BucketDigest]:
    """Write them."""
    for number, one in buckets.items():
        yield pb2.BucketDigest(bucket=number, persons=one.persons, sum=one.sum)


def read_person_digests(response: Persons) -> PersonDigests:
    """Read the persons of some buckets."""
    _require(response.answered > 0, "answered")
    for one in response.persons:
        _require(len(one.digest) in (0, DIGEST_BYTES), "persons.digest")
    persons = {read_resident_record_code(one): one.digest for one in response.persons}
    return PersonDigests(response.answered, persons)


def write_person_digests(
    digests: Mapping[ResidentRecordCode, bytes],
) -> Iterable[pb2.PersonDigest]:
    """Write them."""
    for code, digest in digests.items():
        yield pb2.PersonDigest(resident_record_code=write_resident_record_code(code), digest=digest)


def read_compared_persons(request: jukinet_pb2.ComparePersonsRequest) -> list[ComparedPerson]:
    """Read what is compared of persons beyond the municipality."""
    return [
        _within(f"persons[{place}]", partial(_read_person, one))
        for place, one in enumerate(request.persons)
    ]


def read_compared_residents(request: ward_pb2.CompareResidentsRequest) -> list[ComparedPerson]:
    """Read what is compared of persons within the municipality."""
    return [
        _within(f"residents[{place}]", partial(_read_resident, one))
        for place, one in enumerate(request.residents)
    ]


def _read_person(message: pb2.ComparedPerson) -> ComparedPerson:
    return ComparedPerson(read_identity_items_of(message), message.removed)


def _read_resident(message: ward_pb2.ComparedResident) -> ComparedPerson:
    require(message, "person")
    person = _within("person", partial(_read_person, message.person))
    return replace(person, municipal=read_municipal_items(message, person.items))


def _within(field: str, read: Callable[[], ComparedPerson]) -> ComparedPerson:
    try:
        return read()
    except Refusal as refusal:
        raise refusal.within(field) from None


def write_compared_person(person: ComparedPerson) -> pb2.ComparedPerson:
    """Write it."""
    return pb2.ComparedPerson(items=write_identity_items(person.items), removed=person.removed)


def read_comparisons(response: Comparisons) -> Sequence[PersonComparison]:
    """Read how persons compare."""
    return [
        PersonComparison(held=one.held, differing=tuple(map(item_named, one.differing)))
        for one in response.comparisons
    ]


def write_comparisons(told: Iterable[PersonComparison]) -> Iterable[pb2.PersonComparison]:
    """Write it."""
    for one in told:
        yield pb2.PersonComparison(held=one.held, differing=one.differing)


def _require(holds: bool, place: str) -> None:  # noqa: FBT001 - reads as a sentence where it stands
    if not holds:
        raise Refusal(reasons.MALFORMED_ANSWER, "", place)
