"""A use case's way to a database: one connection, in a transaction, whatever the database is.

- Prepared statements go straight to the driver; other ones through SQLAlchemy (`execute`).
- What a use case notes in memory, such as a count, it hands to `after_commit`: it comes true with
  the transaction, and is taken back with what was written.
- Rows that every use case adds may wait (`put_off`) and are written together; a statement that
  touches their table writes them first, so none meets its transaction without them.
- Use cases assume at first that what they add is new (`looks_first`). A unique key tells where it
  is not: then each runs once more, by itself, and looks.
- Where the database cannot overwrite what it deletes, erasable values are locked with keys of a
  ring's (`key_ring`). Keys whose values were taken back are in doubt there.
"""

import asyncio
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

import sqlalchemy
from sqlalchemy import Dialect, Executable, Select
from sqlalchemy.exc import DBAPIError

from renkei_server.store.engine.changes import Changes, Names
from renkei_server.store.engine.key_ring import KeyRing

Effect = Callable[[], None]


def cause_of(error: BaseException) -> BaseException:
    """The driver's own error, where SQLAlchemy told it."""
    return error.orig if isinstance(error, DBAPIError) and error.orig else error


def bring_about(effects: Iterable[Effect]) -> None:
    """Let what was noted come true; what fails there is told to the loop and takes nothing along."""
    for effect in effects:
        try:
            effect()
        except Exception as error:
            with suppress(RuntimeError):  # before any server runs there is no loop
                told = {"message": "an effect of a commit failed", "exception": error}
                asyncio.get_running_loop().call_exception_handler(told)


class Connection:
    """One connection; it is used by one thread at a time."""

    __slots__ = (
        "_at_end",
        "_changed",
        "_drawn",
        "_effects",
        "_marked",
        "_tables",
        "_waiting",
        "alchemy",
        "assumptions",
        "began_at",
        "changes",
        "dialect",
        "draw",
        "driver",
        "kept",
        "keys",
        "looks_first",
        "written",
    )

    def __init__(self, alchemy: sqlalchemy.Connection, keys: KeyRing | None = None) -> None:
        self.alchemy = alchemy
        self.driver: Any = alchemy.connection.dbapi_connection
        self.dialect: Dialect = alchemy.dialect
        self.draw: Callable[[], int] = _reads_only
        """Draw a number greater than all that any row of the store bears."""
        self.kept: dict[Hashable, Any] = {}
        """What the transaction would read in its tables. It outlives a commit and nothing else."""
        self.looks_first = True
        """Whether a use case is to look if what it adds is there already."""
        self.assumptions = 0
        """How often it did not, and does not know."""
        self.written = 0
        """How often anything was written, kept, or noted to be done."""
        self.changes = Changes()
        """Of the store whose transaction it is."""
        self.began_at: int | None = None
        """The last change before a reader began."""
        self.keys = keys
        """What erasable values are locked with, where the database keeps what it deletes."""
        self._changed: set[str] = set()
        self._effects: list[Effect] = []
        self._drawn = 0
        """How many keys of the ring were drawn whose values were not seen to be committed."""
        self._marked = (0, 0)
        self._waiting: dict[str, list[Any]] = {}
        self._tables: set[str] = set()
        self._at_end: dict[Hashable, Callable[[], None]] = {}

    def execute(self, statement: Executable, *values: Any) -> sqlalchemy.CursorResult[Any]:
        """Run a statement of SQLAlchemy's, or one with many values, inside the transaction."""
        self.write_waiting()
        if not isinstance(statement, Select):
            self.changes.note_all()
            self.after_commit(self.changes.note_all)
        return self.alchemy.execute(statement, *values)

    def scalars(self, statement: Executable) -> sqlalchemy.ScalarResult[Any]:
        """The first column of each row that a statement of SQLAlchemy's finds."""
        self.write_waiting()
        return self.alchemy.scalars(statement)

    def after_commit(self, effect: Effect) -> None:
        """Do this once the transaction is committed, on the thread of the store's callers."""
        self.written += 1
        self._effects.append(effect)

    def assume_new(self) -> bool:
        """Whether what is about to be added may be taken for new, its key being unique."""
        if self.looks_first:
            return False
        self.assumptions += 1
        return True

    def knows_new(self) -> None:
        """What was taken for new is so."""
        self.assumptions -= 1

    def note_change(self, tables: frozenset[str]) -> None:
        """Count tables as changed that are about to be written to."""
        self.written += 1
        if not tables <= self._changed:
            self._changed |= tables
            self.changes.note(tables)

    def has_changed(self, tables: Iterable[str]) -> bool:
        """Whether the transaction has written to one of these tables."""
        return not self._changed.isdisjoint(tables)

    def may_be_outdated(self, tables: Names) -> bool:
        """Whether one of these tables may have changed since a reader began."""
        return self.began_at is not None and self.changes.of(tables) > self.began_at

    def note_changes_committed(self) -> None:
        """Count them once more when that is committed: to be said before."""
        if self._changed:
            self.after_commit(partial(self.changes.note, frozenset(self._changed)))

    def recall(self, what: Hashable) -> Any:
        """What is kept of something, or None. That it is so still is assumed."""
        found = self.kept.get(what)
        if found is not None:
            self.assumptions += 1
        return found

    def keep(self, what: Hashable, value: object) -> None:
        """Keep what the transaction makes of something, in place of reading it again."""
        self.written += 1
        self.kept[what] = value

    def put_off(self, table: str, statement: str, values: Any) -> None:
        """Let a row wait; the statement, as the driver takes it, writes it or takes it out."""
        rows = self._waiting.get(statement)
        if rows is None:
            self._waiting[statement] = [values]
            self._tables.add(table)
        else:
            rows.append(values)

    def write_at_end(self, what: Hashable, write: Callable[[], None]) -> None:
        """Write this with the rows that wait, in place of what was to be written as the same."""
        self._at_end[what] = write

    def write_waiting(self, tables: Collection[str] | None = None) -> None:
        """Write what waits, unless it concerns none of these tables."""
        if self._waiting and (tables is None or not self._tables.isdisjoint(tables)):
            waiting, self._waiting, self._tables = self._waiting, {}, set()
            for statement, rows in waiting.items():
                if len(rows) == 1:
                    self.driver.execute(statement, rows[0])
                else:
                    self.driver.cursor().executemany(statement, rows)
        if tables is None and self._at_end:
            at_end, self._at_end = self._at_end, {}
            for write in at_end.values():
                write()

    def lock(self, value: bytes, place: bytes) -> bytes:
        """An erasable value as it is to be written."""
        if self.keys is None:
            return value
        _, locked = self.keys.lock(value, place)
        self._drawn += 1
        return locked

    def unlock(self, held: bytes, place: bytes) -> bytes:
        """An erasable value as it was before it was written; raises as `KeyRing.unlock` does."""
        return held if self.keys is None else self.keys.unlock(held, place)

    def unlock_row(self, row: Iterable[Any], erasable: Sequence[tuple[int, bytes]]) -> list[Any]:
        """A row as it was before it was written; see `columns.erasable_places`."""
        unlocked = list(row)
        for at, place in erasable if self.keys is not None else ():
            if unlocked[at] is not None:
                unlocked[at] = self.unlock(unlocked[at], place)
        return unlocked

    def begin(self, statement: str) -> Any:
        """Begin a transaction; the driver's cursor, where the statement tells something."""
        self._forget()
        self._effects.clear()
        self._changed.clear()
        self._marked = (0, 0)
        return self.driver.execute(statement)

    def mark(self) -> None:
        """From here on, `undo` takes back what follows and nothing else."""
        self.write_waiting()
        self.driver.execute("SAVEPOINT apart")  # SQLAlchemy's own cost more than a use case
        self._marked = (len(self._effects), self._drawn)

    def undo(self) -> None:
        """Take back what was done since the last mark, which stays."""
        self._forget()
        self.kept.clear()
        self.driver.execute("ROLLBACK TO apart")
        effects, drawn = self._marked
        del self._effects[effects:]
        self._doubt(since=drawn)

    def close(self) -> None:
        """Let go of it."""
        self.alchemy.close()
        if self.keys is not None and self.keys.read_only:
            self.keys.close()  # nobody else has it

    def take_effects(self) -> list[Effect]:
        """What is to be done if the transaction is committed; it forgets them."""
        effects, self._effects = self._effects, []
        return effects

    def taken_back(self) -> None:
        """The values that were locked may be there or not."""
        self._doubt()

    def require_keys(self) -> None:
        """Raise STORE_TAKEN_OVER where the keys of what was locked may be destroyed by another."""
        if self.keys is not None and self._drawn:
            self.keys.require_own()

    def committed(self) -> None:
        """The values that were locked are there."""
        self._drawn = 0

    def end(self) -> list[Effect]:
        """The transaction is over; what is to be done if it was committed."""
        self._forget()
        self.kept = {}
        self.taken_back()
        effects = self.take_effects()
        if self.alchemy.in_transaction():
            self.alchemy.rollback()  # it has nothing left to undo, and forgets its own
        return effects

    def _forget(self) -> None:
        self._waiting, self._tables, self._at_end = {}, set(), {}

    def _doubt(self, since: int = 0) -> None:
        """Of the keys that were drawn those after so many may lock nothing."""
        if self.keys is not None and self._drawn > since:
            self.keys.doubt()
        self._drawn = since


def _reads_only() -> int:
    msg = "numbers are drawn where rows are written"
    raise TypeError(msg)
