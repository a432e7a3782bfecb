"""One schema of a PostgreSQL database: its connections and transactions. Nothing else knows it,
but for how schemas are reached (`postgresql_schemas`).

- One connection writes, in a thread of its own, and no other writes to the schema meanwhile; a few
  read. Of several workers of a seat each has such ones, and writes when it has the store's turn.
- Who writes sees what is committed (READ COMMITTED): with one writer that is a serial order.
- Whatever ends a transaction without a fault of its use cases - a lost connection, a restart of
  the database, a serialization failure - runs it once more, for a while; then it is an outage.
- A commit whose answer was lost is asked about (`postgresql_turns`). Where nobody can be asked it
  is an outage too: a request that is repeated finds what was done by its receipt.
- Where the database says nothing any more the wait is ended (`postgresql_silence`): an outage.
- A durable commit waits for the disk; another survives the death of the seat, and may be lost
  with the database's machine (`synchronous_commit`).
- Nothing here needs more than a connection, transactions and savepoints: no advisory lock, no
  order of a sequence.
- What is deleted stays in the database's files: what must be gone is locked with a key that lies
  elsewhere, and `tidy` destroys it (`key_ring`, `destruction`).
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TypeVar

import psycopg
from psycopg import errors
from sqlalchemy import MetaData
from sqlalchemy.exc import SQLAlchemyError

from renkei import reasons
from renkei.limits import BATCH_LIMIT
from renkei.refusals import Refusal
from renkei_server.store.engine import postgresql_copies
from renkei_server.store.engine.connection import Connection, Effect, bring_about, cause_of
from renkei_server.store.engine.database import Then
from renkei_server.store.engine.destruction import Destruction
from renkei_server.store.engine.form import Form
from renkei_server.store.engine.key_ring import KeyRing
from renkei_server.store.engine.outages import unavailable
from renkei_server.store.engine.places import Schema
from renkei_server.store.engine.postgresql_schemas import engine_of, ensure_there, not_opened
from renkei_server.store.engine.postgresql_silence import Watch, watching
from renkei_server.store.engine.postgresql_turns import Turns
from renkei_server.store.engine.shared import Shared

T = TypeVar("T")

_READERS = 2
_MOST_READS = 10 * BATCH_LIMIT
"""So many reads wait for a connection at most: those of some batches that come together."""
_PATIENCE_SECONDS = 2.0
"""So long a transaction is run again where the database is away; then it is an outage."""
_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 0.02, 0.25
_SNAPSHOT = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_WHILE_ANOTHER_RESHAPES = "SET LOCAL lock_timeout TO '1min'"
_FAILURES = (SQLAlchemyError, psycopg.Error)
_ASKED_WRONGLY = (psycopg.IntegrityError, psycopg.DataError, psycopg.ProgrammingError)
_AWAY = (errors.UndefinedTable, errors.InsufficientPrivilege, errors.InvalidSchemaName)
"""Errors of asking which say that what should be there is not."""
_PASSING = (
    errors.SerializationFailure,
    errors.DeadlockDetected,
    errors.AdminShutdown,
    errors.CrashShutdown,
    errors.CannotConnectNow,
    errors.IdleInTransactionSessionTimeout,
)


class PostgreSQL:
    """The one who writes a schema, and those who read it."""

    dies_alone = True
    tidies_at_work = True

    def __init__(self, schema: Schema, shared: Shared | None = None) -> None:
        """Raise the reason why the database cannot be opened, each its own. `shared` is what the
        store has in common with those of the seat's other workers; the first has made all of it.
        """
        shared = shared or Shared.alone()
        make = shared.is_first and ensure_there(schema)
        self._keys = KeyRing(schema.keys, make=make, shared=shared)
        self._destruction = Destruction(self._keys, shared)
        self._engine = engine_of(schema)
        self._writer: Connection | None = None
        self._turns = Turns()
        self._writing = ThreadPoolExecutor(1, thread_name_prefix=f"{schema.name} writer")
        self._reading = ThreadPoolExecutor(_READERS, thread_name_prefix=f"{schema.name} reader")
        self._idle: deque[Connection] = deque()
        self._reads = 0

    def ready(self, metadata: MetaData) -> None:
        """Have it noted what is erased. Raises STORE_KEYS_DAMAGED."""
        self._write_at_leisure(lambda connection: self._destruction.prepare(connection, metadata))

    def transact(self, work: Callable[[Connection], T], *, durable: bool, then: Then[T]) -> None:
        """Run the work in a transaction and commit it; say then how it ended."""
        watch = Watch(lambda: self._writer)

        def ended(done: asyncio.Future[tuple[T, Sequence[Effect]]]) -> None:
            watch.end()
            if (error := done.exception()) is not None:
                then(None, error)
                return
            value, effects = done.result()
            bring_about(effects)
            then(value, None)

        loop = asyncio.get_running_loop()
        running = loop.run_in_executor(
            self._writing, partial(self._transact, work, durable=durable)
        )
        running.add_done_callback(ended)

    def write_now(self, work: Callable[[Connection], T]) -> T:
        """The same at once, before any server runs."""
        try:
            value, effects = self._writing.submit(self._transact, work, durable=True).result()
        except _FAILURES as error:
            if self.is_outage(error):
                raise not_opened(cause_of(error)) from error
            raise
        bring_about(effects)
        return value

    def reshape_now(self, work: Callable[[Connection], T]) -> T:
        """The same for work that alters tables, however long that takes; `ready` comes after it."""

        def reshape(connection: Connection) -> T:
            connection.driver.execute(_WHILE_ANOTHER_RESHAPES)
            self._destruction.let_alter(connection)
            return work(connection)

        return self._write_at_leisure(reshape)

    def _write_at_leisure(self, work: Callable[[Connection], T]) -> T:
        def write(connection: Connection) -> T:
            connection.driver.execute("SET LOCAL statement_timeout TO 0")
            return work(connection)

        return self.write_now(write)

    async def look(self, work: Callable[[Connection], T]) -> T:
        """Run one reading statement, which is a snapshot by itself. Raises STORE_UNAVAILABLE."""
        return await self._read(work, "")

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run reading statements on one snapshot. Raises STORE_UNAVAILABLE."""
        return await self._read(work, _SNAPSHOT)

    def read_now(self, work: Callable[[Connection], T]) -> T:
        """The same at once, where nobody else waits."""
        return self._reading.submit(self._read_patiently, work, _SNAPSHOT, []).result()

    def is_outage(self, error: Exception) -> bool:
        """Whether the database is at fault, and not what was asked of it."""
        cause = cause_of(error)
        if isinstance(cause, _AWAY):
            return True
        return isinstance(cause, psycopg.Error) and not isinstance(cause, _ASKED_WRONGLY)

    async def tidy(self) -> bool:
        """Destroy the keys of what was erased, between two transactions; whether all could be.

        To be called with the store's turn. Raises STORE_UNAVAILABLE, STORE_KEYS_MISSING or STORE_KEYS_DAMAGED.
        """
        with watching(lambda: self._writer):
            return await asyncio.get_running_loop().run_in_executor(self._writing, self._destroy)

    def save(self, path: Path) -> None:
        """Write what is committed now to a file. Raises STORE_UNAVAILABLE."""
        with self._keys.undestroyed():
            self.read_now(lambda connection: postgresql_copies.save(connection, path))

    def restore(self, path: Path, form: Form) -> None:
        """Keep what such a file holds, and nothing else; raises as opening it would."""
        try:
            self.write_now(lambda connection: postgresql_copies.restore(connection, path, form))
        except _FAILURES as error:
            raise unavailable(error) from error

    def close(self) -> None:
        """Let go of the connections, and of the keys."""
        self._writing.shutdown()
        self._reading.shutdown()
        for one in (self._writer, *self._idle):
            if one is not None:
                _drop(one)
        self._engine.dispose()
        self._keys.close()

    # Writing, on the writer's thread

    def _transact(
        self, work: Callable[[Connection], T], *, durable: bool
    ) -> tuple[T, Sequence[Effect]]:
        return _patiently(lambda: self._once(work, durable=durable))

    def _once(
        self, work: Callable[[Connection], T], *, durable: bool
    ) -> tuple[T, Sequence[Effect]]:
        connection, number = self._begun(durable=durable)
        try:
            value = work(connection)
            self._turns.end(connection)
            connection.require_keys()
        except Exception as error:
            self._take_back(connection)
            if _is_passing(error, connection):
                raise _AgainError(error) from error
            raise
        effects = connection.take_effects()
        try:
            committed = connection.driver.execute("COMMIT").statusmessage == "COMMIT"
            if committed:
                connection.committed()
            connection.end()
        except psycopg.Error as error:
            self._take_back(connection)
            if not (connection.driver.closed and self._was_committed(number, error)):
                raise _AgainError(error) from error
            return value, effects
        if not committed:
            raise errors.InFailedSqlTransaction("a use case went on after an error of the database")
        return value, effects

    def _begun(self, *, durable: bool) -> tuple[Connection, str]:
        """A connection in a new transaction, and the transaction's number."""
        try:
            connection = self._writer = self._writer or self._connect()
        except _FAILURES as error:
            raise _AgainError(error) from error
        try:
            return connection, self._turns.begin(connection, durable=durable)
        except _FAILURES as error:
            self._take_back(connection)
            if _is_passing(error, connection):
                raise _AgainError(error) from error
            raise

    def _take_back(self, connection: Connection) -> None:
        """Undo what was not committed; a connection that is lost is let go of."""
        connection.taken_back()
        try:
            connection.driver.execute("ROLLBACK")
            connection.end()
        except _FAILURES:
            self._writer = None
            _drop(connection)

    def _destroy(self) -> bool:
        try:
            return self._destruction.run(self._transact)
        except _FAILURES as error:
            raise unavailable(error) from error

    def _was_committed(self, number: str, lost: psycopg.Error) -> bool:
        """Ask for the outcome of a commit whose answer was lost; raise that loss if none tells."""
        until = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < until:
            with suppress(*_FAILURES), self._asking() as connection:
                if (told := self._turns.was_committed(connection, number)) is not None:
                    return told
            time.sleep(_LONGEST_PAUSE_SECONDS / 5)
        raise lost

    @contextmanager
    def _asking(self) -> Iterator[Connection]:
        connection = self._connect()
        try:
            yield connection
        finally:
            _drop(connection)

    # Reading, on the readers' threads

    async def _read(self, work: Callable[[Connection], T], begin: str) -> T:
        if self._reads >= _MOST_READS:
            raise Refusal(reasons.STORE_UNAVAILABLE, "too many reads wait for the database")
        self._reads += 1
        at: list[Connection] = []  # the one at which its thread waits
        try:
            with watching(lambda: at[-1] if at else None):
                loop, read = asyncio.get_running_loop(), self._read_patiently
                return await loop.run_in_executor(self._reading, read, work, begin, at)
        finally:
            self._reads -= 1

    def _read_patiently(
        self, work: Callable[[Connection], T], begin: str, at: list[Connection]
    ) -> T:
        try:
            with self._destruction.reading():
                return _patiently(lambda: self._read_once(work, begin, at))
        except _FAILURES as error:
            raise unavailable(error) from error

    def _read_once(self, work: Callable[[Connection], T], begin: str, at: list[Connection]) -> T:
        connection = self._reader()
        at.append(connection)
        try:
            if begin:
                connection.begin(begin)
            return work(connection)
        except _FAILURES as error:
            if _is_passing(error, connection):
                raise _AgainError(error) from error
            raise
        finally:
            self._give_back(connection)
            at.clear()

    def _reader(self) -> Connection:
        while self._idle:
            connection = self._idle.popleft()
            if not connection.driver.closed:
                return connection
            _drop(connection)
        try:
            return self._connect()
        except _FAILURES as error:
            raise _AgainError(error) from error

    def _give_back(self, connection: Connection) -> None:
        try:
            connection.driver.rollback()
            connection.end()
            self._idle.append(connection)
        except _FAILURES:
            _drop(connection)

    def _connect(self) -> Connection:
        return Connection(self._engine.connect(), self._keys)


class _AgainError(Exception):
    """A transaction ended without a fault of its own, and nothing of it was committed."""

    def __init__(self, why: Exception) -> None:
        super().__init__()
        self.why = why


def _patiently(attempt: Callable[[], T]) -> T:
    """Try again while the database is away, for a while; raises then what kept it away."""
    until, pause = time.monotonic() + _PATIENCE_SECONDS, _FIRST_PAUSE_SECONDS
    while True:
        try:
            return attempt()
        except _AgainError as again:
            if time.monotonic() > until:
                raise again.why from again
        time.sleep(pause)
        pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)


def _is_passing(error: Exception, connection: Connection) -> bool:
    return isinstance(cause_of(error), _PASSING) or bool(connection.driver.closed)


def _drop(connection: Connection) -> None:
    """Let go of a connection, whatever state it is in."""
    with suppress(*_FAILURES):
        connection.alchemy.invalidate()
        connection.close()
