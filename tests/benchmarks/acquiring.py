"""Asking for codes as fast as they come."""

import asyncio
import itertools
from collections.abc import Iterable

from renkei.codes import LocalAddressNumber
from renkei_clients.ward import NumberingClient
from renkei_simulators.population.residents import Resident
from renkei_simulators.world.people import attributes_of
from tests.network.asking import new_id

FIRST_NUMBER = 800_000_000_000_000


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
