"""The client of inquiries: of a middle server, and of a national body's own linkage (F2.2, F2.9)."""

from google.protobuf.descriptor import ServiceDescriptor

from renkei import wire
from renkei.codes import IntegratedAddressNumber
from renkei.exchanges import ExchangeId, InquiryTerms
from renkei.inquiries import Inquiry
from renkei.linkage.v1 import inquiry_pb2 as pb2
from renkei.type.v1 import operator_session_pb2
from renkei.wire.exchanges import write_inquiry_terms
from renkei.wire.inquiries import read_inquiry
from renkei_clients.channel import Channel

_INQUIRIES: ServiceDescriptor = pb2.DESCRIPTOR.services_by_name["InquiryService"]


class InquiryClient:
    """An organisation's client of its own inquiries; a terminal brings its operator's session."""

    def __init__(
        self,
        channel: Channel,
        sender: str,
        session: operator_session_pb2.OperatorSession | None = None,
    ) -> None:
        self._channel = channel
        self._sender = sender
        self._session = session

    async def start_inquiry(
        self,
        request_id: str,
        person: IntegratedAddressNumber,
        terms: InquiryTerms,
        *,
        department: str = "",
        user_id: str = "",
    ) -> ExchangeId:
        """Start an inquiry; returns what names it."""
        request = pb2.StartInquiryRequest(
            sender=self._sender,
            request_id=request_id,
            operator_session=self._session,
            integrated_address_number=wire.write_integrated_address_number(person),
            terms=write_inquiry_terms(terms),
            department=department,
            user_id=user_id,
        )
        return await self._channel.ask(
            _INQUIRIES.methods_by_name["StartInquiry"],
            request,
            pb2.StartInquiryResponse,
            lambda answer: ExchangeId.parse(answer.inquiry_id),
        )

    async def get_inquiry(self, inquiry: ExchangeId) -> Inquiry:
        """How the inquiry stands, with the information that was provided."""
        request = pb2.GetInquiryRequest(
            sender=self._sender, operator_session=self._session, inquiry_id=inquiry.text
        )
        return await self._channel.ask(
            _INQUIRIES.methods_by_name["GetInquiry"],
            request,
            pb2.GetInquiryResponse,
            lambda answer: read_inquiry(answer.inquiry),
        )

    async def cancel_inquiry(self, request_id: str, inquiry: ExchangeId) -> None:
        """Ask that the inquiry be cancelled; `get_inquiry` tells whether it was."""
        request = pb2.CancelInquiryRequest(
            sender=self._sender,
            request_id=request_id,
            operator_session=self._session,
            inquiry_id=inquiry.text,
        )
        method = _INQUIRIES.methods_by_name["CancelInquiry"]
        await self._channel.call(method, request, pb2.CancelInquiryResponse)

    async def acknowledge_answer(self, request_id: str, inquiry: ExchangeId) -> None:
        """Say that the answer was fetched: it is erased."""
        request = pb2.AcknowledgeAnswerRequest(
            sender=self._sender,
            request_id=request_id,
            operator_session=self._session,
            inquiry_id=inquiry.text,
        )
        method = _INQUIRIES.methods_by_name["AcknowledgeAnswer"]
        await self._channel.call(method, request, pb2.AcknowledgeAnswerResponse)
