"""What is read of a method from the contract: for the door by its name, for a client by its request."""

from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from google.protobuf import descriptor_pb2, descriptor_pool
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from grpc_health.v1 import health_pb2

from renkei.batch.v1 import batch_pb2
from renkei.contract import Method, method_of
from renkei.control.v1 import state_pb2
from renkei.linkage.v1 import provision_pb2
from renkei.operators.v1 import operator_access_pb2
from renkei.type.v1 import codes_pb2, options_pb2
from renkei.ward.v1 import linkage_code_generation_pb2, numbering_pb2, resident_record_pb2

from .conftest import Contract

NUMBER = method_of(numbering_pb2.NumberPersonRequest)
CHANGE = method_of(numbering_pb2.ChangeIndividualNumberRequest)
MANY = method_of(batch_pb2.MakeCallsRequest)
OUTCOME = method_of(numbering_pb2.GetNumberingOutcomeRequest)
ASK = method_of(resident_record_pb2.RequestCodeAcquisitionRequest)
CLOSED = method_of(linkage_code_generation_pb2.GenerateLinkageCodeRequest)


def test_a_method_that_changes_something_has_a_sender_and_a_request_id() -> None:
    assert NUMBER.path == "/renkei.ward.v1.NumberingService/NumberPerson"
    assert (NUMBER.sender, NUMBER.request_id) == ("sender", "request_id")
    assert (OUTCOME.sender, OUTCOME.request_id) == ("sender", None)


def test_credentials_steps_and_closure_are_read_from_options() -> None:
    assert (ASK.credentials, NUMBER.credentials) == (("operator_session",), ())
    assert (ASK.steps, NUMBER.steps) == (("F1.0",), ("F1.1",))
    assert (CLOSED.closed, NUMBER.closed) == (True, False)


def test_of_what_proves_who_asks_the_operator_s_session_is_told_apart() -> None:
    opened = method_of(operator_access_pb2.OpenOperatorSessionRequest)
    announced = method_of(provision_pb2.AnnounceExchangeRequest)

    assert (ASK.session, NUMBER.session) == ("operator_session", None)
    assert (opened.credentials, opened.session) == (("password",), None)
    assert (announced.credentials, announced.session) == (("permit", "inquirer_keys"), None)


def test_a_method_comes_in_batches_where_the_contract_says_so_and_nowhere_else() -> None:
    assert (NUMBER.in_batches, OUTCOME.in_batches, CLOSED.in_batches) == (True, True, True)
    assert not CHANGE.in_batches
    assert not MANY.in_batches
    assert (MANY.closed, MANY.sender, MANY.request_id) == (True, None, None)


def test_a_stream_or_a_method_that_must_end_sooner_than_a_batch_comes_in_none() -> None:
    """Within a batch the batch's own deadline is all that ends a request."""
    stream, short = {"stream": True}, {"deadline": 29}
    for facts in (stream, short):
        assert not Method.of(described("sender", **facts)).in_batches  # type: ignore[arg-type]
        with pytest.raises(ValueError, match=r"a\.Service\.Ask cannot come in batches"):
            Method.of(described("sender", in_batches=True, **facts))  # type: ignore[arg-type]

    assert MANY.maximum_deadline == timedelta(seconds=30)
    assert Method.of(described("sender", in_batches=True, deadline=30)).in_batches


def test_a_method_that_says_no_deadline_has_10_seconds_and_at_most_30() -> None:
    assert NUMBER.default_deadline == timedelta(seconds=10)
    assert NUMBER.maximum_deadline == timedelta(seconds=30)


def described(
    *senders: str, deadline: int | None = None, in_batches: bool = False, stream: bool = False
) -> MethodDescriptor:
    """A method whose request has these fields as senders, and perhaps more of its own."""
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
        name="Ask",
        input_type=".a.Request",
        output_type=".a.Request",
        client_streaming=stream,
        server_streaming=stream,
    )
    rule = method.options.Extensions[options_pb2.rule]
    rule.in_batches = in_batches
    if deadline is not None:
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


# A request says which method it calls


def module_of(proto: str) -> Any:
    """The code that is written beside a proto file."""
    return import_module(proto.removesuffix(".proto").replace("/", ".") + "_pb2")


def test_every_request_of_the_contract_calls_the_method_that_it_is_of(contract: Contract) -> None:
    methods = [
        Method.of(one)
        for file in contract.files
        for service in module_of(file.name).DESCRIPTOR.services_by_name.values()
        for one in service.methods
    ]

    assert len(methods) == len(contract.rpcs)
    assert [one.path for one in methods if method_of(one.request) != one] == []


def test_what_changes_a_whole_seat_may_take_as_long_as_a_call_may() -> None:
    for request in (
        state_pb2.PauseWorkRequest,
        state_pb2.SaveSnapshotRequest,
        state_pb2.RestoreSnapshotRequest,
    ):
        method = method_of(request)
        assert method.default_deadline == method.maximum_deadline


@pytest.mark.parametrize(
    "message",
    [
        numbering_pb2.NumberPersonResponse,
        codes_pb2.IndividualNumber,
        descriptor_pb2.FileDescriptorProto,
    ],
    ids=lambda one: one.DESCRIPTOR.full_name,
)
def test_a_message_that_no_method_takes_calls_none(message: type[Message]) -> None:
    with pytest.raises(TypeError, match=f"{message.DESCRIPTOR.full_name} is the request of 0 met"):
        method_of(message)


def test_of_two_methods_that_take_a_request_the_one_that_streams_one_way_is_not_meant() -> None:
    assert method_of(health_pb2.HealthCheckRequest).path == "/grpc.health.v1.Health/Check"


def test_a_request_of_two_methods_calls_none() -> None:
    file = descriptor_pb2.FileDescriptorProto(
        name="two.proto",
        package="two",
        message_type=[descriptor_pb2.DescriptorProto(name="Request")],
        service=[descriptor_pb2.ServiceDescriptorProto(name="Service")],
    )
    for name in ("Ask", "AskAgain"):
        file.service[0].method.add(name=name, input_type=".two.Request", output_type=".two.Request")
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    request = GetMessageClass(pool.FindMessageTypeByName("two.Request"))

    with pytest.raises(TypeError, match=r"two\.Request is the request of 2 methods"):
        method_of(request)
