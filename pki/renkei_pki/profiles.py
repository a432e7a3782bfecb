"""The four things a certificate authority signs: a root, an issuing CA, a leaf, a revocation list.

| | root | issuing CA | leaf |
|---|---|---|---|
| subject | the trust domain's root | its issuing CA | the DNS name, for people to read |
| names (SAN) | the trust domain | the trust domain | one identity, one DNS name |
| basicConstraints | CA, path length 1 | CA, path length 0 | no CA |
| keyUsage | sign certificates, lists | sign certificates, lists | sign |
| extendedKeyUsage | - | - | server and client |

Form: RFC 5280 and the SPIFFE X.509-SVID (documented); lifetimes are ours (invented).
No name constraints: a leaf under the right root with a wrong name is then a matter for the
door, which tells the caller why, and not for TLS, which tells nobody anything.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from renkei_pki.identity import SUFFIX

BACKDATING = timedelta(minutes=5)
"""By how much everything is dated back, for clocks that differ."""

LEAF_LIFETIME = timedelta(days=90)

Usages = Sequence[x509.ObjectIdentifier]
"""What a leaf is good for: its extended key usages."""

SERVER_ALONE: Usages = (ExtendedKeyUsageOID.SERVER_AUTH,)
CLIENT_ALONE: Usages = (ExtendedKeyUsageOID.CLIENT_AUTH,)
SERVER_AND_CLIENT: Usages = (*SERVER_ALONE, *CLIENT_ALONE)

_ROOT_LIFETIME = timedelta(days=3650)
_ISSUING_LIFETIME = timedelta(days=1825)
LIST_LIFETIME = timedelta(days=30)
_LONGEST_COMMON_NAME = 64

_SCHEME = "spiffe://"


@dataclass(frozen=True, slots=True)
class Issuer:
    """A CA certificate with its key: who signs."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey = field(repr=False)


def root(domain: str, key: ec.EllipticCurvePrivateKey, *, now: datetime) -> x509.Certificate:
    """The root of a trust domain, signed by itself."""
    subject = _subject(f"{domain} root")
    dates = (now - BACKDATING, now + _ROOT_LIFETIME)
    builder = _certificate(subject, subject, key.public_key(), *dates)
    return _sign(_authority(builder, domain, path_length=1), key)


def issuing_ca(
    domain: str, key: ec.EllipticCurvePublicKey, issuer: Issuer, *, now: datetime
) -> x509.Certificate:
    """The issuing CA of a trust domain, signed by its root."""
    subject = _subject(f"{domain} issuing CA")
    dates = (now - BACKDATING, now + _ISSUING_LIFETIME)
    builder = _certificate(subject, issuer.certificate.subject, key, *dates)
    return _sign(_authority(builder, domain, path_length=0), issuer.key)


def leaf(
    common_name: str,
    names: Sequence[x509.GeneralName],
    key: ec.EllipticCurvePublicKey,
    issuer: Issuer,
    *,
    not_before: datetime,
    not_after: datetime,
    usages: Usages = SERVER_AND_CLIENT,
) -> x509.Certificate:
    """A leaf with these names, signed by the issuing CA."""
    subject = _subject(common_name)
    builder = (
        _certificate(subject, issuer.certificate.subject, key, not_before, not_after)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(digital_signature=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage(usages), critical=False)
    )
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return _sign(builder, issuer.key)


def revocation_list(
    revoked: Mapping[int, datetime], number: int, issuer: Issuer, *, now: datetime
) -> x509.CertificateRevocationList:
    """The issuing CA's list of revoked serials, each with the time of its revocation."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(now - BACKDATING)
        .next_update(now + LIST_LIFETIME)
        .add_extension(x509.CRLNumber(number), critical=False)
        .add_extension(_authority_key(issuer.key), critical=False)
    )
    for serial, at in revoked.items():
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(at)
        builder = builder.add_revoked_certificate(entry.build())
    return builder.sign(issuer.key, SHA256())


def domain_of(authority: x509.Certificate) -> str:
    """The trust domain of a root or issuing CA made here."""
    names = authority.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    (uri,) = names.get_values_for_type(x509.UniformResourceIdentifier)
    return uri.removeprefix(_SCHEME).removesuffix(f".{SUFFIX}")


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    not_before: datetime,
    not_after: datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(not_before)
        .not_valid_after(not_after)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _authority(
    builder: x509.CertificateBuilder, domain: str, *, path_length: int
) -> x509.CertificateBuilder:
    trust_domain = x509.UniformResourceIdentifier(f"{_SCHEME}{domain}.{SUFFIX}")
    return (
        builder.add_extension(
            x509.BasicConstraints(ca=True, path_length=path_length), critical=True
        )
        .add_extension(_key_usage(key_cert_sign=True, crl_sign=True), critical=True)
        .add_extension(x509.SubjectAlternativeName([trust_domain]), critical=False)
    )


def _sign(builder: x509.CertificateBuilder, key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    return builder.add_extension(_authority_key(key), critical=False).sign(key, SHA256())


def _authority_key(key: ec.EllipticCurvePrivateKey) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())


def _subject(common_name: str) -> x509.Name:
    name = common_name[:_LONGEST_COMMON_NAME]
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _key_usage(
    *, digital_signature: bool = False, key_cert_sign: bool = False, crl_sign: bool = False
) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
