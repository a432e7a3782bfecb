"""The municipal CS's service for its operation log, and for dubious searches (USE-07 to USE-10)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from renkei import wire
from renkei.codes import ResidentRecordCode
from renkei.contract import path_of
from renkei.refusals import Refusal
from renkei.ward.v1 import operation_record_pb2 as pb2
from renkei_server.domain.operators import Access
from renkei_server.domain.suspicions import MOST, Suspicion, suspecting
from renkei_server.door.call import Call
from renkei_server.door.operator_sessions import OperatorSessions
from renkei_server.seats.municipal.identity_search import IdentitySearchService
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.operation_pages import OperationPages, Period, Recorded
from renkei_server.store.engine.operations import Operation
from renkei_server.store.engine.store import Store

FUNCTION = "operation-log"

PAGE: Final = 500
"""So many records are told at once."""

_SEARCHES: Final = frozenset(map(path_of, IdentitySearchService.contract.methods))


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationRecordService:
    """Tells who did what to whom."""

    contract = pb2.DESCRIPTOR.services_by_name["OperationRecordService"]

    store: Store
    pages: OperationPages
    sessions: OperatorSessions

    async def list_operations(
        self, request: pb2.ListOperationsRequest, call: Call
    ) -> pb2.ListOperationsResponse:
        """A page of the log; that it was read stands in the log too."""
        await self.sessions.admit(call, request.operator_session, FUNCTION, Access.READ)
        asked = _read(request)
        call.operation.person = asked.person

        def look(connection: Connection) -> pb2.ListOperationsResponse:
            found, goes_on_at = self._find(connection, asked, request.after)
            if len(found) > PAGE:
                found, goes_on_at = found[:PAGE], found[PAGE - 1].number
            return pb2.ListOperationsResponse(operations=map(_write, found), next=goes_on_at)

        return await self.store.read(look)

    def _find(
        self, connection: Connection, asked: "_Asked", after: int
    ) -> tuple[Sequence[Recorded], int]:
        """Those that fit among the next that are looked at, and where the rest goes on."""
        if asked.suspicion is None:
            looked_at, goes_on_at = self.pages.page(connection, after, asked.period, asked.person)
            return [one for one in looked_at if asked.fits(one.operation)], goes_on_at
        suspects = suspecting(asked.suspicion)
        if asked.suspicion in MOST:
            for one in self.pages.before(connection, after):
                if one.operation.method in _SEARCHES:
                    suspects(one.operation)
        looked_at, goes_on_at = self.pages.page(connection, after)
        searches = [one for one in looked_at if one.operation.method in _SEARCHES]
        suspected = [one for one in searches if suspects(one.operation)]
        return [one for one in suspected if asked.fits(one.operation)], goes_on_at


@dataclass(frozen=True, slots=True)
class _Asked:
    """Which records are asked for."""

    operator: str
    person: str = field(repr=False)
    period: Period
    case: str
    suspicion: Suspicion | None

    def fits(self, operation: Operation) -> bool:
        return (
            self.operator in ("", operation.operator)
            and self.person in ("", operation.person)
            and self.case in ("", operation.case)
            and self.period.holds(operation.at)
        )


def _read(request: pb2.ListOperationsRequest) -> _Asked:
    """Raises what the values raise."""
    person = ""
    if request.HasField("resident_record_code"):
        person = wire.read_resident_record_code(request).digits
    since, until = (wire.read_optional_time(request, name) for name in ("since", "until"))
    suspicion = Suspicion(request.suspicion) if request.suspicion else None
    period = Period(since, until)
    return _Asked(request.operator_id, person, period, request.case_reference, suspicion)


def _write(recorded: Recorded) -> pb2.Operation:
    operation = recorded.operation
    told = pb2.Operation(
        number=recorded.number,
        at=wire.write_time(operation.at),
        caller=operation.caller,
        method=operation.method,
        operator_id=operation.operator,
        outcome=operation.outcome,
        recorded_request_id=operation.request_id,
        affair=operation.affair,
        case_reference=operation.case,
    )
    try:
        code = ResidentRecordCode.parse(operation.person)
    except Refusal:  # nobody, or an Individual Number, which no reader of the log is told
        return told
    told.resident_record_code.CopyFrom(wire.write_resident_record_code(code))
    return told
