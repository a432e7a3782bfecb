"""What a copy of an SQLite database needs beside its rows."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import MetaData

from renkei_server.store.engine.connection import Connection

SNAPSHOT: Final = "BEGIN"
"""From here on everything is read as it is now."""

_ARE_KEPT: Final = "SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'"
_KEPT: Final = "SELECT name, seq FROM sqlite_sequence"
_FORGET: Final = "DELETE FROM sqlite_sequence WHERE name = ?"
_KEEP: Final = "INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)"


def last_numbers(connection: Connection, metadata: MetaData) -> Mapping[str, int]:
    """The highest serial number that each table ever gave, where no number is given twice."""
    if connection.driver.execute(_ARE_KEPT).fetchone() is None:
        return {}
    told = dict(connection.driver.execute(_KEPT).fetchall())
    return {str(name): told[name] for name in metadata.tables if name in told}


def go_on_after(connection: Connection, metadata: MetaData, numbers: Mapping[str, int]) -> None:
    """Let each table give higher numbers than these, and than those of its rows."""
    driver = connection.driver
    for name, number in numbers.items():
        if metadata.tables[name].dialect_options["sqlite"]["autoincrement"]:
            driver.execute(_FORGET, (name,))
            driver.execute(_KEEP, (name, number))  # others go by the rows that they have
