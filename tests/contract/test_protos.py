"""What every proto file keeps to, so that the door can enforce it and a reader can rely on it."""

import re

from google.protobuf.descriptor_pb2 import DescriptorProto, FieldDescriptorProto

from renkei import reasons
from renkei.type.v1 import options_pb2
from renkei_server.door.connections import CONTROL_TABLE, TABLE

from .conftest import Contract, Rpc


def marked(message: DescriptorProto, mark: object) -> list[FieldDescriptorProto]:
    return [field for field in message.field if field.options.Extensions[mark]]


def batch_of(rpc: Rpc) -> str:
    name: str = rpc.options.Extensions[options_pb2.rule].batch_of
    return name


def alone(contract: Contract) -> list[Rpc]:
    """The methods that are no batches of others."""
    return [rpc for rpc in contract.rpcs if not batch_of(rpc)]


def test_every_request_names_its_sender_in_exactly_one_field(contract: Contract) -> None:
    senders = {rpc.name: marked(rpc.request, options_pb2.sender) for rpc in alone(contract)}

    assert senders
    assert [name for name, fields in senders.items() if len(fields) != 1] == []
    assert {field.name for fields in senders.values() for field in fields} == {"sender"}


def test_a_sender_and_a_request_id_are_marked_by_option(contract: Contract) -> None:
    marks = {"sender": options_pb2.sender, "request_id": options_pb2.request_id}
    for message in contract.messages.values():
        for name, mark in marks.items():
            named = [field.name for field in message.field if field.name == name]
            assert [field.name for field in marked(message, mark)] == named, message.name


def test_what_proves_who_asks_is_marked_as_a_credential(contract: Contract) -> None:
    """A repeat may bring a fresh one: it is no part of what is asked."""
    for message in contract.messages.values():
        names = {field.name for field in message.field}
        credentials = {field.name for field in marked(message, options_pb2.credential)}
        if message.name.endswith("Request"):
            assert names & {"operator_session", "password"} <= credentials, message.name
        assert credentials <= {"operator_session", "password", "permit", "inquirer_keys"}


def test_only_requests_have_a_sender(contract: Contract) -> None:
    requests = {rpc.request.name for rpc in alone(contract)}
    with_sender = {
        message.name
        for message in contract.messages.values()
        if marked(message, options_pb2.sender)
    }

    assert with_sender == requests


def test_a_request_that_changes_something_is_said_to_be_safe_to_repeat(contract: Contract) -> None:
    changing = [rpc for rpc in contract.rpcs if marked(rpc.request, options_pb2.request_id)]

    assert changing
    for rpc in changing:
        assert re.search(r"repeat with the same request_id is safe", rpc.comment), rpc.name
        assert "REQUEST_ID_REUSED" in rpc.comment, rpc.name


def test_a_request_that_only_asks_has_no_request_id(contract: Contract) -> None:
    asking = [rpc for rpc in alone(contract) if not marked(rpc.request, options_pb2.request_id)]

    assert asking
    assert all(rpc.name.rpartition(".")[2].startswith(("Get", "List")) for rpc in asking)


def test_every_rpc_says_who_may_call_and_why_it_may_refuse(contract: Contract) -> None:
    for rpc in alone(contract):
        assert "Caller: " in rpc.comment, rpc.name
        assert "Reasons: " in rpc.comment, rpc.name


def test_every_rpc_names_each_caller_that_the_table_admits(contract: Contract) -> None:
    """Two are named by what they are: their role has the name of the seat itself."""
    words = {
        "provision-network": "the information provision network",
        "national-server": "the national server's",
    }
    for rpc in alone(contract):
        callers = rpc.comment.partition("Caller: ")[2].partition("Reasons: ")[0]
        service = rpc.name.rpartition(".")[0]
        for row in TABLE:
            if row.service == service:
                assert words.get(row.caller, row.caller) in callers, rpc.name


def test_every_reason_that_a_comment_names_exists(contract: Contract) -> None:
    names = {reason.name for reason in reasons.NAMED.values()}
    for rpc in contract.rpcs:
        told = re.findall(r"\b[A-Z]+(?:_[A-Z]+)+\b(?:_\*)?|\b[A-Z]+(?:_[A-Z]+)*_\*", rpc.comment)
        assert told, rpc.name
        for name in told:
            prefix = name.removesuffix("*")
            known = name in names if prefix == name else any(n.startswith(prefix) for n in names)
            assert known, f"{rpc.name}: {name}"


def test_a_batch_is_many_requests_of_one_method_and_as_many_outcomes(contract: Contract) -> None:
    singles = {rpc.name: rpc for rpc in alone(contract)}
    batches = [rpc for rpc in contract.rpcs if batch_of(rpc)]

    assert batches
    for rpc in batches:
        service, _, name = rpc.name.rpartition(".")
        single = singles[f"{service}.{batch_of(rpc)}"]
        package = service.rpartition(".")[0]
        (requests,) = rpc.request.field
        (outcomes,) = rpc.response.field
        (outcome,) = rpc.response.nested_type
        kinds = {field.name: field.type_name for field in outcome.field}
        steps = [one.options.Extensions[options_pb2.rule].steps for one in (rpc, single)]
        plural = re.sub("ys$", "ies", f"{single.name.rpartition('.')[2]}s")
        assert name == f"Batch{plural}"
        assert (requests.name, requests.label) == ("requests", requests.LABEL_REPEATED)
        assert requests.type_name == f".{package}.{single.request.name}"
        assert (outcomes.name, outcomes.label) == ("outcomes", outcomes.LABEL_REPEATED)
        assert kinds == {
            "response": f".{package}.{single.response.name}",
            "refusal": ".renkei.type.v1.RefusedRequest",
        }
        assert steps[0] == steps[1]
        assert "Caller: as there. Reasons for the whole batch: " in rpc.comment


def test_every_method_of_the_code_exchange_has_a_batch(contract: Contract) -> None:
    batched = {rpc.name.rpartition(".")[0] + "." + batch_of(rpc) for rpc in contract.rpcs}
    of_f1 = {
        rpc.name
        for rpc in alone(contract)
        if any(step.startswith("F1.") for step in rpc.options.Extensions[options_pb2.rule].steps)
    }

    assert of_f1 <= batched


def test_every_enum_starts_with_unspecified(contract: Contract) -> None:
    assert contract.enums
    for enum in contract.enums:
        prefix = re.sub(r"(?<!^)(?=[A-Z])", "_", enum.name).upper()
        first = enum.value[0]
        assert (first.name, first.number) == (f"{prefix}_UNSPECIFIED", 0)
        assert all(value.name.startswith(f"{prefix}_") for value in enum.value)


def test_the_municipal_cs_takes_the_listed_items_only(contract: Contract) -> None:
    def is_closed(service: str) -> bool:
        closed: bool = contract.services[service].options.Extensions[options_pb2.closed]
        return closed

    at_the_cs = {row.service for row in TABLE if row.seat == "municipal-cs"}
    elsewhere = {row.service for row in TABLE} - at_the_cs

    assert at_the_cs
    assert all(is_closed(service) for service in at_the_cs)
    assert not any(is_closed(service) for service in elsewhere)


def test_the_table_admits_somebody_to_every_service_and_knows_no_other(contract: Contract) -> None:
    assert {row.service for row in (*TABLE, *CONTROL_TABLE)} == set(contract.services)


def test_steps_have_the_flow_s_own_numbers(contract: Contract) -> None:
    steps = [
        step for rpc in contract.rpcs for step in rpc.options.Extensions[options_pb2.rule].steps
    ]

    assert steps
    assert [step for step in steps if not re.fullmatch(r"F[12]\.(0|[1-9]\d?)[a-z]?", step)] == []


def test_every_rpc_says_what_the_door_must_know(contract: Contract) -> None:
    for rpc in contract.rpcs:
        assert rpc.options.HasExtension(options_pb2.rule), rpc.name


def test_a_service_has_a_file_of_its_own(contract: Contract) -> None:
    assert max(len(file.service) for file in contract.files) == 1


def test_a_stream_goes_both_ways_and_each_of_its_messages_is_a_whole_request(
    contract: Contract,
) -> None:
    """The door passes each message as a call of its own: it needs what a call needs."""
    streams = {
        f"{service}.{method.name}"
        for service, one in contract.services.items()
        for method in one.method
        if method.client_streaming or method.server_streaming
    }
    for service in contract.services.values():
        assert all(one.client_streaming == one.server_streaming for one in service.method)
    found = [rpc for rpc in contract.rpcs if rpc.name in streams]
    assert found
    for rpc in found:
        assert marked(rpc.request, options_pb2.sender), rpc.name
        assert marked(rpc.request, options_pb2.request_id), rpc.name
