"""The key that signs operator sessions, and its public half."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from renkei_pki.signing import SigningKey, VerifyingKey

UNFIT = [
    pytest.param(rsa.generate_private_key(65537, 2048), id="RSA"),
    pytest.param(ec.generate_private_key(ec.SECP384R1()), id="P-384"),
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a ward's operator key is."""
    return tmp_path / "operators" / "131148" / "key.pem"


@pytest.fixture
def keys(path: Path) -> tuple[SigningKey, VerifyingKey]:
    """Both halves."""
    return SigningKey.create(path), VerifyingKey.load(path.with_name("public.pem"))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(message=st.binary(max_size=500), place=st.integers(0, 60), change=st.integers(1, 255))
def test_the_public_half_accepts_what_was_signed_and_nothing_else(
    keys: tuple[SigningKey, VerifyingKey], message: bytes, place: int, change: int
) -> None:
    key, public = keys
    signature = key.sign(message)
    damaged = bytearray(signature)
    damaged[place] ^= change

    assert public.verify(signature, message)
    assert not public.verify(signature, message + b"x")
    assert not public.verify(bytes(damaged), message)
    assert not public.verify(b"", message)


def test_a_loaded_key_signs_as_the_created_one(path: Path) -> None:
    SigningKey.create(path)
    public = VerifyingKey.parse(path.with_name("public.pem").read_bytes())

    assert public.verify(SigningKey.load(path).sign(b"session"), b"session")


def test_another_wards_key_does_not_sign_for_this_one(path: Path, tmp_path: Path) -> None:
    SigningKey.create(path)
    other = SigningKey.create(tmp_path / "operators" / "131130" / "key.pem")

    assert not VerifyingKey.load(path.with_name("public.pem")).verify(other.sign(b"x"), b"x")


def test_a_signing_key_is_its_owners_alone_never_shown_and_never_written_over(path: Path) -> None:
    key = SigningKey.create(path)
    written = path.read_bytes()

    with pytest.raises(FileExistsError):
        SigningKey.create(path)

    assert path.read_bytes() == written
    assert path.stat().st_mode & 0o777 == 0o600
    assert repr(key) == "SigningKey()"


@pytest.mark.parametrize("key", UNFIT)
def test_a_key_of_another_kind_is_not_taken(
    path: Path, key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    with pytest.raises(ValueError, match="P-256"):
        SigningKey.load(path)
    with pytest.raises(ValueError, match="P-256"):
        VerifyingKey.parse(public)
