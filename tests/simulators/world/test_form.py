"""A world that another version made: told on the terminal with what to do."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from tests.ports import on_free_ports
from tests.server.store.past.content import STORE_KEY
from tests.server.store.past.databases import make
from tests.worlds import Worlds
from typer.testing import CliRunner

from renkei import reasons
from renkei.reasons import Reason
from renkei_server.process.owner import TELL, SeatReport
from renkei_server.process.seats import Seats
from renkei_server.store.engine.opening import discard
from renkei_server.store.migrations.history import BASELINE, HISTORY
from renkei_simulators.cli import app
from renkei_simulators.endpoints import tell_upgraded
from renkei_simulators.world.configs import seat_config
from renkei_simulators.world.definition import World, WorldError
from renkei_simulators.world.form import FORM
from renkei_simulators.world.layout import Layout
from renkei_simulators.world.provision import inspect, provision

RENKEI = Path(sys.executable).parent / "renkei"
_SECONDS = 60

DEFINITION = """
name = "one seat"
test = true
seed = 1
today = 2026-11-23

[[municipality]]
code = "131148"
name = "中野区"
residents = 5

[[seat]]
role = "resident-record"
institution = "131148"
listen = { ward = "127.0.0.1:0" }
"""
WORLD = World.parse(DEFINITION)
SEAT = WORLD.seat("resident-record.131148")


NEWER = "UPDATE store_stamp SET revision = revision + 1"
UNSTAMPED = "DROP TABLE store_stamp"
ANOTHERS = "UPDATE store_stamp SET owner = 'another'"


@pytest.fixture
def layout(worlds: Worlds) -> Layout:
    """A world of this test's own."""
    return worlds.copy(WORLD)


def change_database(layout: Layout, statement: str) -> None:
    """Let the seat's database be as another version would have left it."""
    database = seat_config(WORLD, layout, SEAT).database
    with closing(sqlite3.connect(database)) as file:
        file.execute(statement)
        file.commit()


def up(layout: Layout) -> subprocess.CompletedProcess[str]:
    """Start the world."""
    file = layout.root.with_suffix(".toml")
    file.write_text(on_free_ports(DEFINITION), encoding="utf-8")
    return subprocess.run(
        [RENKEI, "up", "--world", str(file), "--data", str(layout.root)],
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )


def has_started(layout: Layout) -> bool:
    """Whether any server was ever started."""
    return any(layout.logs.iterdir())


def test_a_world_of_this_version_is_taken_as_it_is(layout: Layout) -> None:
    named = layout.world_id.read_text()

    provision(WORLD, layout.root)

    assert layout.form.read_text().strip() == str(FORM)
    assert layout.world_id.read_text() == named


def test_a_folder_without_a_form_is_told_in_both_languages_and_nothing_is_started(
    layout: Layout,
) -> None:
    layout.form.unlink()

    started = up(layout)

    assert started.returncode == 1
    assert f"its form is 1, this version's is {FORM}" in started.stderr
    assert started.stderr.count(f"`renkei up --fresh --data {layout.root}`") == 2
    assert "what it holds is lost" in started.stderr
    assert "別の版で作られた世界です" in started.stderr
    assert "Traceback" not in started.stderr
    assert not has_started(layout)


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        (NEWER, reasons.STORE_OF_A_NEWER_VERSION),
        (UNSTAMPED, reasons.STORE_OF_ANOTHER_FORM),
        (ANOTHERS, reasons.STORE_OF_ANOTHER_SEAT),
    ],
)
def test_a_database_that_cannot_be_used_is_told_by_its_seat_and_a_world_without_a_seat_ends(
    layout: Layout, statement: str, reason: Reason
) -> None:
    change_database(layout, statement)

    started = up(layout)

    assert started.returncode == 1
    assert f"resident-record.131148 is not open: {reason}" in started.stderr
    assert reason.english in started.stderr
    assert reason.japanese in started.stderr
    assert "no seat of this world could be opened" in started.stderr
    assert "Traceback" not in started.stderr
    assert not layout.state.exists(), "nothing runs any more"


def test_a_database_that_is_none_is_told(layout: Layout) -> None:
    database = layout.seat("resident-record.131148") / "store.db"
    database.write_bytes(b"hello\n")

    started = up(layout)

    assert started.returncode == 1
    assert "resident-record.131148 is not open: STORE_OF_ANOTHER_FORM" in started.stderr
    assert "it cannot be read as a database" in started.stderr
    assert "Traceback" not in started.stderr


@pytest.mark.parametrize("form", ["1", str(FORM + 1), ""])
def test_a_folder_of_any_other_form_is_refused(layout: Layout, form: str) -> None:
    layout.form.write_text(form)

    with pytest.raises(WorldError, match="--fresh"):
        provision(WORLD, layout.root)


def test_made_anew_it_is_of_this_version(layout: Layout) -> None:
    layout.form.unlink()
    change_database(layout, NEWER)

    provision(WORLD, layout.root, fresh=True)

    assert provision(WORLD, layout.root) == layout


def test_whoever_looks_into_an_older_world_is_told_the_same(layout: Layout) -> None:
    layout.form.unlink()

    for command in (("status",), ("audit", "separation")):
        told = CliRunner().invoke(app, [*command, "--data", str(layout.root)])
        assert isinstance(told.exception, WorldError)
        assert "--fresh" in str(told.exception)
    stopped = CliRunner().invoke(app, ["down", "--data", str(layout.root)])
    assert stopped.exit_code == 0, "it can be stopped"


def test_a_server_that_is_given_a_newer_database_says_so_and_ends(layout: Layout) -> None:
    change_database(layout, NEWER)
    program = [sys.executable, "-m", "renkei_server", str(layout.process(SEAT.process))]

    ended = subprocess.run(program, capture_output=True, text=True, timeout=_SECONDS, check=False)

    assert ended.returncode == 1
    english, japanese = ended.stderr.splitlines()
    assert "STORE_OF_A_NEWER_VERSION" in english
    assert "restore a backup" in english
    assert "バックアップ" in japanese


async def test_an_older_database_is_upgraded_as_its_seat_opens_and_a_line_says_so(
    layout: Layout, capsys: pytest.CaptureFixture[str]
) -> None:
    config = seat_config(WORLD, layout, SEAT)
    config.database.unlink()
    config.key.write_bytes(STORE_KEY)
    make(BASELINE, SEAT.role, config.database)
    seats = Seats([config])

    await seats.open()
    tell_upgraded(await seats.answer(TELL, ""))
    await seats.close()

    says = f"database of {SEAT.name}: upgraded from {BASELINE} to {HISTORY.head}\n"
    assert capsys.readouterr().out == ("" if HISTORY.head == BASELINE else says)
    with inspect(WORLD, layout, SEAT) as look:
        assert look.rows("residents") == 1


def test_a_line_says_which_databases_were_upgraded(capsys: pytest.CaptureFixture[str]) -> None:
    tell_upgraded({"a.b": SeatReport({}), SEAT.name: SeatReport({}, upgraded=[1, 3])})

    assert capsys.readouterr().out == f"database of {SEAT.name}: upgraded from 1 to 3\n"


def test_two_worlds_in_one_database_are_told_apart_by_their_names(
    tmp_path: Path, database_url: str
) -> None:
    world = World.parse(f'{DEFINITION}\n[store]\nurl = "{database_url}"')
    first, second = tmp_path / "first", tmp_path / "second"
    named = provision(world, first).world_id.read_text().strip()

    with pytest.raises(WorldError, match="STORE_OF_ANOTHER_SEAT") as refused:
        provision(world, second)

    assert f"it is that of {SEAT.name} in the world {named}" in str(refused.value)
    assert not second.exists()
    assert provision(world, first).root == first


def test_a_world_that_is_made_anew_has_keys_of_its_own(tmp_path: Path, database_url: str) -> None:
    world = World.parse(f'{DEFINITION}\n[store]\nurl = "{database_url}"')
    ring = seat_config(world, provision(world, tmp_path), world.seat(SEAT.name)).erasable_keys
    before = ring.read_bytes()

    provision(world, tmp_path, fresh=True)

    assert ring.read_bytes() != before
    with inspect(world, Layout(tmp_path), SEAT) as look:
        assert list(look.opened())


def test_a_world_that_is_made_anew_discards_no_other_world_s_database(
    tmp_path: Path, database_url: str
) -> None:
    world = World.parse(f'{DEFINITION}\n[store]\nurl = "{database_url}"')
    first, second = tmp_path / "first", tmp_path / "second"
    discard(seat_config(world, provision(world, first), world.seat(SEAT.name)).place)
    provision(world, second)

    with pytest.raises(WorldError, match="STORE_OF_ANOTHER_SEAT"):
        provision(world, first, fresh=True)

    assert provision(world, second).root == second
