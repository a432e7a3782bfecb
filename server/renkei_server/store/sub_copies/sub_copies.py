"""Sub-copies (副本) of one organisation, encrypted under its own keys (MS-6, MS-8, STO-12).

Rules:
- Each version of a record has a data key of its own, wrapped under the organisation's
  current key; what it encrypts is bound to organisation, person, record and version,
  and its wrap to the organisation's key as well.
- A person is found by a blind index; no number is written.
- A new registration is a new version; versions before it stay until they are deleted.
- An erasure leaves a history entry that names nobody (STO-14).
"""

import json
import os
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from renkei import reasons
from renkei.codes import IntegratedAddressNumber
from renkei.refusals import Refusal
from renkei.sub_copies import HeldSubCopy, Items, NullReason, Publication, RecordName, SubCopy
from renkei_server.store.engine.boxes import KEY_BYTES, Box
from renkei_server.store.engine.prepared import Prepared, only
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.sub_copies.organisation_keys import OrganisationKeys

_METADATA = MetaData()

_SUB_COPIES = Table(
    "sub_copies",
    _METADATA,
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("person", LargeBinary, nullable=False),
    Column("information_code", String, nullable=False),
    Column("record_key", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("layout_version", Integer, nullable=False),
    Column("publication_start", String, nullable=False),
    Column("publication_end", String),
    Column("key_number", Integer, nullable=False),
    Column("wrapped_key", LargeBinary, nullable=False),
    Column("content", LargeBinary, nullable=False),
    UniqueConstraint("person", "information_code", "record_key", "version"),
    Index("sub_copies_by_key", "key_number"),
)

_ERASURES = Table(
    "sub_copy_erasures",
    _METADATA,
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("at", String, nullable=False),
    Column("information_code", String, nullable=False),
    Column("versions", Integer, nullable=False),
)

TABLES = (_SUB_COPIES, _ERASURES)

_JSON = json.JSONEncoder(ensure_ascii=False, check_circular=False)

_THE_RECORD = (
    _SUB_COPIES.c.person == bindparam("of"),
    _SUB_COPIES.c.information_code == bindparam("information"),
    _SUB_COPIES.c.record_key == bindparam("record"),
)
_ADD = Prepared(insert(_SUB_COPIES).returning(_SUB_COPIES.c.number), _SUB_COPIES.c.keys()[1:])
_LATEST_VERSION = Prepared(select(func.max(_SUB_COPIES.c.version)).where(*_THE_RECORD))
_LOAD = Prepared(insert(_SUB_COPIES), _SUB_COPIES.c.keys()[1:])
_LATEST = Prepared(
    select(
        _SUB_COPIES.c.version,
        _SUB_COPIES.c.layout_version,
        _SUB_COPIES.c.publication_start,
        _SUB_COPIES.c.publication_end,
        _SUB_COPIES.c.key_number,
        _SUB_COPIES.c.wrapped_key,
        _SUB_COPIES.c.content,
    )
    .where(*_THE_RECORD)
    .order_by(_SUB_COPIES.c.version.desc())
    .limit(1)
)
_OF_PERSON = Prepared(
    select(
        _SUB_COPIES.c.information_code,
        _SUB_COPIES.c.record_key,
        _SUB_COPIES.c.version,
        _SUB_COPIES.c.layout_version,
        _SUB_COPIES.c.publication_start,
        _SUB_COPIES.c.publication_end,
    )
    .where(_SUB_COPIES.c.person == bindparam("of"))
    .order_by(_SUB_COPIES.c.information_code, _SUB_COPIES.c.record_key, _SUB_COPIES.c.version)
)
_NEWER = _SUB_COPIES.alias("newer")
_OF_INFORMATION = Prepared(
    select(
        _SUB_COPIES.c.record_key,
        _SUB_COPIES.c.version,
        _SUB_COPIES.c.layout_version,
        _SUB_COPIES.c.publication_start,
        _SUB_COPIES.c.publication_end,
        _SUB_COPIES.c.key_number,
        _SUB_COPIES.c.wrapped_key,
        _SUB_COPIES.c.content,
    )
    .where(
        _SUB_COPIES.c.person == bindparam("of"),
        _SUB_COPIES.c.information_code == bindparam("information"),
        _SUB_COPIES.c.version
        == select(func.max(_NEWER.c.version))
        .where(
            _NEWER.c.person == _SUB_COPIES.c.person,
            _NEWER.c.information_code == _SUB_COPIES.c.information_code,
            _NEWER.c.record_key == _SUB_COPIES.c.record_key,
        )
        .scalar_subquery(),
    )
    .order_by(_SUB_COPIES.c.record_key)
)
_VERSION = Prepared(select(_SUB_COPIES.c.version).where(_SUB_COPIES.c.number == bindparam("key")))
_DELETE = Prepared(delete(_SUB_COPIES).where(*_THE_RECORD).returning(_SUB_COPIES.c.version))
_UNDER = Prepared(
    select(
        _SUB_COPIES.c.number,
        _SUB_COPIES.c.person,
        _SUB_COPIES.c.information_code,
        _SUB_COPIES.c.record_key,
        _SUB_COPIES.c.version,
        _SUB_COPIES.c.wrapped_key,
    )
    .where(_SUB_COPIES.c.key_number == bindparam("old"))
    .order_by(_SUB_COPIES.c.number)
    .limit(bindparam("most"))
)
_WRAP_ANEW = Prepared(
    update(_SUB_COPIES)
    .where(_SUB_COPIES.c.number == bindparam("key"))
    .values(key_number=bindparam("new"), wrapped_key=bindparam("wrapped"))
)


class SubCopies:
    """The sub-copies of one organisation."""

    def __init__(self, sealer: Sealer, keys: OrganisationKeys, organisation: str) -> None:
        self._sealer = sealer
        self._keys = keys
        self._organisation = organisation

    def register(
        self, connection: Connection, person: IntegratedAddressNumber, sub_copy: SubCopy
    ) -> str:
        """Write a new version of a record; return its key.

        Raises ORGANISATION_KEY_MISSING or KEY_STORE_LOCKED.
        """
        index = self._index(person)
        newest = _LATEST.value(connection, _of(index, sub_copy.name))
        version = (newest or 0) + 1
        key_number, box = self._keys.current(connection)
        place = self._place(index, sub_copy.name, version)
        data_key = os.urandom(KEY_BYTES)
        last = sub_copy.publication.last
        values = {
            "person": index,
            "information_code": sub_copy.name.information_code,
            "record_key": sub_copy.name.record_key,
            "version": version,
            "layout_version": sub_copy.layout_version,
            "publication_start": sub_copy.publication.first.isoformat(),
            "publication_end": last.isoformat() if last else None,
            "key_number": key_number,
            "wrapped_key": box.close(data_key, _wrap_place(place, key_number)),
            "content": Box(data_key).close(_as_bytes(sub_copy.items), place),
        }
        return only(_ADD.run(connection, values))

    def load(
        self, connection: Connection, entries: Sequence[tuple[IntegratedAddressNumber, SubCopy]]
    ) -> None:
        """Write a new version of each of many records, as `register` would.

        Raises ORGANISATION_KEY_MISSING or KEY_STORE_LOCKED.
        """
        key_number, box = self._keys.current(connection)
        blind, column = self._sealer.blind, _SUB_COPIES.c.person
        records = [
            (blind(column, person.digits.encode()), sub_copy.name) for person, sub_copy in entries
        ]
        found = _LATEST_VERSION.values(connection, (_of(*record) for record in records))
        newest: dict[tuple[bytes, str, str], int] = {}
        rows = []
        for (index, name), before, (_, sub_copy) in zip(records, found, entries, strict=True):
            record = (index, name.information_code, name.record_key)
            version = newest[record] = newest.get(record, before or 0) + 1
            place = self._place(index, name, version)
            data_key = os.urandom(KEY_BYTES)
            last = sub_copy.publication.last
            rows.append(
                {
                    "person": index,
                    "information_code": name.information_code,
                    "record_key": name.record_key,
                    "version": version,
                    "layout_version": sub_copy.layout_version,
                    "publication_start": sub_copy.publication.first.isoformat(),
                    "publication_end": last.isoformat() if last else None,
                    "key_number": key_number,
                    "wrapped_key": box.close(data_key, _wrap_place(place, key_number)),
                    "content": Box(data_key).close(_as_bytes(sub_copy.items), place),
                }
            )
        _LOAD.run_each(connection, rows)

    def version(self, connection: Connection, key: str) -> int:
        """Which version a registration made, by the key that `register` gave; 0 once erased."""
        return _VERSION.value(connection, {"key": int(key)}) or 0

    def find(
        self, connection: Connection, person: IntegratedAddressNumber, name: RecordName
    ) -> SubCopy | None:
        """The latest version of a record, opened.

        Raises ORGANISATION_KEY_MISSING or KEY_STORE_LOCKED, and InvalidTag where
        what is held is not what was registered.
        """
        index = self._index(person)
        row = _LATEST.run(connection, _of(index, name)).fetchone()
        if row is None:
            return None
        return self._opened(connection, index, name, row)

    def of_information(
        self, connection: Connection, person: IntegratedAddressNumber, information_code: str
    ) -> list[SubCopy]:
        """The latest version of each record of the person under an information, by its key.

        Raises what `find` raises.
        """
        index = self._index(person)
        found = _OF_INFORMATION.run(connection, {"of": index, "information": information_code})
        return [
            self._opened(connection, index, RecordName(information_code, record_key), row)
            for record_key, *row in found.fetchall()
        ]

    def delete(
        self,
        connection: Connection,
        person: IntegratedAddressNumber,
        name: RecordName,
        now: datetime,
    ) -> str:
        """Erase every version of a record; return the key of the history entry.

        Raises SUB_COPY_NOT_HELD.
        """
        erased = list(_DELETE.run(connection, _of(self._index(person), name)).fetchall())
        if not erased:
            raise Refusal(reasons.SUB_COPY_NOT_HELD, "", "information_code")
        inserted = connection.execute(
            insert(_ERASURES).values(
                at=now.isoformat(),
                information_code=name.information_code,
                versions=len(erased),
            )
        )
        return str(inserted.inserted_primary_key[0])  # type: ignore[index]  # one row was inserted

    def of_person(
        self, connection: Connection, person: IntegratedAddressNumber
    ) -> Sequence[HeldSubCopy]:
        """The latest version of each record of the person, by information code and key."""
        found = _OF_PERSON.run(connection, {"of": self._index(person)}).fetchall()
        latest = {
            (information_code, record_key): HeldSubCopy(
                RecordName(information_code, record_key),
                version,
                layout_version,
                _publication(start, end),
            )
            for information_code, record_key, version, layout_version, start, end in found
        }
        return list(latest.values())

    def every(self, connection: Connection) -> Iterator[SubCopy]:
        """Every version of every record, opened, for an audit; whose they are is not told."""
        for row in connection.execute(select(_SUB_COPIES).order_by(_SUB_COPIES.c.number)):
            name = RecordName(row.information_code, row.record_key)
            opened = (
                row.version,
                row.layout_version,
                row.publication_start,
                row.publication_end,
                row.key_number,
                row.wrapped_key,
                row.content,
            )
            yield self._opened(connection, row.person, name, opened)

    def under_each_key(self, connection: Connection) -> dict[int, int]:
        """How many records, with all their versions, are wrapped under each key."""
        number = _SUB_COPIES.c.key_number
        found = connection.execute(select(number, func.count()).group_by(number))
        return {row[0]: row[1] for row in found}

    def wrap_anew(self, connection: Connection, old: int, limit: int) -> int:
        """Wrap the data keys of at most `limit` records under the current key; return how many.

        Raises ORGANISATION_KEY_MISSING or KEY_STORE_LOCKED.
        """
        new, box = self._keys.current(connection)
        before = self._keys.opened(connection, old)
        found = list(_UNDER.run(connection, {"old": old, "most": limit}).fetchall())
        for key, person, information_code, record_key, version, wrapped in found:
            place = self._place(person, RecordName(information_code, record_key), version)
            data_key = before.open(wrapped, _wrap_place(place, old))
            again = box.close(data_key, _wrap_place(place, new))
            _WRAP_ANEW.run(connection, {"key": key, "new": new, "wrapped": again})
        return len(found)

    def _opened(
        self, connection: Connection, person: bytes, name: RecordName, row: Sequence[Any]
    ) -> SubCopy:
        version, layout_version, start, end, key_number, wrapped, content = row
        place = self._place(person, name, version)
        box = self._keys.opened(connection, key_number)
        data_key = box.open(wrapped, _wrap_place(place, key_number))
        items = _from_bytes(Box(data_key).open(content, place))
        return SubCopy(name, layout_version, _publication(start, end), items)

    def _index(self, person: IntegratedAddressNumber) -> bytes:
        return self._sealer.blind(_SUB_COPIES.c.person, person.digits.encode())

    def _place(self, person: bytes, name: RecordName, version: int) -> bytes:
        """What a content is bound to."""
        parts = [self._organisation, person.hex(), name.information_code, name.record_key]
        return "|".join([*parts, str(version)]).encode()


def _wrap_place(place: bytes, key_number: int) -> bytes:
    return place + b"|%d" % key_number


def _of(person: bytes, name: RecordName) -> dict[str, object]:
    return {"of": person, "information": name.information_code, "record": name.record_key}


def _publication(start: str, end: str | None) -> Publication:
    return Publication(date.fromisoformat(start), date.fromisoformat(end) if end else None)


def _as_bytes(items: Items) -> bytes:
    told = {
        code: content if isinstance(content, str) else content.value
        for code, content in items.items()
    }
    return _JSON.encode(told).encode()


def _from_bytes(content: bytes) -> Items:
    return {
        code: told if isinstance(told, str) else NullReason(told)
        for code, told in json.loads(content).items()
    }
