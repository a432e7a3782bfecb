"""Numbering for an institution's own terminals (F1.1, F1.2, F1.14): a national body's or a prefecture's.

Its own register says whose number it is; nobody else is numbered.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from renkei import reasons, wire
from renkei.acquisitions import Acquisition
from renkei.codes import IndividualNumber, IntegratedAddressNumber
from renkei.linkage.v1 import numbering_pb2 as pb2
from renkei.refusals import Refusal
from renkei_server.dispatch.terms import within
from renkei_server.domain.serials import LONGEST
from renkei_server.domain.world import Clock
from renkei_server.door.call import Call
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.outbox import Outbox
from renkei_server.store.engine.store import Store
from renkei_server.store.persons.insured import BY_INDIVIDUAL_NUMBER, Insured
from renkei_server.store.persons.numbering import Numbering


class FollowsAcquisitions(Protocol):
    """What keeps how the acquisitions of an institution's persons stand."""

    def begin(self, connection: Connection, person: IntegratedAddressNumber) -> str:
        """Record that an acquisition was asked for; return its key."""
        ...

    def newest(self, connection: Connection, person: IntegratedAddressNumber) -> Acquisition | None:
        """How the newest of a person stands, or None if none was asked for."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberingService:
    """Numbers persons of the institution's own register, and starts the acquisition of their codes."""

    contract = pb2.DESCRIPTOR.services_by_name["NumberingService"]

    store: Store
    insured: Insured
    numbering: Numbering
    acquisitions: FollowsAcquisitions
    person_of: Callable[[Connection, str, IndividualNumber], IntegratedAddressNumber]
    """Whom an acquisition of this key is about, which was asked for by this number."""
    first_call: str
    """The kind of the call by which an acquisition begins."""
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
            key = self.acquisitions.begin(connection, person)
            content = {"acquisition": key, "person": person.digits}
            content = within(content, self.clock.now() + LONGEST)
            cause = call.receipt.request_id
            self.outbox.put(connection, self.first_call, cause=cause, content=content)
            return key

        person = await call.once(
            self.store,
            number_them,
            lambda connection, key: self.person_of(connection, key, number),
        )
        return pb2.NumberPersonResponse(
            integrated_address_number=wire.write_integrated_address_number(person)
        )

    async def get_numbering_outcome(
        self, request: pb2.GetNumberingOutcomeRequest, call: Call
    ) -> pb2.GetNumberingOutcomeResponse:
        """F1.14: is it done?"""
        person: IntegratedAddressNumber = wire.read_integrated_address_number(request)
        call.operation.person = person.digits
        newest = await self.store.look(
            lambda connection: self.acquisitions.newest(connection, person)
        )
        if newest is None:
            raise Refusal(reasons.ACQUISITION_NOT_ASKED, "", "integrated_address_number")
        return pb2.GetNumberingOutcomeResponse(acquisition=wire.write_acquisition(newest))
