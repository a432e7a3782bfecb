"""The key store as a file: a root key that its owner alone can read (invented; a real platform
has a hardware security module, for which the port is the same).
"""

import os
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
        return Box(read_key(self._path))


def read_key(path: Path) -> bytes:
    """The key in a file of a key store. Raises KEY_STORE_LOCKED."""
    try:
        key = path.read_bytes()
    except OSError as error:
        raise Refusal(reasons.KEY_STORE_LOCKED, path.name) from error
    if len(key) != KEY_BYTES:
        raise Refusal(reasons.KEY_STORE_LOCKED, path.name)
    return key


def move_key_in(path: Path, key: bytes) -> None:
    """Let a key store's file hold a key that was kept elsewhere; then it is on the disk, whole."""
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(key)
        file.flush()
        os.fsync(descriptor)
    new.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
