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
        connection.begin(_SQLITE if isinstance(place, Path) else _POSTGRESQL)
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
