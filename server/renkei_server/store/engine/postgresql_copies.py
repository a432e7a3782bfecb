"""What a schema of PostgreSQL holds, as one file, and back; what a copy needs beside its rows.

A file is a ZIP archive: each table's rows as the database copies them (binary), and where its
sequences stand. Values that are sealed in the database are sealed in it.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final
from zipfile import ZIP_STORED, BadZipFile, ZipFile

from psycopg import sql
from sqlalchemy import MetaData

from renkei import reasons
from renkei.refusals import Refusal
from renkei_server.store.engine import postgresql_turns
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.form import STAMP, Form

SNAPSHOT: Final = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
"""From here on everything is read as it is now."""

_SEQUENCES: Final = "sequences.json"
_ROWS: Final = ".rows"
_TABLES = f"""SELECT relname FROM pg_class
    WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace
        AND relname <> '{postgresql_turns.TABLE}' ORDER BY relname"""  # noqa: S608 - ours
_STAND = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = current_schema()"


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
        archive.writestr(_SEQUENCES, json.dumps(dict(driver.execute(_STAND).fetchall())))


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
            for table in set(told) - {STAMP.name}:
                _fill(driver, table, archive)
            for sequence, last in json.loads(archive.read(_SEQUENCES)).items():
                driver.execute(
                    "SELECT setval(format('%%I', %s::text)::regclass, coalesce(%s, 1), %s)",
                    (sequence, last, last is not None),
                )
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


def last_numbers(connection: Connection, metadata: MetaData) -> Mapping[str, int]:
    """The highest serial number that each table ever gave."""
    numbers = {}
    for table, _, sequence in _sequences(connection, metadata):
        told = sql.SQL("SELECT last_value, is_called FROM {}").format(sequence)
        last, given = connection.driver.execute(told).fetchone()
        if given:
            numbers[str(table)] = last
    return numbers


def go_on_after(connection: Connection, metadata: MetaData, numbers: Mapping[str, int]) -> None:
    """Let each table give higher numbers than these, and than those of its rows."""
    for table, column, sequence in _sequences(connection, metadata):
        highest = sql.SQL("SELECT coalesce(max({}), 0) FROM {}").format(
            sql.Identifier(column), sql.Identifier(table)
        )
        (of_rows,) = connection.driver.execute(highest).fetchone()
        if last := max(of_rows, numbers.get(table, 0)):
            connection.driver.execute(
                "SELECT setval(%s::regclass, %s)", (sequence.as_string(), last)
            )


def _sequences(
    connection: Connection, metadata: MetaData
) -> Iterator[tuple[str, str, sql.Identifier]]:
    """Each table that numbers its rows, the column of the numbers, and where they come from."""
    for table in metadata.sorted_tables:
        column = table.autoincrement_column
        if column is not None:
            asked = "SELECT pg_get_serial_sequence(quote_ident(%s), %s)"
            (found,) = connection.driver.execute(asked, (table.name, column.name)).fetchone()
            if found is not None:
                yield table.name, column.name, sql.Identifier(*found.replace('"', "").split("."))
