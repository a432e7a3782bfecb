"""What records were before: each earlier version, when it ended and why."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Generic, TypeVar

from sqlalchemy import Table, bindparam, delete, insert, or_, select

from renkei_server.store.engine.codecs import TEXT, Codec
from renkei_server.store.engine.columns import blind, drawn_number, long_number, sealed, table, text
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.guarded import Guarded
from renkei_server.store.engine.prepared import Prepared
from renkei_server.store.engine.sealing import Sealer

R = TypeVar("R")

AT_ONCE: Final = 1000
"""So many are erased in one transaction."""


@dataclass(frozen=True, slots=True)
class Change:
    """When a record changed, by the world's clock, and why."""

    at: datetime
    why: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Earlier(Generic[R]):
    """What a record was, and the change that ended it."""

    record: R
    ended: Change


class History(Generic[R]):
    """The earlier versions of the records of one file, found by the keys that they had."""

    def __init__(self, file: Table, keys: Sequence[str], record: Codec[R]) -> None:
        held = table(
            f"{file.name}_history",
            drawn_number(),
            long_number("record_number", index=True),
            text("until", index=True),
            sealed("why", TEXT),
            *(blind(key, optional=True, index=True) for key in keys),
            sealed("record", record),
        )
        self.tables = (held,)
        columns = held.c
        self._keep = Guarded(insert(held))
        self._of = {
            key: Guarded(
                select(columns.until, columns.why, columns.record)
                .where(
                    or_(
                        columns.record_number.in_(
                            select(file.c.number).where(file.c[key] == bindparam("now"))
                        ),
                        columns.record_number.in_(
                            select(columns.record_number).where(columns[key] == bindparam("then"))
                        ),
                    )
                )
                .order_by(columns.number)
            )
            for key in keys
        }
        self._versions = {
            key: Guarded(
                select(columns.record.label("version"), file.c.record)
                .join(file, file.c.number == columns.record_number)
                .where(columns[key] == bindparam("then"))
                .order_by(columns.number)
            )
            for key in keys
        }
        older = columns.until < bindparam("before")
        self._any = Prepared(select(columns.number).where(older).limit(1))
        some = select(columns.number).where(older).order_by(columns.until).limit(AT_ONCE)
        self._erase = Prepared(
            delete(held).where(columns.number.in_(some)).returning(columns.number)
        )
        self._erase_of = Prepared(delete(held).where(columns.record_number == bindparam("row")))

    def keep(
        self,
        connection: Connection,
        sealer: Sealer,
        record_number: int,
        was: dict[str, object],
        change: Change,
    ) -> None:
        """Note what a record was, as its row was told."""
        ended = {"until": change.at.isoformat(), "why": change.why}
        numbers = {"number": connection.draw(), "record_number": record_number}
        self._keep.run(connection, sealer, {**numbers, **ended, **was})

    def of(
        self, connection: Connection, sealer: Sealer, key: str, value: object
    ) -> Sequence[Earlier[R]]:
        """The earlier versions of each record that has the key now or had it once, oldest first."""
        found = self._of[key].run(connection, sealer, {"now": value, "then": value})
        return [
            Earlier(record, Change(datetime.fromisoformat(until), why))
            for until, why, record in found.fetchall()
        ]

    def versions(
        self, connection: Connection, sealer: Sealer, key: str, value: object
    ) -> Sequence[tuple[R, R]]:
        """Each earlier version that had the key, and the record now that it was of, oldest first."""
        found = self._versions[key].run(connection, sealer, {"then": value})
        return [(version, record) for version, record in found.fetchall()]

    def any(self, connection: Connection, before: datetime) -> bool:
        """Whether a version ended before a moment."""
        return self._any.value(connection, {"before": before.isoformat()}) is not None

    def erase_of(self, connection: Connection, record_number: int) -> None:
        """Erase all that one record was."""
        self._erase_of.run(connection, {"row": record_number})

    def erase(self, connection: Connection, before: datetime) -> int:
        """Erase versions that ended before a moment, some at a time; return how many."""
        return len(list(self._erase.run(connection, {"before": before.isoformat()}).fetchall()))
