"""What a schema of PostgreSQL holds, as one file, and back: for snapshots.

A file is a ZIP archive: each table's rows as the database copies them (binary), and the keys of
what is erasable. Values that are sealed in the database are sealed in it; what is erased later can
be opened as long as the file is there.
"""

from pathlib import Path
from typing import Any, Final
from zipfile import ZIP_STORED, BadZipFile, ZipFile

from psycopg import sql

from renkei import reasons
from renkei.refusals import Refusal
from renkei_server.store.engine import postgresql_turns
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.form import STAMP, Form

_ROWS: Final = ".rows"
_KEYS: Final = "erasable.keys"
_TABLES = f"""SELECT relname FROM pg_class
    WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace
        AND relname <> '{postgresql_turns.TABLE}' ORDER BY relname"""  # noqa: S608 - ours


def save(connection: Connection, path: Path) -> None:
    """Write all tables, as the transaction that is open sees them."""
    driver = connection.driver
    with ZipFile(path, "w", ZIP_STORED) as archive:
        for (table,) in driver.execute(_TABLES).fetchall():
            with (
                archive.open(table + _ROWS, "w", force_zip64=True) as rows,
                driver.cursor().copy(_copy(table, "TO STDOUT")) as copy,
            ):
                for block in copy:
                    rows.write(block)
        archive.writestr(_KEYS, connection.keys.copy() if connection.keys else b"")


def restore(connection: Connection, path: Path, form: Form) -> None:
    """Hold what a file holds, and nothing else, from the end of the transaction that is open.

    Raises as `Form.require`: such a file holds no tables, and an older version's rows fit no others.
    """
    driver: Any = connection.driver
    try:
        with ZipFile(path) as archive:
            there = [table for (table,) in driver.execute(_TABLES).fetchall()]
            driver.execute(
                sql.SQL("TRUNCATE {}").format(sql.SQL(", ").join(map(sql.Identifier, there)))
            )
            _fill(driver, STAMP.name, archive)
            form.require(connection)
            told = [one.removesuffix(_ROWS) for one in archive.namelist() if one.endswith(_ROWS)]
            if sorted(told) != sorted(there):
                raise Refusal(
                    reasons.STORE_OF_ANOTHER_FORM, "its tables are not those of the store"
                )
            if connection.keys:
                connection.keys.take(archive.read(_KEYS))
            for table in set(told) - {STAMP.name}:
                _fill(driver, table, archive)
    except (BadZipFile, KeyError, ValueError) as error:
        raise Refusal(reasons.STORE_OF_ANOTHER_FORM, "it is no snapshot of such a store") from error


def _fill(driver: Any, table: str, archive: ZipFile) -> None:
    with (
        archive.open(table + _ROWS) as rows,
        driver.cursor().copy(_copy(table, "FROM STDIN")) as copy,
    ):
        while block := rows.read(1 << 16):
            copy.write(block)


def _copy(table: str, way: str) -> sql.Composed:
    return sql.SQL("COPY {} " + way + " (FORMAT binary)").format(sql.Identifier(table))
