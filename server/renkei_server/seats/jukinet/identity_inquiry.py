"""Inquiries for identity information: the prefecture's service, and the nation's (PS-3, NS-4)."""

from dataclasses import dataclass

from renkei.jukinet.v1 import identity_inquiry_pb2 as pb2
from renkei.wire.identity_search import write_found
from renkei_server.dispatch.providing import Providing
from renkei_server.domain.operators import Access
from renkei_server.door.call import Call
from renkei_server.door.operator_sessions import OperatorSessions

FUNCTION = "identity-inquiry"


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityInquiryService:
    """Answers from the seat's own file."""

    contract = pb2.DESCRIPTOR.services_by_name["IdentityInquiryService"]

    providing: Providing
    sessions: OperatorSessions | None = None
    """Judges the operators of the seat's own terminals, where it has some."""

    async def inquire_identities(
        self, request: pb2.InquireIdentitiesRequest, call: Call
    ) -> pb2.InquireIdentitiesResponse:
        """Tell those who fit."""
        if self.sessions is not None:
            await self.sessions.admit_unless_system(
                call, request.operator_session, FUNCTION, Access.READ
            )
        found = await self.providing.provide(request, call)
        return pb2.InquireIdentitiesResponse(found=map(write_found, found))
