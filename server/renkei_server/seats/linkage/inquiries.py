"""The linkage platform's service for inquiries of its municipality's departments (F2.1, F2.9; MS-4).

What a department asks by local address number goes on at once by integrated address number, under
a request id that follows from the caller's own. The platform keeps whose inquiry it is, and nothing
of the person or of an answer: that passes through.
"""

from typing import Protocol

from renkei import reasons, wire
from renkei.exchanges import ExchangeId
from renkei.refusals import Refusal
from renkei.ward.v1 import inquiry_pb2 as pb2
from renkei.wire.exchanges import read_exchange_id, read_inquiry_terms
from renkei.wire.inquiries import write_inquiry
from renkei_server.domain.departments import Departments
from renkei_server.domain.world import Clock
from renkei_server.door.call import Call
from renkei_server.peers.exchanges import TakesInquiries
from renkei_server.seats.linkage.handing_on import HandingOn
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.store import Store
from renkei_server.store.exchanges import department_inquiries
from renkei_server.store.persons.numbering import Numbering

_DEPARTMENT = "department-"

_Named = pb2.GetInquiryRequest | pb2.CancelInquiryRequest | pb2.AcknowledgeAnswerRequest


class CancelsInquiries(TakesInquiries, Protocol):
    """The middle server, where inquiries are cancelled too."""

    async def cancel_inquiry(self, request_id: str, inquiry: ExchangeId) -> None:
        """F2.12."""
        ...


class InquiryService:
    """Hands inquiries on to the middle server, and what came of them back."""

    contract = pb2.DESCRIPTOR.services_by_name["InquiryService"]

    def __init__(
        self,
        *,
        store: Store,
        numbering: Numbering,
        departments: Departments,
        middle_server: CancelsInquiries,
        clock: Clock,
    ) -> None:
        self._store = store
        self._on = HandingOn(store, numbering, "inquiry")
        self._departments = departments
        self._middle_server = middle_server
        self._clock = clock

    async def start_inquiry(
        self, request: pb2.StartInquiryRequest, call: Call
    ) -> pb2.StartInquiryResponse:
        """F2.1 and F2.2: for an affair of the department's own business."""
        local = wire.read_local_address_number(request)
        call.operation.person = local.digits
        terms = read_inquiry_terms(request)
        if terms.inquirer.name != request.sender:
            raise Refusal(reasons.INQUIRER_IS_NOT_SENDER, "", "terms.inquirer")
        try:
            self._departments.require_affair(call.caller.role, terms.affair_code)
        except Refusal as refusal:
            raise refusal.within("terms") from None
        inquiry = await self._middle_server.start_inquiry(
            self._on.request_id(call),
            await self._on.person(local),
            terms,
            department=call.caller.role.removeprefix(_DEPARTMENT),
            user_id=request.user_id,
        )

        def keep(connection: Connection) -> str:
            now = self._clock.now()
            return department_inquiries.started(connection, inquiry, call.caller.role, now)

        inquiry_id = await call.once(self._store, keep, lambda _, made: made)
        return pb2.StartInquiryResponse(inquiry_id=inquiry_id)

    async def get_inquiry(
        self, request: pb2.GetInquiryRequest, call: Call
    ) -> pb2.GetInquiryResponse:
        """F2.9: straight from the middle server."""
        inquiry = await self._middle_server.get_inquiry(await self._own(request, call))
        return pb2.GetInquiryResponse(inquiry=write_inquiry(inquiry))

    async def cancel_inquiry(
        self, request: pb2.CancelInquiryRequest, call: Call
    ) -> pb2.CancelInquiryResponse:
        """F2.12: at the middle server."""
        await self._middle_server.cancel_inquiry(
            self._on.request_id(call), await self._own(request, call)
        )
        return pb2.CancelInquiryResponse()

    async def acknowledge_answer(
        self, request: pb2.AcknowledgeAnswerRequest, call: Call
    ) -> pb2.AcknowledgeAnswerResponse:
        """F2.9: the middle server erases what was fetched."""
        inquiry = await self._own(request, call)
        await self._middle_server.acknowledge_answer(self._on.request_id(call), inquiry)
        return pb2.AcknowledgeAnswerResponse()

    async def _own(self, request: _Named, call: Call) -> ExchangeId:
        inquiry = read_exchange_id(request, "inquiry_id")
        await self._store.look(
            lambda connection: department_inquiries.require_own(
                connection, inquiry, call.caller.role
            )
        )
        return inquiry
