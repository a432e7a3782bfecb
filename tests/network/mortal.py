"""A world of real processes that die where they are told to, and are started again."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from functools import partial

import pytest

from renkei.acquisitions import Acquisition
from renkei_simulators.population.residents import Resident
from renkei_simulators.world.callers import Callers
from renkei_simulators.world.configs import seat_config
from renkei_simulators.world.definition import World
from renkei_simulators.world.health import all_serving
from renkei_simulators.world.layout import Layout
from renkei_simulators.world.looking import calls_owed
from renkei_simulators.world.supervisor import Supervisor
from tests.postgresql import Cluster
from tests.worlds import Worlds

from .asking import final, new_id, patiently, until
from .people import People
from .small_world import AGENCY, BIG_WORLD, WARD

_START_SECONDS = 60.0
_NURSE_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Mortal:
    """A world of real processes that are started again whenever they die."""

    world: World
    layout: Layout
    supervisor: Supervisor
    callers: Callers
    people: People

    def arm(self, seat: str, what: str) -> Callable[[], bool]:
        """Let the seat die twice at this write; return whether both deaths have come."""
        path = seat_config(self.world, self.layout, self.world.seat(seat)).crashes
        with path.open("a") as points:
            points.write(f"before commit {what}\nafter commit {what}\n")
        return lambda: path.read_text() == ""

    async def acquire(self, person: Resident) -> Acquisition:
        """The ward acquires a code, asking under the same id until it is answered."""
        terminal, local = self.callers.ward_terminal(WARD), person.local_address_number
        await patiently(partial(terminal.request_code_acquisition, new_id(), local))
        return await final(lambda: patiently(partial(terminal.get_code_acquisition, local)))

    async def acquire_at_agency(self, person: Resident, agency: str = AGENCY) -> Acquisition:
        """The same for the national body, or another."""
        terminal, theirs = self.callers.agency_terminal(agency), person.individual_number
        number = await patiently(partial(terminal.number_person, new_id(), theirs))
        return await final(lambda: patiently(partial(terminal.get_numbering_outcome, number)))

    async def quiet(self) -> None:
        """Wait until no server owes another a call."""
        await until(lambda: calls_owed(self.world, self.layout) == 0)


@pytest.fixture(scope="module")
async def mortal(
    worlds: Worlds, cluster: Cluster | None, request: pytest.FixtureRequest
) -> AsyncIterator[Mortal]:
    """A big world, each of its servers in a process that is started again when it dies.

    A module that names its `MORTAL_WORLD` has that.
    """
    text = getattr(request.module, "MORTAL_WORLD", BIG_WORLD)
    async with AsyncExitStack() as stack:
        run = stack.enter_context(worlds.supervised(text, on=cluster, crash_points=True))
        await all_serving(run.world, run.layout, seconds=_START_SECONDS)
        nurse = asyncio.create_task(_start_again(run.supervisor))
        callers = Callers(run.world, run.layout, stack)
        yield Mortal(run.world, run.layout, run.supervisor, callers, People(run.world))
        nurse.cancel()
        with suppress(asyncio.CancelledError):
            await nurse


async def _start_again(supervisor: Supervisor) -> None:
    while True:
        supervisor.restart_dead(lambda _: None)
        await asyncio.sleep(_NURSE_SECONDS)
