"""How a refusal leaves: its reason, its fields and a sentence in each language."""

import grpc
from google.protobuf.any_pb2 import Any as AnyMessage
from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2
from grpc_status import rpc_status

from renkei import reasons
from renkei.refusals import DOMAIN, Refusal
from renkei.type.v1.refused_request_pb2 import RefusedRequest


def status_of(refusal: Refusal, incident: str = "") -> grpc.Status:
    """The gRPC status that tells a refusal.

    Details: `ErrorInfo` (reason, domain `renkei`, for a fault its incident id),
    `BadRequest` where fields are at fault, `LocalizedMessage` in Japanese.
    """
    reason = refusal.reason
    metadata = {"incident": incident} if incident else {}
    details: list[Message] = [
        error_details_pb2.ErrorInfo(reason=reason.name, domain=DOMAIN, metadata=metadata),
        error_details_pb2.LocalizedMessage(locale="ja", message=reason.japanese),
    ]
    if refusal.fields:
        violations = [
            error_details_pb2.BadRequest.FieldViolation(field=field, description=reason.english)
            for field in refusal.fields
        ]
        details.append(error_details_pb2.BadRequest(field_violations=violations))
    code = grpc.StatusCode[reason.status]
    return rpc_status.to_status(
        status_pb2.Status(code=code.value[0], message=_sentence(refusal), details=_packed(details))
    )


def write_refusal(refusal: Refusal, incident: str = "") -> RefusedRequest:
    """The same, as the outcome of one request of a batch."""
    return RefusedRequest(
        reason=refusal.reason.name,
        fields=refusal.fields,
        message=_sentence(refusal),
        message_ja=refusal.reason.japanese,
        incident=incident,
    )


def _sentence(refusal: Refusal) -> str:
    if refusal.reason is reasons.INTERNAL:  # nothing of the cause goes on the wire
        return refusal.reason.english
    addition = f" ({refusal.detail})" if refusal.detail else ""
    return refusal.reason.english + addition


def _packed(details: list[Message]) -> list[AnyMessage]:
    packed = []
    for detail in details:
        held = AnyMessage()
        held.Pack(detail)
        packed.append(held)
    return packed
