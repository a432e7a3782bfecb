"""What is in a table for the sake of a task alone: it goes into no backup (specification: `U`).

It is told where the table is declared. A row that waits for a task is left out, or goes in as it
stands once nobody will do the task any more; how many there were, and of what, is told as owed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Table

_INFO: Final = "passing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Passing:
    """Some rows of a table, and what is left of them without their task."""

    owed: str
    """What is owed for each to whoever waits for it; it names nobody."""
    each: str = ""
    """The column that tells its kind, where there are several."""
    where: str = ""
    """The column by which they are known; without one they are all rows."""
    among: tuple[object, ...] = ()
    """What stands there; without any they are those where something does."""
    left: Mapping[str, object] | None = None
    """What such a row says in place of what it said; without it nothing of the row is left."""

    def concerns(self, row: Mapping[str, Any]) -> bool:
        """Whether this is one of the rows."""
        if not self.where:
            return True
        value = row[self.where]
        return value in self.among if self.among else value is not None

    def told(self, row: Mapping[str, Any]) -> str:
        """What is owed for the row."""
        return f"{self.owed} `{row[self.each]}`" if self.each else self.owed


def passing(*some: Passing) -> Mapping[str, Any]:
    """The option of a table that says it."""
    return {"info": {_INFO: some}}


def of_table(table: Table) -> tuple[Passing, ...]:
    """What of a table is passing."""
    found: tuple[Passing, ...] = table.info.get(_INFO, ())
    return found


def left_of(table: Table, row: dict[str, Any]) -> tuple[dict[str, Any] | None, Iterator[str]]:
    """A row as a backup has it, if it does, and what is owed for the rest."""
    found = [one for one in of_table(table) if one.concerns(row)]
    owed = (one.told(row) for one in found)
    if any(one.left is None for one in found):
        return None, owed
    kept = row
    for one in found:
        kept = {**kept, **(one.left or {})}
    return kept, owed
