"""Published keys: signed by the organisation, judged by whoever seals to it (F2.8; PRV-05).

The network keeps and hands out the records, and is not trusted with them.

Rules, in the order in which they are judged:
1. The certificate beside a record leads to the linkage root and is valid now, by real time.
2. It has not been revoked.
3. It is the organisation's own, of a role that opens answers.
4. Its key signed the very bytes of the record and of the certificates; so the network can neither
   swap a key nor strip a suite, nor send the same certificate in another writing.
5. The record is of its form, and the same organisation's.
6. It is valid now, by real time.
7. It is not older than one that was seen before; so a suite cannot be stripped by an old record.

All of it is decided; the forms are invented.
"""

import hashlib
from collections.abc import Collection
from datetime import datetime
from typing import Final, Protocol

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import verification

from renkei import reasons
from renkei.codes import Institution
from renkei.networks import LINKAGE
from renkei.refusals import Refusal
from renkei.roles import EXCHANGING
from renkei.sealed_answers import KeyRecord, PublishedKeys, read_key_record, write_key_record
from renkei_pki import keys
from renkei_pki.certificates import UNREADABLE, Leaf
from renkei_pki.credentials import Credentials

PUBLISHERS: Final = frozenset(EXCHANGING)
"""The roles that open an organisation's answers, and so publish its keys."""

_SIGNED_AS = b"renkei sealing keys 1\0"
_ALGORITHM = ec.ECDSA(SHA256())
_MOST_CERTIFICATES = 4


class Revoked(Protocol):
    """The revocation list of the linkage domain."""

    def check(self, serial: int) -> None:
        """Raise CALLER_REVOKED, or REVOCATION_UNKNOWN where that cannot be judged now."""
        ...


def publish(record: KeyRecord, credentials: Credentials) -> PublishedKeys:
    """Sign a record with the organisation's linkage certificate."""
    told = write_key_record(record)
    chain = x509.load_pem_x509_certificates(credentials.chain_pem)
    certificates = tuple(one.public_bytes(Encoding.DER) for one in chain)
    key = keys.read_key(credentials.key_pem)
    return PublishedKeys(told, key.sign(_signed(told, certificates), _ALGORITHM), certificates)


class KeyJudge:
    """Judges records of keys by the linkage root."""

    def __init__(
        self, roots_pem: bytes, revoked: Revoked, *, roles: Collection[str] = PUBLISHERS
    ) -> None:
        self._roots = verification.Store(x509.load_pem_x509_certificates(roots_pem))
        self._revoked = revoked
        self._roles = roles

    def judge(
        self, published: PublishedKeys, organisation: Institution, *, now: datetime, least: int = 0
    ) -> KeyRecord:
        """The record, once nothing speaks against it; `least` is the highest number seen before.

        Raises PUBLISHED_KEYS_UNTRUSTED, PUBLISHED_KEYS_REVOKED or REVOCATION_UNKNOWN,
        PUBLISHED_KEYS_OF_ANOTHER, PUBLISHED_KEYS_SIGNATURE_INVALID, PUBLISHED_KEYS_MALFORMED,
        PUBLISHED_KEYS_OUT_OF_DATE or PUBLISHED_KEYS_SUPERSEDED, in this order.
        """
        certificate = self._trusted(published.certificates, now)  # 1
        self._require_unrevoked(certificate.serial_number)  # 2
        self._require_publisher(certificate, organisation)  # 3
        _require_signature(certificate, published)  # 4
        record = read_key_record(published.record)  # 5
        if record.organisation != organisation:
            raise Refusal(reasons.PUBLISHED_KEYS_OF_ANOTHER)
        record.require_valid(now)  # 6
        if record.number < least:  # 7
            detail = f"record {record.number}, {least} was seen"
            raise Refusal(reasons.PUBLISHED_KEYS_SUPERSEDED, detail)
        return record

    def _trusted(self, told: tuple[bytes, ...], now: datetime) -> x509.Certificate:
        if not 1 <= len(told) <= _MOST_CERTIFICATES:
            raise Refusal(reasons.PUBLISHED_KEYS_UNTRUSTED, f"{len(told)} certificates")
        try:
            leaf, *others = (x509.load_der_x509_certificate(one) for one in told)
            builder = verification.PolicyBuilder().store(self._roots).time(now)
            builder.build_client_verifier().verify(leaf, others)
        except (verification.VerificationError, *UNREADABLE):
            raise Refusal(reasons.PUBLISHED_KEYS_UNTRUSTED) from None
        return leaf

    def _require_unrevoked(self, serial: int) -> None:
        try:
            self._revoked.check(serial)
        except Refusal as refusal:
            if refusal.reason is reasons.CALLER_REVOKED:
                raise Refusal(reasons.PUBLISHED_KEYS_REVOKED) from None
            raise

    def _require_publisher(self, certificate: x509.Certificate, organisation: Institution) -> None:
        try:
            identity = Leaf.parse(certificate.public_bytes(Encoding.PEM)).identity
        except Refusal:
            raise Refusal(reasons.PUBLISHED_KEYS_OF_ANOTHER) from None
        if (identity.domain, identity.institution) != (LINKAGE, organisation.name):
            raise Refusal(reasons.PUBLISHED_KEYS_OF_ANOTHER)
        if identity.role not in self._roles:
            raise Refusal(reasons.PUBLISHED_KEYS_OF_ANOTHER, "not a role that opens answers")


def _signed(record: bytes, certificates: tuple[bytes, ...]) -> bytes:
    """What is signed. A certificate has several writings that say the same; this holds to one."""
    hashes = b"".join(hashlib.sha256(one).digest() for one in certificates)
    return _SIGNED_AS + bytes([len(certificates)]) + hashes + record


def _require_signature(certificate: x509.Certificate, published: PublishedKeys) -> None:
    key = certificate.public_key()
    if not keys.is_p256(key):
        raise Refusal(reasons.PUBLISHED_KEYS_UNTRUSTED, "not an ECDSA P-256 key")
    try:
        message = _signed(published.record, published.certificates)
        key.verify(published.signature, message, _ALGORITHM)
    except InvalidSignature:
        raise Refusal(reasons.PUBLISHED_KEYS_SIGNATURE_INVALID) from None
