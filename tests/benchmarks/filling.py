"""Stores that hold as many persons as a large city, or a prefecture, has.

A table is filled by copies of a row that the flows left in it. What keys and indexes are made of is
drawn at random, so that the trees have the width and the disorder that they have in life; what is
sealed stays a copy, which opens as well. The seats do not run meanwhile.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path

from renkei_pki.merkle import HASH_BYTES

_LOG = "record_log"
_QUICKLY = ("journal_mode=OFF", "synchronous=OFF", "cache_size=-300000", "foreign_keys=OFF")


def fill(path: Path, tables: Iterable[str], persons: int) -> None:
    """Let each of these tables of a database file hold a row for each of so many persons."""
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        for pragma in _QUICKLY:
            database.execute(f"PRAGMA {pragma}").fetchall()
        database.execute("BEGIN")
        for table in tables:
            _fill(database, table, persons)
            if table == _LOG:
                _widen_the_tree(database)
        database.execute("COMMIT")
        database.execute("PRAGMA journal_mode=WAL").fetchall()


def _fill(database: sqlite3.Connection, table: str, persons: int) -> None:
    columns = database.execute(f"PRAGMA table_info({table})").fetchall()
    names = [name for _, name, *_ in columns]
    keys = _keys(database, table, columns)
    indexes = _indexes(database, table)
    for name, _ in indexes:
        database.execute(f"DROP INDEX {name}")
    (held,) = database.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608 - our own
    told = ", ".join(_copied(name, kind, name in keys) for _, name, kind, *_ in columns)
    database.execute(
        f"WITH RECURSIVE counted (turn) AS "  # noqa: S608 - our own
        f"(SELECT 1 UNION ALL SELECT turn + 1 FROM counted WHERE turn < ?) "
        f"INSERT INTO {table} ({', '.join(names)}) SELECT {told} FROM counted, "
        f"(SELECT *, (SELECT max({names[0]}) FROM {table}) AS latest FROM {table} LIMIT 1)",
        (persons - held,),
    )
    for _, statement in indexes:
        database.execute(statement)


def _copied(name: str, kind: str, is_key: bool) -> str:  # noqa: FBT001 - what the column is
    """A column's value in a copy: another where rows are told apart or found by it."""
    if not is_key:
        return name
    if kind in {"INTEGER", "BIGINT"}:
        return "latest + turn"
    if kind == "BLOB":
        return f"iif({name} IS NULL, NULL, randomblob(length({name})))"
    return name


def _keys(
    database: sqlite3.Connection, table: str, columns: Sequence[tuple[object, ...]]
) -> frozenset[object]:
    """The primary key, and every hash by which rows are found."""
    primary = {name for _, name, *_, place in columns if place}
    hashes = {name for _, name, kind, *_ in columns if kind == "BLOB"}
    indexed = {
        column
        for _, index, *_ in database.execute(f"PRAGMA index_list({table})").fetchall()
        for _, _, column in database.execute(f"PRAGMA index_info({index})").fetchall()
    }
    return frozenset(primary | (hashes & indexed))


def _indexes(database: sqlite3.Connection, table: str) -> list[tuple[str, str]]:
    """Those that can be made again, which is quicker than to keep them."""
    found = database.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql > ''",
        (table,),
    )
    return found.fetchall()


def _widen_the_tree(database: sqlite3.Connection) -> None:
    """Let the record log go on after its copies: its edge has a hash for each bit of its size."""
    (size,) = database.execute(f"SELECT max(leaf) + 1 FROM {_LOG}").fetchone()  # noqa: S608
    database.execute(
        "UPDATE record_log_frontier SET size = ?, edge = randomblob(?)",
        (size, size.bit_count() * HASH_BYTES),
    )
