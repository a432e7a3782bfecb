"""Certificate requests: the key is taken from them, and nothing else."""

import base64
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

from renkei import reasons
from renkei.networks import LINKAGE
from renkei.refusals import Refusal
from renkei_pki import keys
from renkei_pki.authority import Authority
from renkei_pki.certificates import Leaf
from renkei_pki.identity import Identity

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


def armoured(der: bytes) -> bytes:
    body = base64.encodebytes(der)
    return b"-----BEGIN CERTIFICATE REQUEST-----\n" + body + b"-----END CERTIFICATE REQUEST-----\n"


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

    assert refused.value.reason is reasons.CSR_KEY_UNFIT
    assert authority.issued() == []


def test_a_request_not_signed_by_its_own_key_is_refused(
    authority: Authority, nakano: Identity, now: datetime
) -> None:
    damaged = SOUND[:-1] + bytes([SOUND[-1] ^ 1])  # a signature is what a request ends with

    with pytest.raises(Refusal) as refused:
        authority.issue_for(armoured(damaged), nakano, now=now)

    assert refused.value.reason is reasons.CSR_INVALID
    assert authority.issued() == []


def test_a_request_for_an_identity_of_another_domain_is_refused(
    authority: Authority, now: datetime
) -> None:
    with pytest.raises(Refusal) as refused:
        authority.issue_for(armoured(SOUND), Identity(LINKAGE, "jlis", "mynaportal"), now=now)

    assert refused.value.reason is reasons.IDENTITY_OF_ANOTHER_DOMAIN
    assert authority.issued() == []


@pytest.mark.parametrize("change", [0x01, 0x80, 0xFF])
def test_a_request_with_any_signed_byte_changed_is_refused(
    authority: Authority, nakano: Identity, now: datetime, change: int
) -> None:
    signed = x509.load_der_x509_csr(SOUND).tbs_certrequest_bytes
    for place in range(SOUND.index(signed) + len(signed)):
        damaged = bytearray(SOUND)
        damaged[place] ^= change

        with pytest.raises(Refusal) as refused:
            authority.issue_for(armoured(bytes(damaged)), nakano, now=now)

        assert refused.value.reason in {reasons.CSR_INVALID, reasons.CSR_KEY_UNFIT}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.binary(max_size=200))
def test_what_is_no_request_is_refused(
    authority: Authority, nakano: Identity, now: datetime, text: bytes
) -> None:
    for found in (text, armoured(text)):
        with pytest.raises(Refusal) as refused:
            authority.issue_for(found, nakano, now=now)
        assert refused.value.reason is reasons.CSR_INVALID
