"""Sealing of values at rest, and blind indexes to find them by.

Every value that names a person is written sealed (AES-256-GCM, its column bound
in as associated data) and looked up by a blind index (HMAC-SHA256), so that a
database file, its write-ahead log and its free pages show none of it without
the store's key. (invented; the assessment asks for encryption at rest)
"""

import os
import uuid
from functools import cache
from hashlib import blake2b, sha256
from pathlib import Path
from typing import Any, Final, Self

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Column

from renkei_pki.custody import OPENLY, Custody
from renkei_server.store.engine.boxes import KEY_BYTES, Box

SHORT_HASH_BYTES: Final = 16
_HASHED_AT_ONCE: Final = 64


class Sealer:
    """Seals, opens and indexes under one store's key, which it never shows."""

    def __init__(self, key: bytes) -> None:
        self._box = Box(sealing_key(key), ahead=64)
        self._inner, self._outer = _hmac_begun(_derive(key, b"renkei store blind index"))
        self._short = _derive(key, b"renkei store short hash")

    @classmethod
    def load(cls, path: Path, custody: Custody = OPENLY) -> Self:
        """Read the key file; raises OSError or ValueError where there is no whole key.

        Raises what `custody` raises where it is not kept as it says.
        """
        key = custody.open(path.read_bytes(), path.name)
        if len(key) != KEY_BYTES:
            msg = f"{path.name} holds no key of {KEY_BYTES} bytes"
            raise ValueError(msg)
        return cls(key)

    def seal(self, column: Column[Any], value: bytes) -> bytes:
        """Encrypt a value for its column."""
        return self._box.close(value, place_of(column))

    def open(self, column: Column[Any], sealed: bytes) -> bytes:
        """Decrypt; raises InvalidTag for another key, another column or altered bytes."""
        return self._box.open(sealed, place_of(column))

    def blind(self, column: Column[Any], value: bytes) -> bytes:
        """A keyed hash of 32 bytes, the same for the same value in the same column."""
        return self._keyed_hash(place_of(column), value)

    def short_hash(self, purpose: bytes, value: bytes) -> bytes:
        """A keyed hash of 16 bytes, of its own for each purpose, which is named in at most 16."""
        return blake2b(
            value, digest_size=SHORT_HASH_BYTES, key=self._short, person=purpose
        ).digest()

    def derived_request_id(self, purpose: str, cause: str) -> str:
        """The one request id that goes with a cause: the same whenever it is asked for."""
        hashed = self._keyed_hash(purpose.encode(), cause.encode())
        return str(uuid.UUID(bytes=hashed[:16], version=4))

    def _keyed_hash(self, purpose: bytes, value: bytes) -> bytes:
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(purpose + b"\0" + value)
        outer.update(inner.digest())
        hashed: bytes = outer.digest()
        return hashed


def sealing_key(key: bytes) -> bytes:
    """The key under which a store's values are sealed, from what its key file holds."""
    return _derive(key, b"renkei store seal")


def make_key_file(path: Path, key: bytes) -> None:
    """Write a new key file that its owner alone can read; raises FileExistsError."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(key)


@cache
def place_of(column: Column[Any]) -> bytes:
    """To what the values of a column are bound."""
    return f"{column.table.name}.{column.name}".encode()


def _hmac_begun(key: bytes) -> tuple[Any, Any]:
    """HMAC-SHA256 under a key, its two hashes begun: to go on costs half of a library's own."""
    inner, outer = bytes(one ^ 0x36 for one in key), bytes(one ^ 0x5C for one in key)
    padding = _HASHED_AT_ONCE - len(key)
    return sha256(inner + b"\x36" * padding), sha256(outer + b"\x5c" * padding)


def _derive(key: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=purpose).derive(key)
