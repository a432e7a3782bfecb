"""What a process brings in from the machine: the clock file, randomness, its own configuration."""

import re
import traceback
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from renkei.faults import describe
from renkei_server.config import Network, ProcessConfig, SeatConfig
from renkei_server.dispatch.pace import Pace
from renkei_server.process.machine import MachineIds, WorldClock, set_world_clock

YEAR = timedelta(days=365)
TOLERANCE = timedelta(hours=1)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A world's clock file, at the machine's time."""
    path = tmp_path / "clock.json"
    set_world_clock(path, timedelta(0))
    return path


# The clock


def test_real_time_is_the_machine_s_whatever_the_world_s_is(file: Path) -> None:
    clock = WorldClock(file)
    set_world_clock(file, YEAR)

    assert abs(clock.real() - datetime.now(UTC)) < TOLERANCE
    assert abs(clock.now() - datetime.now(UTC) - YEAR) < TOLERANCE


def test_a_clock_that_is_set_is_set_for_everybody_at_once(file: Path) -> None:
    clocks = [WorldClock(file), WorldClock(file)]
    for offset in (timedelta(0), YEAR, -YEAR, 2 * YEAR):
        set_world_clock(file, offset)

        for clock in clocks:
            assert abs(clock.now() - clock.real() - offset) < TOLERANCE


def test_without_its_file_there_is_no_world_s_time(file: Path) -> None:
    clock = WorldClock(file)
    file.unlink()

    with pytest.raises(FileNotFoundError):
        clock.now()


# Identifiers


def test_identifiers_have_the_form_of_the_contract() -> None:
    ids = MachineIds()
    drawn = ids.request_id()

    assert str(uuid.UUID(drawn)) == drawn
    assert re.fullmatch(r"[0-9A-F]{32}", ids.serial().value)
    assert re.fullmatch(r"[0-9]{15}", ids.number(15))
    assert len(ids.random_bytes(32)) == 32


def test_no_identifier_comes_twice() -> None:
    ids = MachineIds()

    assert len({ids.request_id() for _ in range(1_000)}) == 1_000
    assert len({ids.serial() for _ in range(1_000)}) == 1_000
    assert len({ids.number(15) for _ in range(100)}) == 100


# The configuration


def test_a_configuration_is_read_as_it_was_written(tmp_path: Path) -> None:
    seat = SeatConfig(
        role="resident-record",
        institution="131148",
        folder=tmp_path / "seat",
        logs=tmp_path / "logs",
        clock=tmp_path / "clock.json",
        networks={"ward-131148": Network(tmp_path / "own", tmp_path / "authority", "127.0.0.1:0")},
        peers={"municipal-cs.131148": "127.0.0.1:1"},
        world_id="a world",
        permit_key=tmp_path / "permit-key.pem",
        operator_key=tmp_path / "operator.pem",
    )
    without = SeatConfig(
        role="municipal-cs",
        institution="131148",
        folder=tmp_path / "other",
        logs=tmp_path / "logs",
        clock=tmp_path / "clock.json",
        networks={"jukinet": Network(tmp_path / "own", tmp_path / "authority")},
        peers={},
        world_id="a world",
        permit_key=tmp_path / "permit-key.pem",
        pace=Pace(repeats=0.5, housekeeping_seconds=0.1),
    )
    config = ProcessConfig((seat, without))

    config.save(tmp_path / "process.json")

    assert ProcessConfig.load(tmp_path / "process.json") == config


# Faults


def test_a_fault_is_described_without_its_text() -> None:
    try:
        raise KeyError("123456789018")
    except KeyError as error:
        told, whole = describe(error), traceback.format_exc()

    assert "123456789018" in whole
    assert told["fault"] == "KeyError"
    assert "test_machine.py" in str(told["where"])
    assert "123456789018" not in str(told)
