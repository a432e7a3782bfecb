"""The keys to which an organisation's answers are sealed: how they are made, kept and turned.

Each key is one private file, named by its key id. Several may live: the newest of a suite is the
one to be published first and used for sealing, and the older ones go on opening what was sealed
to them until they are retired. HPKE is RFC 9180 (documented); the file's form is invented.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from renkei import reasons
from renkei.codes import Institution
from renkei.refusals import Refusal
from renkei.sealed_answers import KeyRecord, PublicKey, Suite
from renkei_pki import files

_SUFFIX = ".key.json"
_MLKEM_SEED_BYTES, _MLKEM_PUBLIC_BYTES = 64, 1184

_HPKE: Final = {
    Suite.MLKEM768_X25519: hpke.Suite(
        hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM
    ),
    Suite.X25519: hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM),
}

_Private = hpke.MLKEM768X25519PrivateKey | X25519PrivateKey
_Public = hpke.MLKEM768X25519PublicKey | X25519PublicKey


def encrypt(plaintext: bytes, to: PublicKey, *, info: bytes) -> bytes:
    """What only the key's owner can decrypt, with the same info.

    Raises PUBLISHED_KEYS_MALFORMED for what is no public key of its suite.
    """
    try:
        return _HPKE[to.suite].encrypt(plaintext, _public(to), info)
    except ValueError:
        raise Refusal(reasons.PUBLISHED_KEYS_MALFORMED, "not a key of its suite") from None


@dataclass(frozen=True, slots=True)
class AnswerKey:
    """One key with its private half."""

    public: PublicKey
    made_at: datetime
    _key: _Private = field(repr=False)

    @classmethod
    def create(cls, folder: Path, suite: Suite, *, now: datetime) -> Self:
        """Make a key and write it to a file of its own, for the owner's eyes only."""
        secret = X25519PrivateKey.generate().private_bytes_raw()
        if suite is Suite.MLKEM768_X25519:
            secret = MLKEM768PrivateKey.generate().private_bytes_raw() + secret
        made = cls._of(suite, secret, now)
        told = {"suite": suite.name, "made_at": now.isoformat(), "secret": secret.hex()}
        path = files.private_folder(folder) / f"{made.public.key_id}{_SUFFIX}"
        files.write_new(path, json.dumps(told).encode(), files.PRIVATE)
        files.sync(path, folder)  # before anything is sealed to it
        return made

    @classmethod
    def load(cls, path: Path) -> Self:
        """Raise OSError or ValueError unless the file holds the key by which it is named."""
        try:
            told = json.loads(path.read_bytes())
            made_at = datetime.fromisoformat(told["made_at"])
            loaded = cls._of(Suite[told["suite"]], bytes.fromhex(told["secret"]), made_at)
        except (KeyError, TypeError, ValueError):
            msg = f"{path.name} holds no key"
            raise ValueError(msg) from None
        if path.name != f"{loaded.public.key_id}{_SUFFIX}":
            msg = f"{path.name} holds another key"
            raise ValueError(msg)
        return loaded

    @classmethod
    def _of(cls, suite: Suite, secret: bytes, made_at: datetime) -> Self:
        if suite is Suite.X25519:
            alone = X25519PrivateKey.from_private_bytes(secret)
            return cls(PublicKey(suite, alone.public_key().public_bytes_raw()), made_at, alone)
        mlkem = MLKEM768PrivateKey.from_seed_bytes(secret[:_MLKEM_SEED_BYTES])
        x25519 = X25519PrivateKey.from_private_bytes(secret[_MLKEM_SEED_BYTES:])
        public = mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()
        key = hpke.MLKEM768X25519PrivateKey(mlkem, x25519)
        return cls(PublicKey(suite, public), made_at, key)

    def decrypt(self, ciphertext: bytes, *, info: bytes) -> bytes:
        """The plaintext; raises ANSWER_NOT_OPENED for what is damaged or has another info."""
        try:
            return _HPKE[self.public.suite].decrypt(ciphertext, self._key, info)
        except (InvalidTag, ValueError):
            raise Refusal(reasons.ANSWER_NOT_OPENED) from None


@dataclass(frozen=True, slots=True)
class AnswerKeys:
    """Every key of one organisation that lives, the newest first."""

    organisation: Institution
    keys: tuple[AnswerKey, ...]

    @classmethod
    def load(cls, folder: Path, organisation: Institution) -> Self:
        """Raise OSError or ValueError where a file in the folder is no key."""
        keys = [AnswerKey.load(path) for path in folder.glob(f"*{_SUFFIX}")]
        keys.sort(key=lambda key: (key.made_at, key.public.key_id), reverse=True)
        return cls(organisation, tuple(keys))

    def find(self, key_id: str) -> AnswerKey:
        """The key by its id; raises ANSWER_KEY_UNKNOWN."""
        for key in self.keys:
            if key.public.key_id == key_id:
                return key
        raise Refusal(reasons.ANSWER_KEY_UNKNOWN)

    def record(
        self, number: int, suites: Sequence[Suite], *, not_before: datetime, not_after: datetime
    ) -> KeyRecord:
        """What is to be published: the keys of these suites, of which the first is preferred.

        Raises PUBLISHED_KEYS_MALFORMED where there is no key for one of them.
        """
        public = tuple(key.public for key in self.keys if key.public.suite in suites)
        return KeyRecord(self.organisation, number, tuple(suites), public, not_before, not_after)


class AnswerKeyFolder:
    """The keys of a folder, read again as soon as a key was made or retired."""

    def __init__(self, folder: Path, organisation: Institution) -> None:
        """Raise OSError or ValueError where a file in the folder is no key."""
        self._folder = folder
        self._organisation = organisation
        self._seen = self._version()
        self._held = AnswerKeys.load(folder, organisation)

    def current(self) -> AnswerKeys:
        """The keys to use from now on; what cannot be read now changes nothing."""
        try:
            version = self._version()
            if version != self._seen:
                self._held = AnswerKeys.load(self._folder, self._organisation)
                self._seen = version
        except (OSError, ValueError):
            pass  # a key is being written; the next call looks again
        return self._held

    def _version(self) -> int:
        return self._folder.stat().st_mtime_ns


def retire(folder: Path, key_id: str) -> None:
    """Destroy a key for good: nothing that was sealed to it can be opened any more."""
    (folder / f"{key_id}{_SUFFIX}").unlink()
    files.sync(folder)


@lru_cache(maxsize=256)
def _public(key: PublicKey) -> _Public:
    if key.suite is Suite.X25519:
        return X25519PublicKey.from_public_bytes(key.value)
    return hpke.MLKEM768X25519PublicKey(
        MLKEM768PublicKey.from_public_bytes(key.value[:_MLKEM_PUBLIC_BYTES]),
        X25519PublicKey.from_public_bytes(key.value[_MLKEM_PUBLIC_BYTES:]),
    )
