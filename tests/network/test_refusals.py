"""Everything that must be refused, each for its own reason, and with nothing left behind."""

import gc
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import grpc
import pytest
from grpc_health.v1 import health_pb2

from renkei import reasons
from renkei.codes import IndividualNumber, Institution, ProcessingSerial, ResidentRecordCode
from renkei.limits import MESSAGE_LIMIT
from renkei.linkage.v1 import (
    code_delivery_pb2,
    processing_serial_pb2,
    resident_record_code_pb2,
)
from renkei.networks import JUKINET, LINKAGE, ward
from renkei.ward.v1 import linkage_code_generation_pb2 as cs_pb2
from renkei.ward.v1 import numbering_pb2
from renkei_clients.linkage import ProcessingSerialClient, ResidentRecordCodeClient
from renkei_pki.authority import Authority
from renkei_pki.certificates import Leaf
from renkei_pki.credentials import Credentials
from renkei_pki.identity import Identity
from renkei_server.door.room import USUAL
from renkei_simulators.world.in_process import RunningWorld
from renkei_simulators.world.provision import inspect

from .asking import new_id, reason_of
from .asking.batches import log_of, records
from .asking.raw import Raw, Told
from .people.strangers import impostor, outsider
from .small_world import NEIGHBOUR, WARD

WARD_DOMAIN = ward(WARD)
REGISTER = Identity(WARD_DOMAIN, WARD, "resident-record")
PLATFORM = Identity(WARD_DOMAIN, WARD, "linkage-platform")
CS = Identity(WARD_DOMAIN, WARD, "municipal-cs")
NATIONAL = Identity(JUKINET, "jlis", "national-server")
NETWORK = Identity(LINKAGE, "ipn", "provision-network")

GENERATE_AT_CS = "/renkei.ward.v1.LinkageCodeGenerationService/GenerateLinkageCode"
GENERATE_AT_NATION = "/renkei.jukinet.v1.LinkageCodeGenerationService/GenerateLinkageCode"
NUMBER = "/renkei.ward.v1.NumberingService/NumberPerson"
OUTCOME = "/renkei.ward.v1.NumberingService/GetNumberingOutcome"
ISSUE = "/renkei.linkage.v1.ProcessingSerialService/IssueProcessingSerial"
REPORT = "/renkei.linkage.v1.ResidentRecordCodeService/ReportResidentRecordCode"
REQUEST = "/renkei.ward.v1.ResidentRecordService/RequestCodeAcquisition"
DELIVER = "/renkei.linkage.v1.CodeDeliveryService/DeliverCode"
NUMBER_AT_AGENCY = "/renkei.linkage.v1.NumberingService/NumberPerson"
HEALTH = "/grpc.health.v1.Health/Check"
WATCH = "/grpc.health.v1.Health/Watch"

GOOD_NUMBER, BAD_NUMBER = "123456789018", "123456789017"
GOOD_CODE, BAD_CODE = "12345678903", "12345678904"
SERIAL = "0123456789ABCDEF0123456789ABCDEF"


async def refused(
    world: RunningWorld, caller: Credentials, server: Identity, path: str, request: bytes
) -> Told:
    raw = Raw(world, caller, server)
    try:
        return await raw.refused(path, request)
    finally:
        await raw.close()


def generation(**changes: object) -> bytes:
    """A request that the municipal CS takes, but for the changes."""
    asked = {
        "sender": WARD,
        "request_id": new_id(),
        "individual_number": {"digits": GOOD_NUMBER},
        "processing_serial": {"value": SERIAL},
    }
    return cs_pb2.GenerateLinkageCodeRequest(**(asked | changes)).SerializeToString()


# What is left of a call


async def test_neither_an_answer_nor_a_refusal_leaves_anything_in_memory_for_which_one_must_look(
    world: RunningWorld,
) -> None:
    """So a seat may look seldom: nothing of a request waits in a cycle until it does."""
    raw = Raw(world, outsider(world, REGISTER), CS)
    wrong = generation(individual_number={"digits": BAD_NUMBER})
    await raw.send(GENERATE_AT_CS, generation())
    gc.collect()

    with looking_at_the_end() as garbage:
        for _ in range(5):
            await raw.send(GENERATE_AT_CS, generation())
            assert (await raw.refused(GENERATE_AT_CS, wrong)).fields
            assert (await raw.refused(GENERATE_AT_CS, b"\xff")).reason == "MALFORMED_MESSAGE"
    await raw.close()

    ours = [type(one) for one in garbage if type(one).__module__.startswith("renkei")]
    assert ours == []
    assert not any(isinstance(one, BaseException) for one in garbage)


@contextmanager
def looking_at_the_end() -> Iterator[list[object]]:
    """What only a look for garbage would have found."""
    gc.disable()
    try:
        found: list[object] = []
        yield found
        gc.set_debug(gc.DEBUG_SAVEALL)
        gc.collect()
        found += gc.garbage
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()


# Who is calling


async def test_another_domains_identity_under_the_right_root_is_refused(
    world: RunningWorld,
) -> None:
    caller = impostor(world, WARD_DOMAIN, [Identity(JUKINET, WARD, "resident-record").uri])
    answer = await refused(world, caller, CS, GENERATE_AT_CS, generation())

    assert answer.reason == "CALLER_OF_ANOTHER_DOMAIN"


@pytest.mark.parametrize("uris", [[], [REGISTER.uri, PLATFORM.uri], ["spiffe://example/x"]])
async def test_a_certificate_without_exactly_one_identity_is_refused(
    world: RunningWorld, uris: list[str]
) -> None:
    caller = impostor(world, WARD_DOMAIN, uris)
    answer = await refused(world, caller, CS, GENERATE_AT_CS, generation())

    assert answer.reason == "CALLER_UNIDENTIFIED"


async def test_a_certificate_of_another_network_never_carries_an_rpc(world: RunningWorld) -> None:
    caller = outsider(world, Identity(ward(NEIGHBOUR), NEIGHBOUR, "resident-record"))
    raw = Raw(world, caller, CS)

    with pytest.raises(grpc.aio.AioRpcError) as failure:
        await raw.send(GENERATE_AT_CS, generation())
    assert failure.value.code() is grpc.StatusCode.UNAVAILABLE
    await raw.close()


async def test_revocation_holds_at_the_next_rpc_of_an_open_connection(
    world: RunningWorld,
) -> None:
    caller = outsider(world, Identity(LINKAGE, NEIGHBOUR, "middle-server"))
    raw = Raw(world, caller, NETWORK)
    issue = processing_serial_pb2.IssueProcessingSerialRequest
    await raw.send(ISSUE, issue(sender=NEIGHBOUR, request_id=new_id()).SerializeToString())

    serial = Leaf.parse(caller.chain_pem).serial
    Authority.load(world.layout.authority(LINKAGE)).revoke(serial, now=datetime.now(UTC))
    answer = await raw.refused(
        ISSUE, issue(sender=NEIGHBOUR, request_id=new_id()).SerializeToString()
    )
    await raw.close()

    assert answer.reason == "CALLER_REVOKED"
    assert answer.status is grpc.StatusCode.UNAUTHENTICATED


async def test_without_a_revocation_list_nobody_is_let_in(world: RunningWorld) -> None:
    path = world.layout.authority(WARD_DOMAIN) / "crl.pem"
    kept = path.read_bytes()
    path.unlink()
    try:
        caller = outsider(world, REGISTER)
        answer = await refused(world, caller, CS, GENERATE_AT_CS, generation())
    finally:
        path.write_bytes(kept)

    assert answer.reason == "REVOCATION_UNKNOWN"


@pytest.mark.parametrize("role", ["address-system", "linkage-platform", "department-tax"])
async def test_a_wrong_role_is_not_admitted(world: RunningWorld, role: str) -> None:
    caller = outsider(world, Identity(WARD_DOMAIN, WARD, role))
    answer = await refused(world, caller, CS, GENERATE_AT_CS, generation())

    assert answer.reason == "CALLER_NOT_ADMITTED"


async def test_a_right_role_of_another_institution_is_not_admitted(world: RunningWorld) -> None:
    caller = outsider(world, Identity(WARD_DOMAIN, NEIGHBOUR, "resident-record"))
    answer = await refused(world, caller, CS, GENERATE_AT_CS, generation(sender=NEIGHBOUR))

    assert answer.reason == "CALLER_NOT_ADMITTED"


@pytest.mark.parametrize("sender", [NEIGHBOUR, "", "131148 "])
async def test_a_sender_other_than_the_caller_is_refused(world: RunningWorld, sender: str) -> None:
    answer = await refused(
        world, outsider(world, REGISTER), CS, GENERATE_AT_CS, generation(sender=sender)
    )

    assert (answer.reason, answer.fields) == ("SENDER_IS_NOT_CALLER", ("sender",))


async def test_an_unknown_method_is_unimplemented_for_an_authenticated_caller(
    world: RunningWorld,
) -> None:
    answer = await refused(world, outsider(world, REGISTER), CS, "/renkei.ward.v1.No/Such", b"")

    assert (answer.reason, answer.status) == ("METHOD_UNKNOWN", grpc.StatusCode.UNIMPLEMENTED)


async def test_of_an_unknown_method_the_name_that_its_caller_wrote_is_kept_nowhere(
    world: RunningWorld,
) -> None:
    seat = f"municipal-cs.{WARD}"
    answer = await refused(world, outsider(world, REGISTER), CS, f"/{GOOD_NUMBER}/Yamada", b"")

    assert answer.reason == "METHOD_UNKNOWN"
    assert records(world, seat)[-1] == ("unknown", "", "METHOD_UNKNOWN")
    last = log_of(world, seat)[-1]
    assert (last["outcome"], last["method"]) == ("METHOD_UNKNOWN", "unknown")
    assert "Yamada" not in str((records(world, seat), log_of(world, seat)))


async def test_health_is_told_to_any_identity_of_the_domain_and_to_no_other(
    world: RunningWorld,
) -> None:
    raw = Raw(world, outsider(world, Identity(WARD_DOMAIN, WARD, "convenience")), CS)
    answer = health_pb2.HealthCheckResponse.FromString(await raw.send(HEALTH, b""))
    await raw.close()
    assert answer.status == health_pb2.HealthCheckResponse.SERVING

    caller = impostor(world, WARD_DOMAIN, [Identity(LINKAGE, WARD, "convenience").uri])
    assert (await refused(world, caller, CS, HEALTH, b"")).reason == "CALLER_OF_ANOTHER_DOMAIN"


async def test_who_watches_a_seat_s_health_can_call_it_meanwhile(world: RunningWorld) -> None:
    raw = Raw(world, outsider(world, Identity(WARD_DOMAIN, WARD, "convenience")), CS)
    for _ in range(USUAL.under_way):
        assert await raw.watch(WATCH, b"")

    await raw.send(HEALTH, b"")
    await raw.close()


# The form of a request

UNKNOWN_FIELD = b"\xfa\x3f\x03abc"  # field 1023, a string


async def test_an_unknown_field_is_refused_at_the_municipal_cs_at_any_depth(
    world: RunningWorld,
) -> None:
    caller = outsider(world, REGISTER)
    inside = cs_pb2.GenerateLinkageCodeRequest.FromString(generation())
    inside.individual_number.MergeFromString(UNKNOWN_FIELD)
    for request in (generation() + UNKNOWN_FIELD, inside.SerializeToString()):
        answer = await refused(world, caller, CS, GENERATE_AT_CS, request)
        assert answer.reason == "UNKNOWN_FIELD"


async def test_an_unknown_field_is_tolerated_elsewhere(world: RunningWorld) -> None:
    raw = Raw(world, outsider(world, Identity(LINKAGE, WARD, "middle-server")), NETWORK)
    issue = processing_serial_pb2.IssueProcessingSerialRequest(sender=WARD, request_id=new_id())

    assert await raw.send(ISSUE, issue.SerializeToString() + UNKNOWN_FIELD)
    await raw.close()


async def test_an_enum_number_outside_the_contract_is_a_field_violation(
    world: RunningWorld,
) -> None:
    request = numbering()
    request.attributes.sex = 77  # type: ignore[assignment]
    answer = await refused(
        world, outsider(world, REGISTER), PLATFORM, NUMBER, request.SerializeToString()
    )

    assert (answer.reason, answer.fields) == ("UNKNOWN_ENUM_NUMBER", ("attributes.sex",))


async def test_bytes_that_are_no_message_are_refused(world: RunningWorld) -> None:
    answer = await refused(world, outsider(world, REGISTER), CS, GENERATE_AT_CS, b"\xff\xff")

    assert answer.reason == "MALFORMED_MESSAGE"


async def test_a_message_over_the_doors_limit_is_refused_with_its_reason(
    world: RunningWorld,
) -> None:
    request = generation(sender="x" * MESSAGE_LIMIT)
    answer = await refused(world, outsider(world, REGISTER), CS, GENERATE_AT_CS, request)

    assert answer.reason == "MESSAGE_TOO_LARGE"


@pytest.mark.parametrize("request_id", ["", "1", "{11111111-1111-4111-8111-111111111111}"])
async def test_a_request_id_that_is_no_uuid_is_refused(
    world: RunningWorld, request_id: str
) -> None:
    answer = await refused(
        world, outsider(world, REGISTER), CS, GENERATE_AT_CS, generation(request_id=request_id)
    )

    reason = "MALFORMED_REQUEST_ID" if request_id else "REQUEST_ID_MISSING"
    assert (answer.reason, answer.fields) == (reason, ("request_id",))


async def test_the_same_request_id_with_another_body_is_refused_and_changes_nothing(
    world: RunningWorld,
) -> None:
    raw, request_id = Raw(world, outsider(world, REGISTER), CS), new_id()
    await raw.send(GENERATE_AT_CS, generation(request_id=request_id))
    await raw.send(GENERATE_AT_CS, generation(request_id=request_id))
    answer = await raw.refused(
        GENERATE_AT_CS,
        generation(request_id=request_id, individual_number={"digits": "111111111118"}),
    )
    await raw.close()

    assert (answer.reason, answer.fields) == ("REQUEST_ID_REUSED", ("request_id",))


# The form of values


@pytest.mark.parametrize(
    ("digits", "reason"),
    [
        (BAD_NUMBER, "INDIVIDUAL_NUMBER_CHECK_DIGIT"),
        ("１２３４５６７８９０１８", "MALFORMED_INDIVIDUAL_NUMBER"),
        ("123456789 18", "MALFORMED_INDIVIDUAL_NUMBER"),
        (" 123456789018", "MALFORMED_INDIVIDUAL_NUMBER"),
        ("", "MALFORMED_INDIVIDUAL_NUMBER"),
        ("12345678901", "MALFORMED_INDIVIDUAL_NUMBER"),
    ],
)
async def test_an_individual_number_out_of_its_form_is_refused_without_being_told(
    world: RunningWorld, digits: str, reason: str
) -> None:
    answer = await refused(
        world,
        outsider(world, REGISTER),
        CS,
        GENERATE_AT_CS,
        generation(individual_number={"digits": digits}),
    )

    assert (answer.reason, answer.fields) == (reason, ("individual_number.digits",))
    assert answer.japanese
    assert not digits.strip() or digits not in answer.everything


@pytest.mark.parametrize(
    ("digits", "reason"),
    [
        (BAD_CODE, "RESIDENT_RECORD_CODE_CHECK_DIGIT"),
        ("１２３４５６７８９０３", "MALFORMED_RESIDENT_RECORD_CODE"),
        ("1234567890 ", "MALFORMED_RESIDENT_RECORD_CODE"),
        ("", "MALFORMED_RESIDENT_RECORD_CODE"),
    ],
)
async def test_a_resident_record_code_out_of_its_form_is_refused_without_being_told(
    world: RunningWorld, digits: str, reason: str
) -> None:
    request = report(resident_record_code={"digits": digits})
    answer = await refused(
        world,
        outsider(world, Identity(LINKAGE, "jlis", "national-server")),
        NETWORK,
        REPORT,
        request,
    )

    assert (answer.reason, answer.fields) == (reason, ("resident_record_code.digits",))
    assert not digits or digits not in answer.everything


@pytest.mark.parametrize(
    ("institution", "reason"),
    [
        ("131149", "LOCAL_GOVERNMENT_CODE_CHECK_DIGIT"),
        ("１３１１４８", "MALFORMED_INSTITUTION"),
        ("131 148", "MALFORMED_INSTITUTION"),
        ("13114", "MALFORMED_INSTITUTION"),
        ("", "MALFORMED_INSTITUTION"),
    ],
)
async def test_an_institution_out_of_its_form_is_refused(
    world: RunningWorld, institution: str, reason: str
) -> None:
    request = report(asking_institution=institution)
    answer = await refused(
        world,
        outsider(world, Identity(LINKAGE, "jlis", "national-server")),
        NETWORK,
        REPORT,
        request,
    )

    assert (answer.reason, answer.fields) == (reason, ("asking_institution",))


@pytest.mark.parametrize("value", ["", SERIAL.lower(), SERIAL[:-1], SERIAL + "0"])
async def test_a_processing_serial_out_of_its_form_is_refused(
    world: RunningWorld, value: str
) -> None:
    answer = await refused(
        world,
        outsider(world, REGISTER),
        CS,
        GENERATE_AT_CS,
        generation(processing_serial={"value": value}),
    )

    assert answer.reason == "MALFORMED_PROCESSING_SERIAL"


@pytest.mark.parametrize("field", ["individual_number", "processing_serial"])
async def test_a_value_that_must_be_there_and_is_absent_is_named(
    world: RunningWorld, field: str
) -> None:
    answer = await refused(
        world, outsider(world, REGISTER), CS, GENERATE_AT_CS, generation(**{field: None})
    )

    assert (answer.reason, answer.fields) == ("FIELD_MISSING", (field,))


async def test_an_individual_number_that_is_present_and_empty_is_malformed_not_absent(
    world: RunningWorld,
) -> None:
    request = numbering()
    request.individual_number.digits = ""
    answer = await refused(
        world, outsider(world, REGISTER), PLATFORM, NUMBER, request.SerializeToString()
    )

    assert answer.reason == "MALFORMED_INDIVIDUAL_NUMBER"


async def test_a_day_that_is_not_in_the_calendar_is_refused(
    world: RunningWorld,
) -> None:
    request = numbering()
    request.attributes.birth_date.month = 13
    answer = await refused(
        world, outsider(world, REGISTER), PLATFORM, NUMBER, request.SerializeToString()
    )

    assert (answer.reason, answer.fields) == ("MALFORMED_ATTRIBUTES", ("attributes.birth_date",))


def numbering() -> numbering_pb2.NumberPersonRequest:
    """A request that the linkage platform takes."""
    return numbering_pb2.NumberPersonRequest(
        sender=WARD,
        request_id=new_id(),
        local_address_number={"digits": "900000000000033"},
        individual_number={"digits": GOOD_NUMBER},
        attributes={
            "name": {"text": "見本　花子", "furigana": "ミホン　ハナコ"},
            "birth_date": {"year": 1990, "month": 4, "day": 30},
            "sex": 2,
            "address": {"postal_code": "1640001", "text": "東京都中野区中野４丁目"},
        },
    )


def report(**changes: object) -> bytes:
    """A report of the national server, but for the changes."""
    asked = {
        "sender": "jlis",
        "request_id": new_id(),
        "processing_serial": {"value": SERIAL},
        "asking_institution": WARD,
        "resident_record_code": {"digits": GOOD_CODE},
    }
    return resident_record_code_pb2.ReportResidentRecordCodeRequest(
        **(asked | changes)
    ).SerializeToString()


# Serials, tried with the national server's own linkage certificate


def national_server(world: RunningWorld) -> ResidentRecordCodeClient:
    credentials = outsider(world, Identity(LINKAGE, "jlis", "national-server"))
    return ResidentRecordCodeClient(world.callers.channel(credentials, NETWORK))


async def issued_to(world: RunningWorld, institution: str) -> ProcessingSerial:
    credentials = outsider(world, Identity(LINKAGE, institution, "middle-server"))
    client = ProcessingSerialClient(world.callers.channel(credentials, NETWORK))
    issued = await client.issue_processing_serial(new_id())
    assert issued is not None
    return issued[0]


async def use(
    world: RunningWorld, serial: ProcessingSerial, asking: str = WARD, request_id: str = ""
) -> None:
    await national_server(world).report_resident_record_code(
        request_id or new_id(), serial, Institution(asking), ResidentRecordCode(GOOD_CODE)
    )


async def test_a_serial_that_was_never_issued_is_refused(world: RunningWorld) -> None:
    assert await reason_of(use(world, ProcessingSerial(SERIAL))) is reasons.SERIAL_NEVER_ISSUED


async def test_a_serial_is_good_once_and_its_repeat_is_no_second_use(world: RunningWorld) -> None:
    serial, request_id = await issued_to(world, WARD), new_id()
    await use(world, serial, request_id=request_id)
    await use(world, serial, request_id=request_id)

    assert await reason_of(use(world, serial)) is reasons.SERIAL_ALREADY_USED


async def test_a_refused_use_does_not_consume_the_serial(world: RunningWorld) -> None:
    serial = await issued_to(world, WARD)

    stolen = use(world, serial, asking=NEIGHBOUR)
    assert await reason_of(stolen) is reasons.SERIAL_OF_ANOTHER_INSTITUTION
    await use(world, serial)


async def test_a_delivery_for_which_nobody_waits_is_refused(world: RunningWorld) -> None:
    request = code_delivery_pb2.DeliverCodeRequest(
        sender="ipn",
        request_id=new_id(),
        processing_serial={"value": SERIAL},
        code={"value": bytes(32)},
    )
    answer = await refused(
        world,
        outsider(world, NETWORK),
        Identity(LINKAGE, WARD, "middle-server"),
        DELIVER,
        request.SerializeToString(),
    )

    assert answer.reason == "SERIAL_NOT_PENDING"


async def test_a_national_body_numbers_only_whom_its_own_register_holds(
    world: RunningWorld,
) -> None:
    stranger = IndividualNumber.parse(GOOD_NUMBER)
    terminal = world.callers.agency_terminal("nenkin")

    assert await reason_of(terminal.number_person(new_id(), stranger)) is reasons.PERSON_NOT_HELD
    assert (
        await reason_of(terminal.number_person(new_id(), None))
        is reasons.PERSON_WITHOUT_INDIVIDUAL_NUMBER
    )


# What is left of a refusal


async def test_each_rpc_leaves_one_record_and_one_log_line_refused_ones_too(
    world: RunningWorld,
) -> None:
    seat = world.world.seat(f"municipal-cs.{WARD}")
    log = world.layout.logs / f"{seat.name}.jsonl"

    def left() -> tuple[int, int]:
        with inspect(world.world, world.layout, seat) as look:
            told = [json.loads(line)["event"] for line in log.read_text().splitlines()]
            return look.rows("operations"), told.count("rpc_answered")

    records, lines = left()
    caller = outsider(world, REGISTER)
    raw = Raw(world, caller, CS)
    await raw.send(GENERATE_AT_CS, generation())
    await raw.refused(GENERATE_AT_CS, generation(individual_number={"digits": BAD_NUMBER}))
    await raw.refused(GENERATE_AT_CS, generation(sender=NEIGHBOUR))
    await raw.refused("/no.such/Method", b"")
    await raw.send(HEALTH, b"")
    await raw.close()

    assert left() == (records + 5, lines + 5)


async def test_no_refusal_writes_a_personal_value_into_a_log(world: RunningWorld) -> None:
    caller = outsider(world, REGISTER)
    await refused(
        world, caller, CS, GENERATE_AT_CS, generation(individual_number={"digits": BAD_NUMBER})
    )

    for log in world.layout.logs.iterdir():
        text = log.read_text()
        assert BAD_NUMBER not in text
        assert GOOD_NUMBER not in text
