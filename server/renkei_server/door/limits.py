"""How large a request may be, and how many a batch may hold."""

from collections.abc import Sized

from renkei.refusals import Reason, Refusal

MESSAGE_LIMIT = 1 << 20
"""The largest request in bytes; it lies below what grpc itself would refuse without a reason."""


BATCH_LIMIT = 200
"""The most requests in one batch: enough that what a call costs is shared, and few enough
that those beside it do not wait long."""


def judge_count(requests: Sized) -> None:
    """Raise FIELD_MISSING for an empty batch and BATCH_TOO_LARGE for one over the limit."""
    if not requests:
        raise Refusal(Reason.FIELD_MISSING, "", "requests")
    if len(requests) > BATCH_LIMIT:
        detail = f"{len(requests)} requests, at most {BATCH_LIMIT}"
        raise Refusal(Reason.BATCH_TOO_LARGE, detail, "requests")


def judge_size(raw: bytes) -> None:
    """Raise MESSAGE_TOO_LARGE for a request over the limit."""
    if len(raw) > MESSAGE_LIMIT:
        raise Refusal(Reason.MESSAGE_TOO_LARGE, f"{len(raw)} bytes, at most {MESSAGE_LIMIT}")
