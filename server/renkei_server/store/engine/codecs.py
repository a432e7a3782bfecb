"""What a value is in bytes, before it is sealed and after it was opened."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Generic, Protocol, TypeVar

from msgspec.json import Decoder, Encoder

from renkei.codes import LinkageCode, ProcessingSerial

V = TypeVar("V")

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


@dataclass(frozen=True)  # no slots: Python 3.11 cannot make a generic one that is frozen too
class Codec(Generic[V]):
    """Writes a value as bytes, and reads it again."""

    write: Callable[[V], bytes]
    read: Callable[[bytes], V]


class _Digits(Protocol):
    @property
    def digits(self) -> str: ...


D = TypeVar("D", bound=_Digits)


def digits(of: Callable[[str], D]) -> Codec[D]:
    """A number of digits, as these."""
    return Codec(lambda number: number.digits.encode(), lambda told: of(told.decode()))


as_json: Final[Callable[[object], bytes]] = Encoder().encode
"""Any value with all that it holds: a dataclass by the names of its fields."""


def document(of: type[V]) -> Codec[V]:
    """Such a value as JSON; reading raises ValidationError for what is not of the type's form."""
    return Codec(as_json, Decoder(of).decode)


def microseconds(moment: datetime) -> int:
    """A moment as a number that orders it; raises TypeError for one without a zone."""
    return (moment - _EPOCH) // _MICROSECOND


RAW: Codec[bytes] = Codec(lambda value: value, lambda told: told)
TEXT: Codec[str] = Codec(str.encode, bytes.decode)
SERIAL: Codec[ProcessingSerial] = Codec(
    lambda serial: serial.value.encode(), lambda told: ProcessingSerial(told.decode())
)
CODE: Codec[LinkageCode] = Codec(lambda code: code.value, LinkageCode)
