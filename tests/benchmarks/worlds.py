"""The world that is measured: small, in this process, with enough persons."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from renkei_simulators.population.residents import Resident
from renkei_simulators.world.definition import World
from renkei_simulators.world.health import all_serving
from renkei_simulators.world.in_process import RunningWorld, run_in_process
from renkei_simulators.world.layout import Layout
from renkei_simulators.world.people import Kind, kind_of, people_of, unknown_to_the_nation
from renkei_simulators.world.provision import provision
from tests.network.small_world import SMALL_WORLD

from .effort import Setting

_START_SECONDS = 60.0
_QUICK_PACE = "pace = { repeats = 0.1, housekeeping_seconds = 0.1 }\n"


def small_text(setting: Setting, *, usual_pace: bool = False) -> str:
    """The small world's file, with the residents and the store of the setting."""
    text = SMALL_WORLD.replace("residents = 200", f"residents = {setting.effort.residents}")
    if usual_pace:
        text = text.replace(_QUICK_PACE, "")
    return f'{text}[store]\nurl = "{setting.store}"\n' if setting.store else text


@asynccontextmanager
async def small_world(setting: Setting, *, usual_pace: bool = False) -> AsyncIterator[RunningWorld]:
    """The small world, running here; its seats repeat calls sooner than usual, unless told not to."""
    world = World.parse(small_text(setting, usual_pace=usual_pace))
    layout = provision(world, setting.folder / "small")
    async with run_in_process(world, layout) as running:
        yield running


async def until_serving(world: World, layout: Layout) -> None:
    """Wait until every listener of a world in processes of its own serves.

    Raises AssertionError where one does not in time.
    """
    listeners = await all_serving(world, layout, seconds=_START_SECONDS)
    if silent := [one.identity.role for one in listeners if not one.serving]:
        msg = f"no answer after {_START_SECONDS:.0f} seconds: {', '.join(silent)}"
        raise AssertionError(msg)


def residents(world: World) -> list[Resident]:
    """The first municipality's residents of whom a code can be acquired."""
    municipality = world.municipalities[0]
    unknown = unknown_to_the_nation(world, municipality)
    people = people_of(world, municipality)
    return [one for one in people if kind_of(one, unknown) is Kind.RESIDENT]
