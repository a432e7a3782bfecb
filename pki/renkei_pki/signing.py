"""The key by which an operator service signs sessions, and its public half (invented).

ECDSA P-256 with SHA-256; a signature is in its DER form.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)

from renkei_pki import files, keys
from renkei_pki.custody import OPENLY, Custody

PUBLIC_KEY = "public.pem"
"""The name of the public half's file; it lies beside the key."""

_ALGORITHM = ec.ECDSA(SHA256())


@dataclass(frozen=True, slots=True)
class VerifyingKey:
    """The public half: it judges signatures."""

    _key: ec.EllipticCurvePublicKey = field(repr=False)

    @classmethod
    def parse(cls, pem: bytes) -> Self:
        """Raise ValueError unless pem is an ECDSA P-256 public key."""
        key = load_pem_public_key(pem)
        if not keys.is_p256(key):
            msg = "not an ECDSA P-256 key"
            raise ValueError(msg)
        return cls(key)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Raise OSError or ValueError unless the file holds an ECDSA P-256 public key."""
        return cls.parse(path.read_bytes())

    def verify(self, signature: bytes, message: bytes) -> bool:
        """Whether the key's owner signed this message."""
        try:
            self._key.verify(signature, message, _ALGORITHM)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The private half: it signs."""

    _key: ec.EllipticCurvePrivateKey = field(repr=False)

    @classmethod
    def create(cls, path: Path, custody: Custody = OPENLY) -> Self:
        """Make a key and write it, with its public half beside it; FileExistsError if it is there."""
        key = keys.new_key()
        public_pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        files.private_folder(path.parent)
        content = custody.close(keys.write_key(key), _purpose_of(path))
        files.write_new(path, content, files.PRIVATE)
        files.write_new(path.with_name(PUBLIC_KEY), public_pem, files.PUBLIC)
        return cls(key)

    @classmethod
    def load(cls, path: Path, custody: Custody = OPENLY) -> Self:
        """Raise OSError or ValueError unless the file holds an ECDSA P-256 key, or as `custody`."""
        return cls(keys.read_key(custody.open(path.read_bytes(), _purpose_of(path))))

    def sign(self, message: bytes) -> bytes:
        """The signature of the message."""
        return self._key.sign(message, _ALGORITHM)


def _purpose_of(path: Path) -> str:
    """To what a wrapped key is bound: where it lies in its seat's folder."""
    return f"{path.parent.name}/{path.name}"
