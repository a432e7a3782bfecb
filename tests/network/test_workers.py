"""A seat that several processes serve: what one of them did the others know, and they end as one."""

import asyncio
import signal
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import date
from os import kill
from pathlib import Path

import pytest

from renkei import reasons
from renkei.acquisitions import BOUND
from renkei.refusals import Refusal
from renkei.type.v1 import operator_session_pb2 as pb2
from renkei_server.config import ProcessConfig, SeatConfig
from renkei_server.process.logs import open_log
from renkei_server.process.machine import MachineIds, WorldClock
from renkei_server.process.owner import socket_of
from renkei_server.process.serving import RunningSeat, running, serving
from renkei_server.process.workers import Part
from renkei_server.roles.own_keys import OwnKeys
from renkei_server.store.engine.receipts import SeatRun
from renkei_server.store.engine.shared import Shared
from renkei_simulators.world.callers import Callers
from renkei_simulators.world.configs import seat_config
from renkei_simulators.world.definition import World
from renkei_simulators.world.health import all_serving, ask
from renkei_simulators.world.layout import Layout
from renkei_simulators.world.running import process_ids, restart
from tests.ports import free_port
from tests.postgresql import Cluster
from tests.stores import BOTH, POSTGRESQL, SQLITE
from tests.worlds import Supervised, Worlds

from .asking import final, new_id, patiently, reason_of, until
from .people import People
from .small_world import SMALL_WORLD, WARD

STORES = BOTH

MIDDLE, CORE = f"middle-server.{WARD}", "provision-network.ipn"
SECONDS = 60.0
WORD = "a long and secret word"
GUESSES = 9
LOCKED_AFTER = 5


def with_workers(text: str, *seats: str) -> str:
    """A world file in which two processes serve each of these seats."""
    for name in seats:
        role, institution = name.split(".")
        head = f'role = "{role}"\ninstitution = "{institution}"\n'
        assert head in text
        text = text.replace(head, f"{head}workers = 2\n")
    return text


# Two workers in this process, each reached by itself


@dataclass(frozen=True, slots=True)
class Worker:
    """One worker of the ward's middle server, and callers that come to it alone."""

    seat: RunningSeat
    callers: Callers


@pytest.fixture(scope="module")
def made(worlds: Worlds, cluster: Cluster | None) -> Iterator[tuple[World, Layout]]:
    with worlds.copied(SMALL_WORLD, cluster) as copied:
        yield copied


def on_any_port(config: SeatConfig) -> SeatConfig:
    networks = {
        domain: replace(one, address="127.0.0.1:0" if one.address else "")
        for domain, one in config.networks.items()
    }
    return replace(config, networks=networks)


@pytest.fixture(scope="module")
async def both(made: tuple[World, Layout]) -> AsyncIterator[list[Worker]]:
    world, layout = made
    config = on_any_port(seat_config(world, layout, world.seat(MIDDLE)))
    clock = WorldClock(config.clock)
    first, run = Shared.made(2), SeatRun.drawn(MachineIds())
    assert first.handles is not None
    async with AsyncExitStack() as stack:
        log = stack.enter_context(open_log(config.log, config.name, clock))
        workers = []
        for shared in (first, Shared.joined(first.handles, 1)):
            seat = await stack.enter_async_context(
                serving(config, OwnKeys(config), {}, Part(shared, run), clock, log)
            )
            at = {(MIDDLE, domain): address for domain, address in seat.addresses.items()}
            workers.append(Worker(seat, Callers(world, layout, stack, at)))
        yield workers
    first.close()


async def enrolled(worker: Worker) -> str:
    name = f"clerk-{new_id()[:8]}"
    roster = worker.callers.administrator(WARD)
    await roster.enrol_operator(new_id(), name, WORD)
    await roster.set_permissions(new_id(), name, {"release": pb2.ACCESS_READ})
    return name


async def test_a_repeat_is_known_by_the_other_worker_and_another_body_is_refused(
    both: list[Worker],
) -> None:
    """What is asked alone tells it apart, by the key of the run: the roster keeps no such digest."""
    request_id, name = new_id(), f"clerk-{new_id()[:8]}"
    first, second = (one.callers.administrator(WARD) for one in both)
    await first.enrol_operator(request_id, name, WORD)

    await second.enrol_operator(request_id, name, WORD)

    other = second.enrol_operator(request_id, name, WORD, date(2030, 3, 31))
    assert await reason_of(other) is reasons.REQUEST_ID_REUSED


async def test_who_is_sent_away_at_one_worker_is_gone_at_the_other_at_the_next_call(
    both: list[Worker],
) -> None:
    first, second = both
    name = await enrolled(first)
    door = first.callers.operator_terminal(WARD)
    session = await door.open_operator_session(new_id(), name, WORD)
    roster = second.callers.administrator(WARD)
    listed = {one.operator_id: one.revoked for one in await roster.list_operators()}
    assert listed[name] is False, "what one did the other sees"

    await roster.revoke_operator(new_id(), name)

    again = door.open_operator_session(new_id(), name, WORD)
    assert await reason_of(again) is reasons.OPERATOR_NOT_AUTHENTICATED
    assert session.claims


async def test_guesses_at_both_workers_at_once_count_as_one_after_the_other(
    both: list[Worker],
) -> None:
    name = await enrolled(both[0])
    doors = [one.callers.operator_terminal(WARD) for one in both]

    told = await asyncio.gather(
        *(
            reason_of(doors[number % 2].open_operator_session(new_id(), name, f"word {number}"))
            for number in range(GUESSES)
        )
    )

    assert Counter(told) == {
        reasons.OPERATOR_NOT_AUTHENTICATED: LOCKED_AFTER,
        reasons.OPERATOR_LOCKED: GUESSES - LOCKED_AFTER,
    }


# Two processes, as a world starts them


@pytest.fixture(scope="module")
def served(worlds: Worlds, cluster: Cluster | None) -> Iterator[Supervised]:
    text = with_workers(SMALL_WORLD, MIDDLE, CORE)
    with worlds.supervised(text, on=cluster, crash_points=True) as run:
        run.supervisor.reports(seconds=SECONDS)
        yield run


def others_of(process: int) -> list[int]:
    """The workers that a seat's first has started."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text()
    return [int(one) for one in children.split()]


def runs(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (
        FileNotFoundError,
        ProcessLookupError,
    ):  # it may end between the opening and the reading
        return False


def answered(run: Supervised, seat: str) -> set[bool]:
    """Whether the first, and whether another, answered calls of seats so far."""
    log = seat_config(run.world, run.layout, run.world.seat(seat)).log
    lines = [line for line in log.read_text().splitlines() if '"rpc_answered"' in line]
    return {'"worker":1' in line for line in lines}


async def load(run: Supervised, persons: int) -> set[object]:
    """Acquire codes of so many persons at once, whoever dies meanwhile."""
    people = People(run.world)

    async def acquire(callers: Callers) -> object:
        terminal, local = callers.ward_terminal(WARD), people.somebody().local_address_number
        request_id = new_id()
        await patiently(lambda: terminal.request_code_acquisition(request_id, local))
        return await final(lambda: patiently(lambda: terminal.get_code_acquisition(local)))

    async with AsyncExitStack() as stack:
        callers = Callers(run.world, run.layout, stack)
        return set(await asyncio.gather(*(acquire(callers) for _ in range(persons))))


async def test_both_serve_and_a_flow_goes_through_them(served: Supervised) -> None:
    assert await load(served, 8) == {BOUND}
    for _ in range(20):  # each looks by a connection of its own, which the system gives to one
        assert all(one.serving for one in await ask(served.world, served.layout))
        if answered(served, MIDDLE) == {False, True}:
            break
    assert answered(served, MIDDLE) == {False, True}


async def test_the_seat_is_closed_and_opened_again_with_all_its_workers(
    served: Supervised,
) -> None:
    first = process_ids(served.layout)[MIDDLE]
    before = others_of(first)

    report = await asyncio.to_thread(restart, served.world, served.layout, MIDDLE)

    assert report.is_open
    assert process_ids(served.layout)[MIDDLE] == first
    now = others_of(first)
    assert len(before) == len(now) == 1
    assert before != now
    assert not runs(before[0])
    assert await load(served, 2) == {BOUND}


@pytest.mark.parametrize("whom", ["the first", "another"])
async def test_where_one_is_killed_under_load_the_seat_ends_and_nothing_is_lost(
    served: Supervised, whom: str
) -> None:
    first = process_ids(served.layout)[MIDDLE]
    (other,) = others_of(first)
    loading = asyncio.create_task(load(served, 12))
    await asyncio.sleep(0)

    kill(first if whom == "the first" else other, signal.SIGKILL)

    await until(lambda: not runs(first) and not runs(other))
    await until(lambda: MIDDLE in served.supervisor.restart_dead(print))
    assert await loading == {BOUND}
    await all_serving(served.world, served.layout, seconds=SECONDS)
    (new,) = others_of(process_ids(served.layout)[MIDDLE])
    assert runs(new)


@pytest.mark.parametrize(
    ("seat", "what"),
    [
        (MIDDLE, "/renkei.linkage.v1.CodeDeliveryService/DeliverCode"),
        (CORE, "/renkei.linkage.v1.ProcessingSerialService/IssueProcessingSerial"),
    ],
)
async def test_where_one_dies_with_the_turn_before_a_commit_and_after_nothing_is_lost(
    served: Supervised, seat: str, what: str
) -> None:
    points = seat_config(served.world, served.layout, served.world.seat(seat)).crashes
    points.write_text(f"before commit {what}\nafter commit {what}\n")
    loading = asyncio.create_task(load(served, 4))

    while not loading.done():
        served.supervisor.restart_dead(print)
        await asyncio.wait([loading], timeout=0.02)

    assert await loading == {BOUND}
    assert points.read_text() == ""


def test_a_second_start_is_refused_though_ports_are_shared(
    served: Supervised, tmp_path: Path
) -> None:
    config = served.layout.process(MIDDLE)
    twin = tmp_path / "twin.json"
    ProcessConfig.load(config).save(twin)

    for path, why in ((config, "SEATS_RUN_ALREADY"), (twin, "SEAT_RUNS_ALREADY")):
        second = subprocess.run(
            [sys.executable, "-m", "renkei_server", str(path)],
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        assert (second.returncode, why in second.stderr) == (1, True), second.stderr
    assert socket_of(config).exists()


@pytest.mark.only_on(SQLITE, why="a port is nothing of a store's")
async def test_an_address_that_another_would_share_is_taken_all_the_same(
    made: tuple[World, Layout],
) -> None:
    world, layout = made
    port = free_port()
    config = on_any_port(seat_config(world, layout, world.seat(f"middle-server.{WARD}")))
    networks = {
        domain: replace(one, address=f"127.0.0.1:{port}") if one.address else one
        for domain, one in config.networks.items()
    }
    elsewhere = replace(config, folder=layout.seat(MIDDLE), networks=networks, workers=2)
    with socket.socket() as somebody:
        somebody.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        somebody.bind(("127.0.0.1", port))
        somebody.listen()

        with pytest.raises(Refusal) as refused:
            async with running(elsewhere, {}):
                pass

    assert refused.value.reason is reasons.ADDRESS_TAKEN


@pytest.mark.only_on(POSTGRESQL, why="a file of SQLite dies with its seat")
async def test_where_the_database_dies_under_load_with_a_worker_or_alone_nothing_is_lost(
    served: Supervised, cluster: Cluster
) -> None:
    loading = asyncio.create_task(load(served, 12))
    for whom in ("nobody", "another", "the first"):
        first = process_ids(served.layout)[MIDDLE]
        (other,) = others_of(first)
        if whom != "nobody":
            kill(first if whom == "the first" else other, signal.SIGKILL)
        await asyncio.to_thread(cluster.kill)
        await asyncio.to_thread(cluster.start)
        if whom != "nobody":
            await until(lambda: MIDDLE in served.supervisor.restart_dead(print))
            await all_serving(served.world, served.layout, seconds=SECONDS)

    while not loading.done():
        served.supervisor.restart_dead(print)
        await asyncio.wait([loading], timeout=0.02)

    assert await loading == {BOUND}
