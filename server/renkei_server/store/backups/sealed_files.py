"""A file that is sealed as a whole, written and read as a stream in bounded memory.

- The content is cut into chunks, each encrypted by AES-256-GCM under the file's own key, which is
  derived (HKDF) from the backup key and a salt. A chunk's nonce is its number and whether it is
  the last; the file's head is bound to each. So a chunk that was changed, left out, put elsewhere
  or taken from another file is refused, and so is a file without its end.
- Nobody who lacks the key can read one, or make one.
- A chunk is told once it was verified; whether the file is whole is known at its end.

Source: the construction STREAM (Hoang, Reyhanitabar, Rogaway, Vizár 2015). Fidelity: invented.
"""

import hashlib
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from renkei import reasons
from renkei.refusals import Refusal
from renkei_server.store.engine.boxes import KEY_BYTES
from renkei_server.store.engine.sealing import make_key_file

CHUNK_BYTES: Final = 1 << 16
_TAG_BYTES: Final = 16
_SALT_BYTES: Final = 32
_COUNTER_BYTES: Final = 11
_MAGIC: Final = b"renkei backup 1\n"
_KEY_LINE: Final = "renkei backup key 1: "
_HEAD: Final = re.compile(rb"key ([0-9a-f]{16}) salt ([0-9a-f]{64})\n")
_HEAD_BYTES: Final = len(b"key  salt \n") + 16 + 2 * _SALT_BYTES
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


class BackupKey:
    """The key under which backups are made and restored; it shows nothing of itself."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self.name = hashlib.sha256(self._derived(b"renkei backup key name")).hexdigest()[:16]
        """By which a backup tells under which key it was made; no part of it is in there."""

    @classmethod
    def load(cls, path: Path) -> "BackupKey":
        """Read a key's file. Raises BACKUP_KEY_MALFORMED."""
        try:
            shown = path.stat().st_mode & _OTHERS
            told = path.read_text(encoding="ascii").strip()
            key = bytes.fromhex(told.removeprefix(_KEY_LINE))
        except OSError as error:
            raise Refusal(reasons.BACKUP_KEY_MALFORMED, f"{path}: {error.strerror}") from None
        except ValueError:
            raise Refusal(reasons.BACKUP_KEY_MALFORMED) from None
        if shown or not told.startswith(_KEY_LINE) or len(key) != KEY_BYTES:
            raise Refusal(reasons.BACKUP_KEY_MALFORMED)
        return cls(key)

    def of_file(self, salt: bytes) -> AESGCM:
        """The cipher of one file."""
        return AESGCM(self._derived(b"renkei backup file", salt))

    def _derived(self, purpose: bytes, salt: bytes | None = None) -> bytes:
        return HKDF(SHA256(), KEY_BYTES, salt=salt, info=purpose).derive(self._key)


def make_backup_key(path: Path) -> None:
    """Make a key's file, which its owner alone can read. Raises FileExistsError."""
    make_key_file(path, f"{_KEY_LINE}{os.urandom(KEY_BYTES).hex()}\n".encode())


class SealingWriter:
    """Writes such a file; `close` writes its end, without which it is none."""

    def __init__(self, file: IO[bytes], key: BackupKey) -> None:
        salt = os.urandom(_SALT_BYTES)
        self._head = _MAGIC + f"key {key.name} salt {salt.hex()}\n".encode()
        self._cipher = key.of_file(salt)
        self._file = file
        self._waiting = bytearray()
        self._count = 0
        file.write(self._head)

    def write(self, content: bytes) -> None:
        """Add to the content."""
        self._waiting += content
        while len(self._waiting) > CHUNK_BYTES:  # one is kept back: it may be the last
            self._put(bytes(self._waiting[:CHUNK_BYTES]), last=False)
            del self._waiting[:CHUNK_BYTES]

    def close(self) -> None:
        """Write what is left, as the end."""
        self._put(bytes(self._waiting), last=True)

    def _put(self, content: bytes, *, last: bool) -> None:
        nonce = _nonce(self._count, last=last)
        self._file.write(self._cipher.encrypt(nonce, content, self._head))
        self._count += 1


def opened(file: IO[bytes], key: BackupKey) -> Iterator[bytes]:
    """The content of such a file, chunk by chunk, each as it was written.

    Raises BACKUP_UNKNOWN, BACKUP_UNDER_ANOTHER_KEY or BACKUP_DAMAGED.
    """
    if file.read(len(_MAGIC)) != _MAGIC:
        raise Refusal(reasons.BACKUP_UNKNOWN)
    line = file.read(_HEAD_BYTES)
    found = _HEAD.fullmatch(line)
    if found is None:
        raise Refusal(reasons.BACKUP_DAMAGED)
    name, salt = found.groups()
    if name.decode() != key.name:
        raise Refusal(reasons.BACKUP_UNDER_ANOTHER_KEY)
    cipher = key.of_file(bytes.fromhex(salt.decode()))
    count, chunk = 0, file.read(CHUNK_BYTES + _TAG_BYTES)
    last = False
    while not last:
        following = file.read(CHUNK_BYTES + _TAG_BYTES)
        last = not following
        try:
            yield cipher.decrypt(_nonce(count, last=last), chunk, _MAGIC + line)
        except InvalidTag:
            raise Refusal(reasons.BACKUP_DAMAGED) from None
        count, chunk = count + 1, following


def _nonce(count: int, *, last: bool) -> bytes:
    return count.to_bytes(_COUNTER_BYTES) + bytes([last])
