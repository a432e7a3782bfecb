"""The database killed and started again while many ask: nothing is lost, and nothing is done twice."""

import asyncio
import os
import random
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial

import pytest

from renkei.acquisitions import BOUND
from renkei.answers import Outcome
from renkei.codes import IntegratedAddressNumber
from renkei.inquiries import Inquiry
from tests.postgresql import Cluster
from tests.stores import POSTGRESQL

from .asking import has_ended, new_id, patiently, until_told
from .asking.inquiries import HOUSEHOLD_OF_PENSION
from .mortal import Mortal
from .people.records import records_of
from .people.recount import mistakes
from .people.sub_copies import ITEMS, sub_copy
from .small_world import AGENCY, WARD

STORES = [POSTGRESQL]

DEATHS = 3
PARTIES = ("provision-network.ipn", f"agency-linkage.{AGENCY}", f"middle-server.{WARD}")


@asynccontextmanager
async def dying(mortal: Mortal, cluster: Cluster) -> AsyncIterator[None]:
    """Meanwhile the database dies some times, a seat with it, and its connections are cut."""
    chance = random.Random(7)

    def die() -> None:
        for _ in range(DEATHS):
            with suppress(ProcessLookupError):
                victim = chance.choice(sorted(mortal.supervisor.process_ids.values()))
                os.kill(victim, signal.SIGKILL)
            cluster.kill()
            cluster.start()
            cluster.cut(mortal.world.store_url)

    deaths = asyncio.create_task(asyncio.to_thread(die))
    yield
    await deaths


async def test_two_hundred_acquisitions_outlive_the_database(
    mortal: Mortal, cluster: Cluster
) -> None:
    crowd = [mortal.people.somebody() for _ in range(100)]
    gate = asyncio.Semaphore(24)

    async def one(acquiring) -> object:  # type: ignore[no-untyped-def]
        async with gate:
            return await acquiring

    async with dying(mortal, cluster):
        outcomes = await asyncio.gather(
            *(one(mortal.acquire(person)) for person in crowd),
            *(one(mortal.acquire_at_agency(person)) for person in crowd),
        )
    await mortal.quiet()

    assert outcomes == [BOUND] * 200
    for organisation in (WARD, AGENCY):
        assert mistakes(mortal.world, mortal.layout, organisation, crowd) == []


@pytest.fixture
async def at_agency(mortal: Mortal) -> IntegratedAddressNumber:
    """Somebody of whom the ward holds information, as the agency numbers them."""
    person = mortal.people.somebody()
    await mortal.acquire(person)
    await mortal.acquire_at_agency(person)
    register = mortal.callers.register_of(WARD)
    await register.register_sub_copy(new_id(), person.local_address_number, sub_copy())
    return await mortal.callers.agency_terminal(AGENCY).number_person(
        new_id(), person.individual_number
    )


async def test_fifty_inquiries_outlive_the_database(
    mortal: Mortal, cluster: Cluster, at_agency: IntegratedAddressNumber
) -> None:
    terminal = mortal.callers.inquiry_terminal(AGENCY)

    async def inquire() -> Inquiry:
        start = partial(terminal.start_inquiry, new_id(), at_agency, HOUSEHOLD_OF_PENSION)
        inquiry = await patiently(start)
        told = await until_told(
            lambda: patiently(partial(terminal.get_inquiry, inquiry)), has_ended
        )
        await patiently(partial(terminal.acknowledge_answer, new_id(), inquiry))
        return told

    async with dying(mortal, cluster):
        inquiries = await asyncio.gather(*(inquire() for _ in range(50)))
    await mortal.quiet()

    assert {one.outcome for one in inquiries} == {Outcome.PROVIDED}
    assert all([record.items for record in one.records] == [ITEMS] for one in inquiries)
    assert len({one.id.text for one in inquiries}) == 50
    for one in inquiries:
        at_network, at_inquirer, at_provider = (
            records_of(mortal, seat, one.id) for seat in PARTIES
        )
        assert len(at_network) == 1
        assert at_network == at_inquirer == at_provider
