"""The authority: what it makes, for whom, and what it keeps of it."""

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID
from OpenSSL import crypto

from renkei import reasons
from renkei.networks import LINKAGE
from renkei.refusals import Refusal
from renkei_pki.authority import Authority, Issued
from renkei_pki.credentials import Credentials
from renkei_pki.identity import Identity


@pytest.fixture
def no_umask() -> Iterator[None]:
    """A process that shields its files from nobody."""
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def leaf_of(credentials: Credentials) -> x509.Certificate:
    return x509.load_pem_x509_certificates(credentials.chain_pem)[0]


def test_keys_are_their_owners_alone_whatever_the_umask(
    no_umask: None,  # noqa: ARG001
    folder: Path,
    tmp_path: Path,
    nakano: Identity,
    now: datetime,
) -> None:
    Authority.create(folder, nakano.domain, now=now).issue(nakano, now=now).write(tmp_path / "seat")

    private = [folder / "root-key.pem", folder / "issuing-key.pem", tmp_path / "seat" / "key.pem"]
    assert [mode(path) for path in private] == [0o600] * 3
    assert [mode(path) for path in (folder, folder / "issued", tmp_path / "seat")] == [0o700] * 3


def test_an_authority_is_never_written_over(
    authority: Authority, folder: Path, now: datetime
) -> None:
    before = {path: path.read_bytes() for path in folder.glob("*.pem")}

    with pytest.raises(FileExistsError):
        Authority.create(folder, authority.domain, now=now)

    assert {path: path.read_bytes() for path in folder.glob("*.pem")} == before


def test_two_authorities_share_no_key(
    authority: Authority, foreign: Authority, folder: Path, tmp_path: Path
) -> None:
    assert authority.domain == foreign.domain
    for name in ("root-key.pem", "issuing-key.pem"):
        assert (folder / name).read_bytes() != (tmp_path / "another-world" / name).read_bytes()


def test_a_loaded_authority_issues_as_the_created_one_did(
    authority: Authority, folder: Path, nakano: Identity, now: datetime
) -> None:
    (folder / "root-key.pem").unlink()  # may be kept elsewhere once the issuing CA is signed
    loaded = Authority.load(folder)

    assert loaded.domain == authority.domain
    assert loaded.issue(nakano, now=now).roots_pem == authority.issue(nakano, now=now).roots_pem


def test_a_leaf_bears_one_identity_and_the_one_name_derived_from_it(
    authority: Authority, nakano: Identity, now: datetime
) -> None:
    credentials = authority.issue(nakano, now=now)
    leaf = leaf_of(credentials)

    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert list(names) == [
        x509.UniformResourceIdentifier("spiffe://jukinet.renkei.test/131148/municipal-cs"),
        x509.DNSName("municipal-cs.131148.jukinet.renkei.test"),
    ]
    assert credentials.identity == nakano


def test_a_leaf_has_the_profile_of_a_leaf(
    authority: Authority, nakano: Identity, now: datetime
) -> None:
    leaf = leaf_of(authority.issue(nakano, now=now))

    constraints = leaf.extensions.get_extension_for_class(x509.BasicConstraints)
    usage = leaf.extensions.get_extension_for_class(x509.KeyUsage)
    purposes = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    key = leaf.public_key()
    assert constraints.critical
    assert not constraints.value.ca
    assert usage.critical
    assert usage.value.digital_signature
    assert not usage.value.key_cert_sign
    assert set(purposes) == {ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH}
    assert isinstance(key, ec.EllipticCurvePublicKey)
    assert isinstance(key.curve, ec.SECP256R1)


def test_a_leaf_is_dated_back_five_minutes_and_ends_when_told(
    authority: Authority, nakano: Identity, now: datetime
) -> None:
    second = now.replace(microsecond=0)
    usual = leaf_of(authority.issue(nakano, now=second))
    short = leaf_of(authority.issue(nakano, now=second, lifetime=timedelta(hours=1)))

    assert usual.not_valid_before_utc == second - timedelta(minutes=5)
    assert usual.not_valid_after_utc == second + timedelta(days=90)
    assert short.not_valid_after_utc == second + timedelta(hours=1)


def test_the_longest_identity_still_gets_a_certificate(authority: Authority, now: datetime) -> None:
    longest = Identity(authority.domain, "i" * 31, "r" * 31)

    credentials = authority.issue(longest, now=now)

    assert credentials.identity == longest
    assert len(longest.dns) > 64


def test_an_identity_of_another_domain_gets_no_certificate(
    authority: Authority, folder: Path, now: datetime
) -> None:
    with pytest.raises(Refusal) as refused:
        authority.issue(Identity(LINKAGE, "131148", "middle-server"), now=now)

    assert refused.value.reason is reasons.IDENTITY_OF_ANOTHER_DOMAIN
    assert list((folder / "issued").iterdir()) == []


def test_what_was_issued_can_be_listed_by_identity(
    authority: Authority, nakano: Identity, national: Identity, now: datetime
) -> None:
    leaves = [
        leaf_of(authority.issue(nakano, now=now, lifetime=timedelta(days=days))) for days in (2, 1)
    ]
    national_leaf = leaf_of(authority.issue(national, now=now))
    authority.revoke(leaves[1].serial_number, now=now)

    assert authority.issued() == [
        Issued(nakano, leaves[1].serial_number, leaves[1].not_valid_after_utc, revoked=True),
        Issued(nakano, leaves[0].serial_number, leaves[0].not_valid_after_utc, revoked=False),
        Issued(
            national, national_leaf.serial_number, national_leaf.not_valid_after_utc, revoked=False
        ),
    ]


def test_openssl_at_its_strictest_accepts_the_chain_and_refuses_the_revoked(
    authority: Authority, folder: Path, nakano: Identity, now: datetime
) -> None:
    good, bad = (authority.issue(nakano, now=now) for _ in range(2))
    authority.revoke(leaf_of(bad).serial_number, now=now)
    store = crypto.X509Store()
    store.add_cert(crypto.X509.from_cryptography(leaf_of(Credentials(good.roots_pem, b"", b""))))
    store.add_crl(x509.load_pem_x509_crl((folder / "crl.pem").read_bytes()))
    store.set_flags(crypto.X509StoreFlags.X509_STRICT | crypto.X509StoreFlags.CRL_CHECK)

    def judge(credentials: Credentials) -> None:
        leaf, issuing = (
            crypto.X509.from_cryptography(one)
            for one in x509.load_pem_x509_certificates(credentials.chain_pem)
        )
        crypto.X509StoreContext(store, leaf, [issuing]).verify_certificate()

    judge(good)
    with pytest.raises(crypto.X509StoreContextError, match="revoked"):
        judge(bad)
