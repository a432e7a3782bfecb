"""Published keys: signed by the organisation, judged by whoever seals to it (F2.8; PRV-05).

The network keeps and hands out the records, and is not trusted with them.

Rules, in the order in which they are judged:
1. The organisation signed the record, with a certificate that is valid now, by real time; so the
   network can neither swap a key nor strip a suite, nor send the same certificate in another
   writing.
2. The record is of its form, and the same organisation's.
3. It is valid now, by real time.
4. It is not older than one that was seen before; so a suite cannot be stripped by an old record.

All of it is decided; the forms are invented.
"""

from datetime import datetime
from typing import Final

from renkei import reasons
from renkei.codes import Institution
from renkei.refusals import Refusal
from renkei.sealed_answers import KeyRecord, PublishedKeys
from renkei.wire.sealed_answers import read_key_record, write_key_record
from renkei_pki.credentials import Credentials
from renkei_pki.organisation_signatures import Signatory, Signature, Signatures, Why
from renkei_pki.revocation import Revocations

_SIGNED_AS: Final = b"renkei sealing keys 1"
_WHY: Final = Why(
    untrusted=reasons.PUBLISHED_KEYS_UNTRUSTED,
    revoked=reasons.PUBLISHED_KEYS_REVOKED,
    by_another=reasons.PUBLISHED_KEYS_OF_ANOTHER,
    invalid=reasons.PUBLISHED_KEYS_SIGNATURE_INVALID,
)


def publish(record: KeyRecord, credentials: Credentials) -> PublishedKeys:
    """Sign a record with the organisation's linkage certificate."""
    told = write_key_record(record)
    signature = Signatory(lambda: credentials).sign(_SIGNED_AS, told)
    return PublishedKeys(told, signature.value, signature.certificates)


class KeyJudge:
    """Judges records of keys by the linkage root."""

    def __init__(self, roots_pem: bytes, revoked: Revocations) -> None:
        self._signatures = Signatures(_SIGNED_AS, _WHY, roots_pem=roots_pem, revoked=revoked)

    def judge(
        self, published: PublishedKeys, organisation: Institution, *, now: datetime, least: int = 0
    ) -> KeyRecord:
        """The record, once nothing speaks against it; `least` is the highest number seen before.

        Raises PUBLISHED_KEYS_UNTRUSTED, PUBLISHED_KEYS_REVOKED or REVOCATION_UNKNOWN,
        PUBLISHED_KEYS_OF_ANOTHER, PUBLISHED_KEYS_SIGNATURE_INVALID, PUBLISHED_KEYS_MALFORMED,
        PUBLISHED_KEYS_OUT_OF_DATE or PUBLISHED_KEYS_SUPERSEDED, in this order.
        """
        signature = Signature(published.signature, published.certificates)
        self._signatures.judge(published.record, signature, organisation, at=now)  # 1
        record = read_key_record(published.record)  # 2
        if record.organisation != organisation:
            raise Refusal(reasons.PUBLISHED_KEYS_OF_ANOTHER)
        record.require_valid(now)  # 3
        if record.number < least:  # 4
            detail = f"record {record.number}, {least} was seen"
            raise Refusal(reasons.PUBLISHED_KEYS_SUPERSEDED, detail)
        return record
