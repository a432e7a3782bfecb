"""The municipal CS's service for statistics of what was done, and never of whom (USE-16)."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from renkei import reasons
from renkei.change_reasons import ChangeReason
from renkei.identities import IdentityNotification
from renkei.refusals import Refusal
from renkei.type.v1 import identity_pb2
from renkei.ward.v1 import statistics_pb2 as pb2
from renkei.wire.codes import require
from renkei.wire.identities import read_enum
from renkei.wire.persons import read_date, write_date
from renkei_server.dispatch.taking import Noted
from renkei_server.domain.days import day_in_japan
from renkei_server.domain.operators import Access
from renkei_server.domain.world import Clock
from renkei_server.door.call import Call
from renkei_server.door.operator_sessions import OperatorSessions
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.store import Store
from renkei_server.store.identities.update_counts import UpdateCount, UpdateCounts

FUNCTION = "statistics"

LONGEST: Final = timedelta(days=366)
"""So many days are counted at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatisticsService:
    """Counts updates."""

    contract = pb2.DESCRIPTOR.services_by_name["StatisticsService"]

    store: Store
    counts: UpdateCounts
    sessions: OperatorSessions

    async def count_updates(
        self, request: pb2.CountUpdatesRequest, call: Call
    ) -> pb2.CountUpdatesResponse:
        """How many there were, by day and reason."""
        await self.sessions.admit(call, request.operator_session, FUNCTION, Access.READ)
        for name in ("first_day", "last_day"):
            require(request, name)
        first = read_date(request.first_day, "first_day")
        last = read_date(request.last_day, "last_day")
        if last < first:
            raise Refusal(reasons.DAYS_OUT_OF_ORDER, "", "first_day", "last_day")
        if last - first >= LONGEST:
            raise Refusal(reasons.PERIOD_TOO_LONG, "", "first_day", "last_day")
        why = frozenset(
            read_enum(ChangeReason, one, "reasons", reasons.FIELD_MISSING)
            for one in request.reasons
        )
        found = await self.store.look(
            lambda connection: self.counts.of(connection, first, last, why)
        )
        return pb2.CountUpdatesResponse(counts=map(_write, found))


def counting(counts: UpdateCounts, clock: Clock) -> Noted:
    """How each update that is applied is counted."""

    def count(connection: Connection, told: IdentityNotification) -> None:
        counts.add(connection, day_in_japan(clock.now()), told.items.reason)

    return count


def _write(one: UpdateCount) -> pb2.UpdateCount:
    return pb2.UpdateCount(
        day=write_date(one.day),
        reason=identity_pb2.ChangeReason.Name(one.reason.value),
        count=one.count,
    )
