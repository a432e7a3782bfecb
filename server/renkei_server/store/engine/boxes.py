"""A box: AES-256-GCM under one key, each value behind a random nonce of its own."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
_NONCE_BYTES = 12


class Box:
    """Closes and opens values under a key, which it never shows."""

    def __init__(self, key: bytes, *, ahead: int = 1) -> None:
        """So many nonces are drawn at a time: each draw is a wait."""
        self._cipher = AESGCM(key)
        self._ahead = ahead
        self._nonces = b""

    def close(self, value: bytes, place: bytes) -> bytes:
        """Encrypt a value, bound to its place."""
        if not self._nonces:
            self._nonces = os.urandom(self._ahead * _NONCE_BYTES)
        nonce, self._nonces = self._nonces[:_NONCE_BYTES], self._nonces[_NONCE_BYTES:]
        return nonce + self._cipher.encrypt(nonce, value, place)

    def open(self, closed: bytes, place: bytes) -> bytes:
        """Decrypt; raises InvalidTag for another key, another place or altered bytes."""
        if len(closed) < _NONCE_BYTES:
            raise InvalidTag
        return self._cipher.decrypt(closed[:_NONCE_BYTES], closed[_NONCE_BYTES:], place)
