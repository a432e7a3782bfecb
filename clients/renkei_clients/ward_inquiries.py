"""A department's client of its municipality's linkage platform, for inquiries (F2.1, F2.9, F2.12)."""

from google.protobuf.descriptor import ServiceDescriptor

from renkei import wire
from renkei.codes import LocalAddressNumber
from renkei.exchanges import ExchangeId, InquiryTerms
from renkei.inquiries import Inquiry
from renkei.ward.v1 import inquiry_pb2 as pb2
from renkei.wire.exchanges import write_inquiry_terms
from renkei.wire.inquiries import read_inquiry
from renkei_clients.channel import Channel

_INQUIRIES: ServiceDescriptor = pb2.DESCRIPTOR.services_by_name["InquiryService"]


class WardInquiryClient:
    """Inquires by the municipality's own number of a person."""

    def __init__(self, channel: Channel, sender: str) -> None:
        self._channel = channel
        self._sender = sender

    async def start_inquiry(
        self, request_id: str, person: LocalAddressNumber, terms: InquiryTerms, user_id: str = ""
    ) -> ExchangeId:
        """Start an inquiry; returns what names it."""
        request = pb2.StartInquiryRequest(
            sender=self._sender,
            request_id=request_id,
            local_address_number=wire.write_local_address_number(person),
            terms=write_inquiry_terms(terms),
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
        request = pb2.GetInquiryRequest(sender=self._sender, inquiry_id=inquiry.text)
        return await self._channel.ask(
            _INQUIRIES.methods_by_name["GetInquiry"],
            request,
            pb2.GetInquiryResponse,
            lambda answer: read_inquiry(answer.inquiry),
        )

    async def cancel_inquiry(self, request_id: str, inquiry: ExchangeId) -> None:
        """Ask that the inquiry be cancelled; `get_inquiry` tells whether it was."""
        request = pb2.CancelInquiryRequest(
            sender=self._sender, request_id=request_id, inquiry_id=inquiry.text
        )
        method = _INQUIRIES.methods_by_name["CancelInquiry"]
        await self._channel.call(method, request, pb2.CancelInquiryResponse)

    async def acknowledge_answer(self, request_id: str, inquiry: ExchangeId) -> None:
        """Say that the answer was fetched: it is erased."""
        request = pb2.AcknowledgeAnswerRequest(
            sender=self._sender, request_id=request_id, inquiry_id=inquiry.text
        )
        method = _INQUIRIES.methods_by_name["AcknowledgeAnswer"]
        await self._channel.call(method, request, pb2.AcknowledgeAnswerResponse)
