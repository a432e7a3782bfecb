"""The command as a whole: all of it is there, and no more of it is read than is asked for."""

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from renkei_simulators.cli import app

COMMANDS = (
    *(
        "up",
        "down",
        "status",
        "restart",
        "doctor",
        "demo",
        "population",
        "protos",
        "tables",
        "audit",
    ),
    *("batch", "pki", "keys", "backup-key", "backup", "restore", "clock", "state", "conformance"),
)


def test_the_command_tells_each_of_its_parts() -> None:
    told = CliRunner().invoke(app, ["--help"])

    assert told.exit_code == 0
    assert [one for one in COMMANDS if f" {one} " not in told.stdout] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_each_part_tells_what_it_does_and_goes_by_its_own_name(command: str) -> None:
    told = CliRunner().invoke(app, [command, "--help"])

    assert (told.exit_code, f" {command} " in told.stdout) == (0, True)


def test_what_is_no_part_is_refused() -> None:
    assert CliRunner().invoke(app, ["halt"]).exit_code == 2


def test_what_stays_while_a_world_runs_has_read_neither_grpc_nor_a_database() -> None:
    read = "import sys, renkei_simulators.cli, renkei_simulators.up_command; print(*sys.modules)"
    told = subprocess.run([sys.executable, "-c", read], capture_output=True, text=True, check=True)

    modules = set(told.stdout.split())
    assert "renkei_simulators.up_command" in modules
    assert modules & {"grpc", "google.protobuf", "sqlalchemy", "asyncio"} == set()
