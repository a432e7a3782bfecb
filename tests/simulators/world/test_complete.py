"""A seat from whose folder something is gone: told by the path and with what to do."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.worlds import Worlds, seat
from typer.testing import CliRunner

from renkei import reasons
from renkei_server.config import SeatConfig
from renkei_server.process.owner import TELL
from renkei_server.process.seats import Seats
from renkei_simulators.cli import app
from renkei_simulators.world.configs import seat_config
from renkei_simulators.world.definition import World
from renkei_simulators.world.layout import Layout

TEXT = (
    """
name = "incomplete"
test = true
seed = 7
today = 2026-11-23
municipality = []
"""
    + seat("middle-server", "131148", "linkage")
    + seat("provision-network", "ipn", "linkage")
)
WORLD = World.parse(TEXT)


@pytest.fixture
def layout(worlds: Worlds) -> Layout:
    """A world of this test's own."""
    return worlds.copy(WORLD)


@pytest.fixture
def config(layout: Layout) -> SeatConfig:
    """What its only seat is told."""
    return seat_config(WORLD, layout, WORLD.seats[0])


def removed(path: Path) -> None:
    """Let nothing be there."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()


def emptied(path: Path) -> None:
    """Let a file say nothing."""
    path.resolve().write_bytes(b"")


PARTS: list[tuple[Callable[[Path], None], Callable[[SeatConfig], Path]]] = [
    (removed, lambda config: config.folder),
    (removed, lambda config: config.key),
    (emptied, lambda config: config.key),
    (removed, lambda config: config.root_key),
    (removed, lambda config: config.answer_keys),
    (removed, lambda config: config.record_key),
    (removed, lambda config: config.operator_signing_key),
    (removed, lambda config: config.clock),
    (emptied, lambda config: config.clock),
    (removed, lambda config: config.networks["linkage"].credentials / "chain.pem"),
    (removed, lambda config: config.networks["linkage"].credentials / "key.pem"),
    (removed, lambda config: config.networks["linkage"].authority / "crl.pem"),
]


@pytest.mark.parametrize(("lose", "part"), PARTS)
async def test_a_seat_that_lacks_something_says_what_and_what_to_do(
    config: SeatConfig,
    lose: Callable[[Path], None],
    part: Callable[[SeatConfig], Path],
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = part(config)
    lose(path)
    seats = Seats([config])

    assert not await seats.open()

    report = (await seats.answer(TELL, ""))[config.name]
    assert report.english.startswith("SEAT_INCOMPLETE")
    assert str(path) in report.english
    assert "renkei up --fresh" in report.english
    assert "renkei pki rotate" in report.japanese
    assert "Traceback" not in capsys.readouterr().err


async def test_a_seat_whose_peers_keys_are_not_published_says_where_they_have_to_lie(
    config: SeatConfig, capsys: pytest.CaptureFixture[str]
) -> None:
    """As where the provision network is a server of yours."""
    config.permit_key.unlink()
    seats = Seats([config])

    assert not await seats.open()

    report = (await seats.answer(TELL, ""))[config.name]
    assert reasons.SEAT_INCOMPLETE.english in report.english
    assert str(config.permit_key) in report.english
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("lose", [removed, emptied])
async def test_certificates_that_are_gone_are_made_anew_by_rotate(
    layout: Layout, config: SeatConfig, lose: Callable[[Path], None]
) -> None:
    chain = config.networks["linkage"].credentials / "chain.pem"
    lose(chain.resolve())

    told = CliRunner().invoke(app, ["pki", "rotate", config.name, "--data", str(layout.root)])

    assert (told.exit_code, "before: none that can be read" in told.output) == (0, True)
    seats = Seats([config])
    opened = await seats.open()
    report = (await seats.answer(TELL, ""))[config.name]
    await seats.close()
    assert (opened, report.english) == (True, "")
