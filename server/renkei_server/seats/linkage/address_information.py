"""Whose an integrated address number is, for the operator who reviews an answer (LP-1; PLT-04).

The middle server asks with the operator's own session, which its organisation's key has signed;
nobody is told anything without one.
"""

from dataclasses import dataclass

from renkei import reasons, wire
from renkei.linkage.v1 import address_information_pb2 as pb2
from renkei.networks import LINKAGE
from renkei.refusals import Refusal
from renkei_pki.identity import Identity
from renkei_server.domain.operators import Access
from renkei_server.door.call import Call
from renkei_server.door.operator_sessions import OperatorSessions
from renkei_server.store.engine.store import Store
from renkei_server.store.persons.numbering import Numbering

FUNCTION = "release"


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressInformationService:
    """Tells address information for review."""

    contract = pb2.DESCRIPTOR.services_by_name["AddressInformationService"]

    store: Store
    numbering: Numbering
    sessions: OperatorSessions

    async def get_address_information(
        self, request: pb2.GetAddressInformationRequest, call: Call
    ) -> pb2.GetAddressInformationResponse:
        """The four attributes that the platform keeps of a person."""
        terminal = Identity(LINKAGE, call.caller.institution, "middle-terminal")
        await self.sessions.admit(
            call, request.operator_session, FUNCTION, Access.READ, terminal=terminal.uri
        )
        person = wire.read_integrated_address_number(request)
        call.operation.person = person.digits
        attributes = await self.store.look(
            lambda connection: self.numbering.attributes(connection, person)
        )
        if attributes is None:
            raise Refusal(reasons.PERSON_NOT_HELD, "", "integrated_address_number")
        return pb2.GetAddressInformationResponse(attributes=wire.write_four_attributes(attributes))
