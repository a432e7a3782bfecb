"""Moments."""

from datetime import UTC, datetime
from typing import Final

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from renkei import reasons
from renkei.refusals import Refusal
from renkei.wire.codes import require

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SECONDS_A_DAY: Final = 86_400


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
    """Write a moment; raises TypeError for one without a zone."""
    since = moment - _EPOCH
    seconds = since.days * _SECONDS_A_DAY + since.seconds
    return Timestamp(seconds=seconds, nanos=since.microseconds * 1000)
