"""2: numbers are the seat's own, and what is found by its key alone lies under 16 bytes.

- Rows are ordered by numbers that the seat draws: none comes from a sequence any more, and none
  that was ever given comes again. The first change begins with the highest of them.
- A receipt lies under a keyed hash of caller, method and id. What it said of the request is not
  what it says now, so other content under the same id is no longer found: as after a restart.
- A provision lies under its exchange's 16 bytes, its time is a number of microseconds, and it is
  decided where nothing is held.
- The counters of records lie in the tree of their key; open exchanges have an index of their own.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final

from alembic.operations import Operations
from sqlalchemy import BigInteger, Column, Integer, LargeBinary, MetaData, String, Table, text
from sqlalchemy import select as choose

from renkei_server.store.migrations.history import Changes, Sealer

_AT_ONCE: Final = 1000
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_BEFORE: Final = "_before"


def _numbered_by_the_seat(table: str, column: str, op: Operations, _sealer: Sealer) -> None:
    """On PostgreSQL a sequence gave the numbers; on SQLite nothing did but the rows themselves."""
    if op.get_context().dialect.name == "postgresql":
        op.alter_column(table, column, server_default=None)
        op.execute(f"DROP SEQUENCE {table}_{column}_seq")


def _numbered_once(table: str, column: str, op: Operations, sealer: Sealer) -> None:
    """The same for one where SQLite counted too, so that no number came again."""
    if op.get_context().dialect.name == "sqlite":
        with op.batch_alter_table(table, recreate="always"):
            pass  # it bears no AUTOINCREMENT unless that is told
    _numbered_by_the_seat(table, column, op, sealer)


def _history(table: str, op: Operations, sealer: Sealer) -> None:
    """What was before bears the number of what is."""
    with op.batch_alter_table(table) as change:
        change.alter_column("record_number", type_=BigInteger())
    _numbered_by_the_seat(table, "number", op, sealer)


def _outbox(op: Operations, sealer: Sealer) -> None:
    drawn = op.create_table(
        "drawn_numbers",
        Column("only", Integer, primary_key=True, autoincrement=False),
        Column("reserved", BigInteger, nullable=False),
    )
    given = (
        "SELECT max(seq) FROM sqlite_sequence"
        if op.get_context().dialect.name == "sqlite"
        else "SELECT max(last_value) FROM pg_sequences WHERE schemaname = current_schema()"
    )
    last = op.get_bind().scalar(text(given)) or 0
    op.bulk_insert(drawn, [{"only": 1, "reserved": last}])
    _numbered_once("outbox", "number", op, sealer)


def _receipts(op: Operations, sealer: Sealer) -> None:
    before = _set_aside(
        op,
        "receipts",
        Column("caller", String),
        Column("method", String),
        Column("request_id", String),
        Column("made", String),
    )
    now = op.create_table(
        "receipts",
        Column("key", LargeBinary, primary_key=True),
        Column("kept", LargeBinary),
        Column("run", LargeBinary, nullable=False),
        Column("whole", LargeBinary, nullable=False),
        Column("made", String, nullable=False),
        sqlite_with_rowid=False,
    )
    for rows in _rows(op, before):
        told = [
            {
                "key": sealer.short_hash(
                    b"receipt", "\0".join((row.caller, row.method, row.request_id)).encode()
                ),
                "kept": None,
                "run": b"",
                "whole": b"",
                "made": row.made,
            }
            for row in rows
        ]
        op.bulk_insert(now, told)
    op.drop_table(before.name)


def _provisions(op: Operations, _sealer: Sealer) -> None:
    op.drop_index("provisions_by_deadline", "provisions")
    before = _set_aside(
        op,
        "provisions",
        Column("exchange_id", String),
        Column("until", String),
        Column("held", LargeBinary),
    )
    now = op.create_table(
        "provisions",
        Column("exchange", LargeBinary, primary_key=True),
        Column("until", BigInteger, nullable=False),
        Column("held", LargeBinary),
        sqlite_with_rowid=False,
    )
    for rows in _rows(op, before):
        told = [
            {
                "exchange": bytes.fromhex(row.exchange_id.replace("-", "")),
                "until": (datetime.fromisoformat(row.until) - _EPOCH) // timedelta(microseconds=1),
                "held": row.held,
            }
            for row in rows
        ]
        op.bulk_insert(now, told)
    op.drop_table(before.name)
    op.create_index("provisions_by_deadline", "provisions", ["until"])
    _index_some(op, "held_provisions", "provisions", "held IS NOT NULL")


def _exchanges(op: Operations, _sealer: Sealer) -> None:
    op.drop_index("exchanges_by_deadline", "exchanges")
    _index_some(op, "open_exchanges", "exchanges", "open IS NOT NULL")


def _record_log_counters(op: Operations, _sealer: Sealer) -> None:
    if op.get_context().dialect.name == "sqlite":
        by_key = {"sqlite_with_rowid": False}
        with op.batch_alter_table("record_log_counters", recreate="always", table_kwargs=by_key):
            pass


def _index_some(op: Operations, name: str, table: str, which: str) -> None:
    op.create_index(name, table, ["until"], sqlite_where=text(which), postgresql_where=text(which))


def _set_aside(op: Operations, table: str, *columns: Column[Any]) -> Table:
    """A table whose name another takes; of its columns those that are wanted."""
    before = table + _BEFORE
    op.rename_table(table, before)
    if op.get_context().dialect.name == "postgresql":
        op.drop_constraint(f"{table}_pkey", before)  # its name is taken too
    return Table(before, MetaData(), *columns)


def _rows(op: Operations, table: Table) -> Iterator[Sequence[Any]]:
    """Some rows at a time."""
    return op.get_bind().execute(choose(table)).partitions(_AT_ONCE)


CHANGES: Changes = {  # the outbox first: it asks for the highest number
    "outbox": _outbox,
    "receipts": _receipts,
    "provisions": _provisions,
    "exchanges": _exchanges,
    "record_log_counters": _record_log_counters,
    "record_log_frontier": partial(_numbered_by_the_seat, "record_log_frontier", "only"),
    "record_log": partial(_numbered_by_the_seat, "record_log", "leaf"),
    **{
        table: partial(_numbered_by_the_seat, table, "number")
        for table in (
            "operations",
            "refused_calls",
            "acquisitions",
            "code_acquisitions",
            "serials",
            "erasures",
            "sub_copies",
            "sub_copy_erasures",
            "organisation_keys",
        )
    },
    **{
        table: partial(_numbered_once, table, "number")
        for table in ("persons", "residents", "identities", "insured")
    },
    **{
        table: partial(_numbered_once, table, "key")
        for table in ("inquiry_lines", "registration_records")
    },
    **{table: partial(_history, table) for table in ("residents_history", "identities_history")},
}
