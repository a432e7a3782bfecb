"""Sub-copies (副本) of one organisation, encrypted under its own keys (MS-6, MS-8, STO-12).

Rules:
- How a version is closed, and to what it is bound, stands in `contents`.
- A person is found by a blind index; no number is written.
- A new registration is a new version; versions before it stay until they are deleted.
- An erasure leaves a history entry that names nobody (STO-14).
"""

import os
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
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
from renkei.sub_copies import HeldSubCopy, Publication, RecordName, SubCopy
from renkei_server.store.engine.columns import drawn_number, erasable, number, raw, table, text
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.each import Each
from renkei_server.store.engine.prepared import Prepared
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.sub_copies import contents
from renkei_server.store.sub_copies.contents import Key, place_of
from renkei_server.store.sub_copies.organisation_keys import OrganisationKeys

_SUB_COPIES = table(
    "sub_copies",
    drawn_number(),
    raw("person"),
    text("information_code"),
    text("record_key"),
    number("version"),
    number("layout_version"),
    text("publication_start"),
    text("publication_end", optional=True),
    number("key_number", index=True),
    erasable("wrapped_key"),
    raw("content"),
    UniqueConstraint("person", "information_code", "record_key", "version"),
)

_ERASURES = table(
    "sub_copy_erasures",
    drawn_number(),
    text("at"),
    text("information_code"),
    number("versions"),
)

TABLES = (_SUB_COPIES, _ERASURES)

_RECORD = (_SUB_COPIES.c.person, _SUB_COPIES.c.information_code, _SUB_COPIES.c.record_key)
_PUBLISHED = (
    _SUB_COPIES.c.version,
    _SUB_COPIES.c.layout_version,
    _SUB_COPIES.c.publication_start,
    _SUB_COPIES.c.publication_end,
)
_CLOSED = (_SUB_COPIES.c.key_number, _SUB_COPIES.c.wrapped_key, _SUB_COPIES.c.content)
_OF = _SUB_COPIES.c.person == bindparam("of")
_THE_RECORD = (
    _OF,
    _SUB_COPIES.c.information_code == bindparam("information"),
    _SUB_COPIES.c.record_key == bindparam("record"),
)
_ADD = Prepared(insert(_SUB_COPIES))
_LATEST_VERSION = Prepared(select(func.max(_SUB_COPIES.c.version)).where(*_THE_RECORD))
_LATEST_OF_EACH = Each(func.max(_SUB_COPIES.c.version), *_RECORD)
_LATEST = Prepared(
    select(*_PUBLISHED, *_CLOSED)
    .where(*_THE_RECORD)
    .order_by(_SUB_COPIES.c.version.desc())
    .limit(1)
)
_OF_PERSON = Prepared(
    select(_SUB_COPIES.c.information_code, _SUB_COPIES.c.record_key, *_PUBLISHED)
    .where(_OF)
    .order_by(_SUB_COPIES.c.information_code, _SUB_COPIES.c.record_key, _SUB_COPIES.c.version)
)
_NEWER = _SUB_COPIES.alias("newer")
_OF_INFORMATION = Prepared(
    select(_SUB_COPIES.c.record_key, *_PUBLISHED, *_CLOSED)
    .where(
        _OF,
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
_EVERY = Prepared(select(*_RECORD, *_PUBLISHED, *_CLOSED).order_by(_SUB_COPIES.c.number))
_VERSION = Prepared(select(_SUB_COPIES.c.version).where(_SUB_COPIES.c.number == bindparam("key")))
_DELETE = Prepared(delete(_SUB_COPIES).where(*_THE_RECORD).returning(_SUB_COPIES.c.version))
_NOTE_ERASURE = Prepared(insert(_ERASURES))
_UNDER_EACH = Prepared(
    select(_SUB_COPIES.c.key_number, func.count()).group_by(_SUB_COPIES.c.key_number)
)
_UNDER = Prepared(
    select(_SUB_COPIES.c.number, *_RECORD, _SUB_COPIES.c.version, _SUB_COPIES.c.wrapped_key)
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
        index, key = self._index(person), self._current(connection)
        version = (_LATEST_VERSION.value(connection, _of(index, sub_copy.name)) or 0) + 1
        row = connection.draw()
        _ADD.run(connection, {"number": row, **self._row(index, sub_copy, version, key)})
        return str(row)

    def load(
        self, connection: Connection, entries: Sequence[tuple[IntegratedAddressNumber, SubCopy]]
    ) -> None:
        """Write a new version of each of many records, as `register` would.

        Raises ORGANISATION_KEY_MISSING or KEY_STORE_LOCKED.
        """
        key, draw = self._current(connection), contents.drawn_for(len(entries))
        records = [
            (self._index(person), sub_copy.name.information_code, sub_copy.name.record_key)
            for person, sub_copy in entries
        ]
        found = _LATEST_OF_EACH.values(connection, self._sealer, records)
        newest: dict[tuple[bytes, str, str], int] = {}
        rows = []
        for (_, sub_copy), record, before in zip(entries, records, found, strict=True):
            version = newest[record] = newest.get(record, before or 0) + 1
            told = self._row(record[0], sub_copy, version, key, draw)
            rows.append({"number": connection.draw(), **told})
        _ADD.run_each(connection, rows)

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
        values = {
            "number": connection.draw(),
            "at": now.isoformat(),
            "information_code": name.information_code,
            "versions": len(erased),
        }
        _NOTE_ERASURE.run(connection, values)
        return str(values["number"])

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
        every = _EVERY.run(connection, {})
        while (row := every.fetchone()) is not None:
            person, information_code, record_key, *told = row
            yield self._opened(connection, person, RecordName(information_code, record_key), told)

    def under_each_key(self, connection: Connection) -> dict[int, int]:
        """How many records, with all their versions, are wrapped under each key."""
        return dict(_UNDER_EACH.run(connection, {}).fetchall())

    def wrap_anew(self, connection: Connection, old: int, limit: int) -> int:
        """Wrap the data keys of at most `limit` records under the current key; return how many.

        Raises ORGANISATION_KEY_MISSING or KEY_STORE_LOCKED.
        """
        new = self._current(connection)
        before = Key(old, self._keys.opened(connection, old))
        found = list(_UNDER.run(connection, {"old": old, "most": limit}).fetchall())
        for row, person, information_code, record_key, version, wrapped in found:
            name = RecordName(information_code, record_key)
            place = place_of(self._organisation, person, name, version)
            again = contents.wrap_anew(wrapped, place, before, new)
            _WRAP_ANEW.run(connection, {"key": row, "new": new.number, "wrapped": again})
        return len(found)

    def _row(
        self,
        person: bytes,
        sub_copy: SubCopy,
        version: int,
        key: Key,
        draw: contents.Draw = os.urandom,
    ) -> dict[str, object]:
        place = place_of(self._organisation, person, sub_copy.name, version)
        wrapped, content = contents.close(sub_copy.items, place, key, draw)
        last = sub_copy.publication.last
        return {
            "person": person,
            "information_code": sub_copy.name.information_code,
            "record_key": sub_copy.name.record_key,
            "version": version,
            "layout_version": sub_copy.layout_version,
            "publication_start": sub_copy.publication.first.isoformat(),
            "publication_end": last.isoformat() if last else None,
            "key_number": key.number,
            "wrapped_key": wrapped,
            "content": content,
        }

    def _opened(
        self, connection: Connection, person: bytes, name: RecordName, row: Sequence[Any]
    ) -> SubCopy:
        version, layout_version, start, end, number, wrapped, content = row
        place = place_of(self._organisation, person, name, version)
        key = Key(number, self._keys.opened(connection, number))
        items = contents.open_(wrapped, content, place, key)
        return SubCopy(name, layout_version, _publication(start, end), items)

    def _current(self, connection: Connection) -> Key:
        return Key(*self._keys.current(connection))

    def _index(self, person: IntegratedAddressNumber) -> bytes:
        return self._sealer.blind(_SUB_COPIES.c.person, person.digits.encode())


def _of(person: bytes, name: RecordName) -> dict[str, object]:
    return {"of": person, "information": name.information_code, "record": name.record_key}


def _publication(start: str, end: str | None) -> Publication:
    return Publication(date.fromisoformat(start), date.fromisoformat(end) if end else None)
