"""How a refusal leaves: its reason, its fields and a sentence in each language."""

from typing import Final

import grpc
from google.protobuf.any_pb2 import Any as AnyMessage
from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2
from grpc_status import rpc_status

from renkei import reasons
from renkei.facts import RETRY_AFTER
from renkei.refusals import DOMAIN, Refusal
from renkei.wire.refusals import facts_of, sentence_of


def status_of(refusal: Refusal, incident: str = "") -> grpc.Status:
    """The gRPC status that tells a refusal.

    Details: `ErrorInfo` (reason, domain `renkei`, facts, for a fault its incident id),
    `BadRequest` where fields are at fault, `RetryInfo` where it is told when to come again,
    `LocalizedMessage` in Japanese.
    """
    reason = refusal.reason
    facts = facts_of(refusal, incident)
    details: list[Message] = [
        error_details_pb2.ErrorInfo(reason=reason.name, domain=DOMAIN, metadata=facts),
        error_details_pb2.LocalizedMessage(locale="ja", message=reason.japanese),
    ]
    if refusal.fields:
        violations = [
            error_details_pb2.BadRequest.FieldViolation(field=field, description=reason.english)
            for field in refusal.fields
        ]
        details.append(error_details_pb2.BadRequest(field_violations=violations))
    if (milliseconds := refusal.fact(RETRY_AFTER)) is not None:
        delay = Duration()
        delay.FromMilliseconds(milliseconds)
        details.append(error_details_pb2.RetryInfo(retry_delay=delay))
    code = grpc.StatusCode[reason.status]
    return rpc_status.to_status(
        status_pb2.Status(
            code=code.value[0], message=sentence_of(refusal), details=_packed(details)
        )
    )


def _packed(details: list[Message]) -> list[AnyMessage]:
    packed = []
    for detail in details:
        held = AnyMessage()
        held.Pack(detail)
        packed.append(held)
    return packed


LAST_RESORT: Final = status_of(Refusal(reasons.INTERNAL))
"""Where even telling a refusal failed: its reason, and nothing of the cause."""
