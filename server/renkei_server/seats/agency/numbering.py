"""A national body's numbering service for its own terminals (F1.1, F1.2, F1.14)."""

from dataclasses import dataclass

from renkei import reasons, wire
from renkei.codes import IntegratedAddressNumber
from renkei.linkage.v1 import numbering_pb2 as pb2
from renkei.refusals import Refusal
from renkei_server.dispatch.terms import within
from renkei_server.domain.serials import LONGEST
from renkei_server.domain.world import Clock
from renkei_server.door.call import Call
from renkei_server.seats.agency.tasks import ASK_SERIAL
from renkei_server.store.codes.codes import Codes
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.outbox import Outbox
from renkei_server.store.engine.store import Store
from renkei_server.store.persons.insured import BY_INDIVIDUAL_NUMBER, Insured
from renkei_server.store.persons.numbering import Numbering


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberingService:
    """Numbers persons of the body's own register, and starts the acquisition of their codes."""

    contract = pb2.DESCRIPTOR.services_by_name["NumberingService"]

    store: Store
    insured: Insured
    numbering: Numbering
    codes: Codes
    outbox: Outbox
    clock: Clock

    async def number_person(
        self, request: pb2.NumberPersonRequest, call: Call
    ) -> pb2.NumberPersonResponse:
        """F1.2 and F1.3, inside the body."""
        number = wire.read_optional_individual_number(request)
        if number is None:
            raise Refusal(reasons.PERSON_WITHOUT_INDIVIDUAL_NUMBER, "", "individual_number")
        call.operation.person = number.digits

        def number_them(connection: Connection) -> str:
            insured = self.insured.find(connection, BY_INDIVIDUAL_NUMBER, number)
            if insured is None:
                raise Refusal(reasons.PERSON_NOT_HELD, "", "individual_number")
            person = self.numbering.number(connection, number, insured.attributes)
            key = self.codes.begin(connection, person)
            content = {"acquisition": key, "person": person.digits}
            content = within(content, self.clock.now() + LONGEST)
            self.outbox.put(connection, ASK_SERIAL, cause=call.receipt.request_id, content=content)
            return key

        person = await call.once(self.store, number_them, self.codes.person)
        return pb2.NumberPersonResponse(
            integrated_address_number=wire.write_integrated_address_number(person)
        )

    async def get_numbering_outcome(
        self, request: pb2.GetNumberingOutcomeRequest, call: Call
    ) -> pb2.GetNumberingOutcomeResponse:
        """F1.14: is it done?"""
        person: IntegratedAddressNumber = wire.read_integrated_address_number(request)
        call.operation.person = person.digits
        newest = await self.store.look(lambda connection: self.codes.newest(connection, person))
        if newest is None:
            raise Refusal(reasons.ACQUISITION_NOT_ASKED, "", "integrated_address_number")
        return pb2.GetNumberingOutcomeResponse(acquisition=wire.write_acquisition(newest))
