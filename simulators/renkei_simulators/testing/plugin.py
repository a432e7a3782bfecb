"""The pytest plugin: `renkei_world`, a whole world in the test's own process, fresh for each test.

The world is made and started once a session, when a test first asks for it, and put back to its
start before each test that does. Nothing of it is read in a session that asks for none, so that
whoever has Renkei installed pays nothing. (invented)
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from renkei_simulators.testing.world import TestWorld

_WORLD_FILE = "renkei_world_file"


def pytest_addoption(parser: pytest.Parser) -> None:
    """A world file of the user's own."""
    parser.addini(_WORLD_FILE, "World file for renkei_world; else the default world.", default="")


@pytest.fixture(scope="session")
def _renkei_world(
    pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory
) -> "Iterator[TestWorld]":
    try:
        from renkei_simulators.testing.world import TestWorld
    except ModuleNotFoundError as error:
        pytest.fail(
            f"renkei_world needs a package that is not installed ({error.name}): "
            "pip install 'renkei[testing]'"
        )
    told: str = pytestconfig.getini(_WORLD_FILE)
    file = pytestconfig.rootpath / told if told else None
    with TestWorld.running(file, Path(tmp_path_factory.mktemp("renkei")) / "data") as world:
        yield world


@pytest.fixture
def renkei_world(_renkei_world: "TestWorld") -> "Iterator[TestWorld]":
    """A running world, as it was when it first started; its channels are closed after the test."""
    _renkei_world.reset()
    yield _renkei_world
    _renkei_world.close_channels()
