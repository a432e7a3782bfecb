"""Statements that every RPC runs, compiled once.

SQLAlchemy Core takes five times as long as the driver to find what it has
compiled before. A prepared statement is written in Core, for any database, and
handed to the driver as text; its values must be what the driver takes.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, CursorResult
from sqlalchemy.sql.expression import Executable


class Prepared:
    """One statement; `columns` names the values of an insert."""

    def __init__(self, statement: Executable, columns: Sequence[str] | None = None) -> None:
        self._statement = statement
        self._columns = columns
        self._text = ""
        self._order: tuple[str, ...] | None = None
        self._fixed: dict[str, object] = {}

    def run(self, connection: Connection, values: Mapping[str, object]) -> CursorResult[Any]:
        """Run it with these values, by name."""
        if not self._text:
            self._compile(connection)
        told: dict[str, Any] = self._fixed | dict(values)
        given = told if self._order is None else tuple(told[name] for name in self._order)
        return connection.exec_driver_sql(self._text, given)

    def _compile(self, connection: Connection) -> None:
        compiled: Any = self._statement.compile(  # type: ignore[attr-defined]  # every statement compiles
            dialect=connection.dialect, column_keys=self._columns
        )
        self._order = tuple(compiled.positiontup) if compiled.positional else None
        self._fixed = {name: value for name, value in compiled.params.items() if value is not None}
        self._text = compiled.string
