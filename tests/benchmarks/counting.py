"""Knowing when something has come to its end, by the store in which it ends, without one poll."""

import asyncio
from collections.abc import Callable
from typing import Final

from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.store import Store

_ENDED: Final = "SELECT count(*) FROM code_acquisitions WHERE state = 'BOUND'"
_BOUND: Final = {"sqlite": "SELECT max(rowid) FROM codes", "postgresql": _ENDED}
"""Cheap where it is asked for after each commit: it counts whoever is asked for once."""


def codes_bound(connection: Connection) -> int:
    """How often a code was bound at a middle server."""
    return _asked(connection, _BOUND[connection.dialect.name])


def acquisitions_bound(connection: Connection) -> int:
    """How many acquisitions ended with a code, of those who are asked for again each."""
    return _asked(connection, _ENDED)


def provisions_recorded(connection: Connection) -> int:
    """How many exchanges, or provisions, a party has recorded: each as it ends."""
    return _asked(connection, "SELECT size FROM record_log_frontier")


def _asked(connection: Connection, statement: str) -> int:
    """By the driver itself, which costs next to nothing, so that it may be asked again and again."""
    return (connection.driver.execute(statement).fetchone() or (0,))[0] or 0


class Counted:
    """Tells when one more of something is in a store."""

    def __init__(self, store: Store, count: Callable[[Connection], int]) -> None:
        self._store = store
        self._count_of = count
        self._count = store.read_now(count)
        self._more: asyncio.Queue[None] = asyncio.Queue()
        self._looking: asyncio.Task[None] | None = None
        self._committed = False
        store.on_commit(self._look)

    async def more(self, number: int = 1) -> None:
        """Return once there are so many that nobody else was told of."""
        for _ in range(number):
            await self._more.get()

    def _look(self) -> None:
        self._committed = True
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._count_anew())

    async def _count_anew(self) -> None:
        while self._committed:
            self._committed = False
            count = await self._store.look(self._count_of)
            for _ in range(count - self._count):
                self._more.put_nowait(None)
            self._count = count
