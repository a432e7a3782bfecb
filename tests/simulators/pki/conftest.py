"""A very small world, and the command on its data folder."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from tests.worlds import Worlds
from typer.testing import CliRunner

from renkei.refusals import Refusal
from renkei_simulators.cli import app
from renkei_simulators.world.definition import World, WorldError
from renkei_simulators.world.layout import Layout

WORLD = """
name = "tiny"
test = true
seed = 5
today = 2026-11-23
municipality = [{ code = "131148", name = "中野区", residents = 5 }]

[[seat]]
role = "resident-record"
institution = "131148"
listen = { ward = "127.0.0.1:0" }

[[seat]]
role = "municipal-cs"
institution = "131148"
listen = { ward = "127.0.0.1:0", jukinet = "127.0.0.1:0" }

[[seat]]
role = "operator-service"
institution = "131148"
listen = { ward = "127.0.0.1:0" }

[[seat]]
role = "linkage-platform"
institution = "131148"
listen = { ward = "127.0.0.1:0" }
external = "127.0.0.1:1"
"""


@pytest.fixture(scope="module")
def definition() -> World:
    return World.parse(WORLD)


@pytest.fixture(scope="module")
def layout(definition: World, worlds: Worlds) -> Layout:
    """The world's data folder."""
    return worlds.copy(definition)


@pytest.fixture
def renkei(layout: Layout) -> Callable[..., str]:
    """Run `renkei pki …` on the world; return all that it says, its last error included."""

    def run(*arguments: str | Path, data: Path = layout.root) -> str:
        told = CliRunner(env={"COLUMNS": "200"}).invoke(
            app, ["pki", *map(str, arguments), "--data", str(data)]
        )
        return told.output + _error(told)

    return run


def _error(told: Result) -> str:
    """What `main` would tell; anything else is no answer."""
    error = told.exception
    if error is None or isinstance(error, WorldError | Refusal):
        return str(error or "")
    if isinstance(error, SystemExit):
        return f"exit {error.code}"
    raise error
