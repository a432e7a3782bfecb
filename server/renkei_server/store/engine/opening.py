"""Opening a database, of whatever kind it is; what serves PostgreSQL is loaded once it is met."""

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, cast

from renkei import reasons
from renkei.refusals import Refusal
from renkei_server.store.engine import sqlite
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.database import Database
from renkei_server.store.engine.places import Place

if TYPE_CHECKING:
    from types import ModuleType


def open_database(place: Place) -> Database:
    """Open a database to read and to write. Raises the reason why it cannot be."""
    if isinstance(place, Path):
        return sqlite.SQLite(place)
    return cast("Database", _postgresql().PostgreSQL(place))


def read_only(place: Place) -> Connection:
    """A look at a database that somebody else may be writing meanwhile."""
    if isinstance(place, Path):
        return sqlite.read_only(place)
    return cast("Connection", _postgresql().read_only(place))


def is_made(place: Place) -> bool:
    """Whether there is a database already."""
    return place.exists() if isinstance(place, Path) else bool(_postgresql().is_made(place))


def discard(place: Place) -> None:
    """Let nothing stay of a database, and of nothing but it."""
    if isinstance(place, Path):
        place.unlink(missing_ok=True)
    else:
        _postgresql().discard(place)


def _postgresql() -> "ModuleType":
    """Raises STORE_DRIVER_MISSING."""
    try:
        return import_module("renkei_server.store.engine.postgresql")
    except ModuleNotFoundError as error:
        if error.name == "psycopg":
            raise Refusal(reasons.STORE_DRIVER_MISSING) from None
        raise
