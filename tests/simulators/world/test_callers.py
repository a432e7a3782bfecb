"""The outside callers of a world: beside which seats they stand, by the roles alone."""

from pathlib import Path

import pytest

from renkei.networks import JUKINET, LINKAGE, ward
from renkei_pki.identity import Identity
from renkei_simulators.world.certificates import SESSION_FILE
from renkei_simulators.world.definition import PLATFORM_OPERATOR, World, WorldError
from renkei_simulators.world.provision import provision

HEAD = """
name = "small"
test = false
seed = 7
today = 2026-11-23
municipality = [{ code = "131148", name = "中野区", residents = 3 }]
"""


def world_of(*seats: tuple[str, str, str]) -> World:
    """A world of these seats: role, institution, network."""
    told = (
        f'[[seat]]\nrole = "{role}"\ninstitution = "{institution}"\n'
        f'listen = {{ {network} = "127.0.0.1:0" }}\n'
        for role, institution, network in seats
    )
    return World.parse(HEAD + "".join(told))


def test_a_world_whose_seats_have_no_callers_beside_them_is_made(tmp_path: Path) -> None:
    world = world_of(("national-server", "jlis", "jukinet"))

    layout = provision(world, tmp_path / "data")

    assert world.callers == ()
    assert (layout.callers / "README.md").exists()


def test_a_caller_stands_beside_the_seats_that_its_role_names() -> None:
    world = world_of(("resident-record", "131148", "ward"), ("middle-server", "131148", "linkage"))

    assert set(world.callers) == {
        Identity(ward("131148"), "131148", "ward-terminal"),
        Identity(LINKAGE, "131148", "middle-terminal"),
        Identity(LINKAGE, "131148", "admin"),
        PLATFORM_OPERATOR,
    }


def test_a_caller_stands_on_the_networks_of_the_seat_beside_it_alone() -> None:
    wards = world_of(("operator-service", "131148", "ward"), ("middle-server", "131148", "linkage"))
    prefectures = world_of(("prefecture-server", "130001", "jukinet"))

    admins = [one for one in wards.callers if one.role == "admin"]
    assert {one.domain for one in admins} == {ward("131148"), LINKAGE}
    assert set(prefectures.callers) == {
        Identity(JUKINET, "130001", "prefecture-terminal"),
        Identity(JUKINET, "130001", "admin"),
    }


def test_who_calls_on_several_networks_has_a_folder_for_each(tmp_path: Path) -> None:
    world = world_of(("operator-service", "131148", "ward"), ("middle-server", "131148", "linkage"))

    layout = provision(world, tmp_path / "data")

    folders = {one.name for one in layout.callers.iterdir() if one.is_dir()}
    assert {"admin.131148.ward", "admin.131148.linkage"} <= folders


def test_a_terminal_has_a_session_where_the_world_has_its_operator_service(tmp_path: Path) -> None:
    register, service = (
        (role, "131148", "ward") for role in ("resident-record", "operator-service")
    )
    terminal = Identity(ward("131148"), "131148", "ward-terminal")

    for name, seats, has in (("with", (register, service), True), ("without", (register,), False)):
        layout = provision(world_of(*seats), tmp_path / name)
        assert (layout.caller(terminal) / SESSION_FILE).exists() is has


def test_who_serves_the_nation_stands_there_once_however_many_seats_there_are() -> None:
    world = world_of(("middle-server", "131148", "linkage"), ("middle-server", "131130", "linkage"))

    assert world.callers.count(PLATFORM_OPERATOR) == 1


def test_a_seat_on_a_network_that_its_role_does_not_join_is_told_so() -> None:
    with pytest.raises(
        WorldError, match="listen: jukinet is no key of it; it knows linkage, control"
    ):
        world_of(("middle-server", "131148", "jukinet"))


@pytest.mark.parametrize("pace", ["repeats = -1", "housekeeping_seconds = 0", "repeats = nan"])
def test_a_house_that_never_rests_is_no_world_s(pace: str) -> None:
    with pytest.raises(WorldError, match="more than 0"):
        World.parse(f"{HEAD}pace = {{ {pace} }}\nseat = []\n")
