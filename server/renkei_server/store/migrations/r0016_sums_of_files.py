"""16: identity files and registers add up what they hold, to be compared with each other's (F9).

Each file's rows get the key of their bucket, and its buckets their sums; what a municipality told
last of somebody who lives elsewhere since stands by itself, as its history tells it. Of a register
older than this nobody's reason and day are known of whom it told the network nothing from here:
they are compared by code alone.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from alembic.operations import Operations
from sqlalchemy import (
    BigInteger,
    Column,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    inspect,
)
from sqlalchemy import select as choose

from renkei_server.store.migrations.history import Changes, Sealer

_AT_ONCE: Final = 1000
_BEFORE: Final = "_before"
_NUMBER: Final = BigInteger().with_variant(Integer, "sqlite")
_SUM_BYTES: Final = 32
_MODULUS: Final = 1 << 8 * _SUM_BYTES

_Record = dict[str, Any]
_Keys = Callable[[int, _Record], Mapping[str, object]]
"""Further keys of a row, by its number and what it holds; None for none."""


class _Sums:
    """The buckets of one file's sets."""

    def __init__(self) -> None:
        self._buckets: dict[tuple[str, int], tuple[int, list[int]]] = {}

    def add(self, of: str, bucket: int, digests: Sequence[bytes]) -> None:
        records, sums = self._buckets.get((of, bucket), (0, []))
        sums = [*sums, *[0] * (len(digests) - len(sums))]
        for place, one in enumerate(digests):
            sums[place] = (sums[place] + int.from_bytes(one)) % _MODULUS
        self._buckets[of, bucket] = (records + 1, sums)

    def write(self, op: Operations, sealer: Sealer, name: str) -> None:
        table = op.create_table(
            name,
            Column("bucket", LargeBinary, primary_key=True),
            Column("of", String, nullable=False, index=True),
            Column("content", LargeBinary, nullable=False),
        )
        rows = []
        for (of, bucket), (records, sums) in self._buckets.items():
            content = bucket.to_bytes(2) + records.to_bytes(4)
            content += b"".join(one.to_bytes(_SUM_BYTES) for one in sums)
            place = sealer.blind(table.c.bucket, f"{of}/{bucket}".encode())
            sealed = sealer.seal(table.c.content, content)
            rows.append({"bucket": place, "of": of, "content": sealed})
        op.bulk_insert(table, rows)


def _identities(op: Operations, sealer: Sealer) -> None:
    sums, lives_in = _Sums(), dict[int, str | None]()

    def keys(number: int, held: _Record) -> Mapping[str, object]:
        lives_in[number] = _municipality(held)
        return {"bucket": _add_identity(sums, held)}

    _anew(
        op,
        sealer,
        "identities",
        keys,
        Column("bucket", LargeBinary, index=True),
    )
    _departed(op, sealer, sums, _told_last_elsewhere(op, sealer, lives_in))
    sums.write(op, sealer, "identity_sums")


def _told_last_elsewhere(
    op: Operations, sealer: Sealer, lives_in: Mapping[int, str | None]
) -> Sequence[_Record]:
    """What each municipality told last of whoever lives in another one."""
    columns = ("number", "record_number", "record")
    history = Table("identities_history", MetaData(), *map(Column, columns))
    latest: dict[tuple[int, str], _Record] = {}
    for rows in _rows(op, history):
        for number, record in ((row.record_number, row.record) for row in rows):
            held = json.loads(sealer.open(history.c.record, record))
            municipality = _municipality(held)
            if municipality and lives_in.get(number) not in (None, municipality):
                latest[number, municipality] = held
    return [*latest.values()]


def _departed(op: Operations, sealer: Sealer, sums: _Sums, everybody: Sequence[_Record]) -> None:
    table = op.create_table(
        "departed_identities",
        Column("number", _NUMBER, primary_key=True, autoincrement=False),
        Column("person", LargeBinary, nullable=False, unique=True),
        Column("bucket", LargeBinary, index=True),
        Column("record", LargeBinary, nullable=False),
    )
    op.bulk_insert(
        table,
        [
            {
                "number": number,
                "person": sealer.blind(
                    table.c.person, _json(f"{_municipality(held)}/{_code(held['items'])}")
                ),
                "bucket": sealer.blind(table.c.bucket, _json(_add_identity(sums, held))),
                "record": sealer.seal(table.c.record, json.dumps(held).encode()),
            }
            for number, held in enumerate(everybody, start=1)
        ],
    )


def _residents(op: Operations, sealer: Sealer) -> None:
    sums = _Sums()

    def keys(_number: int, held: _Record) -> Mapping[str, object]:
        code = held["resident_record_code"]
        if held["individual_number"] is None:
            return {"resident_record_code": code, "bucket": None}
        bucket = _bucket(code["digits"])
        told = held.get("items") is not None
        digests = [_digest(held["items"], held["removed"], held["municipal"])] if told else []
        sums.add("register", bucket, digests)
        return {"resident_record_code": code, "bucket": bucket}

    _anew(
        op,
        sealer,
        "residents",
        keys,
        Column("resident_record_code", LargeBinary, index=True),
        Column("bucket", LargeBinary, index=True),
    )
    sums.write(op, sealer, "resident_sums")


def _residents_history(op: Operations, sealer: Sealer) -> None:
    _anew(
        op,
        sealer,
        "residents_history",
        lambda _, held: {"resident_record_code": held["resident_record_code"]},
        Column("resident_record_code", LargeBinary, index=True),
    )


def _anew(op: Operations, sealer: Sealer, name: str, keys_of: _Keys, *keys: Column[Any]) -> None:
    """Lay the rows of a table into one that has these keys too."""
    columns = _set_aside(op, name)
    *lain, record = columns
    old = Table(name + _BEFORE, MetaData(), *(Column(one.name) for one in columns))
    now = op.create_table(name, *lain, *keys, record)
    for rows in _rows(op, old):
        told = []
        for row in rows:
            held = json.loads(sealer.open(now.c.record, row.record))
            found = {
                key: None if value is None else sealer.blind(now.c[key], _json(value))
                for key, value in keys_of(row.number, held).items()
            }
            told.append({**row._asdict(), **found})
        op.bulk_insert(now, told)
    op.drop_table(old.name)


def _set_aside(op: Operations, name: str) -> Sequence[Column[Any]]:
    """Rename a table, so that its names are free; return its columns, the record last."""
    there = inspect(op.get_bind())
    columns, unique = there.get_columns(name), there.get_unique_constraints(name)
    named = (there.get_pk_constraint(name), *unique)
    indexes = [one for one in there.get_indexes(name) if "duplicates_constraint" not in one]
    for index in indexes:
        op.drop_index(str(index["name"]), name)
    op.rename_table(name, name + _BEFORE)
    if op.get_context().dialect.name == "postgresql":  # such names are taken too
        for constraint in named:
            op.drop_constraint(str(constraint["name"]), name + _BEFORE)
    return [
        Column(
            one["name"],
            one["type"],
            primary_key=one["name"] == "number",
            autoincrement=False,
            nullable=one["nullable"],
            unique=_is_alone(one["name"], unique) or None,
            index=_is_alone(one["name"], indexes) or None,
        )
        for one in columns
    ]


def _is_alone(column: str, of: Iterable[Any]) -> bool:
    return any(one["column_names"] == [column] for one in of)


def _rows(op: Operations, table: Table) -> Iterator[Sequence[Any]]:
    """Some rows at a time, in their order."""
    return op.get_bind().execute(choose(table).order_by(table.c.number)).partitions(_AT_ONCE)


def _add_identity(sums: _Sums, held: _Record) -> str | None:
    """Add a person to their municipality's sums; where their bucket is."""
    municipality = _municipality(held)
    if municipality is None:
        return None
    removed, own = held["leaves_on"] is not None, held["municipal"]
    digests = [_digest(held["items"], removed, None)]
    if own is not None:
        digests.append(_digest(held["items"], removed, own))
    bucket = _bucket(_code(held["items"]))
    sums.add(municipality, bucket, digests)
    return f"{municipality}/{bucket}"


def _municipality(held: _Record) -> str | None:
    told = held["municipality"]
    return told and str(told["name"])


def _code(items: _Record) -> str:
    return str(items["resident_record_code"]["digits"])


def _bucket(code: str) -> int:
    return int.from_bytes(hashlib.sha256(code.encode()).digest()[:2]) >> 4


def _digest(items: _Record, removed: bool, own: _Record | None) -> bytes:  # noqa: FBT001 - as it stands in the row
    texts = [
        _code(items),
        items["name"],
        items["furigana"],
        _day(items["birth"]),
        str(items["sex"]),
        items["address"],
        items["individual_number"]["digits"],
        str(items["reason"]),
        _day(items["changed_on"]),
        items.get("former_surname", ""),
        items.get("former_surname_furigana", ""),
        "removed" if removed else "resident",
    ]
    if own is not None:
        texts += [
            str(own["name_unregistered_characters"]),
            str(own["address_unregistered_characters"]),
            own["town_code"],
            own["postal_code"],
            _day(own["became_resident_on"]),
            _day(own["address_fixed_on"]),
            own["notified_on"],
            own["operator_id"],
            own["terminal_id"],
            own["previous_municipality"],
            own["previous_address"],
            str(own["previous_address_unregistered_characters"]),
            own["reason_detail"],
        ]
    return hashlib.sha256("\0".join(texts).encode()).digest()


def _day(day: _Record) -> str:
    era = day["era"] or 0
    return f"{day['year']:04}/{day['month']:02}/{day['day']:02}/{era}/{day['unknown']}"


def _json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


CHANGES: Final[Changes] = {
    "identities": _identities,
    "residents": _residents,
    "residents_history": _residents_history,
}
