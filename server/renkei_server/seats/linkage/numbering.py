"""The linkage platform's numbering service (F1.1, F1.2, F1.15; LP-2, LP-3, PLT-03, PLT-05)."""

from dataclasses import dataclass

from renkei import reasons, wire
from renkei.refusals import Refusal
from renkei.ward.v1 import numbering_pb2 as pb2
from renkei_server.dispatch.terms import within
from renkei_server.domain.serials import LONGEST
from renkei_server.domain.world import Clock
from renkei_server.door.call import Call, nothing
from renkei_server.seats.linkage.tasks import ACQUIRE
from renkei_server.store.codes.acquisitions import Acquisitions
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.outbox import Outbox
from renkei_server.store.engine.store import Store
from renkei_server.store.persons.numbering import Numbering


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberingService:
    """Numbers persons, and owes the middle server the acquisition of their codes."""

    contract = pb2.DESCRIPTOR.services_by_name["NumberingService"]

    store: Store
    numbering: Numbering
    acquisitions: Acquisitions
    outbox: Outbox
    clock: Clock

    async def number_person(
        self, request: pb2.NumberPersonRequest, call: Call
    ) -> pb2.NumberPersonResponse:
        """F1.2: the same Individual Number is the same integrated address number."""
        local = wire.read_local_address_number(request)
        call.operation.person = local.digits
        number = wire.read_optional_individual_number(request)
        if number is None:
            raise Refusal(reasons.PERSON_WITHOUT_INDIVIDUAL_NUMBER, "", "individual_number")
        attributes = wire.read_four_attributes(request)

        def number_them(connection: Connection) -> str:
            person = self.numbering.number(connection, number, attributes)
            self.numbering.bind_local(connection, local, person)
            key = self.acquisitions.begin(connection, local.digits)
            content = {"acquisition": key, "person": person.digits, "local": local.digits}
            content = within(content, self.clock.now() + LONGEST)
            self.outbox.put(connection, ACQUIRE, cause=call.receipt.request_id, content=content)
            return key

        await call.once(self.store, number_them, nothing)
        return pb2.NumberPersonResponse()

    async def change_individual_number(
        self, request: pb2.ChangeIndividualNumberRequest, call: Call
    ) -> pb2.ChangeIndividualNumberResponse:
        """Find the person by the new number from now on, and by the old one no more."""
        old = wire.read_individual_number(request, "old_individual_number")
        new = wire.read_individual_number(request, "new_individual_number")
        call.operation.person = new.digits

        def change(connection: Connection) -> str:
            self.numbering.change_individual_number(connection, old, new)
            return "changed"

        await call.once(self.store, change, nothing)
        return pb2.ChangeIndividualNumberResponse()

    async def get_numbering_outcome(
        self, request: pb2.GetNumberingOutcomeRequest, call: Call
    ) -> pb2.GetNumberingOutcomeResponse:
        """F1.15: the outcome, by local address number."""
        local = wire.read_local_address_number(request)
        call.operation.person = local.digits
        newest = await self.store.look(
            lambda connection: self.acquisitions.newest(connection, local.digits)
        )
        if newest is None:
            raise Refusal(reasons.ACQUISITION_NOT_ASKED, "", "local_address_number")
        return pb2.GetNumberingOutcomeResponse(acquisition=wire.write_acquisition(newest))
