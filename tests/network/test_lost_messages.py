"""Requests and answers lost, doubled and overtaken at every hop of F1: nothing lost, nothing twice."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import ClassVar

import pytest
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message

from renkei.acquisitions import BOUND, Acquisition
from renkei.refusals import Reason, Refusal
from renkei_clients.channel import Channel, Response
from renkei_simulators.population.residents import Resident
from renkei_simulators.world.definition import World
from renkei_simulators.world.in_process import RunningWorld, run_in_process
from renkei_simulators.world.looking import calls_owed
from renkei_simulators.world.provision import inspect, provision

from .asking import final, new_id, until
from .conftest import AGENCY, SMALL_WORLD, WARD, People
from .recount import mistakes


class BadLine(Channel):
    """A channel that loses requests, loses answers, says things twice and late, each often."""

    chance = random.Random(3)
    mishaps: ClassVar[Counter[tuple[str, str]]] = Counter()

    async def call(
        self,
        method: MethodDescriptor,
        request: Message,
        response: type[Response],
        *,
        seconds: float = 5.0,
    ) -> Response:
        mishap = self.chance.choice(["lost request", "lost answer", "twice", "late", "", ""])
        self.mishaps[method.full_name, mishap] += 1
        if mishap == "lost request":
            raise Refusal(Reason.PEER_UNREACHABLE)
        if mishap == "late":
            await asyncio.sleep(self.chance.uniform(0, 0.2))
        answer = await super().call(method, request, response, seconds=seconds)
        if mishap == "twice":
            return await super().call(method, request, response, seconds=seconds)
        if mishap == "lost answer":
            raise Refusal(Reason.PEER_UNREACHABLE)
        return answer


@pytest.fixture(scope="module")
async def world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RunningWorld]:
    """The small world, its seats joined by bad lines; its callers have good ones."""
    definition = World.parse(SMALL_WORLD)
    layout = provision(definition, Path(tmp_path_factory.mktemp("bad-lines")) / "data")
    async with run_in_process(definition, layout, open_channel=BadLine) as running:
        yield running


async def test_every_acquisition_ends_as_if_the_lines_were_good(
    world: RunningWorld, people: People
) -> None:
    crowd = [people.somebody() for _ in range(100)]
    register = world.callers.ward_terminal(WARD)
    agency = world.callers.agency_terminal(AGENCY)

    async def at_ward(person: Resident) -> Acquisition:
        local = person.local_address_number
        await register.request_code_acquisition(new_id(), local)
        return await final(lambda: register.get_code_acquisition(local))

    async def at_agency(person: Resident) -> Acquisition:
        number = await agency.number_person(new_id(), person.individual_number)
        return await final(lambda: agency.get_numbering_outcome(number))

    outcomes = await asyncio.gather(
        *(at_ward(person) for person in crowd), *(at_agency(person) for person in crowd)
    )

    assert set(outcomes) == {BOUND}
    assert mistakes(world.world, world.layout, WARD, crowd) == []
    assert mistakes(world.world, world.layout, AGENCY, crowd) == []


async def test_every_hop_met_every_mishap() -> None:
    methods = {method for method, _ in BadLine.mishaps}

    assert len(methods) == 10, "the hops of F1 and its two polls"
    for method in methods:
        for mishap in ("lost request", "lost answer", "twice", "late"):
            assert BadLine.mishaps[method, mishap], f"{method} never met: {mishap}"


async def test_each_acquisition_used_one_serial_and_left_no_call_owed(world: RunningWorld) -> None:
    await until(lambda: calls_owed(world.world, world.layout) == 0)
    with inspect(world.world, world.layout, world.world.seat("provision-network.ipn")) as look:
        assert look.rows("serials") == 200
        assert look.values("serials.serial") == []
