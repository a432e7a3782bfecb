"""What stops a door from opening: better no start than a hole or a gap."""

import asyncio
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import grpc
import pytest
import structlog
from google.protobuf.descriptor import ServiceDescriptor
from google.protobuf.message import Message

from renkei import reasons
from renkei.contract import method_of
from renkei.linkage.v1.code_acquisition_pb2 import AcquireCodeRequest
from renkei.networks import ward
from renkei.refusals import Refusal
from renkei.ward.v1 import linkage_code_generation_pb2, resident_record_pb2
from renkei_pki.authority import ISSUING, REVOCATION_LIST, Authority
from renkei_pki.identity import Identity
from renkei_pki.revocation import Revocations
from renkei_server.door.call import Call
from renkei_server.door.caller import Callers
from renkei_server.door.door import Door, Service
from renkei_server.door.passage import Passages, begin
from renkei_server.store.engine.operations import Operation, OperationLog
from renkei_server.store.engine.receipts import Receipt, Receipts
from renkei_server.store.engine.run_digests import SeatRun
from renkei_server.store.engine.sealing import Sealer
from tests.server.world import CountedIds, OpenStore, SetClock

DOMAIN, OWN = ward("131148"), "131148"
GENERATION = linkage_code_generation_pb2.DESCRIPTOR.services_by_name["LinkageCodeGenerationService"]
RECORDS = resident_record_pb2.DESCRIPTOR.services_by_name["ResidentRecordService"]
GENERATE = "/renkei.ward.v1.LinkageCodeGenerationService/GenerateLinkageCode"


@dataclass
class Asked(grpc.HandlerCallDetails):
    """What grpc tells of a call that has arrived."""

    method: str
    invocation_metadata: tuple[()] = ()


class Generation:
    """A service with every method of its contract."""

    contract: ServiceDescriptor = GENERATION

    async def generate_linkage_code(self, request: Message, call: Call) -> Message:
        raise NotImplementedError


class HalfOfRecords:
    """A service that lacks one of its contract's two methods."""

    contract: ServiceDescriptor = RECORDS

    async def get_code_acquisition(self, request: Message, call: Call) -> Message:
        raise NotImplementedError


@pytest.fixture
def receipts(sealer: Sealer, ids: CountedIds) -> Receipts:
    return Receipts(sealer, SeatRun.drawn(ids))


@pytest.fixture
def passages(tmp_path: Path, open_store: OpenStore) -> Passages:
    clock = SetClock(datetime.now(UTC))
    folder = tmp_path / "authority"
    Authority.create(folder, DOMAIN, now=clock.real())
    revocations = Revocations(folder / REVOCATION_LIST, folder / ISSUING, now=clock.real)
    return Passages(
        callers=Callers(domain=DOMAIN, revocations=revocations, clock=clock),
        store=open_store(),
        clock=clock,
        log=structlog.wrap_logger(structlog.ReturnLogger(), processors=[]),
    )


def door(passages: Passages, receipts: Receipts, role: str, *services: Service) -> Door:
    return Door(
        listener=Identity(DOMAIN, OWN, role),
        services=services,
        standard={},
        passages=passages,
        receipts=receipts,
    )


def test_a_door_opens_for_whole_services_that_admit_somebody(
    passages: Passages, receipts: Receipts
) -> None:
    opened = door(passages, receipts, "municipal-cs", Generation())

    assert not opened.service(Asked(GENERATE)).request_streaming


def test_a_service_that_admits_nobody_stops_the_start(
    passages: Passages, receipts: Receipts
) -> None:
    with pytest.raises(ValueError, match=r"LinkageCodeGenerationService at .* admits nobody"):
        door(passages, receipts, "resident-record", Generation())


def test_a_service_that_lacks_a_method_stops_the_start(
    passages: Passages, receipts: Receipts
) -> None:
    with pytest.raises(ValueError, match=r"HalfOfRecords does not answer .*RequestCodeAcquisition"):
        door(passages, receipts, "resident-record", HalfOfRecords())


def test_an_unknown_method_has_a_handler_that_refuses_it(
    passages: Passages, receipts: Receipts
) -> None:
    """So that who asks for it is judged and recorded all the same."""
    opened = door(passages, receipts, "municipal-cs", Generation())

    assert opened.service(Asked("/no.Such/Method")) is not None


async def test_a_fault_in_one_request_of_a_batch_is_told_by_its_incident_alone(
    passages: Passages, receipts: Receipts
) -> None:
    """What raises NotImplementedError here stands for any fault of ours."""
    opened = door(passages, receipts, "municipal-cs", Generation())
    register = Identity(DOMAIN, OWN, "resident-record")
    request = linkage_code_generation_pb2.GenerateLinkageCodeRequest(
        sender=OWN, request_id="11111111-1111-4111-8111-111111111111"
    )
    answers: list[bytes] = []
    refusals: list[tuple[Refusal, str]] = []

    async def refuse(refusal: Refusal, incident: str) -> None:
        refusals.append((refusal, incident))

    await opened._pass_in_a_batch(
        GENERATE, request.SerializeToString(), register, answers.append, refuse
    )

    ((refusal, incident),) = refusals
    assert (answers, refusal.reason, refusal.detail) == ([], reasons.INTERNAL, "")
    assert uuid.UUID(incident)


async def test_what_was_done_for_a_caller_who_has_gone_is_recorded_as_done(
    passages: Passages,
) -> None:
    """The write was on its way as the caller went; who stops waiting takes nothing back."""
    register = Identity(DOMAIN, OWN, "resident-record")
    store = passages._store

    async def refuse(_refusal: Refusal, _incident: str) -> None:
        pytest.fail("nobody is there to be told")

    async def answer() -> None:
        async with passages.let_through(GENERATE, (), refuse) as passage:
            begin(passage, register)
            await store.write(lambda _connection: None, operation=passage.operation)

    gone = asyncio.ensure_future(answer())
    await asyncio.sleep(0)  # it has begun to wait
    gone.cancel()
    await asyncio.wait([gone])
    await store.write(lambda _connection: None)

    log = OperationLog(store.sealer)
    assert [outcome for _, _, outcome in store.read_now(log.outcomes)] == ["OK", "CANCELLED"]


# Receipts


ACQUIRE = method_of(AcquireCodeRequest)


def acquire(person: str, number: str) -> AcquireCodeRequest:
    return AcquireCodeRequest(
        sender=OWN,
        request_id="11111111-1111-4111-8111-111111111111",
        integrated_address_number={"digits": person},
        individual_number={"digits": number},
    )


def receipt_of(opened: Door, request: Message) -> Receipt:
    caller = Identity(DOMAIN, OWN, "linkage-platform")
    call = Call(caller, Operation(datetime.now(UTC), caller.uri, ACQUIRE.path))
    receipt = opened._receipt(ACQUIRE, request, call)
    assert receipt is not None
    return receipt


def test_what_lasts_of_a_request_is_what_its_contract_marks_and_nothing_else(
    passages: Passages, receipts: Receipts
) -> None:
    """At the middle server the Individual Number is in transit; not even a digest of it stays."""
    opened = door(passages, receipts, "municipal-cs", Generation())
    first = receipt_of(opened, acquire("1", "123456789018"))
    other_number = receipt_of(opened, acquire("1", "987654321093"))
    other_person = receipt_of(opened, acquire("2", "123456789018"))

    assert first.kept == other_number.kept != other_person.kept
    assert len({first.whole, other_number.whole, other_person.whole}) == 3
    assert first.key == other_number.key == other_person.key


def test_an_unknown_field_is_in_no_lasting_digest(passages: Passages, receipts: Receipts) -> None:
    opened = door(passages, receipts, "municipal-cs", Generation())
    request, unknown = acquire("1", "123456789018"), acquire("1", "123456789018")
    unknown.MergeFromString(b"\xfa\x3e\x01x")

    assert receipt_of(opened, request).kept == receipt_of(opened, unknown).kept
    assert receipt_of(opened, request).whole != receipt_of(opened, unknown).whole
