"""One authority of the resident-register network, and a server under it, for every test here."""

import renkei_pki.tls  # noqa: F401  # isort: skip  # must come before grpc

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from renkei.networks import JUKINET
from renkei_pki import keys
from renkei_pki.authority import Authority
from renkei_pki.credentials import Credentials
from renkei_pki.identity import Identity

Deviant = Callable[..., Credentials]


@pytest.fixture
def now() -> datetime:
    """The machine's time: TLS knows no other."""
    return datetime.now(UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the authority is."""
    return tmp_path / "pki" / JUKINET


@pytest.fixture
def authority(folder: Path, now: datetime) -> Authority:
    """The authority of the network."""
    return Authority.create(folder, JUKINET, now=now)


@pytest.fixture
def foreign(tmp_path: Path, now: datetime) -> Authority:
    """The authority of another world's network of the same name."""
    return Authority.create(tmp_path / "another-world", JUKINET, now=now)


@pytest.fixture
def nakano() -> Identity:
    """A municipality's seat."""
    return Identity(JUKINET, "131148", "municipal-cs")


@pytest.fixture
def national() -> Identity:
    """The seat that it calls."""
    return Identity(JUKINET, "jlis", "national-server")


@pytest.fixture
def deviant(authority: Authority, now: datetime) -> Deviant:
    """Make credentials under the right root with whatever names, dates and usages."""

    def make(
        *uris: str,
        not_before: datetime = now - timedelta(minutes=5),
        not_after: datetime = now + timedelta(days=1),
        usages: tuple[x509.ObjectIdentifier, ...] = (
            ExtendedKeyUsageOID.SERVER_AUTH,
            ExtendedKeyUsageOID.CLIENT_AUTH,
        ),
    ) -> Credentials:
        key = keys.new_key()
        names = [x509.UniformResourceIdentifier(uri) for uri in uris]
        leaf = authority.sign_leaf(
            names, key.public_key(), not_before=not_before, not_after=not_after, usages=usages
        )
        return authority.credentials(leaf, key)

    return make
