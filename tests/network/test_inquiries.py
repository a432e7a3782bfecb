"""Inquiry and provision from one institution to another, through the provision network (F2)."""

from dataclasses import replace

import pytest

from renkei.answers import Outcome
from renkei.refusals import Reason
from renkei.sub_copies import NullReason, Publication
from renkei_simulators.world.in_process import RunningWorld

from .asking import new_id, reason_of
from .conftest import WARD, People
from .inquiring import HOUSEHOLD_OF_CARE, Neighbours
from .sub_copying import IS_HEAD, ITEMS, NAME, RELATIONSHIP, sub_copy


@pytest.fixture(scope="module")
def neighbours(world: RunningWorld) -> Neighbours:
    """The neighbour who asks."""
    return Neighbours(world)


async def test_information_that_the_table_permits_is_provided(
    world: RunningWorld, people: People, neighbours: Neighbours
) -> None:
    person = people.somebody()
    await neighbours.known_at_ward(person)
    here = await neighbours.known_here(person)
    await world.callers.register_of(WARD).register_sub_copy(
        new_id(), person.local_address_number, sub_copy()
    )

    told = await neighbours.ask(here)

    assert told.outcome is Outcome.PROVIDED
    assert (told.detail_status, told.information_status) == ("09", "01")
    assert [record.items for record in told.records] == [ITEMS]
