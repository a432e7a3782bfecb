"""Statements that every RPC runs, compiled once and handed straight to the driver.

They are written in SQLAlchemy Core, for any database; to find what it has
compiled and to dress its rows, Core takes five times as long as the driver
takes to run them. Rows come as plain tuples, in the order of the columns.
What every use case adds (`put_off`) is written together with what others add.

What goes to an erasable column is locked on its way, and what comes from one unlocked, where the
connection's database needs it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from operator import itemgetter
from typing import Any, Protocol, TypeAlias

from sqlalchemy import Delete, Dialect, Insert, Select, Table, Update
from sqlalchemy.sql import visitors

from renkei_server.store.engine.columns import Covered, Held, erasable_places
from renkei_server.store.engine.connection import Connection

Statement: TypeAlias = Select[Any] | Insert | Update | Delete


class Rows(Protocol):
    """What the driver found."""

    def fetchone(self) -> tuple[Any, ...] | None:
        """The next row, or None."""
        ...

    def fetchall(self) -> Iterable[tuple[Any, ...]]:
        """All rows that are left."""
        ...


def one(rows: Rows) -> tuple[Any, ...]:
    """The one row that there must be; raises LookupError."""
    row = rows.fetchone()
    if row is None:
        msg = "there is no such row"
        raise LookupError(msg)
    return row


def only(rows: Rows) -> str:
    """The key that an insert returns."""
    return str(one(rows)[0])


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A statement as one kind of database takes it."""

    text: str
    in_order: Callable[[Mapping[str, object]], Any] | None
    """The values by their places, where it does not take them by name."""
    fixed: Mapping[str, object]
    """Values that the statement tells itself."""
    covered: Sequence[tuple[str, Covered]]
    erasable: Sequence[tuple[str, bytes]]
    """Which values are locked, and the place of each."""

    def giving(self, connection: Connection) -> Callable[[Mapping[str, object]], Any]:
        """How values come to the driver by this connection."""
        if connection.keys is None or not self.erasable:
            return self.given
        return partial(self._locked, connection)

    def _locked(self, connection: Connection, values: Mapping[str, Any]) -> Any:
        locked = dict(values)
        for name, place in self.erasable:
            if (value := locked[name]) is not None:
                locked[name] = connection.lock(value, place)
        return self.given(locked)

    def given(self, values: Mapping[str, object]) -> Any:
        """Values as the driver takes them."""
        told: Mapping[str, Any] = {**self.fixed, **values} if self.fixed else values
        return told if self.in_order is None else self.in_order(told)


class Prepared:
    """One statement; `columns` names the values of an insert or an update.

    An insert else names all, an update those that it tells itself.
    """

    def __init__(
        self,
        statement: Statement,
        columns: Sequence[str] | None = None,
        *,
        guarded: bool = False,
    ) -> None:
        self._statement = statement
        self._columns = columns
        if columns is None and isinstance(statement, Insert):
            self._columns = statement.table.columns.keys()
        self._guarded = guarded
        self._tables = frozenset(
            one.name for one in visitors.iterate(statement) if isinstance(one, Table)
        )
        self._writes = not isinstance(statement, Select)
        self._erasable = erasable_places(statement.exported_columns)
        self._by_dialect: dict[str, _Compiled] = {}

    def run(self, connection: Connection, values: Mapping[str, object]) -> Rows:
        """Run it with these values, by name, inside the transaction that is open."""
        compiled = self._ready(connection)
        rows: Rows = connection.driver.execute(compiled.text, compiled.giving(connection)(values))
        if connection.keys is None or not self._erasable:
            return rows
        return _Unlocked(rows, connection, self._erasable)

    def put_off(self, connection: Connection, values: Mapping[str, object]) -> None:
        """Have a row written, or taken out, with others: at the latest when the transaction ends.

        What a unique key says against it is raised then. Of several statements any may be first.
        """
        compiled = self._compiled(connection)
        connection.note_change(self._tables)
        (table,) = self._tables
        connection.put_off(table, compiled.text, compiled.giving(connection)(values))

    def run_each(self, connection: Connection, many: Iterable[Mapping[str, object]]) -> None:
        """Run it once for each of these values, in one call of the driver."""
        compiled = self._ready(connection)
        connection.driver.cursor().executemany(
            compiled.text, map(compiled.giving(connection), many)
        )

    def values(self, connection: Connection, many: Iterable[Mapping[str, object]]) -> list[Any]:
        """For each of these values what `value` finds."""
        compiled = self._ready(connection)
        text, given = compiled.text, compiled.giving(connection)
        find = connection.driver.cursor().execute
        rows = [find(text, given(values)).fetchone() for values in many]
        found = [None if row is None else row[0] for row in rows]
        if connection.keys is None or not self._erasable or self._erasable[0][0]:
            return found
        place = self._erasable[0][1]
        return [None if one is None else connection.unlock(one, place) for one in found]

    def value(self, connection: Connection, values: Mapping[str, object]) -> Any:
        """The first column of the first row that it finds, or None."""
        row = self.run(connection, values).fetchone()
        return None if row is None else row[0]

    def covered(self, connection: Connection) -> Sequence[tuple[str, Covered]]:
        """Its values that are not to be written as they are told, and how each is covered."""
        return self._compiled(connection).covered

    def _ready(self, connection: Connection) -> _Compiled:
        """The statement, once what waits for its tables is written."""
        connection.write_waiting(self._tables)
        if self._writes:
            connection.note_change(self._tables)
        return self._compiled(connection)

    def _compiled(self, connection: Connection) -> _Compiled:
        name = connection.dialect.name
        return self._by_dialect.get(name) or self._compile(connection.dialect)

    def _compile(self, dialect: Dialect) -> _Compiled:
        made: Any = self._statement.compile(dialect=dialect, column_keys=self._columns)
        binds = made.binds.items()
        fixed = {name: bind.value for name, bind in binds if not bind.required}
        covered = tuple(
            (name, bind.type)
            for name, bind in binds
            if isinstance(bind.type, Covered) and fixed.get(name, ...) is not None
        )
        if covered and not self._guarded:
            msg = f"a guarded statement is needed to write {covered[0][1].column}"
            raise TypeError(msg)
        erasable = tuple(
            (name, bind.type.place)
            for name, bind in binds
            if isinstance(bind.type, Held) and bind.type.erasable and name not in fixed
        )
        in_order = _taking(*made.positiontup) if made.positional else None
        compiled = _Compiled(made.string, in_order, fixed, covered, erasable)
        self._by_dialect[dialect.name] = compiled
        return compiled


@dataclass(frozen=True, slots=True)
class _Unlocked:
    """Rows whose erasable values are unlocked as they are fetched."""

    rows: Rows
    connection: Connection
    erasable: Sequence[tuple[int, bytes]]

    def fetchone(self) -> tuple[Any, ...] | None:
        row = self.rows.fetchone()
        return None if row is None else self._unlocked(row)

    def fetchall(self) -> Iterable[tuple[Any, ...]]:
        return [self._unlocked(row) for row in self.rows.fetchall()]

    def _unlocked(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(self.connection.unlock_row(row, self.erasable))


def _taking(*names: str) -> Callable[[Mapping[str, object]], tuple[object, ...]]:
    """The values of these names, in their order."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda values: tuple(values[name] for name in names)
