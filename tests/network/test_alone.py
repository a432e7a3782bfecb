"""Where nothing else goes on nobody waits idly: what is done is told by the next few questions."""

from collections import Counter
from collections.abc import AsyncIterator
from typing import ClassVar

import pytest
from google.protobuf.message import Message

from renkei.acquisitions import BOUND
from renkei.contract import method_of
from renkei_clients.channel import Channel
from renkei_simulators.world.in_process import RunningWorld
from tests.worlds import Worlds

from .asking.codes import acquire
from .people import People
from .small_world import SMALL_WORLD

AT_USUAL_PACE = "".join(
    line for line in SMALL_WORLD.splitlines(keepends=True) if not line.startswith("pace =")
)
QUESTIONS = ("GetNumberingOutcome", "GetCodeAcquisition")
"""Of the register to the platform, and of the platform to the middle server."""
FEW = 12
"""Each comes after half as long again as was waited: so many are more than a second."""


class Counting(Channel):
    """A channel of a seat that counts its calls."""

    calls: ClassVar[Counter[str]] = Counter()

    async def call(self, request: Message, *, seconds: float | None = None) -> Message:
        self.calls[method_of(type(request)).descriptor.name] += 1
        return await super().call(request, seconds=seconds)


@pytest.fixture(scope="module")
async def world(worlds: Worlds) -> AsyncIterator[RunningWorld]:
    """The small world at the usual pace, the calls of its seats counted."""
    async with worlds.running(AT_USUAL_PACE, open_channel=Counting) as running:
        yield running


async def test_an_acquisition_alone_is_told_by_few_questions(
    world: RunningWorld, people: People
) -> None:
    for _ in range(5):
        Counting.calls.clear()
        assert await acquire(world.callers, people.somebody()) == BOUND

        asked = [Counting.calls[question] for question in QUESTIONS]
        assert all(1 <= times <= FEW for times in asked), asked


async def test_a_world_in_which_nobody_wants_anything_makes_no_calls(
    world: RunningWorld, people: People
) -> None:
    """Each seat's dispatcher sleeps until it is woken: there is no time at which it would ask."""
    await acquire(world.callers, people.somebody())
    for seat in world.seats.values():
        await seat.dispatcher.pause()
        seat.dispatcher.resume()

    due = {name: await seat.dispatcher._go_on() for name, seat in world.seats.items()}
    assert set(due.values()) == {float("inf")}, due
