"""What a request must be before anybody reads it."""

from dataclasses import replace

import pytest
from google.protobuf.message import Message
from hypothesis import given
from hypothesis import strategies as st

from renkei import reasons
from renkei.batch.v1 import batch_pb2
from renkei.contract import Method, method_of
from renkei.linkage.v1 import code_delivery_pb2
from renkei.reasons import Reason
from renkei.refusals import Refusal
from renkei.type.v1 import codes_pb2, operator_session_pb2
from renkei.ward.v1 import linkage_code_generation_pb2, numbering_pb2, resident_record_pb2
from renkei_server.door.form import judge_form, parse

NUMBERING = numbering_pb2.DESCRIPTOR.services_by_name["NumberingService"].methods_by_name
DELIVERY = code_delivery_pb2.DESCRIPTOR.services_by_name["CodeDeliveryService"].methods_by_name
RECORDS = resident_record_pb2.DESCRIPTOR.services_by_name["ResidentRecordService"].methods_by_name
GENERATING = linkage_code_generation_pb2.DESCRIPTOR.services_by_name[
    "LinkageCodeGenerationService"
].methods_by_name

NUMBER = Method.of(NUMBERING["NumberPerson"])
DELIVER = Method.of(DELIVERY["DeliverCode"])
ASK = Method.of(RECORDS["RequestCodeAcquisition"])
CLOSED = Method.of(GENERATING["GenerateLinkageCode"])
MANY = method_of(batch_pb2.MakeCallsRequest)

UNKNOWN = b"\xfa\x3f\x02hi"
"""Field 1023 with two bytes: no message of ours has it."""

GENERATION = linkage_code_generation_pb2.GenerateLinkageCodeRequest(
    sender="131148",
    request_id="id",
    individual_number=codes_pb2.IndividualNumber(digits="123456789018"),
)


def taking(request: type[Message]) -> Method:
    """A method of an open service that takes this message."""
    return replace(NUMBER, request=request)


def read(method: Method, raw: bytes) -> Message:
    """The request as the door lets it in; a batch's own form is judged, not its requests'."""
    message = parse(method, raw)
    judge_form(method, message)
    return message


def refusal_of(method: Method, raw: bytes) -> tuple[Reason, tuple[str, ...]]:
    with pytest.raises(Refusal) as caught:
        read(method, raw)
    return caught.value.reason, caught.value.fields


# Bytes


@pytest.mark.parametrize("raw", [b"\xff", b"\x0a\x05hi", b"\x0a\x02\xff\xfe", b"\x00", b"hello"])
def test_bytes_that_are_no_message_are_malformed(raw: bytes) -> None:
    for method in (NUMBER, CLOSED, MANY):
        assert refusal_of(method, raw) == (reasons.MALFORMED_MESSAGE, ())


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_for_their_form(raw: bytes) -> None:
    form = {reasons.MALFORMED_MESSAGE, reasons.UNKNOWN_FIELD, reasons.UNKNOWN_ENUM_NUMBER}

    for method in (NUMBER, DELIVER, ASK, CLOSED, MANY):
        assert reason_of(method, raw) in form | {None}


def reason_of(method: Method, raw: bytes) -> Reason | None:
    """Why the bytes are refused, if they are."""
    try:
        read(method, raw)
    except Refusal as refusal:
        return refusal.reason
    return None


def test_a_request_is_read_as_it_was_sent() -> None:
    assert read(CLOSED, GENERATION.SerializeToString()) == GENERATION
    assert read(CLOSED, b"") == linkage_code_generation_pb2.GenerateLinkageCodeRequest()


# Unknown fields


def nested_unknown() -> bytes:
    """The generation request, with an unknown field inside the Individual Number."""
    raw = GENERATION.SerializeToString()
    inner = GENERATION.individual_number.SerializeToString()
    longer = inner + UNKNOWN
    assert raw.endswith(bytes([len(inner)]) + inner)
    return raw[: -len(inner) - 1] + bytes([len(longer)]) + longer


@pytest.mark.parametrize(
    "raw",
    [
        UNKNOWN,
        GENERATION.SerializeToString() + UNKNOWN,
        UNKNOWN + GENERATION.SerializeToString(),
        nested_unknown(),
        b"\x08\x01",  # the sender, as a number
        b"\xf8\x3f\x00",  # field 1023 with its default
    ],
    ids=["alone", "at the end", "at the start", "inside", "of another type", "empty"],
)
def test_a_closed_service_takes_the_listed_items_only(raw: bytes) -> None:
    assert refusal_of(CLOSED, raw) == (reasons.UNKNOWN_FIELD, ())


@pytest.mark.parametrize("raw", [UNKNOWN, b"\x2a\x07" + b"\x0a\x00" + UNKNOWN])
def test_other_services_take_what_a_newer_contract_may_add(raw: bytes) -> None:
    assert isinstance(read(NUMBER, raw), numbering_pb2.NumberPersonRequest)


# Enum numbers


@pytest.mark.parametrize("number", [-1, 3, 99, 2**31 - 1])
def test_an_enum_number_outside_the_contract_is_named_by_its_path(number: int) -> None:
    raw = numbering_pb2.NumberPersonRequest(attributes={"sex": number}).SerializeToString()

    assert refusal_of(NUMBER, raw) == (reasons.UNKNOWN_ENUM_NUMBER, ("attributes.sex",))


@pytest.mark.parametrize("number", [0, 1, 2])
def test_an_enum_number_of_the_contract_is_taken(number: int) -> None:
    raw = numbering_pb2.NumberPersonRequest(attributes={"sex": number}).SerializeToString()

    read(NUMBER, raw)


def test_an_enum_number_in_a_oneof_is_judged_too() -> None:
    wrong = code_delivery_pb2.DeliverCodeRequest(failure=99)
    other = code_delivery_pb2.DeliverCodeRequest(expiry={})

    told = refusal_of(DELIVER, wrong.SerializeToString())
    assert told == (reasons.UNKNOWN_ENUM_NUMBER, ("failure",))
    assert read(DELIVER, other.SerializeToString()) == other


@pytest.mark.parametrize(
    ("claims", "place"),
    [
        ({"factors": [1, 99]}, "factors"),
        ({"permissions": [{"access": 1}, {"access": 99}]}, "permissions.access"),
    ],
)
def test_one_enum_number_of_many_is_judged_too(claims: dict[str, object], place: str) -> None:
    method = taking(operator_session_pb2.OperatorSessionClaims)
    wrong = operator_session_pb2.OperatorSessionClaims(**claims)  # type: ignore[arg-type]
    right = operator_session_pb2.OperatorSessionClaims(factors=[1, 2], permissions=[{"access": 1}])

    told = refusal_of(method, wrong.SerializeToString())
    assert told == (reasons.UNKNOWN_ENUM_NUMBER, (place,))
    assert read(method, right.SerializeToString()) == right


# Batches


SOUND = GENERATION.SerializeToString()


def batch(*requests: bytes, method: Method = CLOSED) -> bytes:
    """A batch of these requests of one method."""
    many = batch_pb2.MakeCallsRequest()
    for one in requests:
        many.requests.add(method=method.path, message=one)
    return many.SerializeToString()


def in_a_request(extra: bytes) -> bytes:
    """A batch of one, with something of its own beside the request's method and message."""
    one = batch_pb2.MakeCallsRequest.Request(method=CLOSED.path, message=SOUND)
    inner = one.SerializeToString() + extra
    return b"\x0a" + bytes([len(inner) & 0x7F | 0x80, len(inner) >> 7]) + inner


def test_a_batch_is_read_with_its_requests_in_order() -> None:
    many = read(MANY, batch(SOUND, b""))

    assert isinstance(many, batch_pb2.MakeCallsRequest)
    assert [one.message for one in many.requests] == [SOUND, b""]
    assert read(MANY, in_a_request(b"")) == read(MANY, batch(SOUND))


@pytest.mark.parametrize(
    "raw",
    [
        UNKNOWN,
        batch(SOUND) + UNKNOWN,
        UNKNOWN + batch(SOUND),
        batch() + b"\x08\x01",
        in_a_request(UNKNOWN),
    ],
    ids=["alone", "after the requests", "before the requests", "of another type", "inside one"],
)
def test_a_batch_is_closed_whatever_the_methods_of_its_requests(raw: bytes) -> None:
    """So that nothing enters a closed service beside the request that it judges."""
    assert refusal_of(MANY, raw) == (reasons.UNKNOWN_FIELD, ())


@pytest.mark.parametrize("entry", [SOUND + UNKNOWN, UNKNOWN, nested_unknown(), b"\xff"])
def test_a_fault_inside_one_request_is_that_request_s_alone(entry: bytes) -> None:
    many = read(MANY, batch(SOUND, entry, SOUND))

    assert isinstance(many, batch_pb2.MakeCallsRequest)
    faults = [reason_of(CLOSED, one.message) for one in many.requests]
    fault = reasons.MALFORMED_MESSAGE if entry == b"\xff" else reasons.UNKNOWN_FIELD
    assert faults == [None, fault, None]


def test_an_unknown_enum_number_is_its_request_s_fault_alone() -> None:
    entries = [
        numbering_pb2.NumberPersonRequest(attributes={"sex": sex}).SerializeToString()
        for sex in (1, 99, 2)
    ]
    many = read(MANY, batch(*entries, method=NUMBER))

    assert isinstance(many, batch_pb2.MakeCallsRequest)
    faults = [reason_of(NUMBER, one.message) for one in many.requests]
    assert faults == [None, reasons.UNKNOWN_ENUM_NUMBER, None]
