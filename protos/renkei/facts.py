"""Facts that a refusal carries for programs: numbers, moments and names of systems; never a person's.

Each kind of fact has one name and one form on the wire, so that a client reads back what the rule
stated. A number has at most ten digits: the shortest number that names a person has eleven.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from types import MappingProxyType
from typing import Any, Final, Generic, TypeVar

T = TypeVar("T")

_LARGEST: Final = 10**10


@dataclass(frozen=True, slots=True, eq=False)
class Fact(Generic[T]):
    """One kind of fact; its name is its key in `google.rpc.ErrorInfo`."""

    name: str
    write: Callable[[T], str]
    read: Callable[[str], T]
    """Raises ValueError for what is none."""

    def of(self, value: T) -> "Stated":
        """State it. Raises ValueError for a number that is too large to be no person's."""
        return Stated(self, self.write(value))


@dataclass(frozen=True, slots=True)
class Stated:
    """A fact as a refusal carries it."""

    fact: Fact[Any]
    text: str


def _write_number(number: int) -> str:
    if abs(number) >= _LARGEST:
        msg = "a fact is a number of at most ten digits"
        raise ValueError(msg)
    return str(number)


def _read_number(text: str) -> int:
    if not re.fullmatch("-?[0-9]{1,10}", text):
        msg = "not a number of at most ten digits"
        raise ValueError(msg)
    return int(text)


def _write_moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def _read_moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.utcoffset() != timedelta():
        msg = "not a moment in UTC"
        raise ValueError(msg)
    return moment


def _institution(name: str) -> str:
    if not re.fullmatch(r"[0-9]{6}|[a-z][a-z0-9-]{1,30}", name):
        msg = "not the name of an institution"
        raise ValueError(msg)
    return name


class StoreState(Enum):
    """What may be amiss with a database."""

    LOCKED = "locked"
    FULL = "full"
    READ_ONLY = "read-only"
    DAMAGED = "damaged"

    def word(self) -> str:
        """As it goes on the wire."""
        return self.value

    @property
    def english(self) -> str:
        """The same for people."""
        return _SENTENCES[self]


_SENTENCES: Final = {
    StoreState.LOCKED: "another program holds a lock on it",
    StoreState.FULL: "its disk is full",
    StoreState.READ_ONLY: "it can only be read",
    StoreState.DAMAGED: "its disk or its file is damaged",
}


def _number(name: str) -> Fact[int]:
    return Fact(name, _write_number, _read_number)


def _moment(name: str) -> Fact[datetime]:
    return Fact(name, _write_moment, _read_moment)


FOUND: Final = _number("found")
"""How much there was: bytes, requests, lines."""
LIMIT: Final = _number("limit")
"""How much there may be at most, in the same unit."""
EXPECTED: Final = _number("expected")
"""The number that should have come."""
NOT_BEFORE: Final = _moment("notBefore")
NOT_AFTER: Final = _moment("notAfter")
RETRY_AFTER: Final = _number("retryAfterMilliseconds")
"""After so long the request may be sent again; a status tells it as `google.rpc.RetryInfo` too."""
STORE_STATE: Final = Fact("storeState", StoreState.word, StoreState)
"""What is amiss with a server's database, where that is known."""
INSTITUTION: Final = Fact("institution", _institution, _institution)
"""An institution's name: six digits, or a word."""

FACTS: Final[Mapping[str, Fact[Any]]] = MappingProxyType(
    {
        one.name: one
        for one in (
            FOUND,
            LIMIT,
            EXPECTED,
            NOT_BEFORE,
            NOT_AFTER,
            RETRY_AFTER,
            STORE_STATE,
            INSTITUTION,
        )
    }
)
"""Every kind of fact by its name."""
