"""Acquiring codes as fast as they come, without one poll of our own."""

import asyncio
import itertools
from collections.abc import Iterable

from renkei.codes import LocalAddressNumber
from renkei_clients.ward import NumberingClient
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.store import Store
from renkei_simulators.population.residents import Resident
from renkei_simulators.world.people import attributes_of
from tests.network.asking import new_id

FIRST_NUMBER = 800_000_000_000_000


def codes_bound(connection: Connection) -> int:
    """How often a code was bound; it costs next to nothing, so that it may be asked at each commit."""
    driver = connection.connection.dbapi_connection
    assert driver is not None
    cursor = driver.cursor()
    cursor.execute("SELECT max(rowid) FROM codes")
    return (cursor.fetchone() or (0,))[0] or 0


class Bound:
    """Tells when one more code is bound, by the middle server's own store."""

    def __init__(self, middle: Store) -> None:
        self._middle = middle
        self._count = 0
        self._more: asyncio.Queue[None] = asyncio.Queue()
        middle.on_commit(self._look)

    async def one_more(self) -> None:
        """Return once a code is bound that nobody else was told of."""
        await self._more.get()

    def _look(self) -> None:
        count = self._middle.read_now(codes_bound)
        for _ in range(count - self._count):
            self._more.put_nowait(None)
        self._count = count


class Asking:
    """Asks for codes for one person after another, over and over, each time under a new number."""

    def __init__(self, platform: NumberingClient, persons: Iterable[Resident]) -> None:
        self._platform = platform
        self._persons = itertools.cycle(persons)
        self._numbers = itertools.count(FIRST_NUMBER)

    async def one(self) -> None:
        """Ask for the next person."""
        person = next(self._persons)
        await self._platform.number_person(
            new_id(),
            LocalAddressNumber(f"{next(self._numbers)}"),
            person.individual_number,
            attributes_of(person),
        )

    async def many(self, count: int) -> None:
        """Ask for so many at once: they share batches."""
        await asyncio.gather(*(self.one() for _ in range(count)))
