"""`renkei backup-key`, `renkei backup` and `renkei restore`, as an operator meets them."""

import json
import socket
from pathlib import Path

import pytest
from tests.backups import rows_of
from tests.forking import renkei
from tests.server.world import NOON
from tests.worlds import Worlds
from typer.testing import CliRunner

from renkei_server.process.machine import MachineIds
from renkei_server.process.owner import reachable
from renkei_server.store.backups.contents import End, Rows
from renkei_server.store.engine import erasures
from renkei_server.store.engine.outbox import Outbox
from renkei_simulators.cli import app
from renkei_simulators.world.backups import counted
from renkei_simulators.world.configs import seat_config
from renkei_simulators.world.definition import World
from renkei_simulators.world.holding import RUNS, held
from renkei_simulators.world.layout import Layout
from renkei_simulators.world.provision import open_store
from renkei_simulators.world.restoring import alone

MIDDLE, CORE = "middle-server.131148", "provision-network.ipn"
TEXT = """
name = "operated"
test = true
seed = 5
today = 2026-11-23
municipality = []
""" + "".join(
    f'[[seat]]\nrole = "{role}"\ninstitution = "{at}"\nlisten = {{ linkage = "127.0.0.1:0" }}\n'
    for role, at in (("middle-server", "131148"), ("provision-network", "ipn"))
)


@pytest.fixture
def world() -> World:
    """Two seats, which do not run."""
    return World.parse(TEXT)


@pytest.fixture
def layout(worlds: Worlds, world: World) -> Layout:
    """Where they keep what they keep; the core owes a call."""
    made = worlds.copy(world)
    store = open_store(seat_config(world, made, world.seat(CORE)))
    outbox = Outbox(store.sealer, MachineIds())
    store.write_now(lambda tx: outbox.put(tx, "deliver", cause="", content={}))
    store.close()
    return made


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """A key's file, as the command makes it."""
    path = tmp_path / "key"
    assert renkei("backup-key", str(path)).returncode == 0
    return path


@pytest.fixture
def backups(layout: Layout, key: Path, tmp_path: Path) -> list[Path]:
    """A backup of each seat."""
    folder = tmp_path / "backups"
    told = renkei("backup", "--key", str(key), "--into", str(folder), "--data", str(layout.root))
    assert told.returncode == 0, told.stderr
    return sorted(folder.iterdir())


def erase_something(world: World, layout: Layout) -> None:
    store = open_store(seat_config(world, layout, world.seat(MIDDLE)))
    store.write_now(lambda tx: erasures.note(tx, "exchange records", 7, NOON))
    store.close()


def test_all_seats_are_backed_up_and_what_was_left_out_is_told(
    layout: Layout, key: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    told = renkei("backup", "--key", str(key), "--into", str(folder), "--data", str(layout.root))

    assert told.returncode == 0, told.stderr
    assert MIDDLE in told.stdout
    assert CORE in told.stdout
    assert "kept only until a task is done: 1 × call `deliver`" in told.stdout
    assert len(list(folder.iterdir())) == 2


def test_one_seat_is_backed_up_and_told_to_a_program(
    world: World, layout: Layout, key: Path, tmp_path: Path
) -> None:
    folder = str(tmp_path / "backups")
    data = str(layout.root)
    told = renkei(
        "backup", "--key", str(key), "--into", folder, "--data", data, "--seat", CORE, "--json"
    )

    (one,) = json.loads(told.stdout)
    rows = sum(map(len, rows_of(world, layout, CORE).values()))
    assert (one["seat"], one["rows"]) == (CORE, rows - 1)
    assert one["left_out"] == {"call `deliver`": 1}
    assert Path(one["file"]).stat().st_size == one["bytes"]


def test_what_restoring_means_is_told_before_it_is_asked_for(
    world: World, layout: Layout, key: Path, backups: list[Path]
) -> None:
    erase_something(world, layout)
    before = rows_of(world, layout, MIDDLE)
    arguments = ["restore", *map(str, backups), "--key", str(key), "--data", str(layout.root)]

    declined = CliRunner().invoke(app, arguments, input="n\n")

    assert declined.exit_code == 1
    told = " ".join(declined.output.split())
    assert (
        f"{MIDDLE}: 7 × exchange records: this was erased for good since, and COMES BACK." in told
    )
    assert f"{CORE}: 1 × call `deliver`: this was under way and is not in the backup" in told
    assert "Nothing was changed." in told
    assert rows_of(world, layout, MIDDLE) == before
    assert sorted(one.name for one in (layout.root / "seats").iterdir()) == [MIDDLE, CORE]

    accepted = CliRunner().invoke(app, arguments, input="y\n")

    assert accepted.exit_code == 0
    assert rows_of(world, layout, MIDDLE)["erasures"] == []


def test_where_nobody_answers_nothing_is_changed(
    world: World, layout: Layout, key: Path, backups: list[Path]
) -> None:
    erase_something(world, layout)
    before = rows_of(world, layout, MIDDLE)

    told = renkei("restore", *map(str, backups), "--key", str(key), "--data", str(layout.root))

    assert told.returncode == 1
    assert rows_of(world, layout, MIDDLE) == before


def test_restoring_is_told_to_a_program_that_says_yes(
    world: World, layout: Layout, key: Path, backups: list[Path]
) -> None:
    erase_something(world, layout)
    files, data = [*map(str, backups)], str(layout.root)

    refused = renkei("restore", *files, "--key", str(key), "--data", data, "--json")
    told = renkei("restore", *files, "--key", str(key), "--data", data, "--json", "--yes")

    assert refused.returncode == 1
    assert "say --yes" in refused.stderr
    found = {one["seat"]: one for one in json.loads(told.stdout)}
    assert found[MIDDLE]["comes_back"] == {"exchange records": 7}
    assert found[CORE]["owed"] == {"call `deliver`": 1}
    assert rows_of(world, layout, MIDDLE)["erasures"] == []


def test_another_key_is_refused_by_a_sentence(
    layout: Layout, backups: list[Path], tmp_path: Path
) -> None:
    other, data = tmp_path / "other", str(layout.root)
    renkei("backup-key", str(other))

    told = renkei("restore", str(backups[0]), "--key", str(other), "--data", data, "--yes")

    assert told.returncode == 1
    assert "BACKUP_UNDER_ANOTHER_KEY: The backup was made under another key." in told.stderr
    assert "Traceback" not in told.stderr


def test_what_is_left_out_is_no_row_that_is_still_to_come() -> None:
    told: list[tuple[int, int]] = []
    parts = [Rows("table", ("column",), [[1], [2]]), End(2, {"calls": 1})]

    assert list(counted(parts, 3, lambda done, total: told.append((done, total)))) == parts
    assert told == [(2, 3), (3, 3)]


def test_a_key_is_not_made_over_another(key: Path) -> None:
    before = key.read_bytes()

    told = renkei("backup-key", str(key))

    assert (told.returncode, key.read_bytes()) == (1, before)
    assert "cannot be made" in told.stderr


def test_a_world_that_runs_is_not_restored(layout: Layout, key: Path, backups: list[Path]) -> None:
    def restored() -> str:
        told = renkei(
            "restore", str(backups[0]), "--key", str(key), "--data", str(layout.root), "--yes"
        )
        assert told.returncode == 1
        return " ".join(told.stderr.split())

    with held(layout, RUNS):
        assert "is running already" in restored()
    path = layout.process("").with_name("one.sock")
    with socket.socket(socket.AF_UNIX) as server, reachable(path) as address:
        server.bind(address)
        server.listen()
        assert "servers of this world still run (one)" in restored()


def test_a_world_that_is_being_restored_is_not_started(layout: Layout) -> None:
    (layout.root / "seats" / f"{CORE}.restored").mkdir()

    with alone(layout):
        told = renkei("up", "--data", str(layout.root))

    assert told.returncode == 1
    assert "this world is being restored" in " ".join(told.stderr.split())
