"""One acquisition, one inquiry, one change, each alone on an idle world in one process, at the usual pace."""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable

from renkei.answers import Outcome
from renkei_clients.inquiries import InquiryClient
from renkei_simulators.population.residents import Resident
from renkei_simulators.world.in_process import RunningWorld
from tests.network.asking import has_ended, new_id
from tests.network.asking.inquiries import client_of
from tests.network.small_world import NEIGHBOUR, WARD

from .changing import Moving
from .effort import Setting
from .inquiring import Known, known_to_both, start
from .worlds import residents, small_world

_POLL_SECONDS = 0.003
_REST_SECONDS = 0.15
"""Between two, so that what is left of the one does not run beside the other."""
_PERSONS = 3


async def alone(setting: Setting) -> dict[str, float]:
    """Milliseconds, the median of each."""
    async with small_world(setting, usual_pace=True) as running:
        persons = residents(running.world)
        known = await known_to_both(running, _PERSONS)
        client = client_of(running, NEIGHBOUR)
        others, moving = iter(persons[_PERSONS:]), Moving(persons)
        return {
            "acquisition_alone_ms": await _median(
                setting, "an acquisition", lambda: _acquire(running, next(others))
            ),
            "inquiry_alone_ms": await _median(
                setting, "an inquiry", lambda: _inquire(client, known)
            ),
            "f3_alone_ms": await _median(setting, "a change", lambda: _until_held(running, moving)),
            "f3_told_alone_ms": await _median(
                setting, "a change and its outcome", lambda: _until_told(running, moving)
            ),
        }


async def _median(setting: Setting, what: str, run: Callable[[], Awaitable[None]]) -> float:
    took = []
    for number in range(setting.effort.alone + 1):
        setting.tell(f"{what} alone: {number} of {setting.effort.alone}")
        await asyncio.sleep(_REST_SECONDS)
        began = time.perf_counter()
        await run()
        took.append(time.perf_counter() - began)
    return 1_000 * statistics.median(took[1:])  # the first opens connections


async def _acquire(world: RunningWorld, person: Resident) -> None:
    """From the ask at the ward's terminal until the terminal is told that it has ended (F1.1 to 15)."""
    terminal, local = world.callers.ward_terminal(WARD), person.local_address_number
    await terminal.request_code_acquisition(new_id(), local)
    while not (await terminal.get_code_acquisition(local)).state.final:
        await asyncio.sleep(_POLL_SECONDS)


async def _inquire(client: InquiryClient, known: Known) -> None:
    """From the linkage platform's ask until it has fetched the answer (F2.2 to 9)."""
    inquiry = await start(client, known)
    while not has_ended(told := await client.get_inquiry(inquiry)):
        await asyncio.sleep(_POLL_SECONDS)
    assert told.outcome is Outcome.PROVIDED


async def _until_held(world: RunningWorld, moving: Moving) -> None:
    """From a change at the ward's terminal until the nation's file holds it (F3.1 to 8)."""
    await moving.enter(world.callers.register_terminal(WARD))
    nation = world.seats["national-server.jlis"].store
    while not await moving.all_held(nation):
        await asyncio.sleep(_POLL_SECONDS)


async def _until_told(world: RunningWorld, moving: Moving) -> None:
    """From a change at the ward's terminal until the terminal is told what became of it (F3.4)."""
    terminal = world.callers.register_terminal(WARD)
    person = (await moving.enter(terminal)).person
    while (told := await terminal.get_notification(person)).state == "UNDER_WAY":
        await asyncio.sleep(_POLL_SECONDS)
    assert (told.state, told.seat) == ("APPLIED", "national-server")
    assert await moving.all_held(world.seats["national-server.jlis"].store)
