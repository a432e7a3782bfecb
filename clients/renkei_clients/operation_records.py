"""An integrated terminal's client of its municipal CS for the operation log (USE-07 to USE-10)."""

from collections.abc import Sequence
from datetime import datetime

from renkei import wire
from renkei.codes import ResidentRecordCode
from renkei.ward.v1 import operation_record_pb2 as pb2
from renkei_clients.channel import Channel


class OperationRecordClient:
    """With the session of an operator who may read the log."""

    def __init__(self, channel: Channel) -> None:
        self._ask = channel.ask

    async def list_operations(
        self,
        *,
        operator_id: str = "",
        person: ResidentRecordCode | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        case: str = "",
        suspicion: pb2.Suspicion = pb2.SUSPICION_UNSPECIFIED,
        after: int = 0,
    ) -> tuple[Sequence[pb2.Operation], int]:
        """A page of those that fit, and what the next begins after; 0 where this is the last."""
        request = pb2.ListOperationsRequest(
            operator_id=operator_id,
            resident_record_code=wire.write_resident_record_code(person) if person else None,
            since=wire.write_time(since) if since else None,
            until=wire.write_time(until) if until else None,
            case_reference=case,
            suspicion=suspicion,
            after=after,
        )
        return await self._ask(
            request, pb2.ListOperationsResponse, lambda told: (list(told.operations), told.next)
        )
