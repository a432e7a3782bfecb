"""A world's pace: told in its file, and the same for each of its seats."""

import pytest
from tests.worlds import Worlds, seat

from renkei_server.config import ProcessConfig
from renkei_server.dispatch.pace import USUAL, Pace
from renkei_simulators.world.definition import SHARED, World, WorldError

WORLD = """
name = "hasty"
test = true
seed = 7
today = 2026-11-23
municipality = [{ code = "131148", name = "中野区", residents = 3 }]
""" + seat("national-server", "jlis", "jukinet")


def test_each_seat_has_the_pace_that_the_world_file_tells(worlds: Worlds) -> None:
    world = World.parse(f"pace = {{ repeats = 0.5, housekeeping_seconds = 2.0 }}\n{WORLD}")

    layout = worlds.copy(world)

    (told,) = ProcessConfig.load(layout.process(SHARED)).seats
    assert told.pace == Pace(repeats=0.5, housekeeping_seconds=2.0)


def test_a_world_file_that_tells_no_pace_has_the_usual_one() -> None:
    assert World.parse(WORLD).pace == USUAL


def test_a_misspelt_pace_is_told() -> None:
    with pytest.raises(WorldError, match="repetitions"):
        World.parse(f"pace = {{ repetitions = 0.5 }}\n{WORLD}")
