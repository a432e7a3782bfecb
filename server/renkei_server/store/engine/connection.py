"""A use case's way to a database: one connection, in a transaction, whatever the database is.

- Prepared statements go straight to the driver; other ones through SQLAlchemy (`execute`).
- What a use case notes in memory, such as a count, it hands to `after_commit`: it comes true with
  the transaction, and is taken back with what was written.
"""

from collections.abc import Callable
from typing import Any

import sqlalchemy
from sqlalchemy import Dialect, Executable

Effect = Callable[[], None]


class Connection:
    """One connection; it is used by one thread at a time."""

    __slots__ = ("_effects", "_marked", "alchemy", "dialect", "driver")

    def __init__(self, alchemy: sqlalchemy.Connection) -> None:
        self.alchemy = alchemy
        self.driver: Any = alchemy.connection.dbapi_connection
        self.dialect: Dialect = alchemy.dialect
        self._effects: list[Effect] = []
        self._marked = 0

    def execute(self, statement: Executable, *values: Any) -> sqlalchemy.CursorResult[Any]:
        """Run a statement of SQLAlchemy's, or one with many values, inside the transaction."""
        return self.alchemy.execute(statement, *values)

    def scalars(self, statement: Executable) -> sqlalchemy.ScalarResult[Any]:
        """The first column of each row that a statement of SQLAlchemy's finds."""
        return self.alchemy.scalars(statement)

    def after_commit(self, effect: Effect) -> None:
        """Do this once the transaction is committed, on the thread of the store's callers."""
        self._effects.append(effect)

    def begin(self, statement: str) -> Any:
        """Begin a transaction; the driver's cursor, where the statement tells something."""
        self._effects.clear()
        self._marked = 0
        return self.driver.execute(statement)

    def mark(self) -> None:
        """From here on, `undo` takes back what follows and nothing else."""
        self.driver.execute("SAVEPOINT apart")  # SQLAlchemy's own cost more than a use case
        self._marked = len(self._effects)

    def undo(self) -> None:
        """Take back what was done since the last mark, which stays."""
        self.driver.execute("ROLLBACK TO apart")
        del self._effects[self._marked :]

    def close(self) -> None:
        """Let go of it."""
        self.alchemy.close()

    def take_effects(self) -> list[Effect]:
        """What is to be done if the transaction is committed; it forgets them."""
        effects, self._effects = self._effects, []
        return effects

    def end(self) -> list[Effect]:
        """The transaction is over; what is to be done if it was committed."""
        effects = self.take_effects()
        if self.alchemy.in_transaction():
            self.alchemy.rollback()  # it has nothing left to undo, and forgets its own
        return effects
