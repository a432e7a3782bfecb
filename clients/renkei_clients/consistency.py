"""Clients of the seats with whom a file is compared (F9)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from renkei import reasons
from renkei.codes import Institution
from renkei.consistency import (
    BucketDigest,
    ComparedPerson,
    Peer,
    PersonComparison,
    PersonDigests,
)
from renkei.consistency_reports import Report
from renkei.jukinet.v1 import consistency_check_pb2 as prefecture_pb2
from renkei.jukinet.v1 import consistency_pb2 as jukinet_pb2
from renkei.refusals import Refusal
from renkei.type.v1 import consistency_pb2 as pb2
from renkei.ward.v1 import consistency_check_pb2 as check_pb2
from renkei.ward.v1 import reconciliation_pb2 as ward_pb2
from renkei.wire import consistency as wire
from renkei.wire.consistency_reports import read_report
from renkei.wire.identities import write_municipal_items
from renkei_clients.channel import Channel


class ConsistencyClient:
    """A municipal CS's client of prefecture or nation, or a prefecture server's of the nation."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    def of(self, municipality: Institution) -> "MunicipalityAt":
        """One municipality's persons there."""
        return MunicipalityAt(self._channel, municipality)


@dataclass(frozen=True, slots=True)
class MunicipalityAt:
    """The persons of one municipality in another seat's file."""

    _channel: Channel
    _municipality: Institution

    async def list_bucket_digests(self) -> Mapping[int, BucketDigest]:
        """The sums of the buckets that anybody is in (F9.1 to F9.3)."""
        return await self._channel.ask(
            jukinet_pb2.ListBucketDigestsRequest(municipality=self._municipality.name),
            jukinet_pb2.ListBucketDigestsResponse,
            wire.read_buckets,
        )

    async def list_person_digests(self, buckets: Sequence[int]) -> PersonDigests:
        """The persons of the first of these buckets, and of how many."""
        request = jukinet_pb2.ListPersonDigestsRequest(
            municipality=self._municipality.name, buckets=buckets
        )
        return await self._channel.ask(
            request,
            jukinet_pb2.ListPersonDigestsResponse,
            lambda told: _at_most(buckets, wire.read_person_digests(told)),
        )

    async def compare_persons(
        self, persons: Sequence[ComparedPerson]
    ) -> Sequence[PersonComparison]:
        """How what is held here of these compares there (F9.5)."""
        request = jukinet_pb2.ComparePersonsRequest(
            municipality=self._municipality.name,
            persons=map(wire.write_compared_person, persons),
        )
        return await self._channel.ask(
            request,
            jukinet_pb2.ComparePersonsResponse,
            lambda told: _one_each(persons, wire.read_comparisons(told)),
        )


class ReconciliationClient:
    """A resident record system's client of its municipal CS (F9.4)."""

    def __init__(self, channel: Channel) -> None:
        self._ask = channel.ask

    async def list_bucket_digests(self) -> Mapping[int, BucketDigest]:
        """The sums of the buckets that anybody is in."""
        return await self._ask(
            ward_pb2.ListBucketDigestsRequest(),
            ward_pb2.ListBucketDigestsResponse,
            wire.read_buckets,
        )

    async def list_person_digests(self, buckets: Sequence[int]) -> PersonDigests:
        """The persons of the first of these buckets, and of how many."""
        return await self._ask(
            ward_pb2.ListPersonDigestsRequest(buckets=buckets),
            ward_pb2.ListPersonDigestsResponse,
            lambda told: _at_most(buckets, wire.read_person_digests(told)),
        )

    async def compare_persons(
        self, persons: Sequence[ComparedPerson]
    ) -> Sequence[PersonComparison]:
        """How what the register holds of these compares there (F9.5)."""
        return await self._ask(
            ward_pb2.CompareResidentsRequest(residents=map(_resident, persons)),
            ward_pb2.CompareResidentsResponse,
            lambda told: _one_each(persons, wire.read_comparisons(told)),
        )


class ConsistencyCheckClient:
    """A terminal's client of the resident record system or the municipal CS: runs and reports (F9)."""

    def __init__(self, channel: Channel) -> None:
        self._ask = channel.ask

    async def start(self, request_id: str, peers: Sequence[Peer]) -> int:
        """Start a run; its number."""
        request = check_pb2.StartConsistencyCheckRequest(
            request_id=request_id, peers=[pb2.ConsistencyPeer.Name(one.value) for one in peers]
        )
        return await self._ask(
            request, check_pb2.StartConsistencyCheckResponse, lambda told: int(told.run)
        )

    async def report(self, after: int = 0) -> Report:
        """How the newest run stands, and what it has found after this number."""
        return await self._ask(
            check_pb2.GetConsistencyReportRequest(after=after),
            check_pb2.GetConsistencyReportResponse,
            read_report,
        )


class PrefectureCheckClient:
    """A prefecture's terminal's client of its prefecture server: runs and reports (F9.2)."""

    def __init__(self, channel: Channel) -> None:
        self._ask = channel.ask

    async def start(self, request_id: str) -> int:
        """Start a run over each municipality of the prefecture; its number."""
        return await self._ask(
            prefecture_pb2.StartConsistencyCheckRequest(request_id=request_id),
            prefecture_pb2.StartConsistencyCheckResponse,
            lambda told: int(told.run),
        )

    async def report(self, after: int = 0) -> Report:
        """How the newest run stands, and what it has found after this number."""
        return await self._ask(
            prefecture_pb2.GetConsistencyReportRequest(after=after),
            prefecture_pb2.GetConsistencyReportResponse,
            read_report,
        )


def _resident(person: ComparedPerson) -> ward_pb2.ComparedResident:
    own = person.municipal
    return ward_pb2.ComparedResident(
        person=wire.write_compared_person(person),
        municipal_items=None if own is None else write_municipal_items(own),
    )


def _at_most(buckets: Sequence[int], told: PersonDigests) -> PersonDigests:
    if told.answered > len(buckets):
        raise Refusal(reasons.MALFORMED_ANSWER, "", "answered")
    return told


def _one_each(
    persons: Sequence[ComparedPerson], told: Sequence[PersonComparison]
) -> Sequence[PersonComparison]:
    if len(told) != len(persons):
        raise Refusal(reasons.MALFORMED_ANSWER, "", "comparisons")
    return told
