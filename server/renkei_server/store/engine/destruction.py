"""When the keys of erased values are destroyed: between two transactions, and after who reads them.

- The first worker destroys, while it has the store's turn: so no other draws a key meanwhile.
- An erasure is on the disk of the database before its key is destroyed: none comes back that nobody
  could open.
- A read may open what it found, though that is erased meanwhile: the keys wait for the reads that
  were under way at any worker, and not for those that begin later (`reads`).
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Protocol, TypeVar

from sqlalchemy import MetaData

from renkei_server.store.engine import postgresql_erasure
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.key_ring import KeyRing
from renkei_server.store.engine.reads import Reads
from renkei_server.store.engine.shared import Shared

T = TypeVar("T")


class Transacts(Protocol):
    """Runs work in a transaction, and commits it."""

    def __call__(self, work: Callable[[Connection], T], *, durable: bool) -> tuple[T, Any]: ...


class Destruction:
    """Destroys the keys of one store's ring."""

    def __init__(self, keys: KeyRing, shared: Shared) -> None:
        self._keys = keys
        self._reads = Reads(shared)
        self._metadata = MetaData()
        self._erased: set[int] = set()
        self._waits_for = 0
        """Keys that wait to be destroyed, and the round of reads for which they wait."""

    def prepare(self, connection: Connection, metadata: MetaData) -> None:
        """Have it noted what is erased. Raises STORE_KEYS_DAMAGED."""
        self._metadata = metadata
        postgresql_erasure.prepare(connection, metadata, self._keys)

    def reading(self) -> AbstractContextManager[None]:
        """While it lasts, what was there when it began can be opened."""
        return self._reads.one()

    def let_alter(self, connection: Connection) -> None:
        """Let tables be altered, made and dropped until `prepare` is called: what is erased then is
        found by asking.
        """
        postgresql_erasure.stop_noting(connection)
        self._keys.doubt_all()

    def run(self, transact: Transacts) -> bool:
        """Destroy what can be; whether that was all. To be called between two transactions.

        Raises as the transactions do, STORE_TAKEN_OVER, STORE_KEYS_MISSING or STORE_KEYS_DAMAGED.
        """
        (erased, unused), _ = transact(self._judged, durable=True)
        unread = self._unread(erased)
        emptied = self._keys.settle(unread | unused)
        if unread:
            transact(lambda tx: postgresql_erasure.forget(tx, unread), durable=False)
        return unread == erased and emptied

    def _judged(self, connection: Connection) -> tuple[set[int], set[int]]:
        """Keys whose values were erased, and those in doubt that never locked one.

        The transaction takes the schema's turn and is durable: so nobody else writes meanwhile, and
        what it finds committed is on the disk of the database once it is committed itself.
        """
        doubtful = self._keys.doubtful
        erased = postgresql_erasure.noted(connection)
        in_use = postgresql_erasure.in_use(connection, self._metadata, doubtful)
        return erased, doubtful - in_use - erased

    def _unread(self, erased: set[int]) -> set[int]:
        """Those of the keys whose values no read can meet that is under way."""
        now = self._reads.round
        if self._reads.are_over(now):
            return erased
        if not self._reads.are_over(self._waits_for):
            return set()
        unread, self._erased, self._waits_for = self._erased, erased, now
        self._reads.begin_round()
        return unread & erased
