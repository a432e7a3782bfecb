"""Whether tables have changed: so that what was read of them before can be believed.

A table counts as changed from the moment a transaction writes to it, and once more when that was
committed: whoever reads in between reads what was before, and is not believed after.
Where a transaction fails, or writes in a way of which the tables are not known, too much counts as
changed, never too little. Who writes counts, and every worker of the seat sees it (`shared`).
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Table

from renkei_server.store.engine.shared import LATEST, OF_ALL, Shared, Words, table_place

Names = tuple[str, ...]


def names_of(tables: Iterable[Table]) -> Names:
    """What tables are called."""
    return tuple(table.name for table in tables)


class Changes:
    """The changes of one store, numbered as they come."""

    def __init__(self, words: Words | None = None, tables: Sequence[str] = ()) -> None:
        """`tables` are the store's, in an order that is the same for each worker; a change of any
        other counts as one of all.
        """
        self._words = Shared.alone().words if words is None else words
        self._places = {name: table_place(number) for number, name in enumerate(tables)}

    @property
    def latest(self) -> int:
        """The number of the last one."""
        return self._words[LATEST]

    def of(self, tables: Names) -> int:
        """The number of the last change of these tables."""
        words, place_of = self._words, self._places.get
        return max(words[OF_ALL], *(words[place_of(name, OF_ALL)] for name in tables))

    def note(self, tables: Collection[str]) -> None:
        """These have changed."""
        words, place_of = self._words, self._places.get
        words[LATEST] = latest = words[LATEST] + 1
        for name in tables:
            words[place_of(name, OF_ALL)] = latest

    def note_all(self) -> None:
        """Any may have changed."""
        self.note(("",))


@dataclass(slots=True)
class _Watcher:
    tables: Names
    told: Callable[[], None]
    seen: int


class Watchers:
    """Who is to be told at one worker as soon as tables have changed."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes
        self._watchers: list[_Watcher] = []

    def add(self, tables: Names, told: Callable[[], None]) -> None:
        """Tell this one, from the next change of these tables on."""
        self._watchers.append(_Watcher(tables, told, self._changes.of(tables)))

    def tell(self) -> bool:
        """Tell those whose tables have changed since they were told; whether there were any."""
        any_told = False
        for one in self._watchers:
            if one.seen != (now := self._changes.of(one.tables)):
                one.seen, any_told = now, True
                one.told()
        return any_told
