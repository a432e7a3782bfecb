"""One database file of SQLite: its connections, its transactions, its files. Nothing else knows it.

- There is one writer and one reader, which never wait for each other (WAL); a writing transaction
  is IMMEDIATE, so that it never fails half-way for another's sake.
- A durable commit is forced to the disk (synchronous FULL); another survives the death of the
  process, not of the machine (NORMAL).
- What is deleted is overwritten (`secure_delete`), and in the write-ahead log once it is emptied.
- Statements run on the loop's own thread. A disk that was slow the last time is waited for in a
  thread of the database's own, and a lock that is held from outside is asked for again: neither
  holds the loop.
- Transactions are begun and ended at the driver: SQLAlchemy's own take as long as the work.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar
from urllib.parse import quote

from sqlalchemy import URL, Engine, MetaData, NullPool, create_engine
from sqlalchemy.exc import SQLAlchemyError

from renkei import reasons
from renkei.refusals import Refusal
from renkei_server.store.engine.connection import Connection, Effect, bring_about, cause_of
from renkei_server.store.engine.database import Then
from renkei_server.store.engine.form import Form
from renkei_server.store.engine.outages import unavailable

T = TypeVar("T")

_LOCKED_SECONDS = 5.0
"""So long a lock that is held from outside is waited for."""
_ASK_AGAIN_SECONDS = 0.005
_SLOW_SECONDS = 0.003
"""A disk for which one waits longer is waited for in a thread, which costs a tenth of that."""
_COMMITS_A_CHECKPOINT = 256
"""After so many commits what stands in the write-ahead log is written back."""

_ASKED_WRONGLY = (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.DataError)
_FAILURES = (SQLAlchemyError, sqlite3.Error)


class SQLite:
    """The one who writes a database file, one who reads it, and one who looks after its files."""

    dies_alone = False
    tidies_at_work = False

    def __init__(self, path: Path) -> None:
        """Raise STORE_OF_ANOTHER_FORM where the file is no database, or STORE_UNAVAILABLE."""
        self._engine = _engine(str(path))
        try:
            self._writer = self._connect()
            self._reader = self._connect(locked_seconds=_LOCKED_SECONDS)  # it meets hardly any
            self._keeper = self._connect()
        except _FAILURES as error:
            self._engine.dispose()
            raise _not_opened(error) from error
        self._disk = ThreadPoolExecutor(1, thread_name_prefix="disk")
        self._synchronous = ""
        self._since_checkpoint = 0
        self._locked_out = False
        """Whether a lock was waited for in vain: until it is gone nobody waits for it again."""
        self._disk_seconds = 0.0
        """How long the last wait for the disk was."""

    def ready(self, metadata: MetaData) -> None:
        """It needs nothing more."""

    def transact(self, work: Callable[[Connection], T], *, durable: bool, then: Then[T]) -> None:
        """Run the work in a transaction and commit it; say then how it ended."""
        patience = 0.0 if self._locked_out else _LOCKED_SECONDS
        self._transact(work, then, durable=durable, until=monotonic() + patience)

    def _transact(
        self, work: Callable[[Connection], T], then: Then[T], *, durable: bool, until: float
    ) -> None:
        try:
            self._begin(durable=durable)
            self._locked_out = False
            value = work(self._writer)
        except Exception as error:
            if (is_locked := _is_locked(error)) and monotonic() < until:
                self._ended()
                again = partial(self._transact, work, then, durable=durable, until=until)
                asyncio.get_running_loop().call_later(_ASK_AGAIN_SECONDS, again)
            else:
                self._locked_out = is_locked
                self._tell(then, None, error)
            return
        self._since_checkpoint += 1
        to_the_disk = durable or self._since_checkpoint >= _COMMITS_A_CHECKPOINT
        if to_the_disk and self._disk_seconds > _SLOW_SECONDS:
            committing = asyncio.get_running_loop().run_in_executor(self._disk, self._commit)
            committing.add_done_callback(lambda done: self._tell(then, value, done.exception()))
        else:
            commit = self._commit if to_the_disk else self._writer.driver.commit
            self._tell(then, value, _raised_by(commit))

    def write_now(self, work: Callable[[Connection], T]) -> T:
        """The same at once, before any server runs."""
        self.run_pragma(_busy(_LOCKED_SECONDS))
        try:
            self._begin(durable=True)
            value = work(self._writer)
            self._writer.driver.commit()
        except BaseException as error:
            self._ended()
            if isinstance(error, Exception) and self.is_outage(error):
                raise _not_opened(error) from error
            raise
        finally:
            self.run_pragma(_busy(0))
        bring_about(self._ended())
        return value

    def reshape_now(self, work: Callable[[Connection], T]) -> T:
        """The same for work that puts a table in another's place, while others refer to it."""

        def reshape(connection: Connection) -> T:
            value = work(connection)
            if _ask(connection, "foreign_key_check") is not None:
                msg = "a row refers to one that is not there"
                raise sqlite3.IntegrityError(msg)
            return value

        self.run_pragma("foreign_keys=OFF")  # it has no effect within a transaction
        try:
            return self.write_now(reshape)
        finally:
            self.run_pragma("foreign_keys=ON")

    async def look(self, work: Callable[[Connection], T]) -> T:
        """Run one reading statement, which is a snapshot by itself. Raises STORE_UNAVAILABLE."""
        try:
            return work(self._reader)
        except _FAILURES as error:
            raise unavailable(error) from error
        finally:
            self._reader.end()

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run reading statements on one snapshot. Raises STORE_UNAVAILABLE."""
        return self.read_now(work)

    def read_now(self, work: Callable[[Connection], T]) -> T:
        """The same at once, where nobody else waits."""
        driver = self._reader.driver
        try:
            self._reader.begin("BEGIN")
            return work(self._reader)
        except _FAILURES as error:
            raise unavailable(error) from error
        finally:
            if driver.in_transaction:
                driver.rollback()
            self._reader.end()

    def is_outage(self, error: Exception) -> bool:
        """Whether the database is at fault, and not what was asked of it."""
        cause = cause_of(error)
        return isinstance(cause, sqlite3.Error) and not isinstance(cause, _ASKED_WRONGLY)

    async def tidy(self) -> bool:
        """Write the write-ahead log back and empty it, without waiting for a reader from outside."""
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._disk, self._empty_log)
        except _FAILURES as error:
            raise unavailable(error) from error

    def save(self, path: Path) -> None:
        """Write what is committed now to another file. Raises STORE_UNAVAILABLE."""
        try:
            with closing(sqlite3.connect(path)) as copy:
                self._reader.driver.backup(copy)
        except _FAILURES as error:
            raise unavailable(error) from error

    def restore(self, path: Path, form: Form) -> None:
        """Keep what another file holds, and nothing else; raises as opening that file would."""
        try:
            with closing(read_only(path)) as copy:
                if form.judge(copy) is None:
                    raise Refusal(reasons.STORE_OF_ANOTHER_FORM, "it is empty")
            self._disk.submit(lambda: None).result()  # a commit on its way has ended
            self._require_unlocked()
            with closing(sqlite3.connect(path)) as kept:
                kept.backup(self._writer.driver)
            self._empty_log()
        except _FAILURES as error:
            raise unavailable(error) from error

    def _require_unlocked(self) -> None:
        """Raise the driver's error where a lock is held from outside: a copy would wait for ever."""
        self._begin(durable=True)
        self._ended()

    def run_pragma(self, pragma: str) -> Any:
        """What the writer's pragma answers."""
        return _ask(self._writer, pragma)

    def close(self) -> None:
        """Write everything back and let go of the files."""
        self._disk.shutdown()
        with suppress(*_FAILURES):  # what could not be written back waits for the next start
            self._empty_log()
        for one in (self._reader, self._keeper, self._writer):
            one.close()
        self._engine.dispose()

    def _connect(self, *, locked_seconds: float = 0.0) -> Connection:
        """A connection that waits so long for a lock, once it is there."""
        connection = Connection(self._engine.connect())
        connection.driver.isolation_level = None  # transactions are begun here, never by the driver
        for pragma in (
            _busy(_LOCKED_SECONDS),
            "journal_mode=WAL",
            "wal_autocheckpoint=0",
            "secure_delete=ON",
            "foreign_keys=ON",
            _busy(locked_seconds),
        ):
            _ask(connection, pragma)
        return connection

    def _begin(self, *, durable: bool) -> None:
        synchronous = "FULL" if durable else "NORMAL"
        if synchronous != self._synchronous:
            self.run_pragma(f"synchronous={synchronous}")
            self._synchronous = synchronous
        self._writer.begin("BEGIN IMMEDIATE")

    def _commit(self) -> None:
        """Commit to the disk, and see how long that takes."""
        began = monotonic()
        self._writer.driver.commit()
        if self._since_checkpoint >= _COMMITS_A_CHECKPOINT:
            self._since_checkpoint = 0
            with suppress(sqlite3.Error):  # it is committed; `tidy` will find what is amiss
                self.run_pragma("wal_checkpoint(PASSIVE)")
        self._disk_seconds = monotonic() - began

    def _tell(self, then: Then[T], value: T | None, error: BaseException | None) -> None:
        """End a transaction, which was committed unless there is an error."""
        effects: Sequence[Effect] = ()
        try:
            effects = self._ended()
        except sqlite3.Error as fault:
            error = error or fault
        if error is not None:
            then(None, error)
            return
        bring_about(effects)
        then(value, None)

    def _ended(self) -> Sequence[Effect]:
        """Take back what was not committed; what is to be done where it was."""
        if self._writer.driver.in_transaction:
            self._writer.driver.rollback()
        return self._writer.end()

    def _empty_log(self) -> bool:
        blocked, _, _ = _ask(self._keeper, "wal_checkpoint(TRUNCATE)")
        return not blocked


def read_only(path: Path) -> Connection:
    """A look at a database file that somebody else may be writing meanwhile."""
    return Connection(_engine(f"file:{quote(str(path))}", mode="ro", uri="true").connect())


def _ask(connection: Connection, pragma: str) -> Any:
    """What a pragma answers."""
    return connection.driver.execute(f"PRAGMA {pragma}").fetchone()


def _engine(where: str, **query: str) -> Engine:
    return create_engine(
        URL.create("sqlite", database=where, query=query),
        poolclass=NullPool,
        hide_parameters=True,
        connect_args={"check_same_thread": False},  # one thread after the other uses a connection
    )


def _busy(seconds: float) -> str:
    return f"busy_timeout={seconds * 1000:.0f}"


def _is_locked(error: Exception) -> bool:
    cause = cause_of(error)
    return getattr(cause, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY


def _not_opened(error: Exception) -> Refusal:
    cause = cause_of(error)
    if getattr(cause, "sqlite_errorcode", None) == sqlite3.SQLITE_NOTADB:
        return Refusal(reasons.STORE_OF_ANOTHER_FORM, "it cannot be read as a database")
    if getattr(cause, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
        return Refusal(reasons.STORE_FULL)
    return unavailable(error)


def _raised_by(work: Callable[[], object]) -> Exception | None:
    try:
        work()
    except sqlite3.Error as error:
        return error
    return None
