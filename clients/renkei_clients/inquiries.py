"""Clients of inquiries: of a department's linkage platform, and of where an organisation's are kept.

Each network has messages of its own for it and its own number of a person (F2.1, F2.2, F2.9, F2.12).
"""

from renkei import wire
from renkei.codes import IntegratedAddressNumber, LocalAddressNumber
from renkei.exchanges import ExchangeId, InquiryTerms
from renkei.inquiries import Inquiry
from renkei.linkage.v1 import inquiry_pb2 as pb2
from renkei.ward.v1 import inquiry_pb2 as ward_pb2
from renkei.wire.exchanges import write_inquiry_terms
from renkei.wire.inquiries import read_inquiry
from renkei_clients.channel import Channel


class InquiryClient:
    """An organisation's client of its own inquiries; a terminal brings its operator's session."""

    def __init__(self, channel: Channel) -> None:
        self._call, self._ask = channel.call, channel.ask

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
            request_id=request_id,
            integrated_address_number=wire.write_integrated_address_number(person),
            terms=write_inquiry_terms(terms),
            department=department,
            user_id=user_id,
        )
        return await self._ask(
            request, pb2.StartInquiryResponse, lambda told: ExchangeId.parse(told.inquiry_id)
        )

    async def get_inquiry(self, inquiry: ExchangeId) -> Inquiry:
        """How the inquiry stands, with the information that was provided."""
        request = pb2.GetInquiryRequest(inquiry_id=inquiry.text)
        return await self._ask(
            request, pb2.GetInquiryResponse, lambda told: read_inquiry(told.inquiry)
        )

    async def cancel_inquiry(self, request_id: str, inquiry: ExchangeId) -> None:
        """Ask that the inquiry be cancelled; `get_inquiry` tells whether it was."""
        await self._call(pb2.CancelInquiryRequest(request_id=request_id, inquiry_id=inquiry.text))

    async def acknowledge_answer(self, request_id: str, inquiry: ExchangeId) -> None:
        """Say that the answer was fetched: it is erased."""
        request = pb2.AcknowledgeAnswerRequest(request_id=request_id, inquiry_id=inquiry.text)
        await self._call(request)


class WardInquiryClient:
    """A department's client of its linkage platform; it names persons by local address number."""

    def __init__(self, channel: Channel) -> None:
        self._call, self._ask = channel.call, channel.ask

    async def start_inquiry(
        self, request_id: str, person: LocalAddressNumber, terms: InquiryTerms, user_id: str = ""
    ) -> ExchangeId:
        """Start an inquiry; returns what names it."""
        request = ward_pb2.StartInquiryRequest(
            request_id=request_id,
            local_address_number=wire.write_local_address_number(person),
            terms=write_inquiry_terms(terms),
            user_id=user_id,
        )
        return await self._ask(
            request, ward_pb2.StartInquiryResponse, lambda told: ExchangeId.parse(told.inquiry_id)
        )

    async def get_inquiry(self, inquiry: ExchangeId) -> Inquiry:
        """How the inquiry stands, with the information that was provided."""
        request = ward_pb2.GetInquiryRequest(inquiry_id=inquiry.text)
        return await self._ask(
            request, ward_pb2.GetInquiryResponse, lambda told: read_inquiry(told.inquiry)
        )

    async def cancel_inquiry(self, request_id: str, inquiry: ExchangeId) -> None:
        """Ask that the inquiry be cancelled; `get_inquiry` tells whether it was."""
        request = ward_pb2.CancelInquiryRequest(request_id=request_id, inquiry_id=inquiry.text)
        await self._call(request)

    async def acknowledge_answer(self, request_id: str, inquiry: ExchangeId) -> None:
        """Say that the answer was fetched: it is erased."""
        request = ward_pb2.AcknowledgeAnswerRequest(request_id=request_id, inquiry_id=inquiry.text)
        await self._call(request)
