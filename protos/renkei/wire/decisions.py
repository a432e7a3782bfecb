"""What the provision network decides."""

from renkei import reasons
from renkei.decisions import Decision
from renkei.linkage.v1 import exchange_pb2 as pb2
from renkei.refusals import Refusal
from renkei.wire.permits import read_permit, write_permit
from renkei.wire.times import read_time, write_time


def write_decision(decision: Decision) -> pb2.RequestExchangeResponse:
    """Write a decision."""
    response = pb2.RequestExchangeResponse(asked_at=write_time(decision.asked_at))
    if decision.permit is not None:
        response.permit.CopyFrom(write_permit(decision.permit))
    elif decision.refusal:
        response.not_permitted.reason = decision.refusal
    else:
        response.cancelled.SetInParent()
    return response


def read_decision(told: pb2.RequestExchangeResponse) -> Decision:
    """Read a decision; raises FIELD_MISSING where none was made."""
    asked_at = read_time(told, "asked_at")
    match told.WhichOneof("decision"):
        case "permit":
            return Decision(asked_at, read_permit(told))
        case "not_permitted" if told.not_permitted.reason:
            return Decision(asked_at, refusal=told.not_permitted.reason)
        case "cancelled":
            return Decision(asked_at)
        case _:
            raise Refusal(reasons.FIELD_MISSING, "", "decision")
