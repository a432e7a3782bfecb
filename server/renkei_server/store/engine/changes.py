"""Whether tables have changed: so that what was read of them before can be believed.

A table counts as changed from the moment a transaction writes to it, and once more when that was
committed: whoever reads in between reads what was before, and is not believed after.
Where a transaction fails, or writes in a way of which the tables are not known, too much counts as
changed, never too little. The store's one writer counts; what another process writes it cannot see.
"""

from collections import Counter
from collections.abc import Collection, Iterable

from sqlalchemy import Table

Names = tuple[str, ...]


def names_of(tables: Iterable[Table]) -> Names:
    """What tables are called."""
    return tuple(table.name for table in tables)


class Changes:
    """How often the tables of one store have changed."""

    def __init__(self) -> None:
        self._counted: Counter[str] = Counter()
        self._all = 0

    def of(self, tables: Names) -> int:
        """The same number as long as none of these tables has changed."""
        return self._all + sum(map(self._counted.__getitem__, tables))

    def note(self, tables: Collection[str]) -> None:
        """These have changed."""
        self._counted.update(tables)

    def note_all(self) -> None:
        """Any may have changed."""
        self._all += 1
