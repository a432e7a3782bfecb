"""Statements that every RPC runs, compiled once and handed straight to the driver.

They are written in SQLAlchemy Core, for any database; to find what it has
compiled and to dress its rows, Core takes five times as long as the driver
takes to run them. Rows come as plain tuples, in the order of the columns.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any, Protocol, TypeAlias

from sqlalchemy import Connection, Delete, Insert, Select, Update

from renkei_server.store.engine.columns import Covered

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


class Prepared:
    """One statement; `columns` names the values of an insert or an update.

    An insert else names all but a serial number, an update those that it tells itself.
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
            told = statement.table.columns
            self._columns = [one.key for one in told if one.autoincrement is not True]
        self._guarded = guarded
        self._text = ""
        self._in_order: Callable[[Mapping[str, object]], Any] | None = None
        self._fixed: dict[str, object] = {}
        self._covered: tuple[tuple[str, Covered], ...] = ()

    def run(self, connection: Connection, values: Mapping[str, object]) -> Rows:
        """Run it with these values, by name, inside the transaction that is open."""
        driver = self._ready(connection)
        rows: Rows = driver.execute(self._text, self._given(values))
        return rows

    def run_each(self, connection: Connection, many: Iterable[Mapping[str, object]]) -> None:
        """Run it once for each of these values, in one call of the driver."""
        driver = self._ready(connection)
        driver.executemany(self._text, map(self._given, many))

    def values(self, connection: Connection, many: Iterable[Mapping[str, object]]) -> list[Any]:
        """For each of these values what `value` finds."""
        find = self._ready(connection).execute
        rows = [find(self._text, self._given(values)).fetchone() for values in many]
        return [None if row is None else row[0] for row in rows]

    def value(self, connection: Connection, values: Mapping[str, object]) -> Any:
        """The first column of the first row that it finds, or None."""
        row = self.run(connection, values).fetchone()
        return None if row is None else row[0]

    def covered(self, connection: Connection) -> Sequence[tuple[str, Covered]]:
        """Its values that are not to be written as they are told, and how each is covered."""
        if not self._text:
            self._compile(connection)
        return self._covered

    def _ready(self, connection: Connection) -> Any:
        """A cursor of the driver for the statement, which is compiled by now."""
        if not self._text:
            self._compile(connection)
        driver: Any = connection.connection.dbapi_connection
        return driver.cursor()

    def _given(self, values: Mapping[str, object]) -> Any:
        told: Mapping[str, Any] = self._fixed | dict(values) if self._fixed else values
        return told if self._in_order is None else self._in_order(told)

    def _compile(self, connection: Connection) -> None:
        compiled: Any = self._statement.compile(
            dialect=connection.dialect, column_keys=self._columns
        )
        binds = compiled.binds.items()
        self._fixed = {name: bind.value for name, bind in binds if not bind.required}
        self._covered = tuple(
            (name, bind.type)
            for name, bind in binds
            if isinstance(bind.type, Covered) and self._fixed.get(name, ...) is not None
        )
        if self._covered and not self._guarded:
            msg = f"a guarded statement is needed to write {self._covered[0][1].column}"
            raise TypeError(msg)
        self._in_order = _taking(*compiled.positiontup) if compiled.positional else None
        self._text = compiled.string


def _taking(*names: str) -> Callable[[Mapping[str, object]], tuple[object, ...]]:
    """The values of these names, in their order."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda values: tuple(values[name] for name in names)
