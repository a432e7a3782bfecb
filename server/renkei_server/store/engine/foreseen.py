"""What a use case reads, and works on, before its transaction: so that little is done within.

The transaction believes it as long as none of its tables has changed since, and else reads anew;
what was worked out before is good if the same was read. So a transaction is as sure as if all were
done in it, and what is dear, such as sealing, is mostly done outside.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from renkei.refusals import Refusal
from renkei_server.store.engine.changes import Names
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.store import Store

T = TypeVar("T")


@dataclass(frozen=True)  # no slots: Python 3.11 cannot make a generic one that is frozen too
class Foreseen(Generic[T]):
    """What was read, if it could be."""

    read: Callable[[Connection], T]
    tables: Names
    state: int
    value: T | None

    def within(self, connection: Connection) -> T:
        """The same in the transaction; raises what reading it raises."""
        if self.value is not None and connection.changes.of(self.tables) == self.state:
            return self.value
        return self.read(connection)


async def foresee(store: Store, read: Callable[[Connection], T], tables: Names) -> Foreseen[T]:
    """Read from these tables alone what is committed now.

    What is refused is refused in the transaction, where a repeat is answered first.
    """
    state = store.changes.of(tables)
    try:
        value = await store.read(read)
    except Refusal:
        value = None
    return Foreseen(read, tables, state, value)
