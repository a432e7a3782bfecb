"""Sealed answers, and the keys that organisations publish for them."""

from collections.abc import Sequence

from google.protobuf.message import DecodeError, Message

from renkei import reasons
from renkei.codes import Institution
from renkei.exchanges import ExchangeId
from renkei.refusals import Refusal
from renkei.sealed_answers import KeyRecord, PublicKey, PublishedKeys, SealedAnswer, Suite
from renkei.type.v1 import sealed_answer_pb2 as pb2
from renkei.wire.times import read_time, write_time


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
        not_before=write_time(record.not_before),
        not_after=write_time(record.not_after),
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
            not_before=read_time(record, "not_before"),
            not_after=read_time(record, "not_after"),
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
