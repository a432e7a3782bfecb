"""What is compared of a person between two files, and how it is digested (F9).

Both ends reckon it alike; the contract says how (`renkei.type.v1.PersonDigest`). A digest travels
between two seats that both may keep what it is of, and nowhere else; at rest it is sealed, alone or
in a sum: without the store's key nobody confirms a guess by it. Fidelity: invented.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from hashlib import sha256
from typing import Final

from renkei.codes import ResidentRecordCode
from renkei.identities import IdentityItems
from renkei.municipal_items import MunicipalItems
from renkei.recorded_days import RecordedDay

BUCKETS: Final = 4096
"""So many parts a municipality's persons fall into, each in the same at either end."""
DIGEST_BYTES: Final = 32
BUCKETS_LIMIT: Final = 200
"""The persons of so many buckets are asked for at once at most."""
PERSONS_LIMIT: Final = 100
"""So many persons are compared at once at most."""
OTHER_ITEM: Final = "other"
"""Stands for the name of an item that is not known here."""

_BUCKET_BITS: Final = 12


def bucket_of(code: ResidentRecordCode) -> int:
    """The bucket of a person, 0 to 4095."""
    first = sha256(code.digits.encode()).digest()[:2]
    return int.from_bytes(first) >> 16 - _BUCKET_BITS


@dataclass(frozen=True, slots=True)
class ComparedPerson:
    """What is compared of one person."""

    items: IdentityItems
    removed: bool = field(repr=False)
    """Whether they were removed, or will be on a planned day."""
    municipal: MunicipalItems | None = None
    """Between a register and its municipal CS alone."""

    @property
    def code(self) -> ResidentRecordCode:
        """By this alone a person is matched."""
        return self.items.resident_record_code

    @property
    def beyond(self) -> "ComparedPerson":
        """What is compared beyond the municipality (PRV-17)."""
        return ComparedPerson(self.items, self.removed)

    @property
    def digest(self) -> bytes:
        """Of all of it, 32 bytes."""
        texts = (*_of_items(self.items), "removed" if self.removed else "resident")
        own = _of_municipal(self.municipal) if self.municipal is not None else ()
        return sha256("\0".join((*texts, *own)).encode()).digest()


@dataclass(frozen=True, slots=True)
class BucketDigest:
    """How many persons are in one bucket, and the sum of their digests."""

    persons: int
    sum: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class PersonDigests:
    """The persons of some buckets, each with their digest: empty where they cannot be compared."""

    answered: int
    """How many of the buckets that were asked for: so many of the first."""
    digests: Mapping[ResidentRecordCode, bytes] = field(repr=False)


@dataclass(frozen=True, slots=True)
class PersonComparison:
    """How what one end holds of a person compares at the other."""

    held: bool
    differing: tuple[str, ...] = ()
    """The items that differ, by their names on the wire."""


class Peer(Enum):
    """With whom a file is compared; its number is its number on the wire."""

    PREFECTURE = 1
    NATION = 2
    MUNICIPAL_CS = 3


class State(Enum):
    """How far a comparison has come; its number is its number on the wire."""

    UNDER_WAY = 1
    COMPARED = 2
    FAILED = 3


class Finding(Enum):
    """What is found of one person; its number is its number on the wire."""

    MISSING_HERE = 1
    MISSING_THERE = 2
    ITEMS_DIFFER = 3
    IN_FLIGHT = 4
    """No difference: what is owed of them has not arrived everywhere."""
    CHANGED_MEANWHILE = 5
    """No difference: they changed again and again while they were compared."""

    @property
    def is_difference(self) -> bool:
        """Whether the two ends contradict each other."""
        return self in (Finding.MISSING_HERE, Finding.MISSING_THERE, Finding.ITEMS_DIFFER)


def differing(one: ComparedPerson, other: ComparedPerson) -> tuple[str, ...]:
    """The names of what differs between two that are compared as far as both have it."""
    names = [
        place
        for name, place in _ITEMS.items()
        if getattr(one.items, name) != getattr(other.items, name)
    ]
    if one.removed is not other.removed:
        names.append("removed")
    if one.municipal is not None and other.municipal is not None:
        names += [
            f"municipal_items.{name}"
            for name in MunicipalItems.__slots__
            if getattr(one.municipal, name) != getattr(other.municipal, name)
        ]
    return tuple(names)


def item_named(place: str) -> str:
    """The name of an item as a peer tells it, if it is one of those that are compared."""
    return place if place in _NAMES else OTHER_ITEM


_ITEMS: Final[Mapping[str, str]] = {
    "resident_record_code": "items.resident_record_code",
    "name": "items.name.text",
    "furigana": "items.name.furigana",
    "birth": "items.birth",
    "sex": "items.sex",
    "address": "items.address",
    "individual_number": "items.individual_number",
    "reason": "items.reason",
    "changed_on": "items.changed_on",
    "former_surname": "items.former_surname.text",
    "former_surname_furigana": "items.former_surname.furigana",
}


_NAMES: Final = frozenset(
    (*_ITEMS.values(), "removed", *(f"municipal_items.{one}" for one in MunicipalItems.__slots__))
)


def _of_items(items: IdentityItems) -> Iterator[str]:
    yield items.resident_record_code.digits
    yield items.name
    yield items.furigana
    yield _of_day(items.birth)
    yield str(items.sex.value)
    yield items.address
    yield items.individual_number.digits
    yield str(items.reason.value)
    yield _of_day(items.changed_on)
    yield items.former_surname
    yield items.former_surname_furigana


def _of_municipal(own: MunicipalItems) -> Iterator[str]:
    yield str(own.name_unregistered_characters)
    yield str(own.address_unregistered_characters)
    yield own.town_code
    yield own.postal_code
    yield _of_day(own.became_resident_on)
    yield _of_day(own.address_fixed_on)
    yield own.notified_on.isoformat()
    yield own.operator_id
    yield own.terminal_id
    yield own.previous_municipality
    yield own.previous_address
    yield str(own.previous_address_unregistered_characters)
    yield own.reason_detail


def _of_day(day: RecordedDay) -> str:
    era = day.era.value if day.era else 0
    return f"{day.year:04}/{day.month:02}/{day.day:02}/{era}/{day.unknown}"
