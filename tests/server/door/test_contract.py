"""What a request must be before anybody reads it, and what the contract says of its method."""

from datetime import timedelta

import pytest
from google.protobuf import descriptor_pb2, descriptor_pool
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message
from hypothesis import given
from hypothesis import strategies as st

from renkei.linkage.v1 import code_delivery_pb2
from renkei.refusals import Reason, Refusal
from renkei.type.v1 import codes_pb2, operator_session_pb2, options_pb2
from renkei.ward.v1 import linkage_code_generation_pb2, numbering_pb2, resident_record_pb2
from renkei_server.door.contract import Method, parse

NUMBER = Method.of(
    numbering_pb2.DESCRIPTOR.services_by_name["NumberingService"].methods_by_name["NumberPerson"]
)
OUTCOME = Method.of(
    numbering_pb2.DESCRIPTOR.services_by_name["NumberingService"].methods_by_name[
        "GetNumberingOutcome"
    ]
)
DELIVER = Method.of(
    code_delivery_pb2.DESCRIPTOR.services_by_name["CodeDeliveryService"].methods_by_name[
        "DeliverCode"
    ]
)
ASK = Method.of(
    resident_record_pb2.DESCRIPTOR.services_by_name["ResidentRecordService"].methods_by_name[
        "RequestCodeAcquisition"
    ]
)
CLOSED = Method.of(
    linkage_code_generation_pb2.DESCRIPTOR.services_by_name[
        "LinkageCodeGenerationService"
    ].methods_by_name["GenerateLinkageCode"]
)

UNKNOWN = b"\xfa\x3f\x02hi"
"""Field 1023 with two bytes: no message of ours has it."""

GENERATION = linkage_code_generation_pb2.GenerateLinkageCodeRequest(
    sender="131148",
    request_id="id",
    individual_number=codes_pb2.IndividualNumber(digits="123456789018"),
)


def taking(request: type[Message]) -> Method:
    """A method of an open service that takes this message."""
    some = timedelta(seconds=1)
    return Method("/a/B", request, (), False, some, some, None, None, ())  # noqa: FBT003


def refusal_of(method: Method, raw: bytes) -> tuple[Reason, tuple[str, ...]]:
    with pytest.raises(Refusal) as caught:
        parse(method, raw)
    return caught.value.reason, caught.value.fields


# Bytes


@pytest.mark.parametrize("raw", [b"\xff", b"\x0a\x05hi", b"\x0a\x02\xff\xfe", b"\x00", b"hello"])
def test_bytes_that_are_no_message_are_malformed(raw: bytes) -> None:
    for method in (NUMBER, CLOSED):
        assert refusal_of(method, raw) == (Reason.MALFORMED_MESSAGE, ())


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_for_their_form(raw: bytes) -> None:
    form = {Reason.MALFORMED_MESSAGE, Reason.UNKNOWN_FIELD, Reason.UNKNOWN_ENUM_NUMBER}

    for method in (NUMBER, DELIVER, ASK, CLOSED):
        assert reason_of(method, raw) in form | {None}


def reason_of(method: Method, raw: bytes) -> Reason | None:
    """Why the bytes are refused, if they are."""
    try:
        parse(method, raw)
    except Refusal as refusal:
        return refusal.reason
    return None


def test_a_request_is_read_as_it_was_sent() -> None:
    assert parse(CLOSED, GENERATION.SerializeToString()) == GENERATION
    assert parse(CLOSED, b"") == linkage_code_generation_pb2.GenerateLinkageCodeRequest()


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
    assert refusal_of(CLOSED, raw) == (Reason.UNKNOWN_FIELD, ())


@pytest.mark.parametrize("raw", [UNKNOWN, b"\x2a\x07" + b"\x0a\x00" + UNKNOWN])
def test_other_services_take_what_a_newer_contract_may_add(raw: bytes) -> None:
    assert isinstance(parse(NUMBER, raw), numbering_pb2.NumberPersonRequest)


# Enum numbers


@pytest.mark.parametrize("number", [-1, 3, 99, 2**31 - 1])
def test_an_enum_number_outside_the_contract_is_named_by_its_path(number: int) -> None:
    raw = numbering_pb2.NumberPersonRequest(attributes={"sex": number}).SerializeToString()

    assert refusal_of(NUMBER, raw) == (Reason.UNKNOWN_ENUM_NUMBER, ("attributes.sex",))


@pytest.mark.parametrize("number", [0, 1, 2])
def test_an_enum_number_of_the_contract_is_taken(number: int) -> None:
    raw = numbering_pb2.NumberPersonRequest(attributes={"sex": number}).SerializeToString()

    parse(NUMBER, raw)


def test_an_enum_number_in_a_oneof_is_judged_too() -> None:
    wrong = code_delivery_pb2.DeliverCodeRequest(failure=99)
    other = code_delivery_pb2.DeliverCodeRequest(expiry={})

    told = refusal_of(DELIVER, wrong.SerializeToString())
    assert told == (Reason.UNKNOWN_ENUM_NUMBER, ("failure",))
    assert parse(DELIVER, other.SerializeToString()) == other


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
    assert told == (Reason.UNKNOWN_ENUM_NUMBER, (place,))
    assert parse(method, right.SerializeToString()) == right


# What is read from the descriptor


def test_a_method_that_changes_something_has_a_sender_and_a_request_id() -> None:
    assert NUMBER.path == "/renkei.ward.v1.NumberingService/NumberPerson"
    assert (NUMBER.sender, NUMBER.request_id) == ("sender", "request_id")
    assert (OUTCOME.sender, OUTCOME.request_id) == ("sender", None)


def test_credentials_steps_and_closure_are_read_from_options() -> None:
    assert (ASK.credentials, NUMBER.credentials) == (("operator_session",), ())
    assert (ASK.steps, NUMBER.steps) == (("F1.0",), ("F1.1",))
    assert (CLOSED.closed, NUMBER.closed) == (True, False)


def test_a_method_that_says_no_deadline_has_10_seconds_and_at_most_30() -> None:
    assert NUMBER.default_deadline == timedelta(seconds=10)
    assert NUMBER.maximum_deadline == timedelta(seconds=30)


def described(*senders: str, deadline: int | None = None) -> MethodDescriptor:
    """A method whose request has these fields as senders, and perhaps a deadline."""
    file = descriptor_pb2.FileDescriptorProto(
        name="a.proto",
        package="a",
        syntax="proto3",
        message_type=[descriptor_pb2.DescriptorProto(name="Request")],
        service=[descriptor_pb2.ServiceDescriptorProto(name="Service")],
        dependency=["renkei/type/v1/options.proto"],
    )
    for number, name in enumerate(senders, start=1):
        field = file.message_type[0].field.add(name=name, number=number, type="TYPE_STRING")
        field.options.Extensions[options_pb2.sender] = True
    method = file.service[0].method.add(
        name="Ask", input_type=".a.Request", output_type=".a.Request"
    )
    if deadline is not None:
        rule = method.options.Extensions[options_pb2.rule]
        rule.default_deadline.seconds = rule.maximum_deadline.seconds = deadline
    pool = descriptor_pool.DescriptorPool()
    for known in (
        descriptor_pb2.DESCRIPTOR,
        *options_pb2.DESCRIPTOR.dependencies,
        options_pb2.DESCRIPTOR,
    ):
        pool.AddSerializedFile(known.serialized_pb)
    pool.Add(file)
    return pool.FindMethodByName("a.Service.Ask")


def test_a_method_may_have_deadlines_of_its_own() -> None:
    method = Method.of(described("sender", deadline=3))

    assert method.default_deadline == method.maximum_deadline == timedelta(seconds=3)


def test_a_request_with_two_senders_stops_the_start() -> None:
    with pytest.raises(ValueError, match="at most one such field, not sender, other"):
        Method.of(described("sender", "other"))
