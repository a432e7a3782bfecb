"""An answer on its way through the information provision network, which cannot open it (F2.8)."""

from dataclasses import dataclass
from datetime import datetime

from renkei import reasons, wire
from renkei.answers import Outcome, read_outcome, read_provider_outcome, write_outcome
from renkei.exchanges import ExchangeId
from renkei.linkage.v1 import exchange_pb2, provision_pb2
from renkei.refusals import Refusal
from renkei.sealed_answers import SealedAnswer, read_sealed_answer, write_sealed_answer

_Told = exchange_pb2.DeliverAnswerRequest | provision_pb2.HandOverAnswerRequest


@dataclass(frozen=True, slots=True)
class Delivery:
    """How an exchange ended, and the answer; neither time nor answer where it expired.

    Nothing of it counts for being told: the provider's own word is inside the answer's seal.
    """

    exchange_id: ExchangeId
    outcome: Outcome
    answered_at: datetime | None = None
    provider_hides: bool = False
    """Whether the provider says that it is not to be shown to the person (不開示)."""
    answer: SealedAnswer | None = None


def read_delivery(message: _Told) -> Delivery:
    """Read what a provider delivers.

    Raises MALFORMED_EXCHANGE_ID, MALFORMED_ANSWER, FIELD_MISSING or ANSWER_OF_ANOTHER_EXCHANGE.
    """
    exchange_id = read_exchange_id(message)
    answer = read_sealed_answer(message)
    if answer.exchange_id != exchange_id:
        raise Refusal(reasons.ANSWER_OF_ANOTHER_EXCHANGE, "", "answer.exchange_id")
    return Delivery(
        exchange_id,
        read_provider_outcome(message.outcome),
        wire.read_time(message, "answered_at"),
        message.non_disclosure,
        answer,
    )


def read_ending(message: provision_pb2.HandOverAnswerRequest) -> Delivery:
    """Read what the network hands over: an answer, or that the exchange expired."""
    if read_outcome(message.outcome) is Outcome.EXPIRED:
        return Delivery(read_exchange_id(message), Outcome.EXPIRED)
    return read_delivery(message)


def write_delivery(delivery: Delivery, message: _Told) -> None:
    """Write it into a message."""
    message.exchange_id = delivery.exchange_id.text
    message.outcome = write_outcome(delivery.outcome)
    if delivery.answered_at is not None:
        message.answered_at.CopyFrom(wire.write_time(delivery.answered_at))
    message.non_disclosure = delivery.provider_hides
    if delivery.answer is not None:
        message.answer.CopyFrom(write_sealed_answer(delivery.answer))


def read_exchange_id(message: object, field: str = "exchange_id") -> ExchangeId:
    """Read which exchange is meant; raises MALFORMED_EXCHANGE_ID."""
    try:
        return ExchangeId.parse(getattr(message, field))
    except Refusal as refusal:
        raise refusal.within(field) from None
