"""Starts that are broken off or doubled: a world is made whole or anew, and run by one at a time."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.ports import on_free_ports
from tests.worlds import Worlds, seat
from typer.testing import CliRunner

from renkei_simulators.cli import app
from renkei_simulators.data_folder import world_in
from renkei_simulators.world import running
from renkei_simulators.world.definition import World, WorldError
from renkei_simulators.world.holding import RUNS, held, holder_of
from renkei_simulators.world.layout import Layout
from renkei_simulators.world.provision import inspect, provision
from renkei_simulators.world.running import State
from renkei_simulators.world.supervisor import require_free_ports

TEXT = """
name = "held"
test = true
seed = 7
today = 2026-11-23
municipality = [{ code = "131148", name = "中野区", residents = 3 }]
""" + "".join(
    (seat("national-server", "jlis", "jukinet"), seat("resident-record", "131148", "ward"))
)
WORLD = World.parse(TEXT)
STEPS = ("certificates", "database of national-server.jlis", "database of resident-record.131148")
RENKEI = Path(sys.executable).parent / "renkei"


def require_whole(layout: Layout) -> None:
    """Everything of the world is there, and can be read."""
    assert layout.is_made
    assert world_in(layout.root)[0] == WORLD
    with inspect(WORLD, layout, WORLD.seat("resident-record.131148")) as look:
        assert look.rows("residents") == 3


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("before", ["nothing", "a world"])
def test_a_making_that_is_broken_off_anywhere_is_taken_up_and_nobody_takes_it_for_a_world(
    tmp_path: Path, step: str, before: str
) -> None:
    if before == "a world":
        provision(WORLD, tmp_path)

    def broken_off(what: str) -> None:
        if what == step:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        provision(WORLD, tmp_path, fresh=True, tell=broken_off)

    with pytest.raises(WorldError, match=r"its making was broken off: `renkei up.*中断"):
        world_in(tmp_path)
    require_whole(provision(WORLD, tmp_path))


DIES = """
import os, signal, sys
from pathlib import Path
from renkei_simulators.world.definition import World
from renkei_simulators.world.provision import provision
def die(what):
    if what.startswith("database"):
        os.kill(os.getpid(), signal.SIGKILL)
provision(World.parse(sys.argv[1]), Path(sys.argv[2]), tell=die)
"""


def test_a_world_whose_maker_was_killed_is_made_by_the_next_and_its_lock_is_free(
    tmp_path: Path,
) -> None:
    killed = subprocess.run([sys.executable, "-c", DIES, TEXT, str(tmp_path)], check=False)
    layout = Layout(tmp_path)

    assert killed.returncode == -signal.SIGKILL
    assert layout.making.exists()
    assert holder_of(layout) is None, "though the file still names who held it"
    require_whole(provision(WORLD, tmp_path))
    assert not layout.making.exists()


def test_a_world_that_was_taken_down_half_way_is_made_anew(tmp_path: Path) -> None:
    """As `--fresh` does that is killed while it removes what was there."""
    layout = provision(WORLD, tmp_path)
    layout.making.write_text(TEXT, encoding="utf-8")
    layout.authority("jukinet").joinpath("issuing.pem").unlink()
    layout.world_id.unlink()

    require_whole(provision(WORLD, tmp_path))


def test_a_folder_that_holds_something_else_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear", encoding="utf-8")

    with pytest.raises(WorldError, match=r"something that is no world.*世界でないもの"):
        provision(WORLD, tmp_path, fresh=True)

    assert [one.name for one in tmp_path.iterdir() if one.name != "lock"] == ["letter.txt"]


def test_two_do_not_make_or_run_a_world_at_once_and_the_second_is_told_what_to_do(
    tmp_path: Path,
) -> None:
    told = pytest.raises(WorldError, match=r"running already.*`renkei down --data .*data`")
    with held(Layout(tmp_path / "data"), RUNS), told:
        provision(WORLD, tmp_path / "data")
    assert not (tmp_path / "data").exists(), "nothing came of it"


def test_a_process_id_that_is_somebody_elses_by_now_stops_no_start(worlds: Worlds) -> None:
    """As process 1 in a container that was started again."""
    layout = worlds.copy(WORLD)
    layout.lock.write_text(f"{os.getpid()} up\n", encoding="utf-8")
    State(os.getpid(), {"shared": os.getpid()}, {"national-server.jlis": "shared"}).write(
        layout.state
    )

    assert running.supervisor_of(layout) is None
    assert running.process_ids(layout) == {}
    assert not running.stop(layout)
    with held(layout, RUNS):
        assert running.supervisor_of(layout) == os.getpid()


@pytest.mark.parametrize(
    "garbage", ["", "[]", "{}", "null", '{"supervisor": "x"}', "\x00", "[" * 5000, '{"a": 1}']
)
def test_whatever_the_file_of_what_runs_holds_nobody_meets_a_traceback(
    worlds: Worlds, garbage: str
) -> None:
    layout = Layout(Path("/nowhere"))
    assert State.read(layout.state) == State()
    layout = worlds.copy(WORLD)
    layout.state.write_text(garbage, encoding="utf-8")

    assert running.reports(layout) == {}
    assert running.process_ids(layout) == {}
    with pytest.raises(WorldError, match="does not run"):
        running.restart(WORLD, layout, "national-server.jlis")


def test_status_says_that_a_world_is_down_and_how_to_start_it(worlds: Worlds) -> None:
    layout = worlds.copy(WORLD)

    told = CliRunner().invoke(app, ["status", "--data", str(layout.root)])

    assert told.exit_code == 1
    assert f"does not run: start it with `renkei up --data {layout.root}`" in told.stderr
    assert "この世界は動いていません" in told.stderr


@contextmanager
def orphan(layout: Layout) -> Iterator[subprocess.Popen[bytes]]:
    """A process that answers at a server's socket, though nobody runs the world."""
    listens = (
        "import os, socket, sys; os.chdir(sys.argv[1]); s = socket.socket(socket.AF_UNIX); "
        "s.bind('shared.sock'); s.listen(); print(flush=True); s.accept(); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", listens, str(layout.process("").parent)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield process
        process.kill()


def test_servers_whose_starter_was_killed_are_found_named_and_stopped(worlds: Worlds) -> None:
    layout = worlds.copy(WORLD)
    named = f"`renkei down --data {layout.root}`"
    with orphan(layout) as process:
        assert running.servers(layout) == {"shared": process.pid}
        told = CliRunner().invoke(app, ["status", "--data", str(layout.root)])
        started = CliRunner().invoke(app, ["up", "--data", str(layout.root)])
        looked = CliRunner().invoke(app, ["doctor", "--json", "--data", str(layout.root)])

        assert '"ports"' not in looked.stdout, "they have them themselves"
        assert "servers of this world still run (shared), though" in told.stderr
        assert named in told.stderr
        assert isinstance(started.exception, WorldError)
        assert named in str(started.exception)
        assert CliRunner().invoke(app, ["down", "--data", str(layout.root)]).exit_code == 0
        assert process.wait(10) == -signal.SIGTERM
    assert running.servers(layout) == {}


def test_ports_are_looked_at_before_anything_is_made(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as somebody:
        port = somebody.getsockname()[1]
        file, data = tmp_path / "world.toml", tmp_path / "data"
        file.write_text(on_free_ports(TEXT.replace(":0", f":{port}", 1)), encoding="utf-8")

        told = CliRunner().invoke(app, ["up", "--world", str(file), "--data", str(data)])

    assert f"cannot listen on 127.0.0.1:{port}" in str(told.exception)
    assert not data.exists()


def test_a_port_that_peers_cannot_know_is_told() -> None:
    with pytest.raises(WorldError, match=r"name a port.*ポート番号が0"):
        require_free_ports(WORLD)


def test_who_holds_a_world_from_elsewhere_is_not_mistaken_for_another_process(
    worlds: Worlds,
) -> None:
    """A process id of another container is another process here."""
    layout = worlds.copy(WORLD)
    with held(layout, RUNS):
        layout.lock.write_text("1 up\n", encoding="utf-8")
        with pytest.raises(WorldError, match="cannot be seen from here"):
            running.stop(layout)


def test_the_lock_says_who_holds_it(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    with held(layout, RUNS):
        assert layout.lock.read_text() == f"{os.getpid()} up\n"
    assert json.dumps(holder_of(layout)) == "null"
