"""A seat that owes calls, and the peers that it owes them to."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

import structlog
from sqlalchemy import Column, Integer, MetaData, String, Table, insert, select
from structlog.testing import LogCapture

from renkei_server.dispatch.dispatcher import Dispatcher
from renkei_server.dispatch.routes import Effect, Route
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.outbox import Outbox, Task
from renkei_server.store.engine.store import Store
from tests.server.world import SetClock, request_id

LONGEST_WAIT_SECONDS = 20.0

EFFECTS = Table(
    "effects",
    MetaData(),
    Column("number", Integer, primary_key=True),
    Column("what", String, nullable=False),
)


def leave(what: str, error: Exception | None = None) -> Effect:
    """An effect that leaves a row, and may fail after that."""

    def effect(connection: Connection) -> None:
        connection.execute(insert(EFFECTS).values(what=what))
        if error is not None:
            raise error

    return effect


class Peer:
    """Answers as it is told, one answer a call, and after those as everybody hopes."""

    def __init__(self, *answers: Effect | Exception) -> None:
        self._answers = list(answers)
        self.asked: list[str] = []

    async def take(self, task: Task) -> Effect:
        self.asked.append(task.request_id)
        answer = self._answers.pop(0) if self._answers else leave("answered")
        if isinstance(answer, Exception):
            raise answer
        return answer


class Gate:
    """Lets no call through before so many wait; counts how many wait at most."""

    def __init__(self, opens_at: int) -> None:
        self._opens_at = opens_at
        self._open = asyncio.Event()
        self.waits = asyncio.Event()
        self.inside = self.most = self.entered = 0

    def open(self) -> None:
        self._open.set()

    async def take(self, task: Task) -> Effect:
        self.entered += 1
        self.inside += 1
        self.most = max(self.most, self.inside)
        self.waits.set()
        if self.inside == self._opens_at:
            self._open.set()
        await self._open.wait()
        self.inside -= 1
        return leave(task.content["number"])


class Seat:
    """A store, its outbox, and what it does to be done with it."""

    def __init__(self, store: Store, outbox: Outbox) -> None:
        self.store = store
        self.outbox = outbox
        self.log = LogCapture()
        self._committed = asyncio.Event()
        store.on_commit(self._committed.set)

    async def owe(self, calls: int = 1) -> None:
        def put(connection: Connection) -> None:
            for number in range(calls):
                content = {"number": str(number)}
                self.outbox.put(connection, "tell", cause=request_id(0), content=content)

        await self.store.write(put)

    def dispatcher(self, route: Route) -> Dispatcher:
        dispatcher = Dispatcher(
            store=self.store,
            outbox=self.outbox,
            routes={"tell": route},
            clock=SetClock(),
            log=structlog.wrap_logger(None, processors=[self.log]),
        )
        self.store.on_commit(dispatcher.wake)
        return dispatcher

    @asynccontextmanager
    async def working(self, route: Route) -> AsyncIterator[None]:
        running = asyncio.create_task(self.dispatcher(route).run())
        try:
            yield
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                async with asyncio.timeout(LONGEST_WAIT_SECONDS):
                    await running

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds, which a commit brings about."""
        async with asyncio.timeout(LONGEST_WAIT_SECONDS):
            while not holds():
                self._committed.clear()
                await self._committed.wait()

    async def done(self) -> None:
        await self.until(lambda: self.owed() == 0)

    def owed(self) -> int:
        return self.store.read_now(self.outbox.size)

    def refusals(self) -> list[tuple[str, str]]:
        return self.store.read_now(self.outbox.refusals)

    def effects(self) -> list[str]:
        found = select(EFFECTS.c.what).order_by(EFFECTS.c.number)
        return self.store.read_now(lambda connection: list(connection.scalars(found)))
