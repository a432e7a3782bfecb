"""20: who was removed is erased at last, by the last day that the removal can have been of.

A register that did not keep that day, as of whoever was removed before it told the network anything,
takes it for one that nobody knows: such a record is erased last of all.
"""

import json
from calendar import monthrange
from collections.abc import Iterator
from functools import partial
from typing import Any, Final

from alembic.operations import Operations
from sqlalchemy import BigInteger, Column, LargeBinary, MetaData, String, Table, select

from renkei_server.store.migrations.history import Changes, Sealer

_AT_ONCE: Final = 1000
_NOT_KNOWN: Final = "2200-12-31"


def _identities(op: Operations, sealer: Sealer, name: str = "identities") -> None:
    def told(person: dict[str, Any]) -> str | None:
        return _latest(person["leaves_on"]) if person["leaves_on"] else None

    table = _with_term(op, name)
    for row in _rows(op, table):
        if ended := told(json.loads(sealer.open(table.c.record, row.record))):
            op.execute(table.update().where(table.c.number == row.number).values(ended_on=ended))


def _residents(op: Operations, sealer: Sealer) -> None:
    table = _with_term(op, "residents")
    for row in _rows(op, table):
        record, ended = _register(json.loads(sealer.open(table.c.record, row.record)))
        op.execute(
            table.update()
            .where(table.c.number == row.number)
            .values(ended_on=ended, record=sealer.seal(table.c.record, _as_json(record)))
        )


def _residents_history(op: Operations, sealer: Sealer) -> None:
    table = Table("residents_history", MetaData(), *_columns())
    for row in _rows(op, table):
        record, _ = _register(json.loads(sealer.open(table.c.record, row.record)))
        sealed = sealer.seal(table.c.record, _as_json(record))
        op.execute(table.update().where(table.c.number == row.number).values(record=sealed))


def _with_term(op: Operations, name: str) -> Table:
    op.add_column(name, Column("ended_on", String))
    op.create_index(f"ix_{name}_ended_on", name, ["ended_on"])
    return Table(name, MetaData(), *_columns(), Column("ended_on", String))


def _columns() -> tuple[Column[Any], ...]:
    return Column("number", BigInteger), Column("record", LargeBinary)


def _register(record: dict[str, Any]) -> tuple[dict[str, Any], str | None]:
    """A record of the register as it is from now on, and the day of its removal."""
    ended = None
    if record.pop("removed"):
        items = record.get("items")
        ended = _latest(items["changed_on"]) if items and _removes(items) else _NOT_KNOWN
    return record | {"removed_on": ended}, ended


def _removes(items: dict[str, Any]) -> bool:
    return items["reason"] in range(21, 30)


def _latest(day: dict[str, Any]) -> str:
    """The last day that a recorded one can have been."""
    if not day["year"]:
        return _NOT_KNOWN
    month = day["month"] or 12
    last = monthrange(day["year"], month)[1]
    return f"{day['year']:04}-{month:02}-{min(day['day'] or last, last):02}"


def _as_json(record: dict[str, Any]) -> bytes:
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()


def _rows(op: Operations, table: Table) -> Iterator[Any]:
    """Every row, some at a time: each is written again before the next ones are read."""
    last = -1
    some = select(table.c.number, table.c.record).order_by(table.c.number).limit(_AT_ONCE)
    while rows := op.get_bind().execute(some.where(table.c.number > last)).all():
        yield from rows
        last = rows[-1].number


CHANGES: Final[Changes] = {
    "identities": _identities,
    "departed_identities": partial(_identities, name="departed_identities"),
    "residents": _residents,
    "residents_history": _residents_history,
}
