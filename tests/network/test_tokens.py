"""A municipal CS whose keys a token keeps: no file has one, and a token that is gone costs time alone."""

import base64
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from typer.testing import CliRunner

from renkei import reasons
from renkei.change_reasons import ChangeReason
from renkei.codes import ResidentRecordCode
from renkei.networks import JUKINET, ward
from renkei.refusals import Refusal
from renkei_clients.health import SERVING, health_of
from renkei_clients.notifications import MunicipalNotificationClient
from renkei_pki.credentials import Credentials
from renkei_pki.identity import Identity
from renkei_pki.keys import read_key
from renkei_server.process.owner import TELL
from renkei_server.process.seats import Seats
from renkei_server.process.serving import RunningSeat
from renkei_server.roles.bills import metadata_of
from renkei_server.store.engine.files import SealedFile
from renkei_server.store.engine.inspection import Inspection
from renkei_server.store.identities.identity_file import BY_CODE, FORM
from renkei_simulators.cli import app
from renkei_simulators.world.health import all_serving
from renkei_simulators.world.in_process import RunningWorld
from renkei_simulators.world.looking import calls_owed
from tests.tokens import PIN, Device, Devices, told
from tests.worlds import Worlds

from .asking import new_id, patiently, reason_of, until, until_told
from .people import People
from .people.entries import entry_of
from .small_world import SMALL_WORLD, WARD

pytestmark = pytest.mark.token

CS = f"municipal-cs.{WARD}"
_HEAD = f'role = "municipal-cs"\ninstitution = "{WARD}"\n'
assert _HEAD in SMALL_WORLD
SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Kept:
    """A running world, and the token of one of its seats."""

    running: RunningWorld
    device: Device

    @property
    def seat(self) -> RunningSeat:
        return self.running.seats[CS]


@pytest.fixture(scope="module")
async def kept(worlds: Worlds, devices: Devices) -> AsyncIterator[Kept]:
    """A world of this module's own."""
    device = devices.new()
    async with worlds.running(SMALL_WORLD.replace(_HEAD, _HEAD + told(device.place))) as running:
        yield Kept(running, device)


async def reaches_the_nation(kept: Kept, address: str) -> bool:
    """Whether a move within a municipality is applied at all three files, by F3."""
    entry = entry_of(
        People(kept.running.world).somebody(), ChangeReason.MOVED_WITHIN, address=address
    )
    terminal = kept.running.callers.register_terminal(WARD)
    await patiently(lambda: terminal.change_resident(new_id(), entry))
    ended = await until_told(
        lambda: terminal.get_notification(entry.person), lambda told: told.state != "UNDER_WAY"
    )
    return (ended.state, ended.seat) == ("APPLIED", "national-server")


def is_away(kept: Kept) -> bool:
    """Whether the seat has noticed that its token is gone."""
    try:
        kept.seat.keys.require()
    except Refusal:
        return True
    return False


# What lies in files


def forms(secret: bytes) -> Iterator[bytes]:
    """How a secret may be written."""
    yield secret
    yield secret.hex().encode()
    yield base64.b64encode(secret).rstrip(b"=")[:-1]


def keys_in_memory(seat: RunningSeat) -> Iterator[bytes]:
    """The keys that a seat opens: of its store, its log, and the certificates by which it listens."""
    yield seat.keys.store_key()
    log = seat.config.record_key
    pems = [seat.keys.custody.open(log.read_bytes(), f"{log.parent.name}/{log.name}")]
    pems += [seat.keys.listens_with(domain).current().key_pem for domain in seat.addresses]
    for pem in pems:
        yield b"".join(pem.splitlines()[1:-1])
        yield read_key(pem).private_numbers().private_value.to_bytes(32, "big")


def files_with(folder: Path, *secrets: bytes) -> set[str]:
    """The files of a folder that hold one of these, in whatever form, or a private key's armour."""
    wanted = (b"PRIVATE KEY", *(one for secret in secrets for one in forms(secret)))
    found = (path for path in folder.rglob("*") if path.is_file())
    contents = ((path, path.read_bytes()) for path in found)
    return {
        path.relative_to(folder).as_posix()
        for path, content in contents
        if any(one in content or one in content.replace(b"\n", b"") for one in wanted)
    }


async def test_no_file_of_the_seat_holds_a_key_of_its(kept: Kept) -> None:
    assert await reaches_the_nation(
        kept, "東京都中野区中央三丁目"
    )  # whatever it writes as it works
    secrets = list(keys_in_memory(kept.seat))
    assert len(secrets) == 1 + 2 * 3

    assert files_with(kept.seat.config.folder, *secrets) == set()


async def test_no_file_of_the_world_holds_the_seats_keys_or_its_pin(kept: Kept) -> None:
    root = kept.running.layout.root
    secrets = [*keys_in_memory(kept.seat), PIN.encode()]
    wanted = [one for secret in secrets for one in forms(secret)]

    for path in (one for one in root.rglob("*") if one.is_file()):
        content = path.read_bytes().replace(b"\n", b"")
        assert not any(one in content for one in wanted), path


async def test_the_same_search_finds_the_keys_of_a_seat_without_a_token(kept: Kept) -> None:
    other = kept.running.seats["prefecture-server.130001"]
    (generation,) = (other.config.networks[JUKINET].credentials / "generations").iterdir()

    found = files_with(other.config.folder, *keys_in_memory(other))

    key = generation.relative_to(other.config.folder) / "key.pem"
    assert {"store.key", "record-log/key.pem", key.as_posix()} <= found


# What the keys are good for


async def test_the_key_by_which_the_seat_listens_cannot_call(kept: Kept) -> None:
    """Whoever reads it out of the seat's memory is let in nowhere."""
    nation = Identity(JUKINET, "jlis", "national-server")
    address = kept.running.seats["national-server.jlis"].addresses[JUKINET]
    stolen = kept.seat.keys.listens_with(JUKINET).current()
    own = kept.seat.keys.calls_with(JUKINET)()

    assert await health_of(own, nation, address) == SERVING
    assert await health_of(stolen, nation, address) == reasons.PEER_UNREACHABLE.name
    assert own.key_pem == b""


async def test_another_start_is_refused_and_the_first_goes_on(kept: Kept) -> None:
    seats = Seats([kept.seat.config])

    assert not await seats.open()

    report = (await seats.answer(TELL, ""))[CS]
    assert report.english.startswith("SEAT_RUNS_ALREADY")
    assert await reaches_the_nation(kept, "東京都中野区中央四丁目")


# A token that is taken away


async def test_a_token_that_is_taken_away_closes_the_seat_and_loses_nothing(kept: Kept) -> None:
    entry = entry_of(
        People(kept.running.world).somebody(),
        ChangeReason.MOVED_WITHIN,
        address="東京都中野区弥生町一丁目",
    )
    terminal = kept.running.callers.register_terminal(WARD)
    register = Identity(ward(WARD), WARD, "resident-record")
    own = Credentials.load(kept.running.layout.certificate(f"resident-record.{WARD}", register))
    here = Identity(ward(WARD), WARD, "municipal-cs")
    client = MunicipalNotificationClient(kept.running.callers.channel(own, here))

    kept.device.take_away()
    try:
        await until(lambda: is_away(kept))
        code = entry.items.resident_record_code
        before = address_held(kept.seat, code)
        await terminal.change_resident(new_id(), entry)
        refused = await reason_of(client.list_notification_outcomes())
        with pytest.raises(Refusal) as outward:
            kept.seat.keys.calls_with(JUKINET)()
        health = await health_of(own, here, kept.seat.addresses[here.domain])
        told = await terminal.get_notification(entry.person)
        after = address_held(kept.seat, code)
    finally:
        kept.device.put_back()

    assert refused is reasons.KEY_STORE_LOCKED
    assert outward.value.reason is reasons.KEY_STORE_LOCKED
    assert health == reasons.KEY_STORE_LOCKED.name
    assert told.state == "UNDER_WAY"
    assert after == before
    ended = await until_told(
        lambda: terminal.get_notification(entry.person), lambda told: told.state != "UNDER_WAY"
    )
    assert (ended.state, ended.sequence) == ("APPLIED", told.sequence)
    await until(lambda: calls_owed(kept.running.world, kept.running.layout) == 0)
    assert address_held(kept.seat, code) == entry.items.address != before


def address_held(seat: RunningSeat, code: ResidentRecordCode) -> str:
    """Where a person lives by the seat's file, whether its token is there or not."""
    config, file = seat.config, SealedFile(FORM, seat.store.sealer)
    metadata = metadata_of(config.role)
    with Inspection(config.place, seat.store.sealer, metadata, config.owner) as look:
        held = look.read(lambda connection: file.find(connection, BY_CODE, code))
    assert held is not None
    return held.items.address


# Keys that are renewed


async def test_new_keys_are_made_in_the_token_of_a_seat_that_runs(kept: Kept) -> None:
    held = kept.seat.keys.calls_with(JUKINET)
    before = held()

    for number in range(2):  # the keys before are good until the next time
        data = ("--data", str(kept.running.layout.root))
        rotated = CliRunner().invoke(app, ["pki", "rotate", CS, *data])
        assert rotated.exit_code == 0, rotated.output
        assert "its key is in the token" in rotated.output
        assert await reaches_the_nation(kept, f"東京都中野区本町{number}丁目")

    now = held()
    assert now.key.public_key() != before.key.public_key()
    with pytest.raises(Refusal) as gone:
        before.key.sign(b"content", ec.ECDSA(SHA256()))
    assert gone.value.reason in {reasons.TOKEN_KEY_MISSING, reasons.KEY_STORE_LOCKED}


# Several processes


async def test_each_worker_of_a_seat_opens_its_token(worlds: Worlds, devices: Devices) -> None:
    device = devices.new()
    text = SMALL_WORLD.replace(_HEAD, f"{_HEAD}workers = 2\n{told(device.place)}")
    with worlds.supervised(text) as run:
        listeners = await all_serving(run.world, run.layout, seconds=SECONDS)

        assert all(one.serving for one in listeners), listeners
        log = run.layout.logs / f"{CS}.jsonl"
        await until(lambda: '"seat_opened"' in log.read_text())
        assert log.read_text().count('"worker_opened"') == 1
