"""Sealed answers and the keys that organisations publish for them, as they are written and read.

Nothing here is trusted for being read: who signed a record of keys is judged elsewhere. The
forms are invented; HPKE is RFC 9180 (documented).
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from google.protobuf.message import DecodeError, Message

from renkei import reasons, wire
from renkei.codes import Institution
from renkei.exchanges import ExchangeId
from renkei.refusals import Refusal
from renkei.type.v1 import sealed_answer_pb2 as pb2


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
        return hashlib.sha256(self.suite.name.encode() + b"\0" + self.value).digest()[:16].hex()


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


def write_key_record(record: KeyRecord) -> bytes:
    """The bytes of a record: what is signed."""
    return pb2.SealingKeyRecord(
        organisation=record.organisation.name,
        number=record.number,
        suites=[pb2.SealingSuite.Name(suite.value) for suite in record.suites],
        keys=[
            pb2.SealingPublicKey(
                key_id=key.key_id,
                suite=pb2.SealingSuite.Name(key.suite.value),
                public_key=key.value,
            )
            for key in record.keys
        ],
        not_before=wire.write_time(record.not_before),
        not_after=wire.write_time(record.not_after),
    ).SerializeToString()


def read_key_record(told: bytes) -> KeyRecord:
    """Read a record; suites that are not known here, and their keys, are passed over.

    Raises PUBLISHED_KEYS_MALFORMED.
    """
    try:
        record = pb2.SealingKeyRecord.FromString(told)
        return KeyRecord(
            organisation=Institution.parse(record.organisation),
            number=record.number,
            suites=tuple(Suite(one) for one in record.suites if _known(one)),
            keys=_read_keys(record.keys),
            not_before=wire.read_time(record, "not_before"),
            not_after=wire.read_time(record, "not_after"),
        )
    except (DecodeError, Refusal):
        raise Refusal(reasons.PUBLISHED_KEYS_MALFORMED) from None


def _read_keys(told: Sequence[pb2.SealingPublicKey]) -> tuple[PublicKey, ...]:
    keys = []
    for one in told:
        if _known(one.suite):
            key = PublicKey(Suite(one.suite), one.public_key)
            if key.key_id != one.key_id:
                raise Refusal(reasons.PUBLISHED_KEYS_MALFORMED, "not the key's id")
            keys.append(key)
    return tuple(keys)


def _known(number: int) -> bool:
    return any(number == suite.value for suite in Suite)


def write_published_keys(published: PublishedKeys) -> pb2.PublishedSealingKeys:
    """Write a signed record."""
    return pb2.PublishedSealingKeys(
        record=published.record,
        signature=published.signature,
        certificates=published.certificates,
    )


def read_published_keys(message: Message, field: str = "keys") -> PublishedKeys:
    """Read a signed record that must be there; it is not judged here."""
    if not message.HasField(field):
        raise Refusal(reasons.FIELD_MISSING, "", field)
    told: pb2.PublishedSealingKeys = getattr(message, field)
    return PublishedKeys(told.record, told.signature, tuple(told.certificates))


def write_sealed_answer(sealed: SealedAnswer) -> pb2.SealedAnswer:
    """Write a sealed answer."""
    return pb2.SealedAnswer(
        exchange_id=sealed.exchange_id.text,
        key_id=sealed.key_id,
        ciphertext=sealed.ciphertext,
    )


def read_sealed_answer(message: Message, field: str = "answer") -> SealedAnswer:
    """Read a sealed answer that must be there; it is not opened here."""
    if not message.HasField(field):
        raise Refusal(reasons.FIELD_MISSING, "", field)
    told: pb2.SealedAnswer = getattr(message, field)
    try:
        exchange_id = ExchangeId.parse(told.exchange_id)
    except Refusal as refusal:
        raise refusal.within(f"{field}.exchange_id") from None
    return SealedAnswer(exchange_id, told.key_id, told.ciphertext)
