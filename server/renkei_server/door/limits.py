"""Judging how large a request is, and how many a batch holds."""

from collections.abc import Sized

from renkei import reasons
from renkei.facts import FOUND, LIMIT
from renkei.limits import BATCH_LIMIT, MESSAGE_LIMIT
from renkei.refusals import Refusal


def judge_count(entries: Sized, limit: int = BATCH_LIMIT, field: str = "requests") -> None:
    """Raise FIELD_MISSING where there are none, and BATCH_TOO_LARGE for more than the limit."""
    if not entries:
        raise Refusal(reasons.FIELD_MISSING, "", field)
    if len(entries) > limit:
        raise too_many(len(entries), limit, field)


def too_many(found: int, limit: int, field: str) -> Refusal:
    """There are more entries in a field than are taken at once."""
    detail, facts = f"{found} {field}, at most {limit}", (FOUND.of(found), LIMIT.of(limit))
    return Refusal(reasons.BATCH_TOO_LARGE, detail, field, facts=facts)


def too_large(found: int, limit: int, *fields: str) -> Refusal:
    """There are more bytes than are taken at once."""
    detail, facts = f"{found} bytes, at most {limit}", (FOUND.of(found), LIMIT.of(limit))
    return Refusal(reasons.MESSAGE_TOO_LARGE, detail, *fields, facts=facts)


def judge_size(raw: bytes) -> None:
    """Raise MESSAGE_TOO_LARGE for a request over the limit."""
    if len(raw) > MESSAGE_LIMIT:
        raise too_large(len(raw), MESSAGE_LIMIT)
