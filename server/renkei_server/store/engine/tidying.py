"""When a store is tidied: nothing that was erased stays in its files, and nobody is held up by it."""

import asyncio
from collections.abc import Awaitable
from typing import Protocol

from renkei_server.store.engine.shared import COMMITS, Shared
from renkei_server.store.engine.turns import Turns
from renkei_server.store.engine.waiting import tell


class Tidied(Protocol):
    """What can be tidied."""

    tidies_at_work: bool

    async def tidy(self) -> bool:
        """Tidy it; whether that was possible now."""
        ...


class Tidying:
    """Tidies one database, at the seat's first worker."""

    def __init__(self, database: Tidied, turns: Turns, shared: Shared) -> None:
        self._database = database
        self._turns = turns
        self._shared = shared
        self._tidied_at = -1
        self._seen_at = -1
        self._under_way: asyncio.Task[bool] | None = None

    async def tidy(self, *, at_once: bool) -> None:
        """Tidy it if anything was written since the last time; where that would hold up who writes,
        once nothing more was written meanwhile. Raises as the database does.
        """
        commits = self._shared.words[COMMITS]
        busy_still, self._seen_at = commits != self._seen_at, commits
        at_once = at_once or self._database.tidies_at_work
        if self._tidied_at == commits or (busy_still and not at_once):
            return
        if await self._in_turn():
            self._tidied_at = commits

    def _in_turn(self) -> Awaitable[bool]:
        """Whether all is tidy; what is tidied between transactions has the turn, as they have."""
        if not self._database.tidies_at_work:
            return self._database.tidy()
        answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

        def ended(tidying: asyncio.Task[bool]) -> None:
            self._turns.release()
            gone = asyncio.CancelledError() if tidying.cancelled() else None
            tell(answer, gone or tidying.exception() or tidying.result())

        def tidy() -> None:
            self._under_way = asyncio.ensure_future(self._database.tidy())
            self._under_way.add_done_callback(ended)

        self._turns.take(tidy)
        return answer  # who stops waiting for it takes no turn away
