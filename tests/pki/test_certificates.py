"""Leaf certificates as a door reads them."""

import base64
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st

from renkei import reasons
from renkei.refusals import Refusal
from renkei_pki.authority import Authority
from renkei_pki.certificates import Leaf
from renkei_pki.credentials import Credentials
from renkei_pki.identity import Identity

Deviant = Callable[..., Credentials]
"""As the fixture `deviant`."""


def test_a_leaf_is_read_as_it_was_issued(
    authority: Authority, nakano: Identity, now: datetime
) -> None:
    second = now.replace(microsecond=0)
    pem = authority.issue(nakano, now=second).chain_pem
    certificate, issuing = x509.load_pem_x509_certificates(pem)
    signer = issuing.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value

    assert Leaf.parse(pem) == Leaf(
        identity=nakano,
        serial=certificate.serial_number,
        not_before=second - timedelta(minutes=5),
        not_after=second + timedelta(days=90),
        issuer_key=signer.digest,
        fingerprint=certificate.fingerprint(SHA256()),
    )


@pytest.mark.parametrize(
    "uris",
    [
        pytest.param([], id="no URI"),
        pytest.param(["spiffe://jukinet.renkei.test/131148/municipal-cs"] * 2, id="the same twice"),
        pytest.param(
            [
                "spiffe://jukinet.renkei.test/131148/municipal-cs",
                "spiffe://jukinet.renkei.test/jlis/national-server",
            ],
            id="two identities",
        ),
        pytest.param(["https://jukinet.renkei.test/131148/municipal-cs"], id="another scheme"),
        pytest.param(["spiffe://jukinet.renkei.test/131148/municipal-cs/x"], id="a longer path"),
        pytest.param(["spiffe://jukinet.renkei.test/131149/municipal-cs"], id="a wrong digit"),
        pytest.param(["spiffe://jukinet.renkei.test.evil/131148/municipal-cs"], id="a longer host"),
    ],
)
def test_a_certificate_without_exactly_one_identity_names_nobody(
    deviant: Deviant, uris: list[str]
) -> None:
    with pytest.raises(Refusal) as refused:
        Leaf.parse(deviant(*uris).chain_pem)

    assert refused.value.reason is reasons.CALLER_UNIDENTIFIED


def test_an_identity_of_another_domain_is_read_for_the_door_to_judge(deviant: Deviant) -> None:
    credentials = deviant("spiffe://linkage.renkei.test/131148/middle-server")

    assert credentials.identity == Identity("linkage", "131148", "middle-server")


def test_the_ca_itself_names_nobody(authority: Authority, nakano: Identity, now: datetime) -> None:
    credentials = authority.issue(nakano, now=now)

    with pytest.raises(Refusal) as refused:
        Leaf.parse(credentials.roots_pem)

    assert refused.value.reason is reasons.CALLER_UNIDENTIFIED


@given(text=st.binary(max_size=300))
def test_what_is_no_certificate_names_nobody(text: bytes) -> None:
    for found in (text, armoured(text)):
        with pytest.raises(Refusal) as refused:
            Leaf.parse(found)
        assert refused.value.reason is reasons.CALLER_UNIDENTIFIED


@pytest.mark.filterwarnings("ignore:Parsed a serial number")  # the library's, at a negative one
@pytest.mark.parametrize("change", [0x01, 0x80, 0xFF])
def test_a_damaged_certificate_is_read_or_names_nobody_but_breaks_nothing(
    authority: Authority, nakano: Identity, now: datetime, change: int
) -> None:
    pem = authority.issue(nakano, now=now).chain_pem
    der = x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER)
    refused = set()

    for place in range(len(der)):
        damaged = bytearray(der)
        damaged[place] ^= change
        try:
            Leaf.parse(armoured(bytes(damaged)))
        except Refusal as refusal:
            refused.add(refusal.reason)

    assert refused == {reasons.CALLER_UNIDENTIFIED}


def armoured(der: bytes) -> bytes:
    return (
        b"-----BEGIN CERTIFICATE-----\n" + base64.encodebytes(der) + b"-----END CERTIFICATE-----\n"
    )
