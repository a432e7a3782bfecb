"""Clients of an exchange's two ends: of the provision network, and of an institution (F2.3 to F2.8)."""

from google.protobuf.descriptor import ServiceDescriptor

from renkei import wire
from renkei.codes import Institution, LinkageCode
from renkei.decisions import Decision
from renkei.deliveries import Delivery
from renkei.exchanges import ExchangeId, InquiryTerms
from renkei.linkage.v1 import exchange_pb2, provision_pb2, sealing_key_pb2
from renkei.permits import SignedPermit
from renkei.sealed_answers import PublishedKeys
from renkei.wire.decisions import read_decision
from renkei.wire.deliveries import write_delivery
from renkei.wire.exchanges import write_inquiry_terms
from renkei.wire.permits import write_permit
from renkei.wire.sealed_answers import read_published_keys, write_published_keys
from renkei_clients.channel import Channel

_EXCHANGES: ServiceDescriptor = exchange_pb2.DESCRIPTOR.services_by_name["ExchangeService"]
_KEYS: ServiceDescriptor = sealing_key_pb2.DESCRIPTOR.services_by_name["KeyDirectoryService"]
_PROVISION: ServiceDescriptor = provision_pb2.DESCRIPTOR.services_by_name["ProvisionService"]


class ExchangeClient:
    """An institution's client of the information provision network."""

    def __init__(self, channel: Channel, sender: str) -> None:
        self._channel = channel
        self._sender = sender

    async def request_exchange(
        self, request_id: str, own_id: str, code: LinkageCode, terms: InquiryTerms
    ) -> Decision:
        """Ask for information about the person with this code of the institution's own (F2.3).

        `own_id`: a UUID that the institution makes once for this exchange.
        """
        request = exchange_pb2.RequestExchangeRequest(
            sender=self._sender,
            request_id=request_id,
            own_id=own_id,
            code=wire.write_linkage_code(code),
            terms=write_inquiry_terms(terms),
        )
        return await self._channel.ask(
            _EXCHANGES.methods_by_name["RequestExchange"],
            request,
            exchange_pb2.RequestExchangeResponse,
            read_decision,
        )

    async def cancel_exchange(self, request_id: str, own_id: str) -> None:
        """Cancel an exchange of the institution's own (F2.12)."""
        request = exchange_pb2.CancelExchangeRequest(
            sender=self._sender, request_id=request_id, own_id=own_id
        )
        method = _EXCHANGES.methods_by_name["CancelExchange"]
        await self._channel.call(method, request, exchange_pb2.CancelExchangeResponse)

    async def deliver_answer(self, request_id: str, delivery: Delivery) -> None:
        """Deliver what the institution answers (F2.8)."""
        request = exchange_pb2.DeliverAnswerRequest(sender=self._sender, request_id=request_id)
        write_delivery(delivery, request)
        method = _EXCHANGES.methods_by_name["DeliverAnswer"]
        await self._channel.call(method, request, exchange_pb2.DeliverAnswerResponse)


class KeyDirectoryClient:
    """An institution's client of the keys to which answers are sealed."""

    def __init__(self, channel: Channel, sender: str) -> None:
        self._channel = channel
        self._sender = sender

    async def publish_sealing_keys(self, request_id: str, keys: PublishedKeys) -> None:
        """Publish the institution's own."""
        request = sealing_key_pb2.PublishSealingKeysRequest(
            sender=self._sender, request_id=request_id, keys=write_published_keys(keys)
        )
        method = _KEYS.methods_by_name["PublishSealingKeys"]
        await self._channel.call(method, request, sealing_key_pb2.PublishSealingKeysResponse)

    async def get_sealing_keys(self, organisation: Institution) -> PublishedKeys:
        """What an organisation has published; nothing of it is judged yet."""
        request = sealing_key_pb2.GetSealingKeysRequest(
            sender=self._sender, organisation=organisation.name
        )
        return await self._channel.ask(
            _KEYS.methods_by_name["GetSealingKeys"],
            request,
            sealing_key_pb2.GetSealingKeysResponse,
            read_published_keys,
        )


class ProvisionClient:
    """The provision network's client of an institution."""

    def __init__(self, channel: Channel, sender: str) -> None:
        self._channel = channel
        self._sender = sender

    async def announce_exchange(
        self,
        request_id: str,
        exchange_id: ExchangeId,
        code: LinkageCode,
        terms: InquiryTerms,
        permit: SignedPermit,
        inquirer_keys: PublishedKeys,
    ) -> None:
        """Announce that information is asked for (F2.5)."""
        request = provision_pb2.AnnounceExchangeRequest(
            sender=self._sender,
            request_id=request_id,
            exchange_id=exchange_id.text,
            code=wire.write_linkage_code(code),
            terms=write_inquiry_terms(terms),
            permit=write_permit(permit),
            inquirer_keys=write_published_keys(inquirer_keys),
        )
        method = _PROVISION.methods_by_name["AnnounceExchange"]
        await self._channel.call(method, request, provision_pb2.AnnounceExchangeResponse)

    async def hand_over_answer(self, request_id: str, delivery: Delivery) -> None:
        """Hand over what came of an inquiry of the institution's (F2.8)."""
        request = provision_pb2.HandOverAnswerRequest(sender=self._sender, request_id=request_id)
        write_delivery(delivery, request)
        method = _PROVISION.methods_by_name["HandOverAnswer"]
        await self._channel.call(method, request, provision_pb2.HandOverAnswerResponse)
