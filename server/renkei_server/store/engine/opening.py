"""Opening a database, of whatever kind it is; what serves PostgreSQL is loaded once it is met.

A database is judged before it is opened to write, for even that would alter another's file.
"""

from contextlib import closing
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, cast

from sqlalchemy.exc import SQLAlchemyError

from renkei import reasons
from renkei.refusals import Refusal
from renkei_server.store.engine import sqlite
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.database import Database
from renkei_server.store.engine.form import Form
from renkei_server.store.engine.outages import unavailable
from renkei_server.store.engine.places import Place
from renkei_server.store.engine.shared import Shared

if TYPE_CHECKING:
    from types import ModuleType


def open_in_form(
    place: Place, form: Form, shared: Shared | None = None
) -> tuple[Database, int | None]:
    """Open a database to read and to write; make it, or upgrade it, first.

    Returns the revision that it had too, or None where it was empty. Raises as `Form.judge`, and
    the reason why it cannot be opened or altered; it is then as it was. `shared` is the store's.
    """
    found = revision_of(place, form)
    database = open_database(place, shared)
    try:
        if found != form.history.head:
            found = _put_in_form(database, place, form)
    except BaseException:
        database.close()
        raise
    return database, found


def _put_in_form(database: Database, place: Place, form: Form) -> int | None:
    try:
        return database.reshape_now(form.make_or_upgrade)
    except Exception as error:
        if not (isinstance(error, SQLAlchemyError) or database.is_outage(error)):
            raise
        if revision_of(place, form) == form.history.head:
            return form.history.head  # another start did it meanwhile
        raise unavailable(error) from error


def revision_of(place: Place, form: Form) -> int | None:
    """The revision of a database, or None where it is empty or not there; raises as `Form.judge`."""
    if isinstance(place, Path) and not place.exists():
        return None
    try:
        with closing(read_only(place, keyless=True)) as look:
            return form.judge(look)
    except SQLAlchemyError as error:
        raise unavailable(error) from error


def open_database(place: Place, shared: Shared | None = None) -> Database:
    """Open a database to read and to write. Raises the reason why it cannot be."""
    if isinstance(place, Path):
        return sqlite.SQLite(place)
    return cast("Database", _module("postgresql").PostgreSQL(place, shared))


def read_only(place: Place, *, keyless: bool = False) -> Connection:
    """A look at a database that somebody else may be writing meanwhile.

    Without the keys that lie beside it (`key_ring`) what is locked is read as it lies there.
    """
    if isinstance(place, Path):
        return sqlite.read_only(place)
    return cast("Connection", _module("postgresql_schemas").read_only(place, keyless=keyless))


def is_made(place: Place) -> bool:
    """Whether there is a database already."""
    return (
        place.exists()
        if isinstance(place, Path)
        else bool(_module("postgresql_schemas").is_made(place))
    )


def is_in_use(place: Place) -> bool:
    """Whether somebody writes a database, as far as it tells: a file does not."""
    return not isinstance(place, Path) and bool(_module("postgresql_schemas").is_in_use(place))


def discard(place: Place) -> None:
    """Let nothing stay of a database, and of nothing but it."""
    if isinstance(place, Path):
        place.unlink(missing_ok=True)
    else:
        _module("postgresql_schemas").discard(place)


def _module(name: str) -> "ModuleType":
    """What serves PostgreSQL. Raises STORE_DRIVER_MISSING."""
    try:
        return import_module(f"renkei_server.store.engine.{name}")
    except ModuleNotFoundError as error:
        if error.name == "psycopg":
            raise Refusal(reasons.STORE_DRIVER_MISSING) from None
        raise
