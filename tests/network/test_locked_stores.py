"""A lock that another program holds on one seat's database stops that seat alone, at every entrance."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Iterator
from contextlib import closing, contextmanager

import pytest

from renkei import reasons
from renkei.acquisitions import BOUND
from renkei.batch.v1.batch_pb2 import MakeCallsRequest, MakeCallsResponse
from renkei.codes import IntegratedAddressNumber
from renkei.contract import method_of
from renkei.facts import STORE_STATE, StoreState
from renkei.linkage.v1 import sub_copy_pb2
from renkei.networks import LINKAGE
from renkei.refusals import Refusal
from renkei.wire.refusals import read_refused_request
from renkei_clients.channel import Channel
from renkei_clients.health import SERVING, health_of
from renkei_clients.sub_copies import SubCopyClient
from renkei_pki.identity import Identity
from renkei_server.process.serving import RunningSeat, running
from renkei_simulators.world.in_process import RunningWorld
from tests.worlds import Worlds

from .asking import final, new_id, refusal_of, until_told
from .people import People
from .people.strangers import outsider
from .people.sub_copies import sub_copy
from .small_world import CONTROLLED_WORLD, NEIGHBOUR, WARD

MIDDLE = f"middle-server.{WARD}"
PERSON = IntegratedAddressNumber("123456789012345")
LOCKED_SECONDS = 5.0
"""So long a seat waits for a lock."""


@pytest.fixture(scope="module")
async def world(worlds: Worlds) -> AsyncIterator[RunningWorld]:
    async with worlds.running(CONTROLLED_WORLD) as running:
        yield running


@pytest.fixture
def seat(world: RunningWorld) -> RunningSeat:
    return world.seats[MIDDLE]


@contextmanager
def locked(seat: RunningSeat) -> Iterator[None]:
    """While another program is in the midst of writing the seat's database."""
    with closing(sqlite3.connect(seat.config.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


def platform(world: RunningWorld, organisation: str) -> Channel:
    """An organisation's linkage platform at its middle server."""
    caller = outsider(world, Identity(LINKAGE, organisation, "linkage-platform"))
    return world.callers.channel(caller, Identity(LINKAGE, organisation, "middle-server"))


async def in_a_batch(channel: Channel) -> None:
    """A read in a batch; raises how it was refused."""
    ask = sub_copy_pb2.ListSubCopiesRequest(sender=WARD)
    batch = MakeCallsRequest()
    batch.requests.add(method=method_of(type(ask)).path, message=ask.SerializeToString())
    answer = await channel.call(batch)
    assert isinstance(answer, MakeCallsResponse)
    refusal = read_refused_request(answer.outcomes[0].refusal)
    assert refusal is not None
    raise refusal


def entrances(world: RunningWorld) -> dict[str, Awaitable[object]]:
    """A call by each way into the seat."""
    channel = platform(world, WARD)
    copies = SubCopyClient(channel)
    chunk = sub_copy_pb2.LoadSubCopiesRequest(request_id=new_id())
    chunk.entries.add()
    plan = next(one for one in world.world.seats if one.name == MIDDLE)
    return {
        "a change": copies.register_sub_copy(new_id(), PERSON, sub_copy()),
        "a read": copies.list_sub_copies(PERSON),
        "a stream": copies.load_chunk(chunk),
        "a batch": in_a_batch(channel),
        "an operator": world.callers.key_terminal(WARD).rotate_organisation_key(new_id()),
        "control": world.callers.controller(plan).restore_snapshot("initial"),
        "saving": world.callers.controller(plan).save_snapshot("held"),
    }


async def test_every_entrance_of_the_seat_says_that_its_database_is_locked(
    world: RunningWorld, seat: RunningSeat
) -> None:
    calls = entrances(world)
    with locked(seat):
        told = await asyncio.gather(*(refusal_of(one) for one in calls.values()))

    met = dict(zip(calls, told, strict=True))
    assert {name: one.reason for name, one in met.items()} == dict.fromkeys(
        calls, reasons.STORE_UNAVAILABLE
    )
    assert {name: one.fact(STORE_STATE) for name, one in met.items()} == dict.fromkeys(
        calls, StoreState.LOCKED
    )
    assert all(str(seat.config.database) not in str(one) for one in told)


async def test_the_seats_beside_it_answer_as_ever(world: RunningWorld, seat: RunningSeat) -> None:
    copies = SubCopyClient(platform(world, NEIGHBOUR))
    calls = entrances(world)
    with locked(seat):
        waiting = asyncio.gather(*(refusal_of(one) for one in calls.values()))
        began, answered = time.monotonic(), 0
        while not waiting.done() and time.monotonic() - began < LOCKED_SECONDS / 2:
            await copies.list_sub_copies(PERSON)
            answered += 1
        took = time.monotonic() - began
        await waiting

    assert took < LOCKED_SECONDS
    assert answered > 10


async def test_it_is_not_well_meanwhile_and_well_again_afterwards(
    world: RunningWorld, seat: RunningSeat
) -> None:
    own = outsider(world, Identity(LINKAGE, WARD, "linkage-platform"))
    server = Identity(LINKAGE, WARD, "middle-server")

    async def health() -> str:
        return await health_of(own, server, seat.addresses[LINKAGE])

    with locked(seat):
        meanwhile = await health()
    await until_told(health, SERVING.__eq__)

    assert meanwhile == reasons.STORE_UNAVAILABLE.name


async def test_what_others_owe_it_is_done_once_the_lock_is_gone(
    world: RunningWorld, people: People, seat: RunningSeat
) -> None:
    person = people.somebody()
    terminal, local = world.callers.ward_terminal(WARD), person.local_address_number
    with locked(seat):
        await terminal.request_code_acquisition(new_id(), local)
    told = await final(lambda: terminal.get_code_acquisition(local))

    assert told == BOUND


async def test_a_seat_that_starts_meanwhile_says_so_and_holds_up_nobody(
    worlds: Worlds, world: RunningWorld
) -> None:
    idle = world.seats[f"middle-server.{NEIGHBOUR}"].config
    turns = 0

    async def go_round() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0.05)
            turns += 1

    async with worlds.running(CONTROLLED_WORLD) as other:
        config = other.seats[MIDDLE].config
    beside = asyncio.create_task(go_round())
    with closing(sqlite3.connect(config.database, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(Refusal) as refused:
            async with running(config, idle.peers):
                pass
    beside.cancel()

    assert refused.value.reason is reasons.STORE_UNAVAILABLE
    assert refused.value.fact(STORE_STATE) is StoreState.LOCKED
    assert turns > 20
