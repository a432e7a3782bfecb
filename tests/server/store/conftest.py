"""A table of notes, and a store's files as somebody sees them who has them and no key."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table, insert, select

from renkei_server.store.engine.connection import Connection
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


def on_disk(database: Path) -> bytes:
    """Every byte of a database and its write-ahead log."""
    return database.read_bytes() + (wal(database).read_bytes() if wal(database).exists() else b"")
