"""A guide's commands do what it says, given as they are written."""

import json
import subprocess
from pathlib import Path

import pytest
from tests.guides import commands, project, shell
from tests.ports import on_free_ports

from renkei_simulators.world.definition import World
from renkei_simulators.world.provision import provision

_WORLD = """
name = "guide"
test = true
seed = 5
today = 2026-11-23
municipality = [{ code = "131148", name = "中野区", residents = 20 }]

[[seat]]
role = "municipal-cs"
institution = "131148"
listen = { ward = "127.0.0.1:21103", jukinet = "127.0.0.1:21104" }
external = "127.0.0.1:0"

[[seat]]
role = "resident-record"
institution = "131148"
listen = { ward = "127.0.0.1:21101" }
"""


pytestmark = pytest.mark.world


def test_the_server_to_begin_with_passes_seven_of_the_kits_nine_cases(tmp_path: Path) -> None:
    world = World.parse(on_free_ports(_WORLD))
    provision(world, tmp_path / "my-data")
    folder, address = project(tmp_path), next(iter(world.seats[0].external.values()))
    _, _, certify, start, run, *_ = commands("test-my-server.md")
    assert shell(folder, certify).returncode == 0

    server = subprocess.Popen(
        ["/bin/bash", "-c", f"exec {start.strip()} {address}"],
        cwd=folder,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout is not None
        assert server.stdout.readline() == f"listening on {address}\n"
        tried = shell(folder, run)
        looked = shell(folder, "renkei doctor --data my-data --json")
    finally:
        server.terminate()
        server.communicate(timeout=30)

    assert "9 cases: 7 passed, 2 failed." in tried.stdout, tried.stdout
    assert tried.returncode == 1
    failures = [line for line in tried.stdout.splitlines() if "failed" in line]
    assert [line.split()[0] for line in failures[:2]] == [
        "F1.7b/unknown-field",
        "F1.7b/reused-request-id",
    ]
    of_yours = [one for one in json.loads(looked.stdout) if one["subject"] == "your servers"]
    assert of_yours[0]["mark"] == "look", "health need not be served"
    assert "of its health it tells nothing" in of_yours[0]["says"]
