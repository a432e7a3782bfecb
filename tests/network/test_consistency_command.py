"""`renkei consistency` on a world that runs: what it shows, and how it ends."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from renkei.refusals import Refusal
from renkei_simulators.cli import app
from renkei_simulators.world.definition import WorldError
from renkei_simulators.world.health import all_serving
from tests.worlds import Supervised, Worlds

from .people import People
from .small_world import NEIGHBOUR, SMALL_WORLD, TOKYO, WARD

pytestmark = pytest.mark.world

_SECONDS = 60.0


@pytest.fixture(scope="module")
def run(worlds: Worlds) -> Iterator[Supervised]:
    with worlds.supervised(SMALL_WORLD) as run:
        asyncio.run(all_serving(run.world, run.layout, seconds=_SECONDS))
        yield run


def consistency(run: Supervised, *arguments: str) -> Result:
    data = ("--data", str(run.layout.root))
    return CliRunner().invoke(app, ["consistency", *arguments, *data])


def told(run: Supervised, *arguments: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(consistency(run, *arguments, "--json").stdout)
    return found


def test_a_municipality_is_compared_with_all_its_peers(run: Supervised) -> None:
    """One person of each municipality is unknown to the nation, so the command says that they differ."""
    shown = consistency(run, WARD)

    code = People(run.world).unknown.resident_record_code.digits
    assert shown.exit_code == 1
    for part in (f"register · municipal CS · {WARD}", f"municipal CS · nation · {WARD}"):
        assert part in shown.stdout
    assert code in shown.stdout
    assert "missing there" in shown.stdout
    seats = told(run, WARD, "--report")
    assert [one["seat"] for one in seats] == ["register", "municipal CS"]
    assert [one["resident_record_code"] for seat in seats for one in seat["differences"]] == [code]
    assert {part["state"] for seat in seats for part in seat["parts"]} == {"COMPARED"}


def test_a_prefecture_is_compared_with_the_nation(run: Supervised) -> None:
    (seat,) = told(run, TOKYO)

    assert [part["municipality"] for part in seat["parts"]] == [NEIGHBOUR, WARD]
    assert [one["finding"] for one in seat["differences"]] == ["MISSING_THERE"] * 2


def test_nothing_is_shown_of_who_was_never_compared(run: Supervised) -> None:
    found = consistency(run, NEIGHBOUR, "--report").exception

    assert isinstance(found, Refusal)
    assert found.reason.name == "NO_CONSISTENCY_CHECK"


@pytest.mark.parametrize("code", ["141003", "tokyo"])
def test_who_is_not_of_the_world_is_named(run: Supervised, code: str) -> None:
    found = consistency(run, code).exception

    assert isinstance(found, WorldError)
    assert code in str(found)
