"""What a seat could try with its own keys is tried: planted oracles of each kind are found."""

from datetime import UTC, datetime

import pytest
from google.protobuf.message import Message
from sqlalchemy import text

from renkei.acquisitions import EXPIRED
from renkei.codes import IntegratedAddressNumber as IntegratedNumber
from renkei.linkage.v1.code_acquisition_pb2 import AcquireCodeRequest
from renkei.linkage.v1.sub_copy_pb2 import RegisterSubCopyRequest
from renkei.networks import LINKAGE
from renkei.type.v1.codes_pb2 import IntegratedAddressNumber
from renkei.ward.v1 import registration_run_pb2 as pb2
from renkei.wire.codes import write_individual_number, write_integrated_address_number
from renkei.wire.sub_copies import write_sub_copy
from renkei_clients.linkage import CodeAcquisitionClient
from renkei_pki.identity import Identity
from renkei_server.config import SeatConfig
from renkei_server.process.machine import MachineIds
from renkei_server.process.serving import RunningSeat
from renkei_server.seats.control.snapshots import Snapshots
from renkei_server.store.codes.codes import Codes
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.receipts import Lasting, Receipts, key_of
from renkei_server.store.engine.run_digests import SeatRun
from renkei_server.store.persons.numbering import Numbering
from renkei_simulators.population.residents import Resident
from renkei_simulators.separation.guessing import Key
from renkei_simulators.separation.knowledge import Kind
from renkei_simulators.separation.worlds import audit_world
from renkei_simulators.world.in_process import RunningWorld
from renkei_simulators.world.looking import calls_owed
from renkei_simulators.world.provision import inspect

from .asking import new_id, until
from .asking.codes import acquire
from .asking.files import attachment_of, message_name, record, registration_client
from .people import People
from .people.strangers import outsider
from .people.sub_copies import HOUSEHOLD, ITEMS, NAME, sub_copy
from .small_world import WARD

MIDDLE, CORE, PLATFORM = (
    f"middle-server.{WARD}",
    "provision-network.ipn",
    f"linkage-platform.{WARD}",
)
CANARY = "推測検査用五十鈴"
FILE = "0001,推測検査用の一括処理ファイル"


@pytest.fixture(scope="module")
async def persons(world: RunningWorld, people: People) -> list[Resident]:
    """Persons whose codes were acquired, and whose sub-copies were registered; all is quiet."""
    crowd = [people.somebody() for _ in range(3)]
    register = world.callers.register_of(WARD)
    for person in crowd:
        await acquire(world.callers, person)
        record = sub_copy({**ITEMS, NAME: CANARY})
        await register.register_sub_copy(new_id(), person.local_address_number, record)
    await until(lambda: calls_owed(world.world, world.layout) == 0)
    return crowd


def found(
    world: RunningWorld, persons: list[Resident], *bodies: Message
) -> set[tuple[str, str, str]]:
    """Party, kind, and where it lies or what it is, of all findings."""
    report = audit_world(
        world.world, world.layout, persons, households=[CANARY, FILE], bodies=bodies
    )
    return {(one.party, one.kind, f"{one.file}: {one.form}") for one in report.findings}


def key_of_store(config: SeatConfig) -> Key:
    return Key.of("store.key", config.key.read_bytes())


async def write(seat: RunningSeat, statement: str, **values: object) -> None:
    await seat.store.write(lambda tx: tx.execute(text(statement), values))


def test_after_the_flows_no_seat_can_guess_what_it_must_not_know(
    world: RunningWorld, persons: list[Resident]
) -> None:
    assert found(world, persons) == set()


async def test_while_an_acquisition_is_under_way_what_passes_through_cannot_be_guessed(
    world: RunningWorld, people: People, persons: list[Resident]
) -> None:
    platform, server = (
        Identity(LINKAGE, WARD, role) for role in ("linkage-platform", "middle-server")
    )
    client = CodeAcquisitionClient(world.callers.channel(outsider(world, platform), server))
    person, number = IntegratedNumber("1" * 15), people.somebody().individual_number
    assert number is not None
    started = await client.acquire_code(new_id(), person, number)
    assert started is not None, "and nobody brings it to its end"

    body = AcquireCodeRequest(
        integrated_address_number=write_integrated_address_number(person),
        individual_number=write_individual_number(number),
    )
    assert forms(found(world, persons, body), MIDDLE, Kind.INDIVIDUAL_NUMBER) == ""


async def test_while_a_batch_file_waits_for_its_run_nothing_at_rest_tells_it(
    world: RunningWorld, persons: list[Resident]
) -> None:
    client = registration_client(world.callers, world.layout, WARD)
    information, name = HOUSEHOLD.information_code, message_name(0, attachment=True)
    kind = pb2.REGISTRATION_RUN_KIND_INITIAL
    run = await client.open_registration_run(new_id(), kind, information, 1, 2)
    content = attachment_of([record(1, persons[0].local_address_number)])
    assert await client.put_registration_file(new_id(), run, name, content) == []

    report = audit_world(world.world, world.layout, persons, households=[content.decode()])
    assert [one.form for one in report.findings if "digest" in one.form] == []
    await client.delete_registration_run(new_id(), run)


def forms(told: set[tuple[str, str, str]], party: str, kind: Kind) -> str:
    """What was found of a kind at a party."""
    return "\n".join(
        sorted(form for where, what, form in told if (where, what) == (party, kind.value))
    )


async def test_a_blind_index_of_a_value_that_was_erased_is_found(
    world: RunningWorld, persons: list[Resident]
) -> None:
    seat, code = world.seats[CORE], persons[0].resident_record_code.digits.encode()
    hashed = key_of_store(seat.config).blind(b"links.resident_record_code", code)

    await write(seat, "INSERT INTO record_log_counters VALUES (:hash, 1, x'00')", hash=hashed)

    told = forms(found(world, persons), CORE, Kind.RESIDENT_RECORD_CODE)
    assert "blind hash in links.resident_record_code by store.key" in told


async def test_a_tombstone_of_what_can_be_guessed_is_found(
    world: RunningWorld, persons: list[Resident]
) -> None:
    seat, code = world.seats[CORE], persons[1].resident_record_code.digits.encode()
    hashed = key_of_store(seat.config).blind(b"serials.serial_index", code)

    await write(
        seat,
        "INSERT INTO serials VALUES (1 << 60, :hash, NULL, 'nenkin', '2026-01-01', 'used')",
        hash=hashed,
    )

    told = forms(found(world, persons), CORE, Kind.RESIDENT_RECORD_CODE)
    assert "blind hash in serials.serial_index by store.key" in told


async def test_a_digest_of_a_batch_file_under_a_key_at_rest_is_found(
    world: RunningWorld, persons: list[Resident]
) -> None:
    seat = world.seats[PLATFORM]
    digest = key_of_store(seat.config).blind(b"request", FILE.encode())

    await write(seat, "INSERT INTO batch_runs VALUES ('run', 'x', 'x', '{}', 3, '2026-01-01')")
    await write(
        seat, "INSERT INTO batch_files VALUES ('run', 'x', :hash, 0, 0, 0, 0, 0)", hash=digest
    )

    told = forms(found(world, persons), PLATFORM, Kind.HOUSEHOLD)
    assert "digest for a request by store.key" in told


def acquired(world: RunningWorld, person: Resident) -> tuple[AcquireCodeRequest, str]:
    """What a person's code was asked for with at the middle server, and who asked."""
    with inspect(world.world, world.layout, world.world.seat(PLATFORM)) as look:
        numbering = Numbering(look.sealer, MachineIds())
        assert person.individual_number
        integrated = look.read(lambda tx: numbering.find(tx, person.individual_number))  # type: ignore[arg-type]
    assert integrated
    with inspect(world.world, world.layout, world.world.seat(MIDDLE)) as look:
        (row,) = [
            one
            for one in look.told("operations")
            if one["method"].endswith("/AcquireCode")
            and one["particulars"]["person"] == integrated.digits
        ]
    request = AcquireCodeRequest(
        sender=WARD,
        request_id=row["particulars"]["request_id"],
        integrated_address_number=write_integrated_address_number(integrated),
        individual_number=write_individual_number(person.individual_number),
    )
    return request, row["caller"]


async def plant(world: RunningWorld, request: Message, caller: str, path: str, made: bytes) -> None:
    """Let the receipt of a request at the middle server hold a digest."""
    seat = world.seats[MIDDLE]
    key = key_of(seat.store.sealer, caller, path, request.request_id)  # type: ignore[attr-defined]
    await write(seat, "UPDATE receipts SET kept = :made WHERE key = :key", made=made, key=key)


async def test_a_lasting_digest_that_covers_too_much_is_found(
    world: RunningWorld, persons: list[Resident]
) -> None:
    """As if the contract marked the Individual Number as kept at the middle server."""
    request, caller = acquired(world, persons[0])
    path = "/renkei.linkage.v1.CodeAcquisitionService/AcquireCode"
    part = AcquireCodeRequest(
        integrated_address_number=request.integrated_address_number,
        individual_number=request.individual_number,
    )
    lasting = Lasting(
        "individual_number integrated_address_number", part.SerializeToString(deterministic=True)
    )
    receipts = Receipts(world.seats[MIDDLE].store.sealer, SeatRun.drawn(MachineIds()))
    receipt = receipts.receipt(caller, path, request.request_id, lasting=lasting, whole=b"")
    assert receipt.kept

    await plant(world, request, caller, path, receipt.kept)

    told = forms(found(world, persons), MIDDLE, Kind.INDIVIDUAL_NUMBER)
    assert "short digest for a receipt kept by store.key" in told


async def test_a_digest_of_a_whole_request_is_found(
    world: RunningWorld, persons: list[Resident]
) -> None:
    """As the receipts of older versions had it."""
    request, caller = acquired(world, persons[1])
    whole = request.SerializeToString(deterministic=True)
    digest = key_of_store(world.seats[MIDDLE].config).blind(b"request", whole)

    path = "/renkei.linkage.v1.CodeAcquisitionService/AcquireCode"
    await plant(world, request, caller, path, digest)

    told = forms(found(world, persons), MIDDLE, Kind.INDIVIDUAL_NUMBER)
    assert "receipts: digest for a request by store.key" in told


async def test_a_digest_that_gives_back_a_sub_copy_is_found(
    world: RunningWorld, persons: list[Resident]
) -> None:
    with inspect(world.world, world.layout, world.world.seat(MIDDLE)) as look:
        row = next(
            one for one in look.told("operations") if one["method"].endswith("/RegisterSubCopy")
        )
    body = RegisterSubCopyRequest(
        sender=WARD,
        request_id=row["particulars"]["request_id"],
        integrated_address_number=IntegratedAddressNumber(digits=row["particulars"]["person"]),
        sub_copy=write_sub_copy(sub_copy({**ITEMS, NAME: CANARY})),
    )
    whole = body.SerializeToString(deterministic=True)
    digest = key_of_store(world.seats[MIDDLE].config).blind(b"request", whole)
    await plant(world, body, row["caller"], row["method"], digest)

    assert forms(found(world, persons), MIDDLE, Kind.HOUSEHOLD) == ""
    assert "digest for a request" in forms(found(world, persons, body), MIDDLE, Kind.HOUSEHOLD)


async def test_a_serial_that_a_snapshot_keeps_is_found_though_it_was_erased(
    world: RunningWorld, persons: list[Resident]
) -> None:
    seat = world.seats[MIDDLE]
    codes, serial = Codes(seat.store.sealer), MachineIds().serial()
    number = IntegratedNumber("9" * 15)
    until = datetime(2027, 1, 1, tzinfo=UTC)

    def begin(connection: Connection) -> str:
        key = codes.begin(connection, number)
        codes.await_serial(connection, key, serial, until)
        return key

    await seat.store.write(begin)
    Snapshots(seat.store, seat.config.snapshots).save("midway")
    await seat.store.write(lambda tx: codes.settle(tx, serial, EXPIRED))

    report = audit_world(world.world, world.layout, persons, serials=[serial.value])
    assert (MIDDLE, "opened snapshot midway: code_acquisitions.serial") in {
        (one.party, one.file) for one in report.findings
    }
