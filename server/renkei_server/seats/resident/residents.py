"""Entries and changes of the register, and what the network is told of them (F3.1, F3.2; RR-1 to RR-3)."""

from collections.abc import Callable
from dataclasses import dataclass

from renkei import reasons, wire
from renkei.change_reasons import OF_THE_HOUSEHOLD, ReasonList
from renkei.codes import Institution, LocalAddressNumber
from renkei.identities import IdentityNotification
from renkei.refusals import Refusal
from renkei.residents import ResidentEntry
from renkei.ward.v1 import resident_pb2 as pb2
from renkei.wire.residents import read_entry
from renkei_server.domain.identity_changes import NUMBER_CHANGES
from renkei_server.domain.operators import Access
from renkei_server.domain.world import Clock
from renkei_server.door.call import Call, nothing
from renkei_server.door.operator_sessions import OperatorSessions
from renkei_server.seats.resident.entries import record_of
from renkei_server.seats.resident.tasks import CHANGE_NUMBER
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.histories import Change
from renkei_server.store.engine.outbox import Outbox
from renkei_server.store.engine.store import Store
from renkei_server.store.identities.notified import Notified
from renkei_server.store.identities.outgoing import Owed
from renkei_server.store.persons.changed_numbers import ChangedNumbers
from renkei_server.store.persons.residents import (
    BY_LOCAL_ADDRESS_NUMBER,
    ResidentRecord,
    Residents,
)

FUNCTION = "resident-record"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidentService:
    """What a ward terminal writes in the register."""

    contract = pb2.DESCRIPTOR.services_by_name["ResidentService"]

    store: Store
    residents: Residents
    notified: Notified
    owe: Callable[[Connection, Owed, str], None]
    """Owes the municipal CS a notification, because of a request of this id."""
    changed: ChangedNumbers
    outbox: Outbox
    sessions: OperatorSessions
    clock: Clock

    async def enter_resident(
        self, request: pb2.EnterResidentRequest, call: Call
    ) -> pb2.EnterResidentResponse:
        """Enter somebody."""
        await self.sessions.admit(call, request.operator_session, FUNCTION, Access.UPDATE)
        entry = read_entry(request)
        if entry.items.reason.list is not ReasonList.ENTRY:
            raise Refusal(reasons.NOT_AN_ENTRY, "", "entry.items.reason")

        def enter(connection: Connection, held: ResidentRecord | None) -> None:
            if held is None:
                self.residents.add(connection, record_of(entry, None))
                return
            if held.resident_record_code != entry.items.resident_record_code:
                raise Refusal(reasons.LOCAL_ADDRESS_NUMBER_HELD, "", "entry.local_address_number")
            if not held.removed and not self._is_stopped(connection, entry.person):
                raise Refusal(reasons.RESIDENT_ALREADY, "", "entry.local_address_number")
            self._replace(connection, held, entry)

        await self._record(call, Institution(request.sender), entry, enter)
        return pb2.EnterResidentResponse()

    async def change_resident(
        self, request: pb2.ChangeResidentRequest, call: Call
    ) -> pb2.ChangeResidentResponse:
        """Change or remove somebody's record."""
        await self.sessions.admit(call, request.operator_session, FUNCTION, Access.UPDATE)
        entry = read_entry(request)
        if entry.items.reason.list is ReasonList.ENTRY:
            raise Refusal(reasons.AN_ENTRY, "", "entry.items.reason")

        def change(connection: Connection, held: ResidentRecord | None) -> None:
            if held is None:
                raise Refusal(reasons.PERSON_NOT_HELD, "", "entry.local_address_number")
            self._replace(connection, held, entry)
            self._change_number(connection, entry, call.receipt.request_id)

        await self._record(call, Institution(request.sender), entry, change)
        return pb2.ChangeResidentResponse()

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

    async def _record(
        self,
        call: Call,
        here: Institution,
        entry: ResidentEntry,
        write: Callable[[Connection, ResidentRecord | None], None],
    ) -> None:
        """Write an entry, and owe what the network is to know of it, in one transaction."""
        call.operation.person = entry.person.digits

        def record(connection: Connection) -> str:
            write(
                connection, self.residents.find(connection, BY_LOCAL_ADDRESS_NUMBER, entry.person)
            )
            if entry.items.reason not in OF_THE_HOUSEHOLD:  # INP-25
                code = entry.items.resident_record_code
                sequence, supersedes = self.notified.next(connection, entry.person, code)
                notification = IdentityNotification(
                    here, sequence, entry.items, entry.change_information, supersedes
                )
                owed = Owed(notification, entry.municipal)
                self.owe(connection, owed, call.receipt.request_id)
            return "recorded"

        await call.once(self.store, record, nothing)

    def _replace(self, connection: Connection, held: ResidentRecord, entry: ResidentEntry) -> None:
        change = Change(self.clock.now(), entry.items.reason.name)
        self.residents.replace(connection, held, record_of(entry, held), change)

    def _change_number(self, connection: Connection, entry: ResidentEntry, cause: str) -> None:
        """F13.1: where a number was changed the linkage platform is to know the person by the new."""
        old = entry.change_information.previous_individual_number
        if old is not None and entry.items.reason in NUMBER_CHANGES:
            self.changed.add(connection, entry.person, old)
            person = {"person": entry.person.digits}
            self.outbox.put(connection, CHANGE_NUMBER, cause=cause, content=person)

    def _is_stopped(self, connection: Connection, person: LocalAddressNumber) -> bool:
        standing = self.notified.of(connection, person)
        return standing is not None and standing.stopped_at > 0
