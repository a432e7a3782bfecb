"""Moments."""

from datetime import UTC, datetime

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from renkei import reasons
from renkei.refusals import Refusal
from renkei.wire.codes import require


def read_time(message: Message, field: str) -> datetime:
    """Read a moment, in UTC."""
    require(message, field)
    moment: Timestamp = getattr(message, field)
    try:
        return moment.ToDatetime(tzinfo=UTC)
    except ValueError:
        raise Refusal(reasons.FIELD_MISSING, "not a moment", field) from None


def read_optional_time(message: Message, field: str) -> datetime | None:
    """Read a moment, in UTC; absent is None."""
    return read_time(message, field) if message.HasField(field) else None


def write_time(moment: datetime) -> Timestamp:
    """Write a moment."""
    stamp = Timestamp()
    stamp.FromDatetime(moment)
    return stamp
