"""Judging how large a request is, and how many a batch holds."""

from collections.abc import Sized

from renkei import reasons
from renkei.limits import BATCH_LIMIT, MESSAGE_LIMIT
from renkei.refusals import Refusal


def judge_count(requests: Sized) -> None:
    """Raise FIELD_MISSING for an empty batch and BATCH_TOO_LARGE for one over the limit."""
    if not requests:
        raise Refusal(reasons.FIELD_MISSING, "", "requests")
    if len(requests) > BATCH_LIMIT:
        detail = f"{len(requests)} requests, at most {BATCH_LIMIT}"
        raise Refusal(reasons.BATCH_TOO_LARGE, detail, "requests")


def judge_size(raw: bytes) -> None:
    """Raise MESSAGE_TOO_LARGE for a request over the limit."""
    if len(raw) > MESSAGE_LIMIT:
        raise Refusal(reasons.MESSAGE_TOO_LARGE, f"{len(raw)} bytes, at most {MESSAGE_LIMIT}")
