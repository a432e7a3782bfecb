"""The key store as a file: a root key that its owner alone can read (invented; a real platform
has a hardware security module, for which the port is the same).
"""

from pathlib import Path

from cryptography.exceptions import InvalidTag

from renkei import reasons
from renkei.refusals import Refusal
from renkei_server.store.engine.boxes import KEY_BYTES, Box


class KeyFile:
    """Reads its file anew each time: a file taken away is a key store that is locked."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def wrap(self, key: bytes, purpose: bytes) -> bytes:
        """The key, to be opened for this purpose only. Raises KEY_STORE_LOCKED."""
        return self._box().close(key, purpose)

    def unwrap(self, wrapped: bytes, purpose: bytes) -> bytes:
        """The key again. Raises KEY_STORE_LOCKED, also where it is not one that it wrapped."""
        try:
            return self._box().open(wrapped, purpose)
        except InvalidTag as error:
            raise Refusal(reasons.KEY_STORE_LOCKED) from error

    def _box(self) -> Box:
        try:
            key = self._path.read_bytes()
        except OSError as error:
            raise Refusal(reasons.KEY_STORE_LOCKED) from error
        if len(key) != KEY_BYTES:
            raise Refusal(reasons.KEY_STORE_LOCKED)
        return Box(key)
