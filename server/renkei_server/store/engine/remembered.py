"""What is read again and again of tables that seldom change: kept in memory until one does.

Only what a reader found is kept, and only where its tables have not changed since before it began:
what a transaction sees of its own is never there once it fails. A transaction that changed one of
the tables itself reads for itself.
"""

from collections.abc import Callable, Hashable
from typing import Final, Generic, TypeVar

from renkei_server.store.engine.changes import Changes, Names
from renkei_server.store.engine.connection import Connection

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

_MOST: Final = 1_000
"""So many keys are remembered; then all are forgotten."""


class Remembered(Generic[K, V]):
    """One way to read, with what it found; for one store."""

    def __init__(self, read: Callable[[Connection, K], V], tables: Names) -> None:
        """`tables` are all of which it reads."""
        self._read = read
        self._tables = tables
        self._known: dict[K, tuple[Changes, int, V]] = {}

    def get(self, connection: Connection, key: K) -> V:
        """What reading finds; raises what it raises."""
        changes, state = connection.changes, connection.changes.of(self._tables)
        known = self._known.get(key)
        if (
            known is not None
            and known[0] is changes
            and known[1] == state
            and not connection.has_changed(self._tables)
        ):
            return known[2]
        found = self._read(connection, key)
        if connection.began_at is not None and state <= connection.began_at:
            if len(self._known) >= _MOST:
                self._known.clear()
            self._known[key] = (changes, state, found)
            if changes.of(self._tables) != state:  # and so perhaps forgotten meanwhile
                self._known.pop(key, None)
        return found

    def forget(self) -> None:
        """Let nothing of it stay in memory."""
        self._known.clear()
