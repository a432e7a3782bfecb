"""A world that another version made: told on the terminal with what to do."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from tests.worlds import Worlds
from typer.testing import CliRunner

from renkei_simulators.cli import app
from renkei_simulators.world.configs import seat_config
from renkei_simulators.world.definition import World, WorldError
from renkei_simulators.world.form import FORM
from renkei_simulators.world.layout import Layout
from renkei_simulators.world.provision import provision

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


@pytest.fixture
def layout(worlds: Worlds) -> Layout:
    """A world of this test's own."""
    return worlds.copy(WORLD)


def age_database(layout: Layout) -> None:
    """Let the seat's database be as an older version would have left it."""
    database = seat_config(WORLD, layout, SEAT).database
    with closing(sqlite3.connect(database)) as file:
        file.execute("UPDATE store_form SET form = form - 1")
        file.commit()


def up(layout: Layout) -> subprocess.CompletedProcess[str]:
    """Start the world."""
    file = layout.root.with_suffix(".toml")
    file.write_text(DEFINITION, encoding="utf-8")
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


def test_a_database_of_another_form_is_told_by_its_seat_and_a_world_without_a_seat_ends(
    layout: Layout,
) -> None:
    age_database(layout)

    started = up(layout)

    assert started.returncode == 1
    assert "resident-record.131148 is not open: STORE_OF_ANOTHER_FORM" in started.stderr
    assert "Make the world anew with --fresh" in started.stderr
    assert "--freshを付けて世界を作り直してください" in started.stderr
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
    age_database(layout)

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


def test_a_server_that_is_given_an_older_database_says_so_and_ends(layout: Layout) -> None:
    age_database(layout)
    program = [sys.executable, "-m", "renkei_server", str(layout.process(SEAT.process))]

    ended = subprocess.run(program, capture_output=True, text=True, timeout=_SECONDS, check=False)

    assert ended.returncode == 1
    english, japanese = ended.stderr.splitlines()
    assert "STORE_OF_ANOTHER_FORM" in english
    assert "--fresh" in english
    assert "--fresh" in japanese
