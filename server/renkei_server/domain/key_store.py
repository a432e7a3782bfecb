"""The key store: what holds the root key, under which an organisation's keys are wrapped (MS-8)."""

from typing import Protocol


class KeyStore(Protocol):
    """Wraps keys without ever showing its own: a file, or a hardware security module."""

    def wrap(self, key: bytes, purpose: bytes) -> bytes:
        """The key, to be opened for this purpose only. Raises KEY_STORE_LOCKED."""
        ...

    def unwrap(self, wrapped: bytes, purpose: bytes) -> bytes:
        """The key again. Raises KEY_STORE_LOCKED, also where it is not one that it wrapped."""
        ...
