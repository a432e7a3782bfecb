"""Opening a database, of whatever kind it is; what serves one kind alone is loaded when it is met."""

from pathlib import Path

from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.database import Database, Place
from renkei_server.store.engine.sqlite import SQLite
from renkei_server.store.engine.sqlite import read_only as look_into_file


def open_database(place: Place) -> Database:
    """Open a database to read and to write. Raises STORE_UNAVAILABLE."""
    if isinstance(place, Path):
        return SQLite(place)
    raise NotImplementedError


def read_only(place: Place) -> Connection:
    """A look at a database that somebody else may be writing meanwhile."""
    if isinstance(place, Path):
        return look_into_file(place)
    raise NotImplementedError
