"""8: a person of the national identity file is what a notification tells (F3).

Until here the file knew number, code and four attributes, and by number alone it was searched. Where
a person lives and how they came there was not told: so the entry stands as one ex officio, of a day
that is not known, and whoever tells of the person first is where they live.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

from alembic.operations import Operations
from sqlalchemy import BigInteger, Column, Integer, LargeBinary, MetaData, String, Table
from sqlalchemy import select as choose

from renkei_server.store.migrations.history import Changes, Sealer

_AT_ONCE: Final = 1000
_BEFORE: Final = "_before"
_NUMBER: Final = BigInteger().with_variant(Integer, "sqlite")
_UNKNOWN: Final = {"year": 0, "month": 0, "day": 0, "era": None, "unknown": "不詳"}
_ENTERED_EX_OFFICIO: Final = 6


def _file(op: Operations, sealer: Sealer) -> None:
    _anew(
        op,
        sealer,
        "identities",
        Column("number", _NUMBER, primary_key=True, autoincrement=False),
        Column("resident_record_code", LargeBinary, nullable=False, unique=True),
        Column("individual_number", LargeBinary, unique=True),
        Column("record", LargeBinary, nullable=False),
        taken=("pkey", "individual_number_key"),
    )


def _history(op: Operations, sealer: Sealer) -> None:
    table = "identities_history"
    for column in ("record_number", "until", "individual_number"):
        op.drop_index(f"ix_{table}_{column}", table)
    _anew(
        op,
        sealer,
        table,
        Column("number", _NUMBER, primary_key=True, autoincrement=False),
        Column("record_number", BigInteger, nullable=False, index=True),
        Column("until", String, nullable=False, index=True),
        Column("why", LargeBinary, nullable=False),
        Column("resident_record_code", LargeBinary, index=True),
        Column("individual_number", LargeBinary, index=True),
        Column("record", LargeBinary, nullable=False),
        taken=("pkey",),
    )


def _anew(
    op: Operations, sealer: Sealer, name: str, *columns: Column[Any], taken: Sequence[str]
) -> None:
    """Lay the rows of a table into one of these columns; `taken` are its constraints' names."""
    kept = [one.name for one in columns if one.name != "resident_record_code"]
    before = name + _BEFORE
    op.rename_table(name, before)
    if op.get_context().dialect.name == "postgresql":
        for constraint in taken:  # such names are taken too
            op.drop_constraint(f"{name}_{constraint}", before)
    old = Table(before, MetaData(), *(Column(one, LargeBinary) for one in kept))
    now = op.create_table(name, *columns)
    record, code = now.c.record, now.c.resident_record_code
    for rows in _rows(op, old):
        told = []
        for row in rows:
            person = json.loads(sealer.open(record, row.record))
            lain = {one: getattr(row, one) for one in kept}
            digits = json.dumps(person["resident_record_code"], separators=(",", ":"))
            told.append(
                lain
                | {
                    "resident_record_code": sealer.blind(code, digits.encode()),
                    "record": sealer.seal(record, json.dumps(_held(person)).encode()),
                }
            )
        op.bulk_insert(now, told)
    op.drop_table(before)


def _held(person: dict[str, Any]) -> dict[str, Any]:
    """What the file says of a person from now on."""
    attributes = person["attributes"]
    year, month, day = map(int, attributes["birth_date"].split("-"))
    return {
        "items": {
            "resident_record_code": person["resident_record_code"],
            "name": attributes["name"],
            "furigana": attributes["furigana"],
            "birth": {"year": year, "month": month, "day": day, "era": None, "unknown": ""},
            "sex": attributes["sex"],
            "address": attributes["address"],
            "individual_number": person["individual_number"],
            "reason": _ENTERED_EX_OFFICIO,
            "changed_on": _UNKNOWN,
            "former_surname": "",
            "former_surname_furigana": "",
        },
        "municipality": None,
        "entered_on": None,
        "leaves_on": None,
        "municipal": None,
    }


def _rows(op: Operations, table: Table) -> Iterator[Sequence[Any]]:
    """Some rows at a time."""
    return op.get_bind().execute(choose(table)).partitions(_AT_ONCE)


CHANGES: Changes = {"identities": _file, "identities_history": _history}
