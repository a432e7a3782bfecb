"""The record of one exchange (情報提供等記録, article 23), word by word the same at each party.

It names no person: each party files it under its own code. So three records agree exactly where
their bytes do. What article 23 lists is documented; the form is invented.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from google.protobuf.message import DecodeError

from renkei import wire
from renkei.answers import Outcome, read_outcome, write_outcome
from renkei.exchanges import ExchangeId, InquiryTerms
from renkei.permits import read_inquiry_terms, write_inquiry_terms
from renkei.refusals import Refusal
from renkei.type.v1 import exchange_pb2 as pb2


@dataclass(frozen=True, slots=True)
class ExchangeRecord:
    """One exchange, once it has ended; times are the world's."""

    exchange_id: ExchangeId
    terms: InquiryTerms
    legal_table: str
    legal_item: str
    asked_at: datetime
    answered_at: datetime | None
    outcome: Outcome
    refusal: str = ""
    """Why it was not permitted: a reason's name."""
    non_disclosure: bool = False
    """Whether it is not shown to the person, because either side said so."""

    @classmethod
    def parse(cls, content: bytes) -> "ExchangeRecord":
        """Read the bytes of a record; raises ValueError unless they are one."""
        try:
            return read_exchange_record(pb2.ExchangeRecord.FromString(content))
        except (DecodeError, Refusal):
            msg = "these bytes are no record of an exchange"
            raise ValueError(msg) from None

    @property
    def content(self) -> bytes:
        """The bytes of the record."""
        return write_exchange_record(self).SerializeToString(deterministic=True)


def write_exchange_record(record: ExchangeRecord) -> pb2.ExchangeRecord:
    """Write a record."""
    answered = record.answered_at
    return pb2.ExchangeRecord(
        exchange_id=record.exchange_id.text,
        terms=write_inquiry_terms(record.terms),
        legal_table=record.legal_table,
        legal_item=record.legal_item,
        asked_at=wire.write_time(record.asked_at),
        answered_at=wire.write_time(answered) if answered else None,
        outcome=write_outcome(record.outcome),
        refusal=record.refusal,
        non_disclosure=record.non_disclosure,
    )


def read_exchange_record(told: pb2.ExchangeRecord) -> ExchangeRecord:
    """Read a record; raises a Refusal or ValueError unless it is whole."""
    outcome = read_outcome(told.outcome)
    if outcome is None:
        msg = "a record says how its exchange ended"
        raise ValueError(msg)
    return ExchangeRecord(
        exchange_id=ExchangeId.parse(told.exchange_id),
        terms=read_inquiry_terms(told),
        legal_table=told.legal_table,
        legal_item=told.legal_item,
        asked_at=told.asked_at.ToDatetime(tzinfo=UTC),
        answered_at=wire.read_optional_time(told, "answered_at"),
        outcome=outcome,
        refusal=told.refusal,
        non_disclosure=told.non_disclosure,
    )
