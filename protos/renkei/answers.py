"""What a provider answers, and how an exchange ended (F2.6 to F2.8).

An answer travels signed and sealed to the inquirer (`renkei.signed_answers`).
No answer, nothing held and zero are different facts: each outcome is one of its own.
The names are invented; that a part of them is told apart is documented (MSG).
"""

from dataclasses import dataclass, field
from enum import Enum

from renkei import reasons, wire
from renkei.exchanges import ExchangeId
from renkei.refusals import Refusal
from renkei.sub_copies import NullReason, SubCopy
from renkei.type.v1 import exchange_pb2 as pb2


class Outcome(Enum):
    """How an exchange ended; the numbers are the contract's."""

    PROVIDED = 1
    EVERY_ITEM_NULL = 2
    NO_SUB_COPY = 3
    NOT_PUBLISHED = 4
    PROVIDER_CODE_NOT_ACQUIRED = 5
    WITHHELD = 6
    NOT_PERMITTED = 7
    CANCELLED = 8
    EXPIRED = 9
    FAILED_AT_NETWORK = 10

    @property
    def with_records(self) -> bool:
        """Whether an answer with this outcome holds records."""
        return self in (Outcome.PROVIDED, Outcome.EVERY_ITEM_NULL)

    @property
    def of_provider(self) -> bool:
        """Whether it is for the provider to say, and so to sign; the others are the network's."""
        return self.value <= Outcome.WITHHELD.value


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer; records exactly where its outcome says so."""

    exchange_id: ExchangeId
    outcome: Outcome
    records: tuple[SubCopy, ...] = field(default=(), repr=False)

    @classmethod
    def of(cls, exchange_id: ExchangeId, records: tuple[SubCopy, ...]) -> "Answer":
        """The answer that provides these records; there is at least one."""
        contents = (content for record in records for content in record.items.values())
        every_null = all(isinstance(content, NullReason) for content in contents)
        outcome = Outcome.EVERY_ITEM_NULL if every_null else Outcome.PROVIDED
        return cls(exchange_id, outcome, records)


def write_answer(answer: Answer) -> pb2.Answer:
    """Write an answer."""
    return pb2.Answer(
        exchange_id=answer.exchange_id.text,
        outcome=pb2.ExchangeOutcome.Name(answer.outcome.value),
        records=[wire.write_sub_copy(one) for one in answer.records],
    )


def read_answer(told: pb2.Answer) -> Answer:
    """Read an answer; raises MALFORMED_ANSWER unless it is one that a provider may give."""
    try:
        answer = Answer(
            ExchangeId.parse(told.exchange_id),
            read_provider_outcome(told.outcome),
            tuple(wire.sub_copy_of(one) for one in told.records),
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
