"""Databases into which a bare loop inserts encrypted rows: what cannot be left out, and nothing else.

The tables stand still, as they were when a loop was written: so a leaner table of our own shows as a
gain.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from renkei_server.store.engine.boxes import KEY_BYTES, Box

_FILES = 3
"""Municipality, prefecture, nation."""
_TABLE = """
CREATE TABLE identities (
    number INTEGER NOT NULL,
    resident_record_code BLOB NOT NULL,
    individual_number BLOB,
    birth BLOB,
    address BLOB,
    bucket BLOB,
    record BLOB NOT NULL,
    PRIMARY KEY (number),
    UNIQUE (resident_record_code),
    UNIQUE (individual_number)
);
CREATE INDEX ix_identities_birth ON identities (birth);
CREATE INDEX ix_identities_address ON identities (address);
CREATE INDEX ix_identities_bucket ON identities (bucket);
"""
_INSERT = """
INSERT INTO identities (
    resident_record_code, individual_number, birth, address, bucket, record
) VALUES (?, ?, ?, ?, ?, ?)
"""
_INDEXES, _INDEX_BYTES, _RECORD_BYTES = 5, 32, 600


@contextmanager
def bare_database(path: Path, table: str) -> Iterator[sqlite3.Connection]:
    """A new database with a table, as durable as ours."""
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"):
            database.execute(f"PRAGMA {pragma}")
        database.executescript(table)
        yield database


@contextmanager
def bare_identity_files(folder: Path) -> Iterator[Callable[[int], None]]:
    """Three identity files, each under a key of its own: inserts so many rows into each (2026-11-27)."""
    content = os.urandom(_RECORD_BYTES)
    with ExitStack() as stack:
        files = [
            (
                stack.enter_context(bare_database(folder / f"bare-{number}.db", _TABLE)),
                Box(os.urandom(KEY_BYTES), ahead=64),
            )
            for number in range(_FILES)
        ]

        def row(box: Box) -> tuple[bytes, ...]:
            code, *others = (os.urandom(_INDEX_BYTES) for _ in range(_INDEXES))
            return code, *others, box.close(content, code)

        def insert(count: int) -> None:
            for database, box in files:
                rows = [row(box) for _ in range(count)]
                insert_together(database, _INSERT, rows)

        yield insert


def insert_together(
    database: sqlite3.Connection, statement: str, rows: Sequence[tuple[object, ...]]
) -> None:
    """Insert rows in one transaction."""
    database.execute("BEGIN IMMEDIATE")
    database.executemany(statement, rows)
    database.execute("COMMIT")
