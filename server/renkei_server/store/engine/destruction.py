"""When the keys of erased values are destroyed: between two transactions, and after who reads them.

- An erasure is on the disk of the database before its key is destroyed: none comes back that nobody
  could open.
- A read may open what it found, though that is erased meanwhile: the keys wait for the reads that
  were under way, and not for those that begin later.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol, TypeVar

from sqlalchemy import MetaData

from renkei_server.store.engine import postgresql_erasure
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.key_ring import KeyRing

T = TypeVar("T")


class Transacts(Protocol):
    """Runs work in a transaction, and commits it."""

    def __call__(self, work: Callable[[Connection], T], *, durable: bool) -> tuple[T, Any]: ...


class Destruction:
    """Destroys the keys of one store's ring."""

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys
        self._metadata = MetaData()
        self._under_way: set[object] = set()
        self._erased: set[int] = set()
        self._waits_for: frozenset[object] = frozenset()
        """Keys that wait to be destroyed, and the reads for which they wait."""

    def prepare(self, connection: Connection, metadata: MetaData) -> None:
        """Have it noted what is erased. Raises STORE_KEYS_DAMAGED."""
        self._metadata = metadata
        postgresql_erasure.prepare(connection, metadata, self._keys)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """While it lasts, what was there when it began can be opened."""
        self._under_way.add(read := object())
        try:
            yield
        finally:
            self._under_way.discard(read)

    def let_alter(self, connection: Connection) -> None:
        """Let tables be altered, made and dropped until `prepare` is called: what is erased then is
        found by asking.
        """
        postgresql_erasure.stop_noting(connection)
        self._keys.doubt_all()

    def run(self, transact: Transacts) -> bool:
        """Destroy what can be; whether that was all. To be called between two transactions.

        Raises as the transactions do, STORE_KEYS_MISSING or STORE_KEYS_DAMAGED.
        """
        doubtful = self._keys.doubtful
        (erased, unused), _ = transact(lambda tx: self._judged(tx, doubtful), durable=True)
        unread = self._unread(erased)
        emptied = self._keys.destroy(unread | unused, doubtful)
        if unread:
            transact(lambda tx: postgresql_erasure.forget(tx, unread), durable=False)
        return unread == erased and emptied

    def _judged(self, connection: Connection, doubtful: set[int]) -> tuple[set[int], set[int]]:
        """Keys whose values were erased, and those in doubt that lock none.

        The transaction takes the schema's turn and is durable: so nobody else writes meanwhile, and
        what it finds committed is on the disk of the database once it is committed itself.
        """
        in_use = postgresql_erasure.in_use(connection, self._metadata, doubtful)
        return postgresql_erasure.noted(connection), doubtful - in_use

    def _unread(self, erased: set[int]) -> set[int]:
        """Those of the keys whose values no read can meet that is under way."""
        under_way = frozenset(self._under_way)
        if not under_way:
            return erased
        if self._waits_for & under_way:
            return set()
        unread, self._erased, self._waits_for = self._erased, erased, under_way
        return unread & erased
