"""An organisation's inquiries as its own systems and staff ask for them (F2.2, F2.9, F2.12; MS-2).

It serves at the middle server for each organisation, and at an agency linkage. A linkage platform
speaks for itself; at a terminal people act, with an operator session.
"""

import re
from dataclasses import dataclass

from renkei import reasons, wire
from renkei.exchanges import ExchangeId
from renkei.linkage.v1 import inquiry_pb2 as pb2
from renkei.refusals import Refusal
from renkei.type.v1.operator_session_pb2 import OperatorSession
from renkei.wire.exchanges import read_exchange_id, read_inquiry_terms
from renkei.wire.inquiries import write_inquiry
from renkei_server.domain.legal_basis import LegalBasis
from renkei_server.domain.operators import Access
from renkei_server.domain.world import Ids
from renkei_server.door.call import Call, nothing
from renkei_server.door.operator_sessions import OperatorSessions
from renkei_server.seats.middle.inquiring import Inquiring
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.store import Store
from renkei_server.store.exchanges.inquiries import Asked, HeldInquiry, Inquiries, InquiryState

FUNCTION = "inquiry"

_PRINTED = re.compile("[!-~](?:[ -~]{0,18}[!-~])?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class InquiryService:
    """Starts inquiries, tells what came of them, and erases what was fetched."""

    contract = pb2.DESCRIPTOR.services_by_name["InquiryService"]

    store: Store
    inquiries: Inquiries
    inquiring: Inquiring
    law: LegalBasis
    sessions: OperatorSessions
    ids: Ids

    async def start_inquiry(
        self, request: pb2.StartInquiryRequest, call: Call
    ) -> pb2.StartInquiryResponse:
        """F2.2: the organisation's own checks, then it is owed to the network."""
        await self._admit(call, request.operator_session, Access.UPDATE)
        asked = self._read(request)
        call.operation.person = asked.person.digits

        def start(connection: Connection) -> str:
            return self.inquiring.start(connection, asked, call.receipt.request_id)

        inquiry_id = await call.once(self.store, start, lambda _, made: made)
        return pb2.StartInquiryResponse(inquiry_id=inquiry_id)

    async def get_inquiry(
        self, request: pb2.GetInquiryRequest, call: Call
    ) -> pb2.GetInquiryResponse:
        """F2.9: both statuses, and the information while it is there."""
        await self._admit(call, request.operator_session, Access.READ)
        exchange_id = read_exchange_id(request, "inquiry_id")
        held = await self._held(exchange_id, call)
        inquiry = self.inquiring.stands(held, exchange_id)
        return pb2.GetInquiryResponse(inquiry=write_inquiry(inquiry))

    async def cancel_inquiry(
        self, request: pb2.CancelInquiryRequest, call: Call
    ) -> pb2.CancelInquiryResponse:
        """F2.12: the wish is owed to the network."""
        await self._admit(call, request.operator_session, Access.UPDATE)
        exchange_id = read_exchange_id(request, "inquiry_id")

        def cancel(connection: Connection) -> str:
            self.inquiring.cancel(connection, exchange_id, call.receipt.request_id)
            return exchange_id.text

        await call.once(self.store, cancel, nothing)
        return pb2.CancelInquiryResponse()

    async def acknowledge_answer(
        self, request: pb2.AcknowledgeAnswerRequest, call: Call
    ) -> pb2.AcknowledgeAnswerResponse:
        """F2.9: erase what was fetched."""
        await self._admit(call, request.operator_session, Access.UPDATE)
        exchange_id = read_exchange_id(request, "inquiry_id")

        def acknowledge(connection: Connection) -> str:
            held = self.inquiries.get(connection, exchange_id)
            if held.state is not InquiryState.ENDED:
                raise Refusal(reasons.INQUIRY_NOT_ENDED, "", "inquiry_id")
            self.inquiries.erase_answer(connection, exchange_id)
            return exchange_id.text

        await call.once(self.store, acknowledge, nothing)
        return pb2.AcknowledgeAnswerResponse()

    async def _admit(self, call: Call, session: OperatorSession, access: Access) -> None:
        await self.sessions.admit_unless_system(call, session, FUNCTION, access)

    def _read(self, request: pb2.StartInquiryRequest) -> Asked:
        terms = read_inquiry_terms(request)
        if terms.inquirer.name != request.sender:
            raise Refusal(reasons.INQUIRER_IS_NOT_SENDER, "", "terms.inquirer")
        try:
            self.law.refuse_register_affair(terms.affair_code)
        except Refusal as refusal:
            raise refusal.within("terms") from None
        return Asked(
            self.ids.request_id(),
            wire.read_integrated_address_number(request),
            terms,
            _printed(request.department, "department"),
            _printed(request.user_id, "user_id"),
        )

    async def _held(self, exchange_id: ExchangeId, call: Call) -> HeldInquiry:
        held = await self.store.look(lambda connection: self.inquiries.get(connection, exchange_id))
        call.operation.person = held.asked.person.digits
        return held


def _printed(text: str, place: str) -> str:
    if text and not _PRINTED.fullmatch(text):
        raise Refusal(reasons.MALFORMED_INQUIRY, "", place)
    return text
