"""Sealed answers and the keys that organisations publish for them, as they are written and read.

Nothing here is trusted for being read: who signed a record of keys is judged elsewhere. The
forms are invented; HPKE is RFC 9180 (documented).
"""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from functools import lru_cache

from renkei import reasons
from renkei.codes import Institution
from renkei.exchanges import ExchangeId
from renkei.refusals import Refusal


class Suite(Enum):
    """How an answer is sealed; the numbers are the contract's."""

    MLKEM768_X25519 = 1
    X25519 = 2


@dataclass(frozen=True, slots=True)
class PublicKey:
    """One public key of an organisation, in the form of its suite."""

    suite: Suite
    value: bytes = field(repr=False)

    @property
    def key_id(self) -> str:
        """Names the key: a part of the hash of suite and key."""
        return _key_id(self.suite, self.value)


@lru_cache(maxsize=256)
def _key_id(suite: Suite, value: bytes) -> str:
    return hashlib.sha256(suite.name.encode() + b"\0" + value).digest()[:16].hex()


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """The keys of one organisation, and which ways of sealing it allows, the preferred one first."""

    organisation: Institution
    number: int
    suites: tuple[Suite, ...]
    keys: tuple[PublicKey, ...]
    """The newest of each suite first."""
    not_before: datetime
    not_after: datetime

    def __post_init__(self) -> None:
        """Raise PUBLISHED_KEYS_MALFORMED unless suites and keys fit together."""
        listed = set(self.suites)
        if (
            self.number < 1
            or len(listed) != len(self.suites)
            or listed != {key.suite for key in self.keys}
        ):
            raise Refusal(reasons.PUBLISHED_KEYS_MALFORMED)

    def newest(self, suite: Suite) -> PublicKey:
        """The key to be used with a suite that is listed."""
        return next(key for key in self.keys if key.suite is suite)

    def require_valid(self, now: datetime) -> None:
        """Raise PUBLISHED_KEYS_OUT_OF_DATE unless the record is valid at this real time."""
        if not self.not_before <= now < self.not_after:
            raise Refusal(reasons.PUBLISHED_KEYS_OUT_OF_DATE)


@dataclass(frozen=True, slots=True)
class PublishedKeys:
    """A record of keys as bytes, with a signature and certificates that nobody has judged yet."""

    record: bytes
    signature: bytes
    certificates: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class SealedAnswer:
    """An answer that only the holder of one key can open."""

    exchange_id: ExchangeId
    key_id: str
    ciphertext: bytes = field(repr=False)
