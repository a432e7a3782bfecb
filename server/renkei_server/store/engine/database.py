"""What a store asks of a database of any kind, and how one is opened."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeAlias, TypeVar

from sqlalchemy import MetaData

from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.form import Form

T = TypeVar("T")


Then: TypeAlias = Callable[[T | None, BaseException | None], None]
"""What is to be done once a transaction has ended: it was committed with a value, or it failed."""


class Database(Protocol):
    """One who writes, in one transaction after the other, and those who read meanwhile.

    A transaction's work may be run more than once before it is committed, and on any thread;
    two transactions never run at once.
    """

    dies_alone: bool
    """Whether it may crash, and forget what was not durable, while its seat lives on."""
    tidies_at_work: bool
    """Whether it can be tidied between one transaction and the next."""

    def ready(self, metadata: MetaData) -> None:
        """Its tables are there: make ready to write them. Raises why it cannot be used."""
        ...

    def transact(self, work: Callable[[Connection], T], *, durable: bool, then: Then[T]) -> None:
        """Run the work in a transaction and commit it; say then how it ended.

        To be called once the one before has ended. `then` is called on the loop's own thread,
        at once or later.
        """
        ...

    def write_now(self, work: Callable[[Connection], T]) -> T:
        """The same at once, before any server runs."""
        ...

    def reshape_now(self, work: Callable[[Connection], T]) -> T:
        """The same for work that alters tables: it may take long, and put one in another's place.

        References are judged when it has ended.
        """
        ...

    async def look(self, work: Callable[[Connection], T]) -> T:
        """Run one reading statement, which is a snapshot by itself. Raises STORE_UNAVAILABLE."""
        ...

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run reading statements on one snapshot. Raises STORE_UNAVAILABLE."""
        ...

    def read_now(self, work: Callable[[Connection], T]) -> T:
        """The same at once, where nobody else waits."""
        ...

    def is_outage(self, error: Exception) -> bool:
        """Whether the database is at fault, and not what was asked of it."""
        ...

    async def tidy(self) -> bool:
        """Let nothing of what was deleted stay in its files; whether that was possible now."""
        ...

    def save(self, path: Path) -> None:
        """Write what is committed now to a file of its own."""
        ...

    def restore(self, path: Path, form: Form) -> None:
        """Keep what such a file holds and nothing else. Raises as opening it would.

        What an older version saved is kept as it is, to be upgraded, or refused with
        STORE_OF_AN_OLDER_VERSION.
        """
        ...

    def close(self) -> None:
        """Let go of it."""
        ...
