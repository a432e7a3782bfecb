"""A box: AES-256-GCM under one key, each value behind a random nonce of its own."""

import os
from collections import deque
from collections.abc import Callable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12


class Box:
    """Closes and opens values under a key, which it never shows."""

    def __init__(self, key: bytes, *, ahead: int = 1) -> None:
        """So many nonces are drawn at a time: each draw is a wait."""
        self._cipher = AESGCM(key)
        self._ahead = ahead
        self._nonces: deque[bytes] = deque()

    def close(
        self, value: bytes, place: bytes, draw: Callable[[int], bytes] | None = None
    ) -> bytes:
        """Encrypt a value, bound to its place; `draw` gives random bytes that were drawn already."""
        nonce = self._nonce() if draw is None else draw(NONCE_BYTES)
        if len(nonce) != NONCE_BYTES:
            msg = "what was drawn is used up"
            raise ValueError(msg)
        return nonce + self._cipher.encrypt(nonce, value, place)

    def _nonce(self) -> bytes:
        """One that nobody else gets: use cases run on several threads."""
        try:
            return self._nonces.popleft()  # in one step
        except IndexError:
            drawn = os.urandom(self._ahead * NONCE_BYTES)
            nonce, *more = (
                drawn[begin : begin + NONCE_BYTES] for begin in range(0, len(drawn), NONCE_BYTES)
            )
            self._nonces.extend(more)
            return nonce

    def open(self, closed: bytes, place: bytes) -> bytes:
        """Decrypt; raises InvalidTag for another key, another place or altered bytes."""
        if len(closed) < NONCE_BYTES:
            raise InvalidTag
        return self._cipher.decrypt(closed[:NONCE_BYTES], closed[NONCE_BYTES:], place)
