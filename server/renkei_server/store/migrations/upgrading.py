"""Going along the line, by Alembic. It is loaded when a database is due, and never before."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import sqlalchemy
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import MetaData, column, insert, inspect, select, table, update
from sqlalchemy.schema import SchemaItem

from renkei_server.store.migrations.history import Changes, Sealer

_NUMBERS: Final = table("sqlite_sequence", column("name"), column("seq"))
"""Where SQLite keeps the last number of each table whose numbers are never used twice."""

_NEVER_AGAIN: Final = "sqlite_autoincrement"


def upgrade(
    connection: sqlalchemy.Connection, revisions: Iterable[Changes], sealer: Sealer, now: MetaData
) -> Sequence[str]:
    """Run revisions and make the tables that are missing, within the transaction that is open.

    Returns what differs then from the tables as they are to be now: nothing, unless somebody else
    changed the database. A table or an index beyond those is no difference.
    """
    context = MigrationContext.configure(connection, opts={"include_object": _is_asked_for})
    op = Operations(context)
    numbers = _last_numbers(connection)
    for changes in revisions:
        there = inspect(connection).get_table_names()
        for name, change in changes.items():
            if name in there:
                change(op, sealer)
    now.create_all(connection)
    _go_on_from(connection, numbers, now)
    return [str(difference) for difference in compare_metadata(context, now)]


def _is_asked_for(
    _item: SchemaItem,
    _name: str | None,
    kind: str,
    reflected: bool,  # noqa: FBT001 - Alembic's own form
    meant: SchemaItem | None,
) -> bool:
    return not (reflected and meant is None and kind in ("table", "index"))


def _last_numbers(connection: sqlalchemy.Connection) -> Mapping[str, int]:
    if connection.dialect.name != "sqlite" or not inspect(connection).has_table(_NUMBERS.name):
        return {}
    return {row.name: row.seq for row in connection.execute(select(_NUMBERS))}


def _go_on_from(
    connection: sqlalchemy.Connection, numbers: Mapping[str, int], now: MetaData
) -> None:
    """Let no number come again where a table was made anew: its rows tell only what was left."""
    stand = _last_numbers(connection)
    for name, last in numbers.items():
        if name not in now.tables or not now.tables[name].dialect_kwargs.get(_NEVER_AGAIN):
            continue
        if name not in stand:
            connection.execute(insert(_NUMBERS).values(name=name, seq=last))
        elif stand[name] < last:
            connection.execute(update(_NUMBERS).where(_NUMBERS.c.name == name).values(seq=last))
