"""How a refusal leaves: its reason for programs, its sentence for people, and nothing of the cause."""

from typing import TypeVar

import grpc
import pytest
from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2

from renkei import reasons
from renkei.facts import FOUND, LIMIT, RETRY_AFTER
from renkei.reasons import Reason
from renkei.refusals import Refusal
from renkei_server.door.answer import status_of

Detail = TypeVar("Detail", bound=Message)


def answered(refusal: Refusal, incident: str = "") -> status_pb2.Status:
    """The rich status as it travels in the trailers."""
    trailers = dict(status_of(refusal, incident).trailing_metadata)
    return status_pb2.Status.FromString(trailers["grpc-status-details-bin"])


def detail(status: status_pb2.Status, kind: type[Detail]) -> Detail | None:
    """The status's one detail of a kind, if it has one."""
    found = [one for one in status.details if one.Is(kind.DESCRIPTOR)]
    assert len(found) <= 1
    return kind.FromString(found[0].value) if found else None


@pytest.mark.parametrize("reason", reasons.NAMED.values())
def test_every_reason_leaves_under_its_status_and_name(reason: Reason) -> None:
    plain, rich = status_of(Refusal(reason)), answered(Refusal(reason))
    info = detail(rich, error_details_pb2.ErrorInfo)

    assert plain.code is grpc.StatusCode[reason.status]
    assert rich.code == plain.code.value[0]
    assert plain.details == rich.message == reason.english
    assert info == error_details_pb2.ErrorInfo(reason=reason.name, domain="renkei")


@pytest.mark.parametrize("reason", reasons.NAMED.values())
def test_every_reason_is_told_in_japanese(reason: Reason) -> None:
    told = detail(answered(Refusal(reason)), error_details_pb2.LocalizedMessage)

    assert told == error_details_pb2.LocalizedMessage(locale="ja", message=reason.japanese)


def test_the_fields_at_fault_are_told_by_their_paths() -> None:
    refusal = Refusal(reasons.MALFORMED_ATTRIBUTES, "", "name.text", "sex").within("attributes")

    told = detail(answered(refusal), error_details_pb2.BadRequest)

    assert told is not None
    assert [one.field for one in told.field_violations] == [
        "attributes.name.text",
        "attributes.sex",
    ]
    assert {one.description for one in told.field_violations} == {
        reasons.MALFORMED_ATTRIBUTES.english
    }


def test_where_no_field_is_at_fault_none_is_told() -> None:
    refusal = Refusal(reasons.CALLER_NOT_ADMITTED)

    assert detail(answered(refusal), error_details_pb2.BadRequest) is None


def test_a_detail_is_added_to_the_sentence() -> None:
    status = status_of(Refusal(reasons.MALFORMED_LINKAGE_CODE, "31 bytes"))

    assert status.details == "The linkage code is not thirty-two bytes. (31 bytes)"


def test_of_a_fault_of_our_own_nothing_leaves_but_its_incident_id() -> None:
    refusal = Refusal(reasons.INTERNAL, "KeyError: 123456789018")
    refusal.__cause__ = KeyError("123456789018")

    plain, rich = status_of(refusal, "incident-1"), answered(refusal, "incident-1")

    info = detail(rich, error_details_pb2.ErrorInfo)
    assert info is not None
    assert dict(info.metadata) == {"incident": "incident-1"}
    assert "KeyError" not in f"{plain} {rich}"
    assert "123456789018" not in f"{plain} {rich}"


def test_detail_and_facts_travel_for_programs_too() -> None:
    refusal = Refusal(
        reasons.BATCH_TOO_LARGE, "201 requests, at most 200", facts=(FOUND.of(201), LIMIT.of(200))
    )

    info = detail(answered(refusal), error_details_pb2.ErrorInfo)

    assert info is not None
    assert dict(info.metadata) == {
        "detail": "201 requests, at most 200",
        "found": "201",
        "limit": "200",
    }


def test_when_to_come_again_is_told_as_grpc_s_own_detail_and_in_both_languages() -> None:
    refusal = Refusal(reasons.TOO_MANY_CALLS, facts=(RETRY_AFTER.of(1_250),))

    status = answered(refusal)

    told = detail(status, error_details_pb2.RetryInfo)
    info = detail(status, error_details_pb2.ErrorInfo)
    assert told is not None
    assert told.retry_delay.ToMilliseconds() == 1_250
    assert info is not None
    assert dict(info.metadata) == {"retryAfterMilliseconds": "1250"}
    assert detail(status, error_details_pb2.LocalizedMessage) is not None
