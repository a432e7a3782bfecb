"""Going along the line, by Alembic. It is loaded when a database is due, and never before."""

from collections.abc import Iterable, Sequence

import sqlalchemy
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import MetaData, inspect
from sqlalchemy.schema import SchemaItem

from renkei_server.store.migrations.history import Changes, Sealer


def upgrade(
    connection: sqlalchemy.Connection, revisions: Iterable[Changes], sealer: Sealer, now: MetaData
) -> Sequence[str]:
    """Run revisions and make the tables that are missing, within the transaction that is open.

    Returns what differs then from the tables as they are to be now: nothing, unless somebody else
    changed the database. A table or an index beyond those is no difference.
    """
    context = MigrationContext.configure(connection, opts={"include_object": _is_asked_for})
    op = Operations(context)
    for changes in revisions:
        there = inspect(connection).get_table_names()
        for name, change in changes.items():
            if name in there:
                change(op, sealer)
    now.create_all(connection)
    return [str(difference) for difference in compare_metadata(context, now)]


def _is_asked_for(
    _item: SchemaItem,
    _name: str | None,
    kind: str,
    reflected: bool,  # noqa: FBT001 - Alembic's own form
    meant: SchemaItem | None,
) -> bool:
    return not (reflected and meant is None and kind in ("table", "index"))
