"""The record of an exchange: as a message, and as the bytes that are kept."""

from datetime import UTC

from google.protobuf.message import DecodeError, Message

from renkei import reasons
from renkei.exchange_records import ExchangeRecord
from renkei.exchanges import ExchangeId
from renkei.refusals import Refusal
from renkei.type.v1 import exchange_pb2 as pb2
from renkei.wire.answers import read_outcome, write_outcome
from renkei.wire.codes import require
from renkei.wire.exchanges import read_inquiry_terms, write_inquiry_terms
from renkei.wire.times import read_optional_time, write_time


def content_of(record: ExchangeRecord) -> bytes:
    """The bytes of a record: what each party keeps, and what is hashed."""
    return write_exchange_record(record).SerializeToString(deterministic=True)


def record_of(content: bytes) -> ExchangeRecord:
    """Read the bytes of a record; raises ValueError unless they are one."""
    try:
        return read_exchange_record(pb2.ExchangeRecord.FromString(content))
    except (DecodeError, Refusal):
        msg = "these bytes are no record of an exchange"
        raise ValueError(msg) from None


def write_exchange_record(record: ExchangeRecord) -> pb2.ExchangeRecord:
    """Write a record."""
    answered = record.answered_at
    return pb2.ExchangeRecord(
        exchange_id=record.exchange_id.text,
        terms=write_inquiry_terms(record.terms),
        legal_table=record.legal_table,
        legal_item=record.legal_item,
        asked_at=write_time(record.asked_at),
        answered_at=write_time(answered) if answered else None,
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
        answered_at=read_optional_time(told, "answered_at"),
        outcome=outcome,
        refusal=told.refusal,
        non_disclosure=told.non_disclosure,
    )


def read_told_record(message: Message, field: str = "record") -> ExchangeRecord:
    """Read a record that another party tells; raises FIELD_MISSING or MALFORMED_ANSWER."""
    require(message, field)
    try:
        return read_exchange_record(getattr(message, field))
    except (ValueError, Refusal):
        raise Refusal(reasons.MALFORMED_ANSWER, "", field) from None
