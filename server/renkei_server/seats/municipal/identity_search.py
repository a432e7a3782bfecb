"""The municipal CS's service for its integrated terminal: searches here and at the nation (CS-4, CS-5)."""

from dataclasses import dataclass

from renkei.ward.v1 import identity_search_pb2 as pb2
from renkei.wire.identity_search import write_found
from renkei_server.dispatch.finding import Finding, concern, read_question
from renkei_server.domain.operators import Access
from renkei_server.door.call import Call
from renkei_server.door.operator_sessions import OperatorSessions
from renkei_server.peers.identities import AnswersInquiries

SEARCH, INQUIRY = "identity-search", "national-inquiry"
"""The functions of its operators."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentitySearchService:
    """Searches for the operator of a session."""

    contract = pb2.DESCRIPTOR.services_by_name["IdentitySearchService"]

    finding: Finding
    nation: AnswersInquiries
    sessions: OperatorSessions

    async def search_identities(
        self, request: pb2.SearchIdentitiesRequest, call: Call
    ) -> pb2.SearchIdentitiesResponse:
        """Search the municipality's own file."""
        await self.sessions.admit(call, request.operator_session, SEARCH, Access.READ)
        found = await self.finding.find(request, call)
        return pb2.SearchIdentitiesResponse(found=map(write_found, found))

    async def inquire_nation(
        self, request: pb2.InquireNationRequest, call: Call
    ) -> pb2.InquireNationResponse:
        """Ask the nation; who the operator is stays here."""
        await self.sessions.admit(call, request.operator_session, INQUIRY, Access.READ)
        asked = read_question(request, call, self.finding.affairs)
        found = await self.nation.inquire_identities(asked.criteria, asked.purpose)
        concern(call, asked.criteria, found)
        return pb2.InquireNationResponse(found=map(write_found, found))
