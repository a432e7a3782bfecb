"""Answers on their way."""

from renkei import reasons
from renkei.answers import Outcome
from renkei.deliveries import Delivery
from renkei.linkage.v1 import exchange_pb2, provision_pb2
from renkei.refusals import Refusal
from renkei.wire.answers import read_outcome, read_provider_outcome, write_outcome
from renkei.wire.exchanges import read_exchange_id
from renkei.wire.sealed_answers import read_sealed_answer, write_sealed_answer
from renkei.wire.times import read_time, write_time

_Told = exchange_pb2.DeliverAnswerRequest | provision_pb2.HandOverAnswerRequest


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
        read_time(message, "answered_at"),
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
        message.answered_at.CopyFrom(write_time(delivery.answered_at))
    message.non_disclosure = delivery.provider_hides
    if delivery.answer is not None:
        message.answer.CopyFrom(write_sealed_answer(delivery.answer))
