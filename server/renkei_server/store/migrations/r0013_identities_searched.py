"""13: persons of an identity file are found by birth date and by address too (CS-4).

What a search ignores of an address is today's rule: whoever changes it indexes all of them anew, by
a revision of its own. Of who was removed by a notification the reason is kept from here on; where a
correction came after it, the file does not know it any more.
"""

import json
from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from alembic.operations import Operations
from sqlalchemy import BigInteger, Column, Integer, LargeBinary, MetaData, String, Table
from sqlalchemy import select as choose

from renkei_server.domain.search_forms import search_form
from renkei_server.store.migrations.history import Changes, Sealer

_AT_ONCE: Final = 1000
_BEFORE: Final = "_before"
_NUMBER: Final = BigInteger().with_variant(Integer, "sqlite")
_REMOVALS: Final = range(21, 30)


def _file() -> list[Column[Any]]:
    return [
        Column("number", _NUMBER, primary_key=True, autoincrement=False),
        Column("resident_record_code", LargeBinary, nullable=False, unique=True),
        Column("individual_number", LargeBinary, unique=True),
        Column("birth", LargeBinary, index=True),
        Column("address", LargeBinary, index=True),
        Column("record", LargeBinary, nullable=False),
    ]


def _history() -> list[Column[Any]]:
    return [
        Column("number", _NUMBER, primary_key=True, autoincrement=False),
        Column("record_number", BigInteger, nullable=False, index=True),
        Column("until", String, nullable=False, index=True),
        Column("why", LargeBinary, nullable=False),
        Column("resident_record_code", LargeBinary, index=True),
        Column("individual_number", LargeBinary, index=True),
        Column("birth", LargeBinary, index=True),
        Column("address", LargeBinary, index=True),
        Column("record", LargeBinary, nullable=False),
    ]


_TABLES: Final = {"identities": _file, "identities_history": _history}
_SEARCHED: Final = ("birth", "address")


def _anew(name: str, op: Operations, sealer: Sealer) -> None:
    """Lay the rows of a table into one that has the two columns more."""
    before, columns = name + _BEFORE, _TABLES[name]()
    for column in columns:
        if column.index and column.name not in _SEARCHED:
            op.drop_index(f"ix_{name}_{column.name}", name)
    op.rename_table(name, before)
    if op.get_context().dialect.name == "postgresql":  # such names are taken too
        unique = [f"{column.name}_key" for column in columns if column.unique]
        for constraint in ("pkey", *unique):
            op.drop_constraint(f"{name}_{constraint}", before)
    lain = [column.name for column in columns if column.name not in _SEARCHED]
    old = Table(before, MetaData(), *(Column(one, LargeBinary) for one in lain))
    now = op.create_table(name, *columns)
    for rows in op.get_bind().execute(choose(old)).partitions(_AT_ONCE):
        told = [
            {one: getattr(row, one) for one in lain} | _searched(now, sealer, row.record)
            for row in rows
        ]
        op.bulk_insert(now, told)
    op.drop_table(before)


def _searched(table: Table, sealer: Sealer, sealed: bytes) -> dict[str, bytes | None]:
    """The record as it is kept from here on, and the hashes by which it is found."""
    record = table.c.record
    held = json.loads(sealer.open(record, sealed))
    items = held["items"]
    held["removed_by"] = _removed_by(held)
    day, address = items["birth"], search_form(items["address"])
    birth = json.dumps([day["year"], day["month"], day["day"]], separators=(",", ":"))
    form = json.dumps(address, ensure_ascii=False)
    return {
        "birth": sealer.blind(table.c.birth, birth.encode()) if day["year"] else None,
        "address": sealer.blind(table.c.address, form.encode()) if address else None,
        "record": sealer.seal(record, json.dumps(held, ensure_ascii=False).encode()),
    }


def _removed_by(held: Mapping[str, Any]) -> int | None:
    reason = held["items"]["reason"]
    return reason if held["leaves_on"] is not None and reason in _REMOVALS else None


CHANGES: Final[Changes] = {name: partial(_anew, name) for name in _TABLES}
