"""What copies of a database need, of whatever kind it is: one moment, and a place beside it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.opening import read_only
from renkei_server.store.engine.places import Place, Schema

_SQLITE: Final = "BEGIN"
_POSTGRESQL: Final = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"  # it has begun
"""From here on everything is read as it is now."""


@contextmanager
def snapshot(place: Place) -> Iterator[Connection]:
    """A look at what is committed now and at nothing that comes later."""
    connection = read_only(place)
    try:
        _begin(connection, _SQLITE if isinstance(place, Path) else _POSTGRESQL)
        yield connection
    finally:
        connection.close()


def _begin(connection: Connection, statement: str) -> None:
    """Begin to read, with the keys of all that is there and of all that is erased meanwhile."""
    connection.begin(statement)
    while connection.keys is not None:
        made = connection.keys.hold()
        connection.driver.execute("SELECT 1")  # from here on everything is as it is now
        if not connection.keys.has_made_since(made):
            break
        connection.driver.rollback()  # something may be there whose key was made after `hold`
        connection.begin(statement)


def beside(place: Place, folder: Path) -> Place:
    """Where another database of the same kind can be made: a file in the folder, or a schema with
    its keys there.
    """
    if isinstance(place, Path):
        return folder / place.name
    return replace(place, name=f"{place.name}_restored", keys=folder / place.keys.name)


def move(schema: Schema, to: Schema) -> None:
    """Let a schema be in another's place in one step; that one is dropped."""
    from renkei_server.store.engine import postgresql_schemas

    postgresql_schemas.move(schema, to.name)
