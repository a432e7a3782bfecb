"""The peers of an exchange of information (F2), as a seat needs them.

Every method raises the peer's Refusal, or PEER_UNREACHABLE and its kin where none came.
"""

from typing import Protocol

from renkei.codes import Institution, IntegratedAddressNumber, LinkageCode
from renkei.decisions import Decision
from renkei.deliveries import Delivery
from renkei.exchange_records import ExchangeRecord
from renkei.exchanges import ExchangeId, InquiryTerms
from renkei.inquiries import Inquiry
from renkei.permits import SignedPermit
from renkei.persons import FourAttributes
from renkei.sealed_answers import PublishedKeys
from renkei.type.v1.operator_session_pb2 import OperatorSession


class DecidesExchanges(Protocol):
    """The information provision network, as an institution sees it."""

    async def request_exchange(
        self, request_id: str, own_id: str, code: LinkageCode, terms: InquiryTerms
    ) -> Decision:
        """F2.3 and F2.4."""
        ...

    async def cancel_exchange(self, request_id: str, own_id: str) -> None:
        """F2.12."""
        ...

    async def deliver_answer(self, request_id: str, delivery: Delivery) -> None:
        """F2.8: what the provider answers."""
        ...

    async def settle_exchange(
        self, request_id: str, exchange_id: ExchangeId, code: LinkageCode, refusal: str = ""
    ) -> ExchangeRecord:
        """F2.13: how it has ended; a provider tells why its own answer was refused."""
        ...


class KeepsKeys(Protocol):
    """The network's directory of the keys to which answers are sealed."""

    async def publish_sealing_keys(self, request_id: str, keys: PublishedKeys) -> None:
        """Publish the organisation's own."""
        ...

    async def get_sealing_keys(self, organisation: Institution) -> PublishedKeys:
        """What an organisation has published; nothing of it is judged yet."""
        ...


class ProvidesInformation(Protocol):
    """An institution's middle server or agency linkage, as the network sees it."""

    async def announce_exchange(
        self,
        request_id: str,
        exchange_id: ExchangeId,
        code: LinkageCode,
        terms: InquiryTerms,
        permit: SignedPermit,
        inquirer_keys: PublishedKeys,
    ) -> None:
        """F2.5."""
        ...

    async def hand_over_answer(self, request_id: str, delivery: Delivery) -> None:
        """F2.8: what came of the institution's own inquiry."""
        ...

    async def end_exchange(
        self, request_id: str, code: LinkageCode, record: ExchangeRecord
    ) -> None:
        """F2.13: it ended as undeliverable."""
        ...


class TakesInquiries(Protocol):
    """The middle server, as an organisation's linkage platform inquires at it."""

    async def start_inquiry(
        self,
        request_id: str,
        person: IntegratedAddressNumber,
        terms: InquiryTerms,
        *,
        department: str = "",
        user_id: str = "",
    ) -> ExchangeId:
        """F2.2."""
        ...

    async def get_inquiry(self, inquiry: ExchangeId) -> Inquiry:
        """F2.9."""
        ...

    async def acknowledge_answer(self, request_id: str, inquiry: ExchangeId) -> None:
        """F2.9: the answer was fetched."""
        ...


class KnowsAddresses(Protocol):
    """An organisation's linkage platform, as its middle server sees it."""

    async def get_address_information(
        self, person: IntegratedAddressNumber, session: OperatorSession
    ) -> FourAttributes:
        """LP-1, for the operator of the session."""
        ...
