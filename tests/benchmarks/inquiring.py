"""Who is inquired about, and what an inquiry is at either end of an exchange."""

import asyncio
import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from renkei.codes import IntegratedAddressNumber, LinkageCode
from renkei.exchanges import ExchangeId
from renkei_clients.inquiries import InquiryClient
from renkei_server.store.codes.codes import Codes
from renkei_simulators.population.residents import Resident
from renkei_simulators.world.in_process import RunningWorld
from tests.network.asking import new_id
from tests.network.asking.inquiries import HOUSEHOLD_OF_CARE
from tests.network.people.neighbours import Neighbours
from tests.network.people.sub_copies import sub_copy
from tests.network.small_world import NEIGHBOUR, WARD

from .worlds import residents


@dataclass(frozen=True, slots=True)
class Known:
    """Persons whom the ward has a sub-copy of, and the neighbour inquires about, over and over."""

    numbers: Iterator[IntegratedAddressNumber]
    """The neighbour's own."""
    codes: Iterator[LinkageCode]
    """The neighbour's codes of them."""
    count: int
    """The world's first so many residents."""


async def known_to_both(world: RunningWorld, count: int) -> Known:
    """Let both acquire their codes of so many persons, and the ward register a sub-copy of each."""
    neighbours = Neighbours(world)
    register = world.callers.register_of(WARD)

    async def make_known(person: Resident) -> IntegratedAddressNumber:
        await neighbours.known_at_ward(person)
        number = await neighbours.known_here(person)
        await register.register_sub_copy(new_id(), person.local_address_number, sub_copy())
        return number

    persons = residents(world.world)[:count]
    numbers = await asyncio.gather(*(make_known(one) for one in persons))
    store = world.seats[f"middle-server.{NEIGHBOUR}"].store
    codes = Codes(store.sealer)
    found: list[LinkageCode] = []
    for number in numbers:
        code = store.read_now(lambda connection, of=number: codes.code_of(connection, of))  # type: ignore[misc]
        assert code is not None
        found.append(code)
    return Known(itertools.cycle(numbers), itertools.cycle(found), count)


async def start(client: InquiryClient, known: Known) -> ExchangeId:
    """Ask about the next person, from the linkage platform on."""
    return await client.start_inquiry(new_id(), next(known.numbers), HOUSEHOLD_OF_CARE)
