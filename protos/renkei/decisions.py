"""What the information provision network decides on an exchange that was asked for (F2.4)."""

from dataclasses import dataclass
from datetime import datetime

from renkei import reasons, wire
from renkei.linkage.v1 import exchange_pb2 as pb2
from renkei.permits import SignedPermit, read_permit, write_permit
from renkei.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Decision:
    """Permitted with a permit, not permitted with a reason's name, or else cancelled before."""

    asked_at: datetime
    permit: SignedPermit | None = None
    refusal: str = ""


def write_decision(decision: Decision) -> pb2.RequestExchangeResponse:
    """Write a decision."""
    response = pb2.RequestExchangeResponse(asked_at=wire.write_time(decision.asked_at))
    if decision.permit is not None:
        response.permit.CopyFrom(write_permit(decision.permit))
    elif decision.refusal:
        response.not_permitted.reason = decision.refusal
    else:
        response.cancelled.SetInParent()
    return response


def read_decision(told: pb2.RequestExchangeResponse) -> Decision:
    """Read a decision; raises FIELD_MISSING where none was made."""
    asked_at = wire.read_time(told, "asked_at")
    match told.WhichOneof("decision"):
        case "permit":
            return Decision(asked_at, read_permit(told))
        case "not_permitted" if told.not_permitted.reason:
            return Decision(asked_at, refusal=told.not_permitted.reason)
        case "cancelled":
            return Decision(asked_at)
        case _:
            raise Refusal(reasons.FIELD_MISSING, "", "decision")
