"""A leaf certificate as a door reads it: who it speaks for, and when.

Its chain was judged by TLS before; here it is only read. The URI SAN alone says
who calls, never the common name (NET-02). (decided; invented)
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.hashes import SHA256

from renkei import reasons
from renkei.refusals import Refusal
from renkei_pki.identity import Identity

UNREADABLE = (
    ValueError,
    UnsupportedAlgorithm,
    x509.DuplicateExtension,
    x509.ExtensionNotFound,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
)
"""What the library raises at a damaged certificate, request or revocation list."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """The certificate of one seat or caller."""

    identity: Identity
    serial: int
    not_before: datetime
    not_after: datetime
    issuer_key: bytes = field(repr=False)
    """The key identifier of the CA that signed it."""
    fingerprint: bytes = field(repr=False)
    """SHA-256 of the whole certificate."""

    @classmethod
    def parse(cls, pem: bytes) -> Self:
        """Read the first certificate of a PEM.

        Raises CALLER_UNIDENTIFIED unless it is one with exactly one URI, an identity.
        """
        try:
            certificate = x509.load_pem_x509_certificate(pem)
            return cls(
                _identity(certificate.extensions),
                certificate.serial_number,
                certificate.not_valid_before_utc,
                certificate.not_valid_after_utc,
                _issuer_key(certificate.extensions),
                certificate.fingerprint(SHA256()),
            )
        except UNREADABLE as error:
            raise Refusal(reasons.CALLER_UNIDENTIFIED) from error


def _identity(extensions: x509.Extensions) -> Identity:
    names = extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    uris = names.get_values_for_type(x509.UniformResourceIdentifier)
    if len(uris) != 1:
        raise Refusal(reasons.CALLER_UNIDENTIFIED, f"{len(uris)} URIs")
    return Identity.parse(uris[0])


def _issuer_key(extensions: x509.Extensions) -> bytes:
    authority = extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value
    return authority.key_identifier or b""
