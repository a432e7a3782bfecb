"""A small world in this process: real servers, real certificates, real handshakes."""

from collections.abc import AsyncIterator

import pytest

from renkei_simulators.world.in_process import RunningWorld
from tests.worlds import Worlds, worlds

from .mortal import mortal
from .people import People
from .people.neighbours import Neighbours
from .small_world import SMALL_WORLD

__all__ = ["mortal", "worlds"]


@pytest.fixture(scope="module")
async def world(worlds: Worlds) -> AsyncIterator[RunningWorld]:
    """A world of its own for each module of tests."""
    async with worlds.running(SMALL_WORLD) as running:
        yield running


@pytest.fixture(scope="module")
def people(world: RunningWorld) -> People:
    """The persons of the module's world."""
    return People(world.world)


@pytest.fixture(scope="module")
def neighbours(world: RunningWorld) -> Neighbours:
    """The neighbour who asks."""
    return Neighbours(world)
