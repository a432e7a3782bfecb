"""The world as a test sets it: its two times, and identifiers that follow from a count."""

import hashlib
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from renkei.change_reasons import ChangeReason
from renkei.codes import (
    IndividualNumber,
    IntegratedAddressNumber,
    LocalAddressNumber,
    ProcessingSerial,
    ResidentRecordCode,
)
from renkei.identities import IdentityItems
from renkei.persons import FourAttributes
from renkei.recorded_days import RecordedDay
from renkei_server.store.engine.store import Store

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Disk(Protocol):
    """Where a store lies."""

    def fill_up(self, store: Store) -> None:
        """Let there be no room for more than a few bytes."""

    def make_room(self, store: Store) -> None:
        """Let there be room again."""


OpenStore = Callable[..., Store]
"""Opens the store of a test with the tables that it is given."""


class SetClock:
    """Stands still until it is moved; the world's time may run ahead of the machine's."""

    def __init__(self, real: datetime = NOON, ahead: timedelta = timedelta(0)) -> None:
        self._real = real
        self._ahead = ahead

    def now(self) -> datetime:
        """The world's time."""
        return self._real + self._ahead

    def real(self) -> datetime:
        """The machine's time."""
        return self._real

    def wait(self, by: timedelta) -> None:
        """Let that much time pass for everybody."""
        self._real += by

    def go_ahead(self, by: timedelta) -> None:
        """Let that much time pass in the world."""
        self._ahead += by


class CountedIds:
    """The first, the second, the third ... identifier, of whatever kind."""

    def __init__(self) -> None:
        self._count = 0

    def _next(self) -> int:
        self._count += 1
        return self._count

    def request_id(self) -> str:
        """A UUID."""
        return request_id(self._next())

    def serial(self) -> ProcessingSerial:
        """A processing serial."""
        return serial(self._next())

    def random_bytes(self, count: int) -> bytes:
        """At most 64 bytes, as good as drawn."""
        return hashlib.sha512(str(self._next()).encode()).digest()[:count]

    def number(self, digits: int) -> str:
        """A number, filled with zeros from the left."""
        return f"{self._next():0{digits}d}"


def request_id(count: int) -> str:
    """The UUID with this number."""
    return str(uuid.UUID(int=count, version=4))


def serial(count: int) -> ProcessingSerial:
    """The processing serial with this number."""
    return ProcessingSerial.parse(f"{count:032X}")


def individual_number(count: int) -> IndividualNumber:
    """The Individual Number with this body."""
    body = f"{count:011d}"
    return IndividualNumber.parse(f"{body}{IndividualNumber.check_digit(body)}")


def resident_record_code(count: int) -> ResidentRecordCode:
    """The resident record code with this body."""
    body = f"{count:010d}"
    return ResidentRecordCode.parse(f"{body}{min(ResidentRecordCode.check_digits(body))}")


def local_address_number(count: int) -> LocalAddressNumber:
    """The local address number with this value."""
    return LocalAddressNumber.parse(f"{count:015d}")


def integrated_address_number(count: int) -> IntegratedAddressNumber:
    """The integrated address number with this value."""
    return IntegratedAddressNumber.parse(f"{count:015d}")


def identity_items(attributes: FourAttributes, **others: Any) -> IdentityItems:
    """The items of a person with these attributes, the first of the nation, who moved in."""
    told = {
        "resident_record_code": resident_record_code(1),
        "individual_number": individual_number(1),
        "reason": ChangeReason.MOVED_IN,
        "changed_on": RecordedDay(2026, 4, 1),
    }
    return IdentityItems(
        name=attributes.name,
        furigana=attributes.furigana,
        birth=RecordedDay.of(attributes.birth_date),
        sex=attributes.sex,
        address=attributes.address,
        **(told | others),
    )
