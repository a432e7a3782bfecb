"""What a provider answers, and how an exchange ended (F2.6 to F2.8).

An answer travels signed and sealed to the inquirer (`renkei.signed_answers`).
No answer, nothing held and zero are different facts: each outcome is one of its own.
The names are invented; that a part of them is told apart is documented (MSG).
"""

from dataclasses import dataclass, field
from enum import Enum

from renkei.exchanges import ExchangeId
from renkei.sub_copies import NullReason, SubCopy


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
    UNDELIVERABLE = 11

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
