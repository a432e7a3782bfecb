"""How a peer keeps what it has: SQLite by the ORM, no slower by its settings than our own store."""

from pathlib import Path

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.pool import ConnectionPoolEntry


class Kept(DeclarativeBase):
    """What a peer keeps."""


def opened(path: Path) -> Engine:
    """A new database with every table; its commits survive the process, as ours do here."""
    engine = create_engine(f"sqlite:///{path}")

    @event.listens_for(engine, "connect")
    def set_up(connection: object, _entry: ConnectionPoolEntry) -> None:
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL"):
            connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]  # sqlite3's own

    Kept.metadata.create_all(engine)
    return engine
