"""What became of a chunk: how many of its entries were done, and why the others were not.

It is kept beside the chunk's receipt as text without a person, so that a repeat is told the same.
"""

import json
from collections.abc import Mapping, Sized

from renkei import reasons
from renkei.limits import CHUNK_LIMIT
from renkei.refusals import Refusal
from renkei.type.v1.refused_request_pb2 import RefusedRequest
from renkei_server.door.answer import write_refusal

Refused = Mapping[int, Refusal]
"""By the place of an entry in its chunk."""


def judge_chunk(entries: Sized) -> None:
    """Raise FIELD_MISSING for an empty chunk and BATCH_TOO_LARGE for one over the limit."""
    if not entries:
        raise Refusal(reasons.FIELD_MISSING, "", "entries")
    if len(entries) > CHUNK_LIMIT:
        detail = f"{len(entries)} entries, at most {CHUNK_LIMIT}"
        raise Refusal(reasons.BATCH_TOO_LARGE, detail, "entries")


def as_made(done: int, refused: Refused) -> str:
    """What is kept of it."""
    told = [
        [place, one.reason.name, one.detail, list(one.fields)] for place, one in refused.items()
    ]
    return json.dumps([done, told])


def from_made(made: str) -> tuple[int, dict[int, RefusedRequest]]:
    """How many were done, and how each other one was refused."""
    done, told = json.loads(made)
    refused = {
        place: write_refusal(Refusal(reasons.named(reason), detail, *fields))
        for place, reason, detail, fields in told
    }
    return done, refused
