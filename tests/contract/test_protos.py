"""What every proto file keeps to, so that the door can enforce it and a reader can rely on it."""

import re

from google.protobuf.descriptor_pb2 import DescriptorProto, FieldDescriptorProto

from renkei import reasons
from renkei.type.v1 import options_pb2
from renkei_server.door.connections import CONTROL_TABLE, TABLE

from .conftest import Contract, Rpc


def marked(message: DescriptorProto, mark: object) -> list[FieldDescriptorProto]:
    return [field for field in message.field if field.options.Extensions[mark]]


BATCHES = "renkei.batch.v1.BatchService"
"""The one service that is the door's own: its requests are those of other methods."""
MEMORIES = "renkei.memory.v1.MemoryService"
"""Offered at every listener too, to seats alone."""


def business(contract: Contract) -> list[Rpc]:
    """The methods of the networks' own services."""
    return [rpc for rpc in contract.rpcs if not rpc.name.startswith(f"{BATCHES}.")]


def comes_in_batches(rpc: Rpc) -> bool:
    may: bool = rpc.options.Extensions[options_pb2.rule].in_batches
    return may


def test_every_request_names_its_sender_in_exactly_one_field(contract: Contract) -> None:
    senders = {rpc.name: marked(rpc.request, options_pb2.sender) for rpc in business(contract)}

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
    requests = {rpc.request.name for rpc in business(contract)}
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
    asking = [rpc for rpc in business(contract) if not marked(rpc.request, options_pb2.request_id)]

    assert asking
    words = ("Get", "List", "Judge", "Search", "Inquire", "Compare", "Count")
    assert all(rpc.name.rpartition(".")[2].startswith(words) for rpc in asking)


def test_every_rpc_says_who_may_call_and_why_it_may_refuse(contract: Contract) -> None:
    for rpc in contract.rpcs:
        assert "Caller: " in rpc.comment, rpc.name
        assert "Reasons: " in rpc.comment, rpc.name


def test_every_rpc_names_each_caller_that_the_table_admits(contract: Contract) -> None:
    """Two are named by what they are: their role has the name of the seat itself."""
    words = {
        "provision-network": "the information provision network",
        "national-server": "the national server's",
    }
    for rpc in business(contract):
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


def test_every_method_of_the_code_exchange_comes_in_batches(contract: Contract) -> None:
    of_f1 = {
        rpc.name
        for rpc in contract.rpcs
        if any(step.startswith("F1.") for step in rpc.options.Extensions[options_pb2.rule].steps)
    }

    assert of_f1
    assert of_f1 <= {rpc.name for rpc in contract.rpcs if comes_in_batches(rpc)}


def test_every_call_between_seats_of_an_inquiry_comes_in_batches(contract: Contract) -> None:
    """Whatever is owed for many inquiries at once, to the acknowledgement of what was fetched."""
    owed = {
        "linkage.v1.InquiryService": ("StartInquiry", "GetInquiry", "AcknowledgeAnswer"),
        "linkage.v1.ExchangeService": ("RequestExchange", "DeliverAnswer"),
        "linkage.v1.ProvisionService": ("AnnounceExchange", "HandOverAnswer"),
    }
    of_f2 = {f"renkei.{service}.{name}" for service, names in owed.items() for name in names}

    assert of_f2 <= {rpc.name for rpc in contract.rpcs if comes_in_batches(rpc)}


def test_what_opens_a_session_or_controls_a_world_never_comes_in_a_batch(
    contract: Contract,
) -> None:
    """Two hundred passwords in one call would be two hundred guesses."""
    kept_out = [
        rpc
        for rpc in contract.rpcs
        if "password" in {field.name for field in rpc.request.field}
        or "OperatorAccess" in rpc.name
        or "OperatorRoster" in rpc.name
        or rpc.name.startswith(("renkei.control.", "renkei.batch."))
    ]

    assert len(kept_out) > len(CONTROL_TABLE)
    assert [rpc.name for rpc in kept_out if comes_in_batches(rpc)] == []


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
    admitted = {row.service for row in (*TABLE, *CONTROL_TABLE)}

    assert admitted == set(contract.services) - {BATCHES, MEMORIES}


def test_steps_have_the_flow_s_own_numbers(contract: Contract) -> None:
    steps = [
        step for rpc in contract.rpcs for step in rpc.options.Extensions[options_pb2.rule].steps
    ]

    assert steps
    assert [
        step for step in steps if not re.fullmatch(r"F(?:[1-3]|9|13)\.(0|[1-9]\d?)[a-z]?", step)
    ] == []


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
