"""What those who run the shared platform may see of an organisation's part of it (MS-10, PRV-07).

Figures alone, each counted from the rows themselves; no method of this service takes or tells
anything of a person.
"""

from dataclasses import dataclass

from renkei import wire
from renkei.linkage.v1 import platform_pb2 as pb2
from renkei.wire.answers import write_outcome
from renkei_server.domain.world import Clock
from renkei_server.door.call import Call
from renkei_server.store.codes.codes import Codes
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.outbox import Outbox
from renkei_server.store.engine.record_log import RecordLog
from renkei_server.store.engine.store import Store
from renkei_server.store.exchanges.inquiries import Inquiries
from renkei_server.store.exchanges.provisions import Provisions
from renkei_server.store.sub_copies.sub_copies import SubCopies


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformService:
    """Counts."""

    contract = pb2.DESCRIPTOR.services_by_name["PlatformService"]

    store: Store
    codes: Codes
    sub_copies: SubCopies
    inquiries: Inquiries
    provisions: Provisions
    records: RecordLog
    outbox: Outbox
    clock: Clock

    async def get_statistics(
        self, _request: pb2.GetStatisticsRequest, _call: Call
    ) -> pb2.GetStatisticsResponse:
        """All figures of one moment."""
        return await self.store.read(self._count)

    def _count(self, connection: Connection) -> pb2.GetStatisticsResponse:
        owed, refused = self.outbox.kinds(connection), self.outbox.refused_kinds(connection)
        return pb2.GetStatisticsResponse(
            at=wire.write_time(self.clock.now()),
            codes=self.codes.count(connection),
            sub_copies=sum(self.sub_copies.under_each_key(connection).values()),
            inquiries=[
                pb2.OutcomeCount(outcome=write_outcome(outcome), count=count)
                for outcome, count in self.inquiries.outcomes(connection).items()
            ],
            held_answers=self.provisions.count_held(connection),
            records=self.records.frontier(connection).size,
            work=[
                pb2.WorkState(kind=kind, owed=owed.get(kind, 0), refused=refused.get(kind, 0))
                for kind in sorted({*owed, *refused})
            ],
            refused_codes=[
                pb2.RefusedCodes(failure=wire.write_failure(failure), count=count)
                for failure, count in self.codes.contradictions(connection).items()
            ],
        )
