"""The guide to keys in a token, done as it is written."""

from pathlib import Path

import pytest
from tests.guides import blocks, commands, project, shell
from tests.tokens import Devices
from tests.worlds import seat

from renkei_pki.tokens.module import module_at
from renkei_simulators.doctor.finding import Mark
from renkei_simulators.doctor.tokens import tokens
from renkei_simulators.world.definition import World
from renkei_simulators.world.provision import provision

pytestmark = pytest.mark.token

GUIDE = "keep-keys-in-a-token.md"
BEGINS = """
name = "of the guide"
test = true
seed = 5
today = 2026-11-23
municipality = [{ code = "131148", name = "中野区", residents = 2 }]
"""


def test_its_commands_make_a_token_that_its_world_file_uses(
    devices: Devices, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = devices.new().place.module
    (making,) = commands(GUIDE)
    made = shell(project(tmp_path), making)
    assert made.returncode == 0, made.stderr
    (told,) = blocks(GUIDE, "toml")
    for written, here in (
        ("/home/me/my-token/pin", f"{tmp_path}/my-token/pin"),
        ("/usr/lib/softhsm/libsofthsm2.so", f"{module}"),
    ):
        assert written in told
        told = told.replace(written, here)
    world = World.parse(BEGINS + told + seat("national-server", "jlis", "jukinet"))

    with monkeypatch.context() as environment:
        environment.setenv("SOFTHSM2_CONF", f"{tmp_path}/my-token/softhsm2.conf")
        module_at(module).start_anew()
        layout = provision(world, tmp_path / "world")
        ((name, found),) = tokens(world, layout)
    module_at(module).start_anew()

    assert (name, found.mark) == ("municipal-cs.131148", Mark.WELL)
