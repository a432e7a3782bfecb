"""A world on disk and a file that was changed since: what may change, and what asks to be made anew."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace

import pytest
from tests.worlds import Worlds, seat

from renkei_server.config import ProcessConfig
from renkei_simulators.endpoints import tell_missing
from renkei_simulators.world.definition import SHARED, World, WorldError
from renkei_simulators.world.layout import Layout
from renkei_simulators.world.listeners import listeners_of, probed
from renkei_simulators.world.taking import take

TEXT = """
name = "changing"
test = true
seed = 7
today = 2026-11-23
municipality = [{ code = "131148", name = "中野区", residents = 3 }]
""" + seat("national-server", "jlis", "jukinet")
AT = '"127.0.0.1:0"'


@pytest.fixture
def layout(worlds: Worlds) -> Layout:
    """A world of this test's own."""
    return worlds.copy(World.parse(TEXT))


@pytest.mark.parametrize(
    ("was", "now"),
    [
        (AT, '"127.0.0.1:21999"'),
        ("seed = 7", "seed = 7\npace = { repeats = 0.5 }"),
        ("[[seat]]", '[[seat]]\nprocess = "alone"'),
        ("[[seat]]", '[[seat]]\nexternal = "127.0.0.1:1"'),
        ("seed = 7", "seed = 7 # the same"),
    ],
)
def test_where_and_how_a_world_s_servers_run_changes_without_its_being_made_anew(
    layout: Layout, was: str, now: str
) -> None:
    world, named = World.parse(TEXT.replace(was, now)), layout.world_id.read_text()

    assert take(world, layout)

    assert layout.world_id.read_text() == named
    assert World.load(layout.definition) == world
    assert take(World.parse(TEXT), layout), "and back"


def test_ports_that_changed_are_told_to_the_servers(layout: Layout) -> None:
    take(World.parse(TEXT.replace(AT, '"127.0.0.1:21999"')), layout)

    (told,) = ProcessConfig.load(layout.process(SHARED)).seats
    assert told.networks["jukinet"].address == "127.0.0.1:21999"


@pytest.mark.parametrize(
    ("was", "now", "differs"),
    [
        ("seed = 7", "seed = 8", "seed"),
        ("2026-11-23", "2026-11-24", "today"),
        ("residents = 3", "residents = 4", r"\[\[municipality\]\] 131148"),
        (
            f"jukinet = {AT}",
            f"jukinet = {AT}, control = {AT}",
            r"\[\[seat\]\] national-server.jlis",
        ),
        ("seed = 7", 'seed = 7\nstore = { url = "postgresql://u@h/d" }', r"\[store\]"),
    ],
)
def test_what_a_world_was_made_from_asks_for_a_world_made_anew_and_is_named(
    layout: Layout, was: str, now: str, differs: str
) -> None:
    with pytest.raises(WorldError, match=rf"what differs is {differs}: .*--fresh.*違い：{differs}"):
        take(World.parse(TEXT.replace(was, now)), layout)

    assert World.load(layout.definition) == World.parse(TEXT)


def test_a_seat_that_was_never_made_does_not_become_ours(worlds: Worlds) -> None:
    yours = TEXT.replace("[[seat]]", '[[seat]]\nexternal = "127.0.0.1:1"')

    with pytest.raises(WorldError, match=r"was a server of yours.*利用者のサーバーとして"):
        take(World.parse(TEXT), worlds.copy(World.parse(yours)))


def test_what_others_could_read_in_a_world_of_ours_is_ours_alone_from_then_on(
    layout: Layout,
) -> None:
    """As an older version, or a copy, left it."""
    for path in (layout.root, *layout.root.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)

    assert take(World.parse(TEXT), layout)

    assert [
        one
        for one in (layout.root, *layout.root.rglob("*"))
        if not one.is_symlink() and one.stat().st_mode & 0o077
    ] == []


ANOTHER_USER = """
import os, sys
from pathlib import Path
from renkei_simulators.world.definition import World, WorldError
from renkei_simulators.world.layout import Layout
from renkei_simulators.world.taking import take
import renkei_simulators.world.reading
os.seteuid(65534)
try:
    take(World.parse(sys.argv[1]), Layout(Path(sys.argv[2])))
except WorldError as error:
    print(error)
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be another user")
def test_a_folder_of_somebody_else_is_refused_with_what_to_do(layout: Layout) -> None:
    for path in (layout.root, *layout.root.rglob("*"), *layout.root.parents):
        path.chmod(path.stat().st_mode | (0o755 if path.is_dir() else 0o644))

    told = subprocess.run(
        [sys.executable, "-c", ANOTHER_USER, TEXT, str(layout.root)],
        capture_output=True,
        text=True,
        check=True,
    )

    assert f"{layout.root} belongs to somebody else" in told.stdout, told
    assert "chown" in told.stdout


@pytest.fixture
def listening() -> Iterator[str]:
    """The address of somebody who takes connections."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"127.0.0.1:{server.getsockname()[1]}"


def test_a_server_of_yours_at_which_nothing_listens_is_told(
    listening: str, capsys: pytest.CaptureFixture[str]
) -> None:
    world = World.parse(TEXT)

    def told(address: str) -> str:
        yours = replace(world.seats[0], external={"jukinet": address})
        listeners = probed(listeners_of(replace(world, seats=(yours,)), {}))
        tell_missing(listeners)
        return listeners[0].answer

    assert told(listening) == "EXTERNAL"
    assert capsys.readouterr().err == ""
    assert told("127.0.0.1:1") == "NOTHING_LISTENS"
    assert "nothing listens at 127.0.0.1:1 (jukinet)" in capsys.readouterr().err
