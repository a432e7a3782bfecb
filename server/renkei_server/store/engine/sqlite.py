"""One database file of SQLite: its connections, its transactions, its files. Nothing else knows it.

- There is one writer and one reader, which never wait for each other (WAL); a writing transaction
  is IMMEDIATE, so that it never fails half-way for another's sake.
- A durable commit is forced to the disk (synchronous FULL); another survives the death of the
  process, not of the machine (NORMAL).
- What is deleted is overwritten (`secure_delete`), and in the write-ahead log once it is emptied.
- Transactions are begun and ended at the driver: SQLAlchemy's own take as long as the work.
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, NullPool, create_engine, event
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

T = TypeVar("T")

_BUSY_MILLISECONDS = 5_000
_ASKED_WRONGLY = (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.DataError)

FAILURES = (SQLAlchemyError, sqlite3.Error)
"""What reading and writing may raise."""


def is_outage(error: Exception) -> bool:
    """Whether the database is at fault, and not what was asked of it."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return isinstance(cause, sqlite3.Error) and not isinstance(cause, _ASKED_WRONGLY)


def read_only(path: Path) -> Connection:
    """A look at a database file that somebody else may be writing meanwhile."""
    address = f"sqlite:///file:{path}?mode=ro&uri=true"
    return create_engine(address, poolclass=NullPool, hide_parameters=True).connect()


class Database:
    """The one who writes a database file, and one who reads it."""

    def __init__(self, path: Path) -> None:
        self._engine = create_engine(f"sqlite:///{path}", hide_parameters=True)
        event.listen(self._engine, "connect", _configure)
        self.writer = self._engine.connect()
        self.reader = self._engine.connect()
        self.driver: Any = self.writer.connection.dbapi_connection
        self._synchronous = ""

    def writing(self) -> "Transaction":
        """A transaction of the writer."""
        return Transaction(self.writer, "BEGIN IMMEDIATE")

    def reading(self) -> "Transaction":
        """A transaction of the reader: what is committed at its beginning."""
        return Transaction(self.reader, "BEGIN")

    def apart(self, work: Callable[[], T]) -> T:
        """Run something inside the writing transaction of which nothing remains when it raises."""
        driver = self.driver  # SQLAlchemy's own savepoints would cost more than the use case
        driver.execute("SAVEPOINT apart")
        try:
            return work()
        except Exception as error:
            if not is_outage(error):
                driver.execute("ROLLBACK TO apart")
            raise
        finally:
            if driver.in_transaction:
                driver.execute("RELEASE apart")

    def be_durable(self, *, durable: bool) -> None:
        """Let the next commits be forced to the disk, or not."""
        synchronous = "FULL" if durable else "NORMAL"
        if synchronous != self._synchronous:
            self.run_pragma(f"synchronous={synchronous}")
            self._synchronous = synchronous

    def copy_to(self, path: Path) -> None:
        """Write what is committed now to another file."""
        with closing(sqlite3.connect(path)) as copy:
            self.driver.backup(copy)

    def copy_from(self, path: Path) -> None:
        """Keep what another file holds, and nothing else."""
        with closing(sqlite3.connect(path)) as copy:
            copy.backup(self.driver)

    def empty_log(self) -> bool:
        """Write the write-ahead log back and empty it, without waiting for a reader from outside.

        Returns whether there was none.
        """
        self.run_pragma("busy_timeout=0")
        try:
            blocked, _, _ = self.run_pragma("wal_checkpoint(TRUNCATE)")
        finally:
            self.run_pragma(f"busy_timeout={_BUSY_MILLISECONDS}")
        return not blocked

    def run_pragma(self, pragma: str) -> Any:
        """What the writer's pragma answers."""
        return self.driver.execute(f"PRAGMA {pragma}").fetchone()

    def close(self) -> None:
        """Let go of the file."""
        self.reader.close()
        self.writer.close()
        self._engine.dispose()


class Transaction:
    """One transaction; what SQLAlchemy runs inside joins it."""

    __slots__ = ("_begin", "_connection", "_driver")

    def __init__(self, connection: Connection, begin: str) -> None:
        self._connection = connection
        self._driver: Any = connection.connection.dbapi_connection
        self._begin = begin

    def __enter__(self) -> None:
        self._driver.execute(self._begin)

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        try:
            if kind is None:
                self._driver.commit()
        finally:
            if self._driver.in_transaction:
                self._driver.rollback()
            if self._connection.in_transaction():
                self._connection.rollback()  # it has nothing left to undo, and forgets its own


def _configure(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun above, never by the driver
    for pragma in (
        "journal_mode=WAL",
        f"busy_timeout={_BUSY_MILLISECONDS}",
        "secure_delete=ON",
        "foreign_keys=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")
