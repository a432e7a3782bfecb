"""What an organisation signs with its linkage certificate, and how that is judged (PRV-05, PRV-09).

It signs the keys that it publishes and the answers that it gives, each kind of thing under a label
of its own, and sends the certificates along. Nobody on the way is trusted with either.

Rules, in the order in which they are judged:
1. The certificates lead to the linkage root and are valid at the time that counts.
2. The first of them has not been revoked.
3. It is the organisation's own, of a role that exchanges.
4. Its key signed the very bytes of the content and of the certificates.

Where certificates lead does not change, so it is judged once and remembered by their bytes; dates,
revocation, organisation and signature are judged each time. All of it is decided; the forms are
invented.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Self

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import verification

from renkei import reasons
from renkei.codes import Institution
from renkei.networks import LINKAGE
from renkei.reasons import Reason
from renkei.refusals import Refusal
from renkei.roles import EXCHANGING
from renkei_pki import keys
from renkei_pki.certificates import UNREADABLE, Leaf
from renkei_pki.credentials import Credentials
from renkei_pki.identity import Identity
from renkei_pki.revocation import Revocations

_ALGORITHM = ec.ECDSA(SHA256())
_MOST_CERTIFICATES = 4
_LARGEST_CERTIFICATE = 4096
"""In bytes; ours take up about 700. What is remembered has a bound by it."""
_REMEMBERED = 4096


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature and the certificates that belong to it, the signer's own first."""

    value: bytes = field(repr=False)
    certificates: tuple[bytes, ...] = field(repr=False)


class Signatory:
    """What an organisation signs with: the certificate that it bears at the time."""

    def __init__(self, credentials: Callable[[], Credentials]) -> None:
        self._credentials = credentials
        self._parsed: _Parsed | None = None

    def sign(self, label: bytes, content: bytes) -> Signature:
        """Sign a content as what the label says it is."""
        credentials = self._credentials()
        if self._parsed is None or self._parsed.credentials is not credentials:
            self._parsed = _Parsed.of(credentials)
        key, certificates = self._parsed.key, self._parsed.certificates
        value = key.sign(_signed(label, content, certificates), _ALGORITHM)
        return Signature(value, certificates)


@dataclass(frozen=True, slots=True)
class Why:
    """The reasons by which one kind of signed thing is refused."""

    untrusted: Reason
    revoked: Reason
    by_another: Reason
    invalid: Reason


class Signatures:
    """Judges by the linkage root what organisations have signed."""

    def __init__(self, label: bytes, why: Why, *, roots_pem: bytes, revoked: Revocations) -> None:
        self._label = label
        self._why = why
        self._roots = verification.Store(x509.load_pem_x509_certificates(roots_pem))
        self._revoked = revoked
        self._signer_of = lru_cache(_REMEMBERED)(self._judged_signer)

    def judge(
        self, content: bytes, signature: Signature, organisation: Institution, *, at: datetime
    ) -> None:
        """Raise the reason for which a content is not what the organisation signed, if any.

        `at`: the real time at which the certificates must be valid.
        """
        signer = self._signer_of(signature.certificates)  # 1
        if not signer.not_before <= at <= signer.not_after:
            raise Refusal(self._why.untrusted)
        self._require_unrevoked(signer)  # 2
        self._require_own(signer, organisation)  # 3
        message = _signed(self._label, content, signature.certificates)
        try:
            signer.key.verify(signature.value, message, _ALGORITHM)  # 4
        except InvalidSignature:
            raise Refusal(self._why.invalid) from None

    def _judged_signer(self, told: tuple[bytes, ...]) -> "_Signer":
        if not 1 <= len(told) <= _MOST_CERTIFICATES:
            raise Refusal(self._why.untrusted, f"{len(told)} certificates")
        if max(map(len, told)) > _LARGEST_CERTIFICATE:
            raise Refusal(self._why.untrusted, "a certificate that is too large")
        try:
            leaf, *others = (x509.load_der_x509_certificate(one) for one in told)
            first_moment = max(one.not_valid_before_utc for one in (leaf, *others))
            builder = verification.PolicyBuilder().store(self._roots).time(first_moment)
            chain = builder.build_client_verifier().verify(leaf, others).chain
            key = leaf.public_key()
        except (verification.VerificationError, *UNREADABLE):
            raise Refusal(self._why.untrusted) from None
        if not keys.is_p256(key):
            raise Refusal(self._why.untrusted, "not an ECDSA P-256 key")
        return _Signer(
            _identity(leaf),
            leaf.serial_number,
            key,
            max(one.not_valid_before_utc for one in chain),
            min(one.not_valid_after_utc for one in chain),
        )

    def _require_unrevoked(self, signer: "_Signer") -> None:
        try:
            self._revoked.check(signer.serial)
        except Refusal as refusal:
            if refusal.reason is reasons.CALLER_REVOKED:
                raise Refusal(self._why.revoked) from None
            raise

    def _require_own(self, signer: "_Signer", organisation: Institution) -> None:
        identity = signer.identity
        if identity is None or identity.domain != LINKAGE:
            raise Refusal(self._why.by_another)
        if identity.institution != organisation.name:
            raise Refusal(self._why.by_another)
        if identity.role not in EXCHANGING:
            raise Refusal(self._why.by_another, "not a role that exchanges")


@dataclass(frozen=True, slots=True)
class _Signer:
    """Who the first of some certificates names, and when all of them are valid."""

    identity: Identity | None
    serial: int
    key: ec.EllipticCurvePublicKey
    not_before: datetime
    not_after: datetime


@dataclass(frozen=True, slots=True)
class _Parsed:
    credentials: Credentials
    key: ec.EllipticCurvePrivateKey = field(repr=False)
    certificates: tuple[bytes, ...]

    @classmethod
    def of(cls, credentials: Credentials) -> Self:
        chain = x509.load_pem_x509_certificates(credentials.chain_pem)
        certificates = tuple(one.public_bytes(Encoding.DER) for one in chain)
        return cls(credentials, credentials.key, certificates)


def _identity(certificate: x509.Certificate) -> Identity | None:
    try:
        return Leaf.parse(certificate.public_bytes(Encoding.PEM)).identity
    except Refusal:
        return None


def _signed(label: bytes, content: bytes, certificates: tuple[bytes, ...]) -> bytes:
    """What is signed. A certificate has several writings that say the same; this holds to one."""
    return label + b"\0" + _hashes_of(certificates) + content


@lru_cache(_REMEMBERED)
def _hashes_of(certificates: tuple[bytes, ...]) -> bytes:
    hashes = b"".join(hashlib.sha256(one).digest() for one in certificates)
    return bytes([len(certificates)]) + hashes
