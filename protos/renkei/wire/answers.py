"""Answers and how exchanges ended."""

from renkei import reasons
from renkei.answers import Answer, Outcome
from renkei.exchanges import ExchangeId
from renkei.refusals import Refusal
from renkei.type.v1 import exchange_pb2 as pb2
from renkei.wire.sub_copies import sub_copy_of, write_sub_copy


def write_answer(answer: Answer) -> pb2.Answer:
    """Write an answer."""
    return pb2.Answer(
        exchange_id=answer.exchange_id.text,
        outcome=pb2.ExchangeOutcome.Name(answer.outcome.value),
        records=[write_sub_copy(one) for one in answer.records],
    )


def read_answer(told: pb2.Answer) -> Answer:
    """Read an answer; raises MALFORMED_ANSWER unless it is one that a provider may give."""
    try:
        answer = Answer(
            ExchangeId.parse(told.exchange_id),
            read_provider_outcome(told.outcome),
            tuple(sub_copy_of(one) for one in told.records),
        )
    except Refusal:
        raise Refusal(reasons.MALFORMED_ANSWER, "", "answer") from None
    if bool(answer.records) != answer.outcome.with_records:
        raise Refusal(reasons.MALFORMED_ANSWER, "records do not fit the outcome", "answer")
    return answer


def read_provider_outcome(told: int, place: str = "outcome") -> Outcome:
    """Read an outcome that is for the provider to say; raises MALFORMED_ANSWER."""
    outcome = read_outcome(told)
    if outcome is None or not outcome.of_provider:
        raise Refusal(reasons.MALFORMED_ANSWER, "not an outcome of an answer", place)
    return outcome


def read_outcome(told: int) -> Outcome | None:
    """Read an outcome; None where none is told, or one that is not known here."""
    return next((one for one in Outcome if one.value == told), None)


def write_outcome(outcome: Outcome | None) -> pb2.ExchangeOutcome:
    """Write an outcome, or that there is none."""
    return pb2.ExchangeOutcome.Name(outcome.value if outcome else 0)  # type: ignore[return-value]
