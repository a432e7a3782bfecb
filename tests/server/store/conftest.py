"""A table of notes, and what of a store somebody sees who has all of it but the key."""

import asyncio
import tempfile
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table, insert, select, text

from renkei_server.store.engine import postgresql_copies
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.opening import read_only
from renkei_server.store.engine.places import Place
from renkei_server.store.engine.store import Store
from tests.server.world import OpenStore

NOTES = Table(
    "notes",
    MetaData(),
    Column("number", Integer, primary_key=True),
    Column("content", LargeBinary, nullable=False, unique=True),
)


@pytest.fixture
def store(open_store: OpenStore) -> Store:
    """A store of notes."""
    return open_store((NOTES,))


def note(content: bytes) -> Callable[[Connection], bytes]:
    """A use case: write a note, and return what it says."""

    def work(connection: Connection) -> bytes:
        connection.execute(insert(NOTES).values(content=content))
        return content

    return work


def notes(store: Store) -> list[bytes]:
    """What the notes say, oldest first."""
    return store.read_now(
        lambda connection: list(connection.scalars(select(NOTES.c.content).order_by("number")))
    )


def wal(database: Path) -> Path:
    """A database's write-ahead log."""
    return database.with_name(f"{database.name}-wal")


def rows(store: Store, statement: str) -> Sequence[tuple[Any, ...]]:
    """What a statement of SQL finds."""
    return store.read_now(lambda tx: [tuple(one) for one in tx.execute(text(statement))])


def on_disk(place: Place) -> bytes:
    """Every byte of a database's file and its write-ahead log; of a schema, of all its rows."""
    if isinstance(place, Path):
        return place.read_bytes() + (wal(place).read_bytes() if wal(place).exists() else b"")
    with tempfile.NamedTemporaryFile() as copy, closing(read_only(place)) as connection:
        postgresql_copies.save(connection, Path(copy.name))
        return copy.read()


async def until_one_waits(url: str) -> None:
    """Until a transaction waits for another's at this PostgreSQL."""
    waits = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as looking:
        async with asyncio.timeout(30):
            while await (await looking.execute(waits)).fetchone() == (0,):
                continue
