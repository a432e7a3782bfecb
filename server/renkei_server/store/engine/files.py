"""Files of persons: records that are sealed whole, and found by blind indexes.

A file is declared once, where its records are: `FileForm(name, record, *keys)` is its tables and
statements. `SealedFile` is the file under a store's key. A record is a dataclass that shows nothing
of itself; what it holds is one sealed value, so a field more is a line more.

A file that keeps its history notes with each change what the record was, when that ended and why.
One that keeps sums (`sums`) adds up what it holds, with each change, to be compared with another.
A file whose records end, as those of removed persons do, erases them once that is long enough ago.
Which fields a record has and how they are read may change with a revision alone (`store.migrations`).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import bindparam, delete, insert, select, update

from renkei_server.store.engine.codecs import as_json, document
from renkei_server.store.engine.columns import blind, drawn_number, sealed, table, text
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.guarded import Guarded
from renkei_server.store.engine.histories import AT_ONCE, Change, Earlier, History
from renkei_server.store.engine.masks import require_masked
from renkei_server.store.engine.prepared import Prepared, one
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.engine.sums import SumsForm, Tally

R = TypeVar("R")
K = TypeVar("K")


@dataclass(frozen=True)  # no slots: Python 3.11 cannot make a generic one that is frozen too
class Key(Generic[R, K]):
    """A way to find records: a blind index of what `of` tells of each, if anything.

    It is unique in its file unless it is `shared`, such as a name. What a record had once is found
    by it too, where the file keeps its history, unless it is `of_now`.
    """

    name: str
    of: Callable[[R], K | None]
    shared: bool = False
    of_now: bool = False

    def index(self, value: K | None) -> bytes | None:
        """What is hashed of a value."""
        return None if value is None else as_json(value)


class FileForm(Generic[R]):
    """What a file is made of. By its first key, which every record has, a record is told apart.

    Where that one is shared the file only grows, as one of notices: its records are numbered as
    they come, and none is replaced or forgotten.
    """

    def __init__(
        self,
        name: str,
        record: type[R],
        *keys: Key[R, Any],
        history: bool = False,
        sums: SumsForm[R] | None = None,
        ends: Callable[[R], date | None] | None = None,
    ) -> None:
        """Raise TypeError where a record would show something of itself.

        `sums` may be those of another file too; their tables are told beside the file's. `ends`: the
        last day that counts of a record that is kept for a time from then on.
        """
        require_masked(record)
        self.keys = keys
        self.sums = sums
        self._ends = ends
        first = keys[0].name
        self.content = document(record)
        held = table(
            name,
            drawn_number(),
            *(
                blind(key.name, optional=key.name != first, unique=not key.shared, index=key.shared)
                for key in keys
            ),
            sealed("record", self.content),
            *((text("ended_on", optional=True, index=True),) if ends else ()),
        )
        names = [key.name for key in keys]
        lasting = [key.name for key in keys if not key.of_now]
        self.lasting = frozenset((*lasting, "record"))
        self.history = History(held, lasting, self.content) if history else None
        self.tables = (held, *(self.history.tables if self.history else ()))
        columns = held.c
        the_row = columns.number == bindparam("row")
        self.add = Guarded(insert(held))
        self.numbered = Guarded(select(columns.record).where(the_row))
        self.find = {
            key.name: Guarded(
                select(columns.record)
                .where(columns[key.name] == bindparam("of"))
                .order_by(columns.number)
            )
            for key in keys
        }
        self.every = Guarded(select(columns.record).order_by(columns.number))
        self.onward = Guarded(
            select(columns.number, columns.record)
            .where(columns.number > bindparam("after"))
            .order_by(columns.number)
            .limit(bindparam("most"))
        )
        self.row = Guarded(
            select(columns.number, columns.record).where(columns[first] == bindparam("of"))
        )
        told = (*names, *(("ended_on",) if ends else ()), "record")
        self.replace = Guarded(update(held).where(the_row), told)
        self.forget = Prepared(delete(held).where(the_row))
        self.ended = (
            Guarded(
                select(columns.number, columns.record)
                .where(columns.ended_on < bindparam("before"))
                .order_by(columns.ended_on)
                .limit(AT_ONCE)
            )
            if ends
            else None
        )

    def values(self, record: R) -> dict[str, object]:
        """A record as its row is told."""
        told: dict[str, object] = {key.name: key.index(key.of(record)) for key in self.keys}
        if self._ends is not None:
            day = self._ends(record)
            told["ended_on"] = None if day is None else day.isoformat()
        return {**told, "record": record}


class SealedFile(Generic[R]):
    """One file under a store's key."""

    def __init__(self, form: FileForm[R], sealer: Sealer) -> None:
        self._form = form
        self._sealer = sealer

    def add(self, connection: Connection, record: R) -> int:
        """Write a record that the file does not hold yet; return its number.

        Raises the driver's IntegrityError where the file holds it.
        """
        number = connection.draw()
        self._form.add.run(connection, self._sealer, self._row(number, record))
        self._sum(connection, None, record)
        return number

    def add_each(self, connection: Connection, records: Iterable[R]) -> None:
        """Write many as `add` would, in one call of the driver and in bounded memory."""
        sums, tally = self._form.sums, Tally()
        if sums is not None:
            records = sums.counted(records, tally)
        rows = (self._row(connection.draw(), record) for record in records)
        self._form.add.run_each(connection, self._sealer, rows)
        if sums is not None:
            sums.write(connection, self._sealer, tally)

    def numbered(self, connection: Connection, number: int) -> R | None:
        """The record with the number that `add` gave it, if it is still there."""
        found: R | None = self._form.numbered.value(connection, self._sealer, {"row": number})
        return found

    def find(self, connection: Connection, key: Key[R, K], value: K) -> R | None:
        """The record with this key, if there is one. Raises ValueError for one that is shared."""
        _require_unique(key)
        statement, sought = self._form.find[key.name], {"of": key.index(value)}
        found: R | None = statement.value(connection, self._sealer, sought)
        return found

    def find_each(
        self, connection: Connection, key: Key[R, K], values: Iterable[K]
    ) -> list[R | None]:
        """For each value what `find` finds; raises as it does."""
        _require_unique(key)
        asked = ({"of": key.index(value)} for value in values)
        return self._form.find[key.name].values(connection, self._sealer, asked)

    def find_all(self, connection: Connection, key: Key[R, K], value: K) -> Sequence[R]:
        """Every record with this key, in the order in which they came."""
        statement, sought = self._form.find[key.name], {"of": key.index(value)}
        found = statement.run(connection, self._sealer, sought)
        return [record for (record,) in found.fetchall()]

    def find_former(
        self, connection: Connection, key: Key[R, K], value: K
    ) -> Sequence[tuple[R, R]]:
        """Every earlier version that had this key, and what the record is that it was of."""
        history = self._form.history
        if history is None:
            return ()
        return history.versions(connection, self._sealer, key.name, key.index(value))

    def replace(self, connection: Connection, was: R, now: R, change: Change | None = None) -> None:
        """Write what a record is from now on; why, where the file keeps its history.

        Raises LookupError where the file does not hold it just as it was.
        """
        row = self._ended(connection, was, change)
        self._form.replace.run(connection, self._sealer, {"row": row, **self._form.values(now)})
        self._sum(connection, was, now)

    def note(self, connection: Connection, held: R, version: R, change: Change) -> None:
        """Note a version of a record that it has never been here; it stays what it is.

        Raises as `replace` does.
        """
        self._keep(connection, self._row_of(connection, held), version, change)

    def forget(self, connection: Connection, was: R, change: Change | None = None) -> None:
        """Let the file hold a record no more; raises as `replace` does."""
        self._form.forget.run(connection, {"row": self._ended(connection, was, change)})
        self._sum(connection, was, None)

    def earlier(self, connection: Connection, key: Key[R, K], value: K) -> Sequence[Earlier[R]]:
        """What each record was that has the key now or had it once, oldest first."""
        history = self._form.history
        if history is None:
            return ()
        return history.of(connection, self._sealer, key.name, key.index(value))

    def any_earlier(self, connection: Connection, before: datetime) -> bool:
        """Whether an earlier version ended before a moment."""
        history = self._form.history
        return history is not None and history.any(connection, before)

    def erase_earlier(self, connection: Connection, before: datetime) -> int:
        """Erase earlier versions that ended before a moment, some at a time; return how many."""
        history = self._form.history
        return 0 if history is None else history.erase(connection, before)

    def onward(self, connection: Connection, after: int, most: int) -> Sequence[tuple[int, R]]:
        """The next records after a number, with theirs, in the order in which they came."""
        values = {"after": after, "most": most}
        found = self._form.onward.run(connection, self._sealer, values)
        return [(number, record) for number, record in found.fetchall()]

    def any_ended(self, connection: Connection, before: date) -> bool:
        """Whether a record ended before a day."""
        return bool(self._ended_before(connection, before))

    def erase_ended(
        self, connection: Connection, before: date, forget: Callable[[Connection, R], None]
    ) -> int:
        """Erase records that ended before a day and all that they were, some at a time.

        `forget` is told of each while it is still there. Returns how many.
        """
        form, ended = self._form, self._ended_before(connection, before)
        for row, record in ended:
            forget(connection, record)
            form.forget.run(connection, {"row": row})
            if form.history is not None:
                form.history.erase_of(connection, row)
            self._sum(connection, record, None)
        return len(ended)

    def _ended_before(self, connection: Connection, before: date) -> Sequence[tuple[int, R]]:
        if self._form.ended is None:
            return ()
        found = self._form.ended.run(connection, self._sealer, {"before": before.isoformat()})
        return [(row, record) for row, record in found.fetchall()]

    def every(self, connection: Connection) -> Iterator[R]:
        """Every record, in the order in which they came."""
        found = self._form.every.run(connection, self._sealer, {})
        while (row := found.fetchone()) is not None:
            yield row[0]

    def _sum(self, connection: Connection, was: R | None, now: R | None) -> None:
        if self._form.sums is not None:
            self._form.sums.change(connection, self._sealer, was, now)

    def _row(self, number: int, record: R) -> dict[str, object]:
        return {"number": number, **self._form.values(record)}

    def _ended(self, connection: Connection, was: R, change: Change | None) -> int:
        """The row of a record that is no longer what it was, which the history notes."""
        row = self._row_of(connection, was)
        self._keep(connection, row, was, change)
        return row

    def _row_of(self, connection: Connection, was: R) -> int:
        """The row of a record that is just this."""
        form = self._form
        _require_unique(form.keys[0])
        sought = {"of": form.values(was)[form.keys[0].name]}
        row, held = one(form.row.run(connection, self._sealer, sought))
        if held != was:
            msg = "the record has changed since it was read"
            raise LookupError(msg)
        return int(row)

    def _keep(self, connection: Connection, row: int, version: R, change: Change | None) -> None:
        history = self._form.history
        if (history is None) is not (change is None):
            msg = "a file that keeps its history is told why it changes, and no other is"
            raise ValueError(msg)
        if history is not None and change is not None:
            values = self._form.values(version)
            kept = {name: value for name, value in values.items() if name in self._form.lasting}
            history.keep(connection, self._sealer, row, kept, change)


def _require_unique(key: Key[Any, Any]) -> None:
    if key.shared:
        msg = f"many records may have the same {key.name}"
        raise ValueError(msg)
