"""What those who run the shared platform may see of an organisation's part of it (MS-10, PRV-07).

Figures alone, each counted from the rows themselves; no method of this service takes or tells
anything of a person.
"""

from sqlalchemy import Connection

from renkei import wire
from renkei.linkage.v1 import platform_pb2 as pb2
from renkei.wire.answers import write_outcome
from renkei_server.domain.world import Clock
from renkei_server.door.call import Call
from renkei_server.store.codes.codes import Codes
from renkei_server.store.engine.outbox import Outbox
from renkei_server.store.engine.record_log import RecordLog
from renkei_server.store.engine.store import Store
from renkei_server.store.exchanges.inquiries import Inquiries
from renkei_server.store.exchanges.provisions import Provisions
from renkei_server.store.sub_copies.sub_copies import SubCopies


class PlatformService:
    """Counts."""

    contract = pb2.DESCRIPTOR.services_by_name["PlatformService"]

    def __init__(
        self,
        *,
        store: Store,
        codes: Codes,
        sub_copies: SubCopies,
        inquiries: Inquiries,
        provisions: Provisions,
        records: RecordLog,
        outbox: Outbox,
        clock: Clock,
    ) -> None:
        self._store = store
        self._codes = codes
        self._sub_copies = sub_copies
        self._inquiries = inquiries
        self._provisions = provisions
        self._records = records
        self._outbox = outbox
        self._clock = clock

    async def get_statistics(
        self, _request: pb2.GetStatisticsRequest, _call: Call
    ) -> pb2.GetStatisticsResponse:
        """All figures of one moment."""
        return self._store.read(self._count)

    def _count(self, connection: Connection) -> pb2.GetStatisticsResponse:
        owed, refused = self._outbox.kinds(connection), self._outbox.refused_kinds(connection)
        return pb2.GetStatisticsResponse(
            at=wire.write_time(self._clock.now()),
            codes=self._codes.count(connection),
            sub_copies=sum(self._sub_copies.under_each_key(connection).values()),
            inquiries=[
                pb2.OutcomeCount(outcome=write_outcome(outcome), count=count)
                for outcome, count in self._inquiries.outcomes(connection).items()
            ],
            held_answers=self._provisions.count_held(connection),
            records=self._records.frontier(connection).size,
            work=[
                pb2.WorkState(kind=kind, owed=owed.get(kind, 0), refused=refused.get(kind, 0))
                for kind in sorted({*owed, *refused})
            ],
        )
