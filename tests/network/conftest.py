"""A small world in this process: real servers, real certificates, real handshakes."""

from collections.abc import AsyncIterator

import pytest

from renkei_simulators.world.in_process import RunningWorld
from tests.postgresql import Cluster
from tests.stores import SQLITE, run_on
from tests.tokens import with_tokens
from tests.worlds import Worlds, worlds

from .mortal import mortal
from .people import People
from .people.neighbours import Neighbours
from .small_world import SMALL_WORLD

__all__ = ["mortal", "worlds"]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a module on the kinds of store that its `STORES` names, else on the usual one."""
    run_on(metafunc, getattr(metafunc.module, "STORES", [SQLITE]), scope="module")


@pytest.fixture(scope="module")
def cluster(request: pytest.FixtureRequest, store_kind: str) -> Cluster | None:
    """The PostgreSQL where the seats keep their stores; None where each has a file."""
    if store_kind == SQLITE:
        return None
    found: Cluster = request.getfixturevalue("postgresql")
    return found


@pytest.fixture(scope="module")
async def world(
    request: pytest.FixtureRequest, worlds: Worlds, cluster: Cluster | None
) -> AsyncIterator[RunningWorld]:
    """A world of its own for each module of tests."""
    text = SMALL_WORLD
    if request.config.getoption("--with-tokens"):
        text = with_tokens(text, request.getfixturevalue("devices"))
    async with worlds.running(text, on=cluster) as running:
        yield running


@pytest.fixture(scope="module")
def people(world: RunningWorld) -> People:
    """The persons of the module's world."""
    return People(world.world)


@pytest.fixture(scope="module")
def neighbours(world: RunningWorld) -> Neighbours:
    """The neighbour who asks."""
    return Neighbours(world)
