"""Databases that are written down as text, and made again of it, on either kind of database."""

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Final

import sqlalchemy
from sqlalchemy import (
    URL,
    MetaData,
    NullPool,
    Table,
    create_engine,
    create_mock_engine,
    inspect,
    select,
    text,
)
from sqlalchemy.schema import CreateSchema

from renkei_server.roles.bills import metadata_of
from renkei_server.store.engine.columns import table
from renkei_server.store.engine.form import STAMP
from renkei_server.store.engine.opening import read_only
from renkei_server.store.engine.operations import OperationLog
from renkei_server.store.engine.places import Place
from renkei_server.store.engine.postgresql_schemas import read_url
from renkei_server.store.engine.store import Store

from .content import KEPT, Kept, Seat

FOLDER: Final = Path(__file__).parent
_KINDS: Final = ("sqlite", "postgresql")
_NUMBERS: Final = table("sqlite_sequence", sqlalchemy.Column("name"), sqlalchemy.Column("seq"))


def revisions() -> list[int]:
    """Those that are written down."""
    return sorted(int(one.name) for one in FOLDER.iterdir() if one.name.isdigit())


def databases() -> list[tuple[int, str]]:
    """Each database that is written down, by its revision and role."""
    written = (one for number in revisions() for one in (FOLDER / str(number)).iterdir())
    return sorted((int(one.parent.name), one.stem) for one in written)


def kept_by(role: str, revision: int | None = None) -> list[Kept]:
    """What a database of the role holds: one of today, or of an older revision."""
    tables = (
        metadata_of(role).tables.keys()
        if revision is None
        else _read(revision, role)["rows"].keys()
    )
    return [one for one in KEPT if one.tables <= tables]


def fill(role: str, place: Place, seat: Seat) -> None:
    """Make a database of today with something in each table."""
    store = Store(place, seat.sealer, metadata_of(role), operations=OperationLog(seat.sealer))
    for one in kept_by(role):
        store.write_now(lambda connection, one=one: one.write(connection, seat))  # type: ignore[misc]
    store.close()


def write_down(role: str, place: Path) -> str:
    """Such a database on SQLite as text, with the statements that make its tables on each kind."""
    tables = [*metadata_of(role).sorted_tables, STAMP]
    with closing(read_only(place)) as look:
        rows = {
            one.name: [
                {name: _told(value) for name, value in row.items()}
                for row in look.execute(select(one).order_by(*one.primary_key)).mappings()
            ]
            for one in tables
        }
        has_any = inspect(look.alchemy).has_table(_NUMBERS.name)
        numbered = look.execute(select(_NUMBERS)) if has_any else ()
        numbers = {row.name: row.seq for row in numbered}
    made = {kind: _statements(kind, tables) for kind in _KINDS}
    return json.dumps({**made, "rows": rows, "numbers": numbers}, ensure_ascii=False, indent=1)


def make(revision: int, role: str, place: Place) -> None:
    """A database as it was written down."""
    told = _read(revision, role)
    with _connection(place) as connection:
        kind = connection.dialect.name
        for statement in told[kind]:
            connection.execute(text(statement))
        metadata = MetaData()
        metadata.reflect(connection)
        for one in metadata.sorted_tables:
            if rows := told["rows"][one.name]:
                values = [{name: _meant(value) for name, value in row.items()} for row in rows]
                connection.execute(one.insert(), values)
        _go_on(connection, metadata, told["numbers"])


def _go_on(connection: sqlalchemy.Connection, metadata: MetaData, numbers: dict[str, int]) -> None:
    """Let numbers go on from where they stood."""
    if connection.dialect.name == "sqlite":
        for name, last in numbers.items():
            connection.execute(_NUMBERS.update().where(_NUMBERS.c.name == name).values(seq=last))
        return
    for one in metadata.sorted_tables:
        for column in one.columns:
            if str(getattr(column.server_default, "arg", "")).startswith("nextval"):
                highest = connection.scalar(select(sqlalchemy.func.max(column))) or 0
                last = max(highest, numbers.get(one.name, 0))
                connection.execute(
                    text("SELECT setval(pg_get_serial_sequence(:of, :column), :last, :used)"),
                    {"of": one.name, "column": column.name, "last": max(last, 1), "used": last > 0},
                )


@contextmanager
def _connection(place: Place) -> Iterator[sqlalchemy.Connection]:
    """A connection that knows nothing of stores; what was done is committed."""
    settings: dict[str, Any] = {}
    url: URL | str = f"sqlite:///{place}"
    if not isinstance(place, Path):
        url = read_url(place.url)
        with create_engine(url, poolclass=NullPool).begin() as connection:
            connection.execute(CreateSchema(place.name))
        settings = {"options": f"-c search_path={place.name}"}
    with create_engine(url, poolclass=NullPool, connect_args=settings).begin() as connection:
        yield connection


def _statements(kind: str, tables: list[Table]) -> list[str]:
    told: list[str] = []

    def write(statement: Any, *_: object, **__: object) -> None:
        told.append(str(statement.compile(dialect=engine.dialect)).strip())

    engine = create_mock_engine(
        f"{'postgresql+psycopg' if kind == 'postgresql' else kind}://", write
    )
    for one in tables:
        one.create(engine, checkfirst=False)
    return [" ".join(one.split()) for one in told]


@cache
def _read(revision: int, role: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((FOLDER / str(revision) / f"{role}.json").read_text())
    return told


def _told(value: object) -> object:
    return {"hex": value.hex()} if isinstance(value, bytes) else value


def _meant(value: object) -> object:
    return bytes.fromhex(value["hex"]) if isinstance(value, dict) else value
