"""Entries and changes of the register, and what the network is told of them (F3.1, F3.2; RR-1 to RR-3)."""

from dataclasses import dataclass, replace

from renkei import reasons, wire
from renkei.change_reasons import ReasonList
from renkei.refusals import Refusal
from renkei.residents import ResidentEntry
from renkei.ward.v1 import resident_pb2 as pb2
from renkei.wire.residents import read_entry
from renkei_server.domain.operators import Access
from renkei_server.domain.world import Clock
from renkei_server.door.call import Call
from renkei_server.door.operator_sessions import OperatorSessions
from renkei_server.seats.resident.entering import Entering
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.store import Store
from renkei_server.store.identities.notified import Notified
from renkei_server.store.persons.provisional import Provisional, ProvisionalEntries

FUNCTION = "resident-record"

_RECORDED, _PROVISIONAL = "recorded", "provisional"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidentService:
    """What a ward terminal writes in the register."""

    contract = pb2.DESCRIPTOR.services_by_name["ResidentService"]

    store: Store
    entering: Entering
    provisional: ProvisionalEntries
    four_eyes: bool
    """Whether every entry is provisional until another operator decides it."""
    notified: Notified
    sessions: OperatorSessions
    clock: Clock

    async def enter_resident(
        self, request: pb2.EnterResidentRequest, call: Call
    ) -> pb2.EnterResidentResponse:
        """Enter somebody."""
        operator = await self._admit(request, call)
        entry = read_entry(request)
        if entry.items.reason.list is not ReasonList.ENTRY:
            raise Refusal(reasons.NOT_AN_ENTRY, "", "entry.items.reason")
        waits = await self._record(call, entry, operator, provisional=request.provisional)
        return pb2.EnterResidentResponse(provisional=waits)

    async def change_resident(
        self, request: pb2.ChangeResidentRequest, call: Call
    ) -> pb2.ChangeResidentResponse:
        """Change or remove somebody's record."""
        operator = await self._admit(request, call)
        entry = read_entry(request)
        if entry.items.reason.list is ReasonList.ENTRY:
            raise Refusal(reasons.AN_ENTRY, "", "entry.items.reason")
        waits = await self._record(call, entry, operator, provisional=request.provisional)
        return pb2.ChangeResidentResponse(provisional=waits)

    async def get_notification(
        self, request: pb2.GetNotificationRequest, call: Call
    ) -> pb2.GetNotificationResponse:
        """Tell how the newest notification of a person stands."""
        await self.sessions.admit(call, request.operator_session, FUNCTION, Access.READ)
        person = wire.read_local_address_number(request)
        call.operation.person = person.digits
        standing = await self.store.look(lambda connection: self.notified.of(connection, person))
        if standing is None:
            raise Refusal(reasons.NOTHING_NOTIFIED, "", "local_address_number")
        return pb2.GetNotificationResponse(
            sequence=standing.told,
            state=pb2.NotificationState.Name(standing.state.value),
            seat=standing.seat,
            refused=standing.refused,
            fields=standing.fields,
        )

    async def _admit(
        self, request: pb2.EnterResidentRequest | pb2.ChangeResidentRequest, call: Call
    ) -> str:
        """Who writes."""
        session = await self.sessions.admit(call, request.operator_session, FUNCTION, Access.UPDATE)
        return session.operator_id

    async def _record(
        self, call: Call, entry: ResidentEntry, operator: str, *, provisional: bool
    ) -> bool:
        """Let an entry take effect, or wait for a decision; return whether it waits.

        It bears the operator of the session, whatever it was told with: the municipal CS judges by
        that who may permit it (INP-08).
        """
        entry = replace(entry, municipal=replace(entry.municipal, operator_id=operator))
        call.operation.person = entry.person.digits

        def record(connection: Connection) -> str:
            cause = call.receipt.request_id
            if not (provisional or self.four_eyes):
                self.entering.write(connection, entry, cause)
                return _RECORDED
            self.entering.judge(connection, entry)
            versions = self.entering.versions(connection, entry.person)
            waiting = Provisional(cause, entry, operator, self.clock.now(), versions)
            self.provisional.add(connection, waiting)
            return _PROVISIONAL

        return await call.once(self.store, record, lambda _, made: made == _PROVISIONAL)
