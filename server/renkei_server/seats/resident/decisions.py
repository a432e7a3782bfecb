"""What another operator decides: provisional entries take effect, or never do (INP-07; F3.1)."""

from dataclasses import dataclass

from renkei import wire
from renkei.type.v1 import identity_pb2
from renkei.ward.v1 import entry_decision_pb2 as pb2
from renkei.wire.residents import write_entry
from renkei_server.domain.operators import Access
from renkei_server.door.call import Call, nothing
from renkei_server.door.operator_sessions import OperatorSessions
from renkei_server.seats.resident.entering import Entering
from renkei_server.seats.resident.residents import FUNCTION
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.store import Store
from renkei_server.store.persons.provisional import Provisional, ProvisionalEntries


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryDecisionService:
    """Shows what waits, approves and rejects it."""

    contract = pb2.DESCRIPTOR.services_by_name["EntryDecisionService"]

    store: Store
    entering: Entering
    provisional: ProvisionalEntries
    sessions: OperatorSessions

    async def list_provisional_entries(
        self, request: pb2.ListProvisionalEntriesRequest, call: Call
    ) -> pb2.ListProvisionalEntriesResponse:
        """All that wait."""
        await self.sessions.admit(call, request.operator_session, FUNCTION, Access.READ)
        found = await self.store.read(self.provisional.all)
        return pb2.ListProvisionalEntriesResponse(entries=map(_write, found))

    async def get_provisional_entry(
        self, request: pb2.GetProvisionalEntryRequest, call: Call
    ) -> pb2.GetProvisionalEntryResponse:
        """One as it was entered."""
        await self.sessions.admit(call, request.operator_session, FUNCTION, Access.READ)
        found = await self.store.look(
            lambda connection: self.provisional.get(connection, request.entry_id)
        )
        call.operation.person = found.entry.person.digits
        return pb2.GetProvisionalEntryResponse(
            provisional=_write(found), entry=write_entry(found.entry)
        )

    async def approve_entry(
        self, request: pb2.ApproveEntryRequest, call: Call
    ) -> pb2.ApproveEntryResponse:
        """Let one take effect."""
        session = await self.sessions.admit(
            call, request.operator_session, FUNCTION, Access.UPDATE, approves=True
        )
        await self._named(request.entry_id, call)

        def approve(connection: Connection) -> str:
            waiting = self.provisional.get(connection, request.entry_id)
            versions = self.entering.versions(connection, waiting.entry.person)
            waiting.judge_decision(session.operator_id, versions)
            self.entering.write(connection, waiting.entry, call.receipt.request_id)
            self.provisional.remove(connection, request.entry_id)
            return request.entry_id

        await call.once(self.store, approve, nothing)
        return pb2.ApproveEntryResponse()

    async def reject_entry(
        self, request: pb2.RejectEntryRequest, call: Call
    ) -> pb2.RejectEntryResponse:
        """Let one never take effect; who entered it may take it back so."""
        operator = self.sessions.identified(call, request.operator_session).operator_id
        waiting = await self._named(request.entry_id, call)
        is_own = waiting is not None and waiting.operator_id == operator
        await self.sessions.admit(
            call, request.operator_session, FUNCTION, Access.UPDATE, approves=not is_own
        )

        def reject(connection: Connection) -> str:
            self.provisional.get(connection, request.entry_id)
            self.provisional.remove(connection, request.entry_id)
            return request.entry_id

        await call.once(self.store, reject, nothing)
        return pb2.RejectEntryResponse()

    async def _named(self, entry_id: str, call: Call) -> Provisional | None:
        """What waits, and whose record it is in the call's record; None where it was decided."""
        found = await self.store.look(
            lambda connection: self.provisional.find(connection, entry_id)
        )
        if found is not None:
            call.operation.person = found.entry.person.digits
        return found


def _write(waiting: Provisional) -> pb2.ProvisionalEntry:
    return pb2.ProvisionalEntry(
        entry_id=waiting.entry_id,
        local_address_number=wire.write_local_address_number(waiting.entry.person),
        reason=identity_pb2.ChangeReason.Name(waiting.entry.items.reason.value),
        operator_id=waiting.operator_id,
        entered_at=wire.write_time(waiting.at),
    )
