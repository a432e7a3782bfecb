"""Clients of an exchange's two ends: of the provision network, and of an institution (F2.3 to F2.8)."""

from renkei import wire
from renkei.codes import Institution, LinkageCode
from renkei.decisions import Decision
from renkei.deliveries import Delivery
from renkei.exchange_records import ExchangeRecord
from renkei.exchanges import ExchangeId, InquiryTerms
from renkei.linkage.v1 import exchange_pb2, provision_pb2, sealing_key_pb2
from renkei.permits import SignedPermit
from renkei.sealed_answers import PublishedKeys
from renkei.wire.decisions import read_decision
from renkei.wire.deliveries import write_delivery
from renkei.wire.exchange_records import read_told_record, write_exchange_record
from renkei.wire.exchanges import write_inquiry_terms
from renkei.wire.permits import write_permit
from renkei.wire.sealed_answers import read_published_keys, write_published_keys
from renkei_clients.channel import Channel


class ExchangeClient:
    """An institution's client of the information provision network."""

    def __init__(self, channel: Channel) -> None:
        self._call, self._ask = channel.call, channel.ask

    async def request_exchange(
        self, request_id: str, own_id: str, code: LinkageCode, terms: InquiryTerms
    ) -> Decision:
        """Ask for information about the person with this code of the institution's own (F2.3).

        `own_id`: a UUID that the institution makes once for this exchange.
        """
        request = exchange_pb2.RequestExchangeRequest(
            request_id=request_id,
            own_id=own_id,
            code=wire.write_linkage_code(code),
            terms=write_inquiry_terms(terms),
        )
        return await self._ask(request, exchange_pb2.RequestExchangeResponse, read_decision)

    async def cancel_exchange(self, request_id: str, own_id: str) -> None:
        """Cancel an exchange of the institution's own (F2.12)."""
        await self._call(exchange_pb2.CancelExchangeRequest(request_id=request_id, own_id=own_id))

    async def deliver_answer(self, request_id: str, delivery: Delivery) -> None:
        """Deliver what the institution answers (F2.8)."""
        request = exchange_pb2.DeliverAnswerRequest(request_id=request_id)
        write_delivery(delivery, request)
        await self._call(request)

    async def settle_exchange(
        self, request_id: str, exchange_id: ExchangeId, code: LinkageCode, refusal: str = ""
    ) -> ExchangeRecord:
        """Ask how an exchange has ended that the institution waits for no more (F2.13).

        `refusal`: why its own answer was refused, a reason's name, where it provides.
        """
        request = exchange_pb2.SettleExchangeRequest(
            request_id=request_id,
            exchange_id=exchange_id.text,
            code=wire.write_linkage_code(code),
            refusal=refusal,
        )
        return await self._ask(request, exchange_pb2.SettleExchangeResponse, read_told_record)


class KeyDirectoryClient:
    """An institution's client of the keys to which answers are sealed."""

    def __init__(self, channel: Channel) -> None:
        self._call, self._ask = channel.call, channel.ask

    async def publish_sealing_keys(self, request_id: str, keys: PublishedKeys) -> None:
        """Publish the institution's own."""
        request = sealing_key_pb2.PublishSealingKeysRequest(
            request_id=request_id, keys=write_published_keys(keys)
        )
        await self._call(request)

    async def get_sealing_keys(self, organisation: Institution) -> PublishedKeys:
        """What an organisation has published; nothing of it is judged yet."""
        request = sealing_key_pb2.GetSealingKeysRequest(organisation=organisation.name)
        return await self._ask(request, sealing_key_pb2.GetSealingKeysResponse, read_published_keys)


class ProvisionClient:
    """The provision network's client of an institution."""

    def __init__(self, channel: Channel) -> None:
        self._call = channel.call

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
            request_id=request_id,
            exchange_id=exchange_id.text,
            code=wire.write_linkage_code(code),
            terms=write_inquiry_terms(terms),
            permit=write_permit(permit),
            inquirer_keys=write_published_keys(inquirer_keys),
        )
        await self._call(request)

    async def hand_over_answer(self, request_id: str, delivery: Delivery) -> None:
        """Hand over what came of an inquiry of the institution's (F2.8)."""
        request = provision_pb2.HandOverAnswerRequest(request_id=request_id)
        write_delivery(delivery, request)
        await self._call(request)

    async def end_exchange(
        self, request_id: str, code: LinkageCode, record: ExchangeRecord
    ) -> None:
        """Tell the institution that an exchange ended as undeliverable (F2.13)."""
        request = provision_pb2.EndExchangeRequest(
            request_id=request_id,
            exchange_id=record.exchange_id.text,
            code=wire.write_linkage_code(code),
            record=write_exchange_record(record),
        )
        await self._call(request)
