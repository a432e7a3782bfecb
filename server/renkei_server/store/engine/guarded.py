"""Statements over sealed and blind columns: they are told, and tell, what these hold.

What goes to such a column is covered under the store's key as the column was declared, and what
comes from a sealed one is opened; no module does it by hand. The hash in a blind column comes as
it is.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from renkei_server.store.engine.columns import Covered, Sealed
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.prepared import Prepared, Rows, Statement
from renkei_server.store.engine.sealing import Sealer

_Uncover = Callable[[Sealer, bytes], Any]


class Guarded:
    """One prepared statement; `columns` as for a `Prepared` one."""

    def __init__(self, statement: Statement, columns: Sequence[str] | None = None) -> None:
        self._prepared = Prepared(statement, columns, guarded=True)
        self._sealed = tuple(
            (place, column.type.uncover)
            for place, column in enumerate(statement.exported_columns)
            if isinstance(column.type, Sealed)
        )

    def run(self, connection: Connection, sealer: Sealer, values: Mapping[str, object]) -> Rows:
        """Run it with these values, by name, inside the transaction that is open."""
        kinds = self._prepared.covered(connection)
        rows = self._prepared.run(connection, _covered(kinds, sealer, values))
        return _Opened(rows, sealer, self._sealed) if self._sealed else rows

    def put_off(self, connection: Connection, sealer: Sealer, values: Mapping[str, object]) -> None:
        """Have a row written with others, at the latest when the transaction ends."""
        kinds = self._prepared.covered(connection)
        self._prepared.put_off(connection, _covered(kinds, sealer, values))

    def run_each(
        self, connection: Connection, sealer: Sealer, many: Iterable[Mapping[str, object]]
    ) -> None:
        """Run it once for each of these values, in one call of the driver."""
        kinds = self._prepared.covered(connection)
        self._prepared.run_each(connection, (_covered(kinds, sealer, values) for values in many))

    def row(
        self, connection: Connection, sealer: Sealer, values: Mapping[str, object]
    ) -> tuple[Any, ...] | None:
        """The first row that it finds, or None."""
        return self.run(connection, sealer, values).fetchone()

    def value(self, connection: Connection, sealer: Sealer, values: Mapping[str, object]) -> Any:
        """The first column of the first row that it finds, or None."""
        row = self.run(connection, sealer, values).fetchone()
        return None if row is None else row[0]

    def values(
        self, connection: Connection, sealer: Sealer, many: Iterable[Mapping[str, object]]
    ) -> list[Any]:
        """For each of these values what `value` finds."""
        kinds = self._prepared.covered(connection)
        covered = (_covered(kinds, sealer, values) for values in many)
        found = self._prepared.values(connection, covered)
        if not self._sealed or self._sealed[0][0]:
            return found
        uncover = self._sealed[0][1]
        return [None if one is None else uncover(sealer, one) for one in found]


def _covered(
    kinds: Iterable[tuple[str, Covered]], sealer: Sealer, values: Mapping[str, object]
) -> dict[str, object]:
    covered = dict(values)
    for name, kind in kinds:
        if (value := covered[name]) is not None:
            covered[name] = kind.cover(sealer, value)
    return covered


@dataclass(frozen=True, slots=True)
class _Opened:
    """Rows whose sealed values are opened as they are fetched."""

    rows: Rows
    sealer: Sealer
    sealed: Sequence[tuple[int, _Uncover]]

    def fetchone(self) -> tuple[Any, ...] | None:
        row = self.rows.fetchone()
        return None if row is None else self._opened(row)

    def fetchall(self) -> Iterable[tuple[Any, ...]]:
        return [self._opened(row) for row in self.rows.fetchall()]

    def _opened(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        opened = list(row)
        for place, uncover in self.sealed:
            if opened[place] is not None:
                opened[place] = uncover(self.sealer, opened[place])
        return tuple(opened)
