"""Opening a database, of whatever kind it is; what serves PostgreSQL is loaded once it is met."""

from pathlib import Path

from renkei_server.store.engine import sqlite
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.database import Database, Place


def open_database(place: Place) -> Database:
    """Open a database to read and to write. Raises the reason why it cannot be."""
    if isinstance(place, Path):
        return sqlite.SQLite(place)
    from renkei_server.store.engine import postgresql

    return postgresql.PostgreSQL(place)


def is_made(place: Place) -> bool:
    """Whether there is a database already."""
    if isinstance(place, Path):
        return place.exists()
    from renkei_server.store.engine import postgresql

    return postgresql.is_made(place)


def discard(place: Place) -> None:
    """Let nothing stay of a database, and of nothing but it."""
    if isinstance(place, Path):
        place.unlink(missing_ok=True)
        return
    from renkei_server.store.engine import postgresql

    postgresql.discard(place)


def read_only(place: Place) -> Connection:
    """A look at a database that somebody else may be writing meanwhile."""
    if isinstance(place, Path):
        return sqlite.read_only(place)
    from renkei_server.store.engine import postgresql

    return postgresql.read_only(place)
