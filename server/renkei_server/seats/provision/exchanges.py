"""Where institutions ask, cancel and answer (F2.3, F2.4, F2.8, F2.12, F2.13; IPN-2 to IPN-4).

A code comes in and is turned at once into a link id; the other side's code is computed when it is
announced, and no code is ever written. An answer passes as ciphertext that nothing here can open.
"""

from dataclasses import dataclass

from renkei import reasons, wire
from renkei.exchanges import ExchangeId
from renkei.linkage.v1 import exchange_pb2 as pb2
from renkei.refusals import Refusal
from renkei.wire.decisions import write_decision
from renkei.wire.deliveries import read_delivery
from renkei.wire.exchange_records import write_exchange_record
from renkei.wire.exchanges import read_exchange_id, read_inquiry_terms
from renkei_server.door.call import Call, nothing
from renkei_server.seats.provision.endings import Endings
from renkei_server.seats.provision.exchanging import Exchanging
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeService:
    """Decides what may move, and passes on what does."""

    contract = pb2.DESCRIPTOR.services_by_name["ExchangeService"]

    store: Store
    exchanging: Exchanging
    endings: Endings

    async def request_exchange(
        self, request: pb2.RequestExchangeRequest, call: Call
    ) -> pb2.RequestExchangeResponse:
        """F2.4: by the table in force, permitted or not; both are recorded."""
        exchange_id = _exchange(request)
        code = wire.read_linkage_code(request)
        terms = read_inquiry_terms(request)
        if terms.inquirer.name != request.sender:
            raise Refusal(reasons.INQUIRER_IS_NOT_SENDER, "", "terms.inquirer")

        def decide(connection: Connection) -> str:
            cause = call.receipt.request_id
            return self.exchanging.decide(connection, exchange_id, code, terms, cause)

        made = await call.once(self.store, decide, lambda _, made: made)
        return write_decision(self.exchanging.told(exchange_id, code, terms, made))

    async def cancel_exchange(
        self, request: pb2.CancelExchangeRequest, call: Call
    ) -> pb2.CancelExchangeResponse:
        """F2.12: until the announcement was first sent."""
        exchange_id = _exchange(request)

        def cancel(connection: Connection) -> str:
            self.exchanging.cancel(connection, exchange_id)
            return "cancelled"

        await call.once(self.store, cancel, nothing)
        return pb2.CancelExchangeResponse()

    async def deliver_answer(
        self, request: pb2.DeliverAnswerRequest, call: Call
    ) -> pb2.DeliverAnswerResponse:
        """F2.8: record it, and owe it to the inquirer."""
        delivery = read_delivery(request)
        provider = wire.read_institution(request.sender, "sender")

        def deliver(connection: Connection) -> str:
            self.exchanging.answered(connection, delivery, provider, call.receipt.request_id)
            return "delivered"

        await call.once(self.store, deliver, nothing)
        return pb2.DeliverAnswerResponse()

    async def settle_exchange(
        self, request: pb2.SettleExchangeRequest, call: Call
    ) -> pb2.SettleExchangeResponse:
        """F2.13: end it for a party that waits no more, and tell how it ended."""
        exchange_id, code = read_exchange_id(request), wire.read_linkage_code(request)
        party = wire.read_institution(request.sender, "sender")
        why = request.refusal or reasons.TERM_OVER.name
        if why not in reasons.NAMED:
            raise Refusal(reasons.MALFORMED_ANSWER, "no reason's name", "refusal")

        def settle(connection: Connection) -> str:
            cause = call.receipt.request_id
            self.endings.settle(connection, exchange_id, code, party, why, cause)
            return exchange_id.text

        record = await call.once(
            self.store,
            settle,
            lambda connection, _: self.endings.settled(connection, exchange_id, code, party),
        )
        return pb2.SettleExchangeResponse(record=write_exchange_record(record))


def _exchange(request: pb2.RequestExchangeRequest | pb2.CancelExchangeRequest) -> ExchangeId:
    """Which exchange the inquirer means by an id of its own."""
    own_id = read_exchange_id(request, "own_id")
    return ExchangeId.of(wire.read_institution(request.sender, "sender"), own_id.text)
