"""The resident record system's service for terminals (F1.1, F1.15; PLT-01)."""

from dataclasses import dataclass

from renkei import reasons, wire
from renkei.refusals import Refusal
from renkei.ward.v1 import resident_record_pb2 as pb2
from renkei_server.dispatch.terms import within
from renkei_server.domain.operators import Access
from renkei_server.domain.serials import LONGEST
from renkei_server.domain.world import Clock
from renkei_server.door.call import Call, nothing
from renkei_server.door.operator_sessions import OperatorSessions
from renkei_server.seats.resident.tasks import NUMBER
from renkei_server.store.codes.acquisitions import Acquisitions
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.outbox import Outbox
from renkei_server.store.engine.store import Store
from renkei_server.store.persons.residents import BY_LOCAL_ADDRESS_NUMBER, Residents

FUNCTION = "code-acquisition"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidentRecordService:
    """What a ward terminal may ask of the register."""

    contract = pb2.DESCRIPTOR.services_by_name["ResidentRecordService"]

    store: Store
    residents: Residents
    acquisitions: Acquisitions
    outbox: Outbox
    clock: Clock
    sessions: OperatorSessions

    async def request_code_acquisition(
        self, request: pb2.RequestCodeAcquisitionRequest, call: Call
    ) -> pb2.RequestCodeAcquisitionResponse:
        """Record that a code is wanted, and owe the linkage platform the numbering."""
        await self.sessions.admit(call, request.operator_session, FUNCTION, Access.UPDATE)
        person = wire.read_local_address_number(request)
        call.operation.person = person.digits

        def ask(connection: Connection) -> str:
            if self.residents.find(connection, BY_LOCAL_ADDRESS_NUMBER, person) is None:
                raise Refusal(reasons.PERSON_NOT_HELD, "", "local_address_number")
            key = self.acquisitions.begin(connection, person.digits)
            content = {"acquisition": key, "person": person.digits}
            content = within(content, self.clock.now() + LONGEST)
            self.outbox.put(connection, NUMBER, cause=call.receipt.request_id, content=content)
            return key

        await call.once(self.store, ask, nothing)
        return pb2.RequestCodeAcquisitionResponse()

    async def get_code_acquisition(
        self, request: pb2.GetCodeAcquisitionRequest, call: Call
    ) -> pb2.GetCodeAcquisitionResponse:
        """Tell how the newest acquisition stands, as far as the register has heard."""
        await self.sessions.admit(call, request.operator_session, FUNCTION, Access.READ)
        person = wire.read_local_address_number(request)
        call.operation.person = person.digits
        newest = await self.store.look(
            lambda connection: self.acquisitions.newest(connection, person.digits)
        )
        if newest is None:
            raise Refusal(reasons.ACQUISITION_NOT_ASKED, "", "local_address_number")
        return pb2.GetCodeAcquisitionResponse(acquisition=wire.write_acquisition(newest))
