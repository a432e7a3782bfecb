"""Worlds with tokens: mistakes are told before anything is made, and keys come and go with the world."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from tests.backups import KEY, back_up_all, restore_all, rows_of
from tests.tokens import PIN, Device, Devices, told
from tests.worlds import seat
from typer.testing import CliRunner

from renkei import reasons
from renkei.networks import JUKINET, ward
from renkei.reasons import Reason
from renkei.refusals import Refusal
from renkei_pki.tokens.token import Token
from renkei_server.config import SeatConfig
from renkei_server.process.owner import TELL
from renkei_server.process.seats import Seats
from renkei_simulators.cli import app
from renkei_simulators.separation.backed_up import Backups
from renkei_simulators.separation.worlds import audit_world
from renkei_simulators.world.configs import seat_config
from renkei_simulators.world.definition import World, WorldError
from renkei_simulators.world.layout import Layout
from renkei_simulators.world.provision import provision

pytestmark = pytest.mark.token

CODE = "131148"
CS = f"municipal-cs.{CODE}"


def text_with(device: Device) -> str:
    """A world of a municipality's register and its CS, whose keys this token keeps."""
    return (
        'name = "kept"\ntest = true\nseed = 5\ntoday = 2026-11-23\n'
        f'municipality = [{{ code = "{CODE}", name = "中野区", residents = 2 }}]\n'
        + seat("resident-record", CODE, "ward")
        + seat("municipal-cs", CODE, "ward", "jukinet")
        + told(device.place)
        + seat("prefecture-server", "130001", "jukinet")
        + seat("national-server", "jlis", "jukinet")
    )


@dataclass(frozen=True, slots=True)
class Made:
    """A world that does not run, and the token of its CS."""

    device: Device
    world: World
    layout: Layout

    @property
    def config(self) -> SeatConfig:
        return seat_config(self.world, self.layout, self.world.seat(CS))

    def token(self, *, making: bool = False) -> Token:
        return self.device.token(CS, self.config.world_id, making=making)

    async def opened(self, config: SeatConfig | None = None) -> str:
        """Why the seat cannot be opened; nothing where it can."""
        config = config or self.config
        seats = Seats([config])
        try:
            await seats.open()
            return (await seats.answer(TELL, ""))[config.name].english
        finally:
            await seats.close()


@pytest.fixture
def device(devices: Devices) -> Device:
    return devices.new()


@pytest.fixture
def made(device: Device, tmp_path: Path) -> Made:
    world = World.parse(text_with(device))
    return Made(device, world, provision(world, tmp_path / "world"))


# Making


def wrong(pin_file: Path) -> None:
    pin_file.write_text("0713-sakura")


def unguarded(pin_file: Path) -> None:
    pin_file.chmod(0o644)


MISTAKES: list[tuple[Callable[[Path], None], Reason]] = [
    (wrong, reasons.TOKEN_PIN_REFUSED),
    (Path.unlink, reasons.TOKEN_PIN_FILE_UNFIT),
    (unguarded, reasons.TOKEN_PIN_FILE_UNFIT),
]


@pytest.mark.parametrize(("spoil", "reason"), MISTAKES)
def test_a_token_that_cannot_be_used_is_told_before_anything_is_made(
    device: Device, tmp_path: Path, spoil: Callable[[Path], None], reason: Reason
) -> None:
    spoil(device.place.pin_file)

    with pytest.raises(WorldError) as refused:
        provision(World.parse(text_with(device)), tmp_path / "world")

    assert f"{CS}: {reason}" in refused.value.english
    assert reason.japanese in refused.value.japanese
    assert PIN not in str(refused.value)
    assert not (tmp_path / "world").exists()


def test_a_world_that_is_made_anew_leaves_no_key_of_the_old_one(made: Made) -> None:
    old = made.token(making=True)

    provision(made.world, made.layout.root, fresh=True)

    with pytest.raises(Refusal) as gone:
        old.open()
    assert gone.value.reason is reasons.TOKEN_KEY_MISSING
    made.token().open()


def test_a_world_goes_on_where_its_token_was_moved_to_another_path(made: Made) -> None:
    pin_file = made.device.place.pin_file.with_suffix(".moved")
    made.device.place.pin_file.rename(pin_file)
    moved = made.world.text.replace(str(made.device.place.pin_file), str(pin_file))

    provision(World.parse(moved), made.layout.root)


def test_a_token_is_neither_put_in_nor_taken_out_of_a_world_that_was_made(made: Made) -> None:
    without = made.world.text.replace(told(made.device.place), "")

    with pytest.raises(WorldError) as refused:
        provision(World.parse(without), made.layout.root)

    assert f"[[seat]] {CS}" in str(refused.value)


# Starting


async def test_a_seat_with_a_token_opens(made: Made) -> None:
    assert await made.opened() == ""


Spoilt = Callable[[Made, Devices], SeatConfig]


def another_token(made: Made, devices: Devices) -> SeatConfig:
    """One that is sound, and not the seat's."""
    return replace(made.config, token=devices.new().place)


def no_token(made: Made, _devices: Devices) -> SeatConfig:
    return replace(made.config, token=None)


def wrong_pin(made: Made, _devices: Devices) -> SeatConfig:
    made.device.place.pin_file.write_text("0713-sakura")
    return made.config


def no_such_label(made: Made, _devices: Devices) -> SeatConfig:
    return replace(made.config, token=replace(made.device.place, label="none"))


def no_module(made: Made, _devices: Devices) -> SeatConfig:
    return replace(made.config, token=replace(made.device.place, module=Path("/none.so")))


def open_store_key(made: Made, _devices: Devices) -> SeatConfig:
    made.config.key.write_bytes(bytes(32))
    return made.config


def anothers_key(made: Made, _devices: Devices) -> SeatConfig:
    """A wrapped key that lies where it was not wrapped for."""
    networks = made.config.networks
    there = networks[ward(CODE)].credentials / "key.pem"
    (networks[JUKINET].credentials / "key.pem").resolve().write_bytes(there.read_bytes())
    return made.config


def no_key_to_call_with(made: Made, _devices: Devices) -> SeatConfig:
    with made.token(making=True) as token:
        token.discard_keys()
    return made.config


def initialised_anew(made: Made, _devices: Devices) -> SeatConfig:
    with made.token(making=True) as token:
        token.discard_everything()
    return made.config


def no_certificate(made: Made, _devices: Devices) -> SeatConfig:
    calling = made.config.networks[JUKINET].calling
    assert calling is not None
    (calling / "chain.pem").unlink()
    return made.config


STARTS: list[tuple[Spoilt, Reason]] = [
    (another_token, reasons.TOKEN_KEY_MISSING),
    (no_token, reasons.KEY_OF_A_TOKEN),
    (wrong_pin, reasons.TOKEN_PIN_REFUSED),
    (no_such_label, reasons.TOKEN_ABSENT),
    (no_module, reasons.TOKEN_MODULE_MISSING),
    (open_store_key, reasons.KEY_OUTSIDE_TOKEN),
    (anothers_key, reasons.KEY_STORE_LOCKED),
    (no_key_to_call_with, reasons.TOKEN_KEY_MISSING),
    (initialised_anew, reasons.TOKEN_KEY_MISSING),
    (no_certificate, reasons.SEAT_INCOMPLETE),
]


@pytest.mark.parametrize(("spoil", "reason"), STARTS)
async def test_a_seat_whose_keys_are_not_at_hand_says_why_and_is_not_opened(
    made: Made,
    devices: Devices,
    spoil: Spoilt,
    reason: Reason,
    capsys: pytest.CaptureFixture[str],
) -> None:
    config = spoil(made, devices)
    before = config.database.read_bytes()

    said = await made.opened(config)

    assert said.startswith(reason.name), said
    told = capsys.readouterr()
    assert "Traceback" not in told.err
    assert PIN not in told.err + told.out + said
    assert config.database.read_bytes() == before


# Looking, backing up, restoring


def doctor(made: Made) -> tuple[int, str]:
    told = CliRunner().invoke(app, ["doctor", "--json", "--data", str(made.layout.root)])
    return told.exit_code, told.stdout


def test_the_doctor_tells_what_a_token_keeps(made: Made) -> None:
    status, said = doctor(made)

    assert status == 0
    assert f"{made.device.place.label} of {CS} is there: it keeps 2 keys that sign" in said


def test_the_doctor_tells_why_a_token_opens_nothing_and_tries_its_pin_once(made: Made) -> None:
    made.device.place.pin_file.write_text("0713-sakura")

    status, said = doctor(made)

    assert status == 1
    assert said.count(reasons.TOKEN_PIN_REFUSED.name) == 1
    assert reasons.TOKEN_PIN_REFUSED.english in said


def test_a_backup_holds_no_key_and_is_restored_with_the_same_token(
    made: Made, tmp_path: Path
) -> None:
    rows = rows_of(made.world, made.layout, CS)
    backups = back_up_all(made.world, made.layout, tmp_path / "backups", [CS])
    key = made.config.key.read_bytes()
    made.config.key.unlink()

    restore_all(made.world, made.layout, [one.path for one in backups.values()])

    assert made.config.key.read_bytes() == key
    assert rows_of(made.world, made.layout, CS) == rows
    assert b"WRAPPED" in key


def test_a_backup_is_of_no_use_without_the_token_and_changes_nothing(
    made: Made, devices: Devices, tmp_path: Path
) -> None:
    backups = back_up_all(made.world, made.layout, tmp_path / "backups", [CS])
    other = World.parse(text_with(devices.new()))
    before = {one: one.read_bytes() for one in made.config.folder.rglob("*") if one.is_file()}

    with pytest.raises(Refusal) as refused:
        restore_all(other, made.layout, [one.path for one in backups.values()])

    assert refused.value.reason is reasons.TOKEN_KEY_MISSING
    after = {one: one.read_bytes() for one in made.config.folder.rglob("*") if one.is_file()}
    assert after == before


def test_the_audit_searches_what_a_token_opens(made: Made, tmp_path: Path) -> None:
    backups = back_up_all(made.world, made.layout, tmp_path / "backups", [CS])
    files = Backups([one.path for one in backups.values()], KEY)

    audit = audit_world(made.world, made.layout, [], backups=files)

    assert not audit.findings
