"""Whether tables have changed: so that what was read of them before can be believed.

A table counts as changed from the moment a transaction writes to it, and once more when that was
committed: whoever reads in between reads what was before, and is not believed after.
Where a transaction fails, or writes in a way of which the tables are not known, too much counts as
changed, never too little. The store's one writer counts; what another process writes it cannot see.
"""

from collections.abc import Collection, Iterable

from sqlalchemy import Table

Names = tuple[str, ...]


def names_of(tables: Iterable[Table]) -> Names:
    """What tables are called."""
    return tuple(table.name for table in tables)


class Changes:
    """The changes of one store, numbered as they come."""

    def __init__(self) -> None:
        self.latest = 0
        """The number of the last one."""
        self._of_table: dict[str, int] = {}
        self._of_all = 0

    def of(self, tables: Names) -> int:
        """The number of the last change of these tables."""
        return max(self._of_all, *(self._of_table.get(name, 0) for name in tables))

    def note(self, tables: Collection[str]) -> None:
        """These have changed."""
        self.latest += 1
        self._of_table.update(dict.fromkeys(tables, self.latest))

    def note_all(self) -> None:
        """Any may have changed."""
        self.latest += 1
        self._of_all = self.latest
