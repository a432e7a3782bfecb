"""Consistency on the resident-register network (F9.1 to F9.3): the prefecture's end, and the nation's."""

from collections.abc import Callable
from dataclasses import dataclass

from renkei import reasons, wire
from renkei.codes import Institution
from renkei.consistency import BUCKETS_LIMIT, PERSONS_LIMIT
from renkei.jukinet.v1 import consistency_pb2 as pb2
from renkei.refusals import Refusal
from renkei.wire import consistency
from renkei_server.dispatch.answering_comparisons import Answering
from renkei_server.door.call import Call
from renkei_server.door.limits import judge_count

MayAsk = Callable[[Institution, Institution], bool]
"""Whether a sender may ask of a municipality's persons."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsistencyService:
    """Answers who compares; it changes nothing."""

    contract = pb2.DESCRIPTOR.services_by_name["ConsistencyService"]

    answering: Callable[[Institution], Answering]
    may_ask: MayAsk

    async def list_bucket_digests(
        self, request: pb2.ListBucketDigestsRequest, _call: Call
    ) -> pb2.ListBucketDigestsResponse:
        """Tell the sums of a municipality's buckets."""
        buckets = await self._of(request).buckets()
        return pb2.ListBucketDigestsResponse(buckets=consistency.write_buckets(buckets))

    async def list_person_digests(
        self, request: pb2.ListPersonDigestsRequest, _call: Call
    ) -> pb2.ListPersonDigestsResponse:
        """Tell the persons of some buckets."""
        answering = self._of(request)
        judge_count(request.buckets, BUCKETS_LIMIT, "buckets")
        told = await answering.persons(request.buckets)
        return pb2.ListPersonDigestsResponse(
            answered=told.answered, persons=consistency.write_person_digests(told.digests)
        )

    async def compare_persons(
        self, request: pb2.ComparePersonsRequest, call: Call
    ) -> pb2.ComparePersonsResponse:
        """Compare what the caller holds."""
        answering = self._of(request)
        judge_count(request.persons, PERSONS_LIMIT, "persons")
        persons = consistency.read_compared_persons(request)
        call.operation.concern([one.code.digits for one in persons])
        told = await answering.compare(persons)
        return pb2.ComparePersonsResponse(comparisons=consistency.write_comparisons(told))

    def _of(
        self,
        request: pb2.ListBucketDigestsRequest
        | pb2.ListPersonDigestsRequest
        | pb2.ComparePersonsRequest,
    ) -> Answering:
        sender = wire.read_institution(request.sender, "sender")
        municipality = wire.read_institution(request.municipality, "municipality")
        if not self.may_ask(sender, municipality):
            raise Refusal(reasons.ORIGIN_NOT_OF_SENDER, "", "municipality")
        return self.answering(municipality)
