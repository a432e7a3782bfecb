"""Schemas of a PostgreSQL database: how one is reached, made, looked into, moved and dropped.

Where a database cannot be opened its own reason says why.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import errors, sql
from sqlalchemy import URL, Engine, NullPool, create_engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from renkei import reasons
from renkei.reasons import Reason
from renkei.refusals import Refusal
from renkei_server.store.engine import postgresql_erasure, ring_file
from renkei_server.store.engine.connection import Connection, cause_of
from renkei_server.store.engine.key_ring import KeyRing
from renkei_server.store.engine.places import Schema

_LOCKED = "SELECT 1 FROM pg_tables WHERE schemaname = %s AND tablename = %s"
_SCHEMES = ("postgresql",)
_NAME_BYTES = 63
"""PostgreSQL cuts longer names."""
_SETTINGS = {
    "lock_timeout": "5s",
    "statement_timeout": "60s",
    "idle_in_transaction_session_timeout": "60s",
}
_CONNECTING: Mapping[str, Any] = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}


_SAYS = (
    ("password authentication failed", reasons.STORE_LOGIN_REFUSED),
    ("no password supplied", reasons.STORE_LOGIN_REFUSED),
    ("no pg_hba.conf entry", reasons.STORE_LOGIN_REFUSED),
    ("permission denied for database", reasons.STORE_LOGIN_REFUSED),
    ("does not exist", reasons.STORE_DATABASE_MISSING),
    ("too many", reasons.STORE_CROWDED),
    ("remaining connection slots", reasons.STORE_CROWDED),
)
_KINDS: Sequence[tuple[type[psycopg.Error], Reason]] = (
    (errors.ReadOnlySqlTransaction, reasons.STORE_READ_ONLY),
    (errors.DiskFull, reasons.STORE_FULL),
    (errors.LockNotAvailable, reasons.STORE_UNAVAILABLE),
    (errors.InsufficientPrivilege, reasons.STORE_LOGIN_REFUSED),
)


def read_url(told: str) -> URL:
    """A PostgreSQL database's address. Raises STORE_URL_MALFORMED."""
    try:
        url = make_url(told)
    except (ArgumentError, ValueError):
        raise Refusal(reasons.STORE_URL_MALFORMED) from None
    if url.get_backend_name() not in _SCHEMES or not (url.database and url.host):
        raise Refusal(reasons.STORE_URL_MALFORMED)
    return url.set(drivername="postgresql+psycopg")


def read_only(schema: Schema, *, keyless: bool = False) -> Connection:
    """A look at a schema that somebody else may be writing meanwhile; `close` closes its keys too."""
    try:
        alchemy = engine_of(schema, read_only=True).connect()
    except DBAPIError as error:
        raise not_opened(cause_of(error)) from error
    try:
        driver: Any = alchemy.connection.dbapi_connection
        may_lock = not keyless and postgresql_erasure.is_prepared(driver)
        driver.rollback()  # who looks begins here
        return Connection(alchemy, KeyRing(schema.keys, read_only=True) if may_lock else None)
    except BaseException:
        alchemy.close()
        raise


def is_made(schema: Schema) -> bool:
    """Whether the schema is there."""
    with _without_schema(schema.url) as connection:
        return _is_there(connection, schema.name)


def is_in_use(schema: Schema) -> bool:
    """Whether connections are there that write the schema, or serve one that does."""
    asked = """SELECT EXISTS (SELECT FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = %s)"""
    with _without_schema(schema.url) as connection:
        found = connection.execute(asked, (_application(schema),)).fetchone()
    return bool(found and found[0])


def discard(schema: Schema) -> None:
    """Drop the schema with all that it holds, and the keys with it."""
    with _without_schema(schema.url) as connection:
        drop = sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE")
        connection.execute(drop.format(sql.Identifier(schema.name)))
    ring_file.discard(schema.keys)


def move(schema: Schema, name: str) -> None:
    """Let a schema bear another name, in one step; what bore it before is dropped."""
    ours, theirs = sql.Identifier(schema.name), sql.Identifier(name)
    with _without_schema(schema.url) as connection, connection.transaction():
        connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(theirs))
        connection.execute(sql.SQL("ALTER SCHEMA {} RENAME TO {}").format(ours, theirs))


@contextmanager
def _without_schema(url: str) -> Iterator[psycopg.Connection]:
    """A connection to the database itself. Raises why the database cannot be opened."""
    address = read_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        with psycopg.connect(address, autocommit=True, **_CONNECTING) as connection:
            yield connection
    except psycopg.Error as error:
        raise not_opened(error) from error


def _is_there(connection: psycopg.Connection, name: str) -> bool:
    known = connection.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", (name,))
    return known.fetchone() is not None


def ensure_there(schema: Schema) -> bool:
    """Make the schema unless it is there: who may not make one may use one.

    Returns whether nothing was locked in it so far.
    """
    with _without_schema(schema.url) as connection:
        if not _is_there(connection, schema.name):
            connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema.name)))
        locked = connection.execute(_LOCKED, (schema.name, postgresql_erasure.TABLE))
        return locked.fetchone() is None


def engine_of(schema: Schema, *, read_only: bool = False) -> Engine:
    settings = _SETTINGS | {"search_path": schema.name}
    if read_only:  # one transaction as long as somebody looks: cursors need one
        settings |= {
            "default_transaction_read_only": "on",
            "idle_in_transaction_session_timeout": "0",
        }
    told = " ".join(f"-c {name}={value}" for name, value in settings.items())
    return create_engine(
        read_url(schema.url),
        poolclass=NullPool,
        hide_parameters=True,
        # those of who writes are begun here, never by the driver
        isolation_level="READ COMMITTED" if read_only else "AUTOCOMMIT",
        connect_args={
            **_CONNECTING,
            "options": told,
            "application_name": "renkei" if read_only else _application(schema),
        },
    )


def _application(schema: Schema) -> str:
    return f"renkei {schema.name}"[:_NAME_BYTES]


def not_opened(error: BaseException) -> Refusal:
    """Why a database cannot be opened: what the server says where it refuses a login has no code."""
    told = str(error)
    for says, reason in _SAYS:
        if says in told:
            return Refusal(reason)
    for kind, reason in _KINDS:
        if isinstance(error, kind):
            return Refusal(reason)
    return Refusal(reasons.STORE_NOT_REACHED)
