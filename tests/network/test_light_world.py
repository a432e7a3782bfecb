"""A world whose seats share a process: one is opened, closed and judged apart from the others."""

import asyncio
import errno
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from renkei.acquisitions import BOUND
from renkei.codes import LocalAddressNumber
from renkei.reasons import ACQUISITION_NOT_ASKED
from renkei.refusals import Refusal
from renkei_server.process.owner import RESTART, TELL, ask_process, reachable, socket_of
from renkei_simulators.cli import app
from renkei_simulators.world import running
from renkei_simulators.world.callers import Callers
from renkei_simulators.world.configs import seat_config
from renkei_simulators.world.definition import SHARED, World, WorldError
from renkei_simulators.world.health import all_serving, ask
from renkei_simulators.world.supervisor import Supervisor
from tests.forking import Forked, serve
from tests.ports import on_free_ports
from tests.worlds import Supervised, Worlds

from .asking import final, new_id, reason_of
from .people import People
from .small_world import NEIGHBOUR, SMALL_WORLD, WARD

SECONDS = 60.0
JLIS = "national-server.jlis"
GUESSES = 10
NOT_ASKED = LocalAddressNumber("000000000000000")


@pytest.fixture(scope="module")
def light(worlds: Worlds) -> Iterator[Supervised]:
    with worlds.supervised(SMALL_WORLD) as run:
        run.supervisor.reports(seconds=SECONDS)
        yield run


def opened(run: Supervised, seat: str) -> int:
    """How often a seat has been opened, as its log says."""
    log = seat_config(run.world, run.layout, run.world.seat(seat)).log
    events = [json.loads(line)["event"] for line in log.read_text().splitlines()]
    return events.count("seat_opened")


async def test_all_seats_serve_from_one_process_each_with_a_store_and_a_log_of_its_own(
    light: Supervised,
) -> None:
    listeners = await all_serving(light.world, light.layout, seconds=SECONDS)

    assert all(one.serving for one in listeners)
    assert list(light.supervisor.process_ids) == [SHARED]
    assert set(running.process_ids(light.layout)) == {seat.name for seat in light.world.seats}
    assert len(set(running.process_ids(light.layout).values())) == 1
    configs = [seat_config(light.world, light.layout, seat) for seat in light.world.seats]
    for files in ({one.database for one in configs}, {one.log for one in configs}):
        assert len(files) == len(light.world.seats)
        assert all(file.exists() for file in files)


async def test_a_seat_is_closed_and_opened_again_while_no_call_of_another_fails(
    light: Supervised,
) -> None:
    before, process = opened(light, JLIS), light.supervisor.process_ids
    async with AsyncExitStack() as stack:
        terminal = Callers(light.world, light.layout, stack).ward_terminal(WARD)
        local = People(light.world).somebody().local_address_number
        await terminal.request_code_acquisition(new_id(), local)
        closed = asyncio.create_task(
            asyncio.to_thread(running.restart, light.world, light.layout, JLIS)
        )
        answered = 0
        while not closed.done() or not answered:
            await terminal.get_code_acquisition(local)
            answered += 1

    assert (await closed).is_open
    assert opened(light, JLIS) == before + 1
    assert light.supervisor.process_ids == process, "no other process came of it"
    assert all(one.serving for one in await ask(light.world, light.layout))


async def test_a_flow_through_a_seat_that_is_opened_again_ends_as_if_it_had_not_been(
    light: Supervised,
) -> None:
    async with AsyncExitStack() as stack:
        terminal = Callers(light.world, light.layout, stack).ward_terminal(WARD)
        crowd = [People(light.world).somebody().local_address_number for _ in range(3)]
        for local in crowd:
            await terminal.request_code_acquisition(new_id(), local)
        await asyncio.to_thread(running.restart, light.world, light.layout, JLIS)
        outcomes = await asyncio.gather(
            *(final(lambda local=local: terminal.get_code_acquisition(local)) for local in crowd)
        )

    assert set(outcomes) == {BOUND}


async def test_passwords_that_one_seat_hashes_hold_up_no_call_at_another(
    light: Supervised,
) -> None:
    async with AsyncExitStack() as stack:
        callers = Callers(light.world, light.layout, stack)
        door = callers.operator_terminal(WARD)
        elsewhere = callers.ward_terminal(NEIGHBOUR)
        with pytest.raises(Refusal):  # the connections are made before anything counts
            await door.open_operator_session(new_id(), "nobody", "whatever it may be")
        await reason_of(elsewhere.get_code_acquisition(NOT_ASKED))
        guesses = [
            asyncio.create_task(door.open_operator_session(new_id(), "nobody", f"word {number}"))
            for number in range(GUESSES)
        ]
        answered = 0
        while not all(one.done() for one in guesses):
            assert (
                await reason_of(elsewhere.get_code_acquisition(NOT_ASKED)) is ACQUISITION_NOT_ASKED
            )
            answered += 1
        await asyncio.gather(*guesses, return_exceptions=True)

    assert answered > 3 * GUESSES, "a hash takes as long as many calls"


def test_who_names_no_seat_of_the_world_is_told_so_in_both_languages(light: Supervised) -> None:
    with pytest.raises(WorldError, match=r"no seat nobody\.jlis.*サーバーはありません"):
        running.restart(light.world, light.layout, "nobody.jlis")

    seats = tuple(
        replace(one, external=dict.fromkeys(one.listen, "127.0.0.1:1")) for one in light.world.seats
    )
    with pytest.raises(WorldError, match=r"server of yours.*利用者自身のサーバー"):
        running.restart(replace(light.world, seats=seats), light.layout, JLIS)


def test_no_seat_of_a_world_that_stands_still_is_opened(worlds: Worlds) -> None:
    world = World.parse(SMALL_WORLD)

    with pytest.raises(WorldError, match=r"does not run.*動いていません"):
        running.restart(world, worlds.copy(world), JLIS)


def test_the_owners_socket_is_the_owners_alone_and_bears_nonsense(light: Supervised) -> None:
    path = socket_of(light.layout.process(SHARED))
    for nonsense in (b"", b"hello\n", b"[]\n", b'{"command": 1}\n', b"x" * 10_000 + b"\n"):
        with reachable(path) as address, socket.socket(socket.AF_UNIX) as rude:
            rude.settimeout(SECONDS)
            rude.connect(address)
            rude.sendall(nonsense)
            rude.shutdown(socket.SHUT_WR)
            assert rude.recv(100) == b""
    for command, seat in ((RESTART, "nobody.jlis"), ("halt", JLIS)):
        with pytest.raises(ConnectionError):
            ask_process(path, command, seat, seconds=SECONDS)

    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert set(ask_process(path, TELL, seconds=SECONDS)) == set(
        running.process_ids(light.layout)
    ), "it answers all the same"


def test_a_second_process_for_the_same_seats_ends_and_the_first_goes_on(
    light: Supervised,
) -> None:
    config = light.layout.process(SHARED)

    second = subprocess.run(
        [sys.executable, "-m", "renkei_server", str(config)],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )

    assert (second.returncode, "SEATS_RUN_ALREADY" in second.stderr) == (1, True)
    assert ask_process(socket_of(config), TELL, seconds=SECONDS)


def test_a_seat_that_cannot_be_opened_is_named_while_the_others_serve_and_opens_once_it_can(
    worlds: Worlds,
) -> None:
    world = World.parse(on_free_ports(SMALL_WORLD))
    layout = worlds.copy(replace(world, text=SMALL_WORLD))
    layout.definition.write_text(world.text, encoding="utf-8")
    platform, middle = f"linkage-platform.{WARD}", f"middle-server.{WARD}"
    database = seat_config(world, layout, world.seat(middle)).database
    whole = database.read_bytes()
    with Supervisor(world, layout, serve) as supervisor:
        supervisor.stop()  # its ports were free
        host, port = world.seat(platform).listen["linkage"].split(":")
        with socket.socket() as somebody:
            somebody.bind((host, int(port)))
            database.write_bytes(b"hello\n")
            supervisor.start(SHARED)
            reports = supervisor.reports(seconds=SECONDS)

            shut = {seat: one.english for seat, one in reports.items() if not one.is_open}
            assert set(shut) == {platform, middle}
            assert shut[platform].startswith("ADDRESS_TAKEN")
            assert shut[middle].startswith("STORE_OF_ANOTHER_FORM")
            assert all(one.japanese for one in reports.values() if not one.is_open)
            listeners = asyncio.run(ask(world, layout))
            assert {one.seat for one in listeners if not one.serving} == {platform, middle}
            told = CliRunner().invoke(app, ["status", "--data", str(layout.root)])
            assert (told.exit_code, f"{middle} is not open: STORE" in told.stderr) == (1, True)
            assert not running.restart(world, layout, platform).is_open, "it is not free yet"

        database.write_bytes(whole)
        for seat in (platform, middle):
            again = CliRunner().invoke(app, ["restart", seat, "--data", str(layout.root)])
            assert (again.exit_code, again.stderr) == (0, "")
        assert all(one.serving for one in asyncio.run(ask(world, layout)))


def test_where_the_shared_process_dies_all_its_seats_are_started_again(worlds: Worlds) -> None:
    with worlds.supervised(SMALL_WORLD) as run:
        run.supervisor.reports(seconds=SECONDS)
        before = run.supervisor.process_ids[SHARED]
        run.supervisor.kill(SHARED)

        again = run.supervisor.restart_dead(lambda _: None)

        assert again == [SHARED]
        reports = run.supervisor.reports(seconds=SECONDS, of=again)
        assert set(reports) == {seat.name for seat in run.world.seats}
        assert all(one.is_open for one in reports.values())
        assert run.supervisor.process_ids[SHARED] != before


def test_what_cannot_be_started_again_now_is_told_and_tried_again(worlds: Worlds) -> None:
    """As on a full disk, which is a fault of the moment."""
    world = World.parse(on_free_ports(SMALL_WORLD))
    layout = worlds.copy(replace(world, text=SMALL_WORLD))
    faults: list[OSError] = []
    told: list[str] = []

    def launch(config: Path, errors: Path) -> Forked:
        if faults:
            raise faults.pop()
        return serve(config, errors)

    with Supervisor(world, layout, launch) as supervisor:
        supervisor.kill(SHARED)
        faults.append(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))

        assert supervisor.restart_dead(told.append) == []
        assert os.strerror(errno.ENOSPC) in told[0]
        assert supervisor.restart_dead(told.append) == [SHARED]


def test_isolated_each_seat_has_a_process_whatever_the_file_says() -> None:
    world = World.parse(SMALL_WORLD)

    assert {seat.process for seat in world.seats} == {SHARED}
    assert all(seat.process == seat.name for seat in world.isolated().seats)
    assert all(
        seat.process == seat.name
        for seat in World.parse(f"crash_points = true\n{SMALL_WORLD}").seats
    ), "whoever may die, dies alone"


def test_in_a_world_of_isolated_seats_a_kill_and_a_restart_strike_one_alone(
    worlds: Worlds,
) -> None:
    with worlds.supervised(SMALL_WORLD, isolated=True) as run:
        assert all(one.is_open for one in run.supervisor.reports(seconds=SECONDS).values())
        before = run.supervisor.process_ids
        assert len(before) == len(run.world.seats)

        assert running.restart(run.world, run.layout, JLIS).is_open
        assert run.supervisor.process_ids == before
        assert opened(run, JLIS) == 2

        run.supervisor.kill(JLIS)
        with pytest.raises(WorldError, match=r"does not answer.*応答しません"):
            running.restart(run.world, run.layout, JLIS)
        listeners = asyncio.run(ask(run.world, run.layout))
        assert {one.seat for one in listeners if not one.serving} == {JLIS}
