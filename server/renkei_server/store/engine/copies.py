"""What copies of a database need, of whatever kind it is: one moment, and a place beside it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Protocol, cast

from sqlalchemy import MetaData

from renkei_server.store.engine import sqlite_copies
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.opening import read_only
from renkei_server.store.engine.places import Place, Schema


class Copies(Protocol):
    """What a copy of a database needs beside its rows."""

    SNAPSHOT: str
    """From here on everything is read as it is now."""

    def last_numbers(self, connection: Connection, metadata: MetaData) -> Mapping[str, int]:
        """The highest serial number that each table ever gave, as far as it must not come again."""
        ...

    def go_on_after(
        self, connection: Connection, metadata: MetaData, numbers: Mapping[str, int]
    ) -> None:
        """Let each table give higher numbers than these, and than those of its rows."""
        ...


def copies_of(place: Place) -> Copies:
    """What copies of such a database need."""
    if isinstance(place, Path):
        return cast("Copies", sqlite_copies)
    from renkei_server.store.engine import postgresql_copies

    return cast("Copies", postgresql_copies)


@contextmanager
def snapshot(place: Place) -> Iterator[Connection]:
    """A look at what is committed now and at nothing that comes later."""
    connection = read_only(place)
    try:
        connection.begin(copies_of(place).SNAPSHOT)
        yield connection
    finally:
        connection.close()


def beside(place: Place, folder: Path) -> Place:
    """Where another database of the same kind can be made: a file in the folder, or a schema."""
    if isinstance(place, Path):
        return folder / place.name
    return replace(place, name=f"{place.name}_restored")


def move(schema: Schema, to: Schema) -> None:
    """Let a schema be in another's place in one step; that one is dropped."""
    from renkei_server.store.engine import postgresql

    postgresql.move(schema, to.name)
