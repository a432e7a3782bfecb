"""A world as its users run it: processes of their own, the command line, other people's clients."""

import asyncio
import csv
import json
import os
import signal
import subprocess
import sys
import time
from base64 import b64decode
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from google.protobuf.descriptor_pb2 import FileDescriptorSet

from renkei.acquisitions import BOUND
from renkei.codes import LocalAddressNumber
from renkei.networks import ward
from renkei_clients.channel import Channel
from renkei_clients.ward import NumberingClient
from renkei_pki.credentials import Credentials
from renkei_pki.identity import Identity
from renkei_simulators.world.callers import Callers
from renkei_simulators.world.definition import World
from renkei_simulators.world.layout import Layout
from tests.forking import renkei
from tests.guides import commands, project, shell
from tests.ports import on_free_ports
from tests.worlds import seat

from .asking import final, new_id
from .small_world import AGENCY, TOKYO, WARD

RENKEI = Path(sys.executable).parent / "renkei"
BUF = Path(sys.executable).parent / "buf"
_SECONDS = 60

pytestmark = pytest.mark.world


@dataclass(frozen=True, slots=True)
class Running:
    """A world that `renkei up` runs."""

    file: Path
    data: Path
    up: subprocess.Popen[str]

    @property
    def world(self) -> World:
        return World.load(self.file)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the command on this world's data."""
        return renkei(*arguments, "--data", str(self.data))

    def run_as_program(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """The same, by the very program that is installed."""
        return subprocess.run(
            [RENKEI, *arguments, "--data", str(self.data)],
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )

    def address(self, seat: str) -> str:
        return next(iter(self.world.seat(seat).listen.values()))


_SEATS = "".join(
    seat(role, institution, *networks, "control", process=process)
    for role, institution, process, *networks in (
        ("resident-record", WARD, "ward", "ward"),
        ("linkage-platform", WARD, "linkage-platform", "ward", "linkage"),
        ("municipal-cs", WARD, "ward", "ward", "jukinet"),
        ("operator-service", WARD, "ward", "ward"),
        ("middle-server", WARD, "middle-server", "linkage"),
        ("national-server", "jlis", "nationwide", "jukinet"),
        ("prefecture-server", TOKYO, "nationwide", "jukinet"),
        ("provision-network", "ipn", "provision-network", "linkage"),
        ("agency-linkage", AGENCY, "nationwide", "linkage"),
    )
)

_WORLD = f"""
name = "processes"
test = true
seed = 5
today = 2026-11-23
municipality = [{{ code = "{WARD}", name = "中野区", residents = 200 }}]
agency = [{{ name = "{AGENCY}", title = "日本年金機構", insured_of = ["{WARD}"] }}]
{_SEATS}
"""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("processes")
    file, data = folder / "world.toml", folder / "data"
    data.mkdir(mode=0o755)  # as somebody makes it beforehand
    file.write_text(on_free_ports(_WORLD), encoding="utf-8")
    up = subprocess.Popen(
        [RENKEI, "up", "--world", str(file), "--data", str(data)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert up.stdout is not None
    for line in up.stdout:
        if "Stop with Ctrl-C" in line:
            break
    else:
        pytest.fail("the world did not start")
    yield Running(file, data, up)
    if up.poll() is None:
        up.send_signal(signal.SIGINT)
    up.communicate(timeout=_SECONDS)


def person(running: Running, kind: str = "resident", skip: int = 0) -> str:
    """The local address number of somebody in the ward."""
    with (running.data / "people.csv").open(encoding="utf-8", newline="") as file:
        found = [
            row["local_address_number"]
            for row in csv.DictReader(file)
            if row["municipality"] == WARD and row["kind"] == kind
        ]
    return found[skip]


def test_status_tells_every_listener_to_persons_and_machines(running: Running) -> None:
    told = running.run_as_program("status", "--json")
    listeners = json.loads(told.stdout)["listeners"]

    assert told.returncode == 0
    assert len(listeners) == sum(len(seat.listen) for seat in running.world.seats)
    assert all(one["serving"] and one["pid"] for one in listeners)
    assert "national-server" in running.run("status").stdout


def test_a_world_is_not_started_twice(running: Running) -> None:
    again = renkei("up", "--world", str(running.file), "--data", str(running.data))
    assert (again.returncode, "running already" in again.stderr) == (1, True)

    elsewhere = renkei("up", "--world", str(running.file), "--data", str(running.data) + "2")
    assert (elsewhere.returncode, "cannot listen on" in elsewhere.stderr) == (1, True)


def test_the_guides_session_with_buf_goes_as_it_says(running: Running, tmp_path: Path) -> None:
    folder, address = project(tmp_path), running.address(f"resident-record.{WARD}")
    (folder / "renkei-data").symlink_to(running.data)
    connect, whom, ask, look, _inquiry, refuse = (
        one.replace("127.0.0.1:21101", address) for one in commands("call-with-buf.md")
    )

    listed = shell(folder, connect)
    assert "renkei.ward.v1.ResidentRecordService/RequestCodeAcquisition" in listed.stdout, (
        listed.stderr
    )
    assert shell(folder, connect, whom, ask, ask).stdout.endswith("{}\n{}\n")
    looks = (shell(folder, connect, whom, look).stdout for _ in range(_SECONDS))
    assert any("ACQUISITION_STATE_BOUND" in one for one in looks)
    refused = json.loads(shell(folder, connect, whom, refuse).stderr)
    assert refused["code"] == "permission_denied"
    assert b"SENDER_IS_NOT_CALLER" in b64decode(refused["details"][0]["value"] + "==")


def test_the_guide_s_search_with_buf_goes_as_it_says(running: Running, tmp_path: Path) -> None:
    folder, address = project(tmp_path), running.address(f"municipal-cs.{WARD}")
    (folder / "renkei-data").symlink_to(running.data)
    connect, search, inquire, refuse = (
        one.replace("127.0.0.1:21103", address) for one in commands("search-identities.md")
    )

    for ask in (search, inquire):
        (found,) = json.loads(shell(folder, connect, ask).stdout)["found"]
        assert (found["standing"], found["municipality"]) == ("IDENTITY_STANDING_RESIDENT", WARD)
    refused = json.loads(shell(folder, connect, refuse).stderr)
    assert refused["code"] == "invalid_argument"
    assert b"SEARCH_BY_NAME_ALONE" in b64decode(refused["details"][0]["value"] + "==")


EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "acquire.py"


@pytest.mark.parametrize(
    ("local", "status", "output"),
    [
        ("", 0, "state: ACQUISITION_STATE_BOUND\n"),
        ("000000000000000", 1, "refused: PERSON_NOT_HELD\n"),
    ],
)
def test_the_example_client_acquires_a_code_and_tells_a_refusals_reason(
    running: Running, local: str, status: int, output: str
) -> None:
    address = running.address(f"resident-record.{WARD}")
    done = subprocess.run(
        [sys.executable, EXAMPLE, running.data, local or person(running, skip=30), address],
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )

    assert (done.returncode, done.stdout + done.stderr) == (status, output)


@pytest.mark.parametrize(
    ("local", "status", "output"),
    [
        ("", 0, "state: BOUND\n"),
        ("000000000000000", 1, "refused: PERSON_NOT_HELD ['local_address_number'] \n"),
        ("123", 1, "refused: MALFORMED_LOCAL_ADDRESS_NUMBER [] 3 characters\n"),
    ],
)
def test_the_example_of_the_typed_client_acquires_a_code_and_tells_all_of_a_refusal(
    running: Running, local: str, status: int, output: str
) -> None:
    done = subprocess.run(
        [
            sys.executable,
            EXAMPLE.with_name("acquire_typed.py"),
            running.data,
            local or person(running, skip=31),
            running.address(f"resident-record.{WARD}"),
        ],
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )

    assert (done.returncode, done.stdout + done.stderr) == (status, output)


def test_the_example_of_a_change_follows_it_to_the_nation(running: Running) -> None:
    example, address = EXAMPLE.with_name("change.py"), running.address(f"resident-record.{WARD}")
    done = subprocess.run(
        [sys.executable, example, running.data, person(running, skip=32), address],
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    told = done.stdout.splitlines()
    assert told[1:] == ["state: NOTIFICATION_STATE_APPLIED", 'seat: "national-server"']


async def test_a_server_that_is_killed_is_started_again_and_the_flow_ends_as_if_it_had_not_been(
    running: Running,
) -> None:
    processes = json.loads((running.data / "running.json").read_text())["processes"]
    async with AsyncExitStack() as stack:
        callers = Callers(running.world, Layout(running.data), stack)
        terminal = callers.ward_terminal(WARD)
        crowd = [LocalAddressNumber(person(running, skip=number)) for number in range(1, 21)]
        for number, local in enumerate(crowd):
            await terminal.request_code_acquisition(new_id(), local)
            if number == 10:
                os.kill(processes["provision-network"], signal.SIGKILL)
                os.kill(processes["linkage-platform"], signal.SIGKILL)
        outcomes = await asyncio.gather(
            *(final(lambda local=local: terminal.get_code_acquisition(local)) for local in crowd)
        )

    assert set(outcomes) == {BOUND}


def test_a_seat_is_closed_and_opened_again_by_its_name(running: Running) -> None:
    again = running.run_as_program("restart", "municipal-cs.131148")
    unknown = running.run("restart", "municipal-cs.999999")

    assert (again.returncode, again.stdout) == (
        0,
        "municipal-cs.131148 was closed and opened again.\n",
    )
    assert (unknown.returncode, "サーバーはありません" in unknown.stderr) == (1, True)
    assert running.run("status").returncode == 0


async def test_a_seat_that_one_brings_is_certified_without_its_key(
    running: Running, tmp_path: Path
) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "whatever")])
    request = x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, hashes.SHA256())
    (tmp_path / "seat.csr").write_bytes(request.public_bytes(serialization.Encoding.PEM))
    identity = Identity(ward(WARD), WARD, "address-system")

    issued = running.run(
        *("pki", "issue", "--csr", str(tmp_path / "seat.csr")),
        *("--identity", identity.uri, "--out", str(tmp_path)),
    )
    assert issued.returncode == 0, issued.stderr

    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    credentials = Credentials(
        (tmp_path / "chain.pem").read_bytes(), private, (tmp_path / "roots.pem").read_bytes()
    )
    server = Identity(ward(WARD), WARD, "linkage-platform")
    address = running.address(f"linkage-platform.{WARD}")
    async with Channel(credentials, server, address) as channel:
        client = NumberingClient(channel)
        outcome = await client.get_numbering_outcome(LocalAddressNumber(person(running)))
    assert outcome == BOUND


def test_the_contract_is_exported_for_other_languages(tmp_path: Path) -> None:
    assert renkei("protos", "export", str(tmp_path)).returncode == 0

    exported = FileDescriptorSet.FromString((tmp_path / "renkei.binpb").read_bytes())
    names = [file.name for file in exported.file]
    assert {"renkei/ward/v1/numbering.proto", "renkei/batch/v1/batch.proto"} <= set(names)
    assert "google/protobuf/timestamp.proto" in names, "with all that it imports"
    subprocess.run(
        [BUF, "build", str(tmp_path), "-o", str(tmp_path / "again.binpb")], check=True, timeout=60
    )


def test_an_organisation_turns_and_destroys_its_own_keys(running: Running) -> None:
    def keys(*arguments: str) -> tuple[int, list[list[str]]]:
        """The exit status, and the number, the state and the records of each key."""
        ran = running.run("keys", *arguments)
        rows = [line.split() for line in ran.stdout.splitlines() if line[:3].strip().isdigit()]
        return ran.returncode, [[row[0], row[1], row[-1]] for row in rows]

    assert keys("status", WARD) == (0, [["1", "current", "0"]])
    assert keys("rotate", WARD) == (0, [["1", "destroyed", "0"], ["2", "current", "0"]])
    assert keys("rewrap", WARD) == keys("status", WARD)
    assert keys("destroy", WARD, "--yes") == (0, [["1", "destroyed", "0"], ["2", "destroyed", "0"]])
    assert keys("rotate", WARD)[1][-1] == ["3", "current", "0"]
    assert running.run("keys", "status", "999999").returncode == 1


def test_nothing_that_is_written_can_be_read_by_others_though_the_folder_was_there_before(
    running: Running, tmp_path: Path
) -> None:
    """Whatever the umask; snapshots, backups and exports too."""
    assert running.run("state", "save", "private").returncode == 0
    assert renkei("backup-key", str(tmp_path / "key")).returncode == 0
    assert renkei("population", "--count", "3", "--out", str(tmp_path / "people")).returncode == 0

    found = [running.data, *running.data.rglob("*"), *tmp_path.rglob("*")]
    assert len(found) > 300
    assert [one for one in found if not one.is_symlink() and one.stat().st_mode & 0o077] == []


def test_time_and_state_are_controlled_from_the_command_line(running: Running) -> None:
    def codes() -> str:
        return running.run("state", "list").stdout

    assert running.run("clock", "advance", "--days", "400").returncode == 0
    shown = [line.split()[1] for line in running.run("clock", "show").stdout.splitlines()]
    assert int(shown[0][:4]) - int(shown[1][:4]) in {1, 2}
    assert running.run("clock", "set", "tomorrow").returncode == 1
    for wrong in (("--days", "-3"), (), ("--days", "nan"), ("--days", "inf"), ("--hours", "1e300")):
        told = running.run("clock", "advance", *wrong)
        assert (told.returncode, "Traceback" in told.stderr) == (1, False)
    for wrong in ("0001-01-01", "9999-12-31T23:59:59-12:00", "1999-12-31T23:59:59"):
        assert "WORLD_TIME_OUT_OF_RANGE" in running.run("clock", "set", wrong).stderr
    now = datetime.now(UTC).isoformat()
    assert running.run("clock", "set", now).returncode == 0

    assert running.run("state", "save", "here").returncode == 0
    assert "here" in codes()
    (saved,) = (
        one
        for one in json.loads(running.run("state", "list", "--json").stdout)
        if one["snapshot"] == "here"
    )
    assert saved.keys() == {"snapshot", "seats", "saved_at", "bytes"}
    times = json.loads(running.run("clock", "show", "--json").stdout)
    assert times.keys() == {"world_time", "machine_time"}
    first, *_ = json.loads(running.run("keys", "status", WARD, "--json").stdout)
    assert first.keys() == {"key", "state", "made_at", "records"}
    restored = running.run("state", "restore", "here")
    assert (restored.returncode, "world's clock did not move" in restored.stdout) == (0, True)
    assert running.run("state", "delete", "here").returncode == 0
    assert "here" not in codes()
    unknown = running.run("state", "restore", "here")
    assert (unknown.returncode, "no snapshot of this name" in unknown.stderr) == (1, True)
    assert running.run("state", "reset").returncode == 0


def test_the_separation_audit_of_a_quiet_world_finds_nothing(running: Running) -> None:
    until = time.monotonic() + _SECONDS
    while True:  # what was told to its caller may still have to be ended by who owed it
        audited = running.run("audit", "separation", "--persons", "40")
        if "still under way" not in audited.stderr or time.monotonic() > until:
            break

    assert (audited.returncode, audited.stdout.startswith("0 findings")) == (0, True), (
        audited.stdout + audited.stderr
    )


def test_down_stops_the_world_and_status_says_so(running: Running) -> None:
    assert running.run_as_program("down").returncode == 0
    assert running.up.wait(timeout=_SECONDS) == 0

    assert running.run("status").returncode == 1
    assert "does not run" in running.run("restart", "municipal-cs.131148").stderr
    assert "No world runs" in running.run("down").stdout


@pytest.mark.parametrize(
    "command",
    ["clock show", "state list", f"keys status {WARD}", "conformance run --case F1.4/repeat"],
)
def test_what_wants_a_running_world_says_that_it_does_not_run(
    running: Running, command: str
) -> None:
    running.run_as_program("down")

    told = running.run(*command.split())

    assert told.returncode == 1
    assert told.stderr.startswith("renkei: this world does not run: start it with `renkei up")
    assert "動いていません" in told.stderr


_TWO_SEATS = f"""
name = "two seats"
test = true
seed = 5
today = 2026-11-23
municipality = [{{ code = "{WARD}", name = "中野区", residents = 5 }}]
{seat("resident-record", WARD, "ward")}
{seat("national-server", "jlis", "jukinet")}
"""


@pytest.mark.parametrize(
    ("options", "processes"),
    [((), {"shared"}), (("--isolated",), {"national-server.jlis", f"resident-record.{WARD}"})],
)
def test_up_runs_the_seats_together_or_apart(
    tmp_path: Path, options: tuple[str, ...], processes: set[str]
) -> None:
    file, data = tmp_path / "world.toml", tmp_path / "data"
    file.write_text(on_free_ports(_TWO_SEATS), encoding="utf-8")
    up = subprocess.Popen(
        [RENKEI, "up", "--world", str(file), "--data", str(data), *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert up.stdout is not None
    told = ""
    while "Stop with Ctrl-C" not in told and (line := up.stdout.readline()):
        told += line
    state = json.loads((data / "running.json").read_text())
    up.send_signal(signal.SIGINT)

    assert "has stopped" in up.communicate(timeout=_SECONDS)[0]
    assert told.count("serving") == 2
    assert set(state["processes"]) == processes == set(state["seats"].values())
