"""How many calls of a method go at once between seats, before they share batches."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from typing import ClassVar

import pytest
from google.protobuf.message import Message

from renkei.acquisitions import BOUND
from renkei.batch.v1 import batch_pb2
from renkei.contract import Method, method_of
from renkei_clients.channel import Channel
from renkei_clients.together import SINGLY as USUALLY
from renkei_server.process.singly import SINGLY
from renkei_simulators.world.in_process import RunningWorld
from tests.worlds import Worlds

from .asking.codes import acquire
from .people import People
from .small_world import SMALL_WORLD

CROWD = 60


class Watched(Channel):
    """A channel of a seat that counts how many calls of a method are under way to its peer."""

    most: ClassVar[Counter[str]] = Counter()
    batches: ClassVar[Counter[str]] = Counter()

    async def _make(self, method: Method, request: Message, seconds: float) -> Message:
        path = method.path
        if isinstance(request, batch_pb2.MakeCallsRequest):
            path = request.requests[0].method
            self.batches[path] += 1
        under_way = self.__dict__.setdefault("under_way", Counter())
        under_way[path] += 1
        self.most[path] = max(self.most[path], under_way[path])
        try:
            return await super()._make(method, request, seconds)
        finally:
            under_way[path] -= 1


@pytest.fixture(scope="module")
async def world(worlds: Worlds) -> AsyncIterator[RunningWorld]:
    """The small world, the calls of its seats watched."""
    async with worlds.running(SMALL_WORLD, open_channel=Watched) as running:
        yield running


async def test_calls_of_the_exchange_of_codes_travel_together_from_the_third_on(
    world: RunningWorld, people: People
) -> None:
    crowd = [people.somebody() for _ in range(CROWD)]
    outcomes = await asyncio.gather(*(acquire(world.callers, person) for person in crowd))

    assert set(outcomes) == {BOUND}
    at_once = {path: Watched.most[path] for path in map(path_of, SINGLY) if Watched.most[path]}
    assert len(at_once) >= 9, at_once
    assert max(at_once.values()) == 2, at_once
    assert sum(Watched.batches[path] for path in at_once) > len(at_once)


@pytest.mark.parametrize("request_type", SINGLY, ids=lambda one: one.DESCRIPTOR.full_name)
def test_what_is_said_of_a_method_is_of_one_that_comes_in_batches(
    request_type: type[Message],
) -> None:
    assert method_of(request_type).in_batches
    assert 1 <= SINGLY[request_type] < USUALLY


def path_of(request_type: type[Message]) -> str:
    return method_of(request_type).path
