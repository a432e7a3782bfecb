"""How large a request may be."""

from renkei.refusals import Reason, Refusal

MESSAGE_LIMIT = 1 << 20
"""The largest request in bytes; it lies below what grpc itself would refuse without a reason."""


def judge_size(raw: bytes) -> None:
    """Raise MESSAGE_TOO_LARGE for a request over the limit."""
    if len(raw) > MESSAGE_LIMIT:
        raise Refusal(Reason.MESSAGE_TOO_LARGE, f"{len(raw)} bytes, at most {MESSAGE_LIMIT}")
