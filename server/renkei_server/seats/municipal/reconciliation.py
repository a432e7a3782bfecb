"""The municipal CS's service for its register's reconciliation (F9.4; STO-08, INP-02)."""

from dataclasses import dataclass

from renkei.consistency import BUCKETS_LIMIT, PERSONS_LIMIT
from renkei.ward.v1 import reconciliation_pb2 as pb2
from renkei.wire import consistency
from renkei_server.dispatch.answering_comparisons import Answering
from renkei_server.door.call import Call
from renkei_server.door.limits import judge_count


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconciliationService:
    """Answers the register that compares; it changes nothing."""

    contract = pb2.DESCRIPTOR.services_by_name["ReconciliationService"]

    answering: Answering

    async def list_bucket_digests(
        self, _request: pb2.ListBucketDigestsRequest, _call: Call
    ) -> pb2.ListBucketDigestsResponse:
        """Tell the sums of the buckets."""
        buckets = await self.answering.buckets()
        return pb2.ListBucketDigestsResponse(buckets=consistency.write_buckets(buckets))

    async def list_person_digests(
        self, request: pb2.ListPersonDigestsRequest, _call: Call
    ) -> pb2.ListPersonDigestsResponse:
        """Tell the persons of some buckets."""
        judge_count(request.buckets, BUCKETS_LIMIT, "buckets")
        told = await self.answering.persons(request.buckets)
        return pb2.ListPersonDigestsResponse(
            answered=told.answered, persons=consistency.write_person_digests(told.digests)
        )

    async def compare_residents(
        self, request: pb2.CompareResidentsRequest, call: Call
    ) -> pb2.CompareResidentsResponse:
        """Compare what the register holds."""
        judge_count(request.residents, PERSONS_LIMIT, "residents")
        persons = consistency.read_compared_residents(request)
        call.operation.concern([one.code.digits for one in persons])
        told = await self.answering.compare(persons)
        return pb2.CompareResidentsResponse(comparisons=consistency.write_comparisons(told))
