"""Certificate requests: the key is taken from them, and nothing else."""

from datetime import datetime
from typing import TypeAlias

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from renkei.refusals import Reason, Refusal
from renkei_pki import keys
from renkei_pki.authority import Authority
from renkei_pki.certificates import Leaf
from renkei_pki.identity import LINKAGE, Identity

Key: TypeAlias = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey


def request(key: Key, *uris: str) -> x509.CertificateSigningRequest:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    builder = x509.CertificateSigningRequestBuilder().subject_name(name)
    if uris:
        names = [x509.UniformResourceIdentifier(uri) for uri in uris]
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return builder.sign(key, None if isinstance(key, ed25519.Ed25519PrivateKey) else SHA256())


def pem(found: x509.CertificateSigningRequest) -> bytes:
    return found.public_bytes(Encoding.PEM)


SOUND = request(keys.new_key()).public_bytes(Encoding.DER)


def test_the_key_of_a_request_is_certified_for_the_identity_that_the_authority_names(
    authority: Authority, nakano: Identity, national: Identity, now: datetime
) -> None:
    key = keys.new_key()

    chain = authority.issue_for(pem(request(key, national.uri)), nakano, now=now)

    leaf, issuing = x509.load_pem_x509_certificates(chain)
    assert leaf.public_key() == key.public_key()
    assert Leaf.parse(chain).identity == nakano
    leaf.verify_directly_issued_by(issuing)
    assert [one.serial for one in authority.issued()] == [leaf.serial_number]


@pytest.mark.parametrize(
    "key",
    [
        pytest.param(rsa.generate_private_key(65537, 2048), id="RSA"),
        pytest.param(ec.generate_private_key(ec.SECP384R1()), id="P-384"),
        pytest.param(ed25519.Ed25519PrivateKey.generate(), id="Ed25519"),
    ],
)
def test_a_key_of_another_kind_is_refused(
    authority: Authority, nakano: Identity, now: datetime, key: Key
) -> None:
    with pytest.raises(Refusal) as refused:
        authority.issue_for(pem(request(key)), nakano, now=now)

    assert refused.value.reason is Reason.CSR_KEY_UNFIT
    assert authority.issued() == []


def test_a_request_without_proof_of_possession_is_refused(
    authority: Authority, nakano: Identity, now: datetime
) -> None:
    stolen, own = request(keys.new_key()), request(keys.new_key())
    forged = stolen.public_bytes(Encoding.DER).replace(stolen.signature, own.signature)
    if len(stolen.signature) != len(own.signature):  # DER lengths would differ: damage it instead
        forged = forged[:-1] + bytes([forged[-1] ^ 1])

    with pytest.raises(Refusal) as refused:
        authority.issue_for(
            b"-----BEGIN CERTIFICATE REQUEST-----\n", nakano, now=now
        )
    assert refused.value.reason is Reason.CSR_INVALID
