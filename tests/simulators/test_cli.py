"""The command as a whole: all of it is there, and no more of it is read than is asked for."""

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import typer
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
        "trace",
        "population",
        "protos",
        "tables",
        "audit",
    ),
    *("batch", "pki", "keys", "backup-key", "backup", "restore", "clock", "state", "conformance"),
)

NO_TABLE = {
    *("up", "down", "restart", "demo", "mend", "backup-key"),
    *("protos export", "tables export", "audit export", "batch split"),
    *("pki init", "pki issue", "pki revoke", "pki rotate", "pki check"),
    *("keys rotate", "keys rewrap", "keys destroy"),  # `keys status` shows what they did
    *("clock set", "clock advance", "state save", "state restore", "state reset", "state delete"),
}
"""What does something, and lists nothing."""


def commands(group: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Every command with its full name."""
    for one in group.list_commands(None):
        command, whole = group.get_command(None, one), f"{name} {one}".strip()
        if hasattr(command, "list_commands"):
            yield from commands(command, whole)
        else:
            yield whole, command


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


def test_whatever_lists_something_lists_it_as_json_too() -> None:
    without = {
        name
        for name, command in commands(typer.main.get_command(app))
        if not any("--json" in one.opts for one in command.params)
    }

    assert without == NO_TABLE
