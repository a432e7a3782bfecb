"""The rows of a store as they go into a backup, and out of it into another store.

They are read on one snapshot, while a server may be writing. What is there for a task alone is left
out (`engine.passing`) and counted.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final

from sqlalchemy import MetaData, Table, delete, func, insert, select

from renkei import reasons
from renkei.refusals import Refusal
from renkei_server.store.backups.contents import End, Part, Rows
from renkei_server.store.engine.columns import erasable_places
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.passing import left_of, of_table
from renkei_server.store.engine.prepared import Prepared

_AT_ONCE: Final = 500


def count_rows(connection: Connection, metadata: MetaData) -> int:
    """How many rows a store has."""
    counted = (select(func.count()).select_from(table) for table in metadata.sorted_tables)
    return sum(connection.execute(one).scalar_one() for one in counted)


def rows_of(connection: Connection, metadata: MetaData) -> Iterator[Part]:
    """All that a backup holds of a store, but for its head and the seat's keys."""
    owed, written = Counter[str](), 0
    for table in metadata.sorted_tables:
        name, columns = str(table.name), tuple(map(str, table.columns.keys()))  # plain texts
        kept = _kept(connection, table, owed)
        while rows := list(islice(kept, _AT_ONCE)):
            yield Rows(name, columns, rows)
            written += len(rows)
    yield End(written, dict(sorted(owed.items())))


def put_rows(connection: Connection, metadata: MetaData, parts: Iterable[Part]) -> End:
    """Let tables hold what a backup holds, and nothing else; return its end.

    Raises BACKUP_DAMAGED or BACKUP_UNKNOWN.
    """
    end, written = End(0, {}), 0
    for table in reversed(metadata.sorted_tables):
        connection.execute(delete(table))
    for part in parts:
        match part:
            case Rows():
                _put(connection, metadata.tables[part.table], part)
                written += len(part.rows)
            case End():
                end = part
            case _:
                raise Refusal(reasons.BACKUP_UNKNOWN)
    if written != end.rows:
        raise Refusal(reasons.BACKUP_DAMAGED, f"{written} rows of {end.rows}")
    return end


def _kept(connection: Connection, table: Table, owed: Counter[str]) -> Iterator[list[Any]]:
    asked = select(table).order_by(*table.primary_key)
    found = connection.execute(asked.execution_options(yield_per=_AT_ONCE))
    erasable = erasable_places(table.columns)
    rows = (connection.unlock_row(row, erasable) for row in found)
    if not of_table(table):
        yield from rows
        return
    for row in rows:
        kept, missed = left_of(table, dict(zip(table.columns.keys(), row, strict=True)))
        owed.update(missed)
        if kept is not None:
            yield list(kept.values())


def _put(connection: Connection, table: Table, part: Rows) -> None:
    """Values that were sealed are written as they are: they were sealed for this very place. What
    was locked beside is locked anew, where its new place needs it.
    """
    statement = Prepared(insert(table), part.columns, guarded=True)
    rows = (dict(zip(part.columns, row, strict=True)) for row in part.rows)
    statement.run_each(connection, rows)
