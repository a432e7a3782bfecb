"""What became of a chunk: how many of its entries were done, and why the others were not.

It is kept beside the chunk's receipt as text without a person, so that a repeat is told the same.
"""

import json
from collections.abc import Mapping, Sized

from renkei.limits import CHUNK_LIMIT
from renkei.refusals import Refusal
from renkei.type.v1.refused_request_pb2 import RefusedRequest
from renkei.wire.refusals import facts_of, read_refusal, write_refused_request
from renkei_server.door.limits import judge_count

Refused = Mapping[int, Refusal]
"""By the place of an entry in its chunk."""


def judge_chunk(entries: Sized) -> None:
    """Raise FIELD_MISSING for an empty chunk and BATCH_TOO_LARGE for one over the limit."""
    judge_count(entries, CHUNK_LIMIT, "entries")


def as_made(done: int, refused: Refused) -> str:
    """What is kept of it."""
    told = [
        [place, one.reason.name, list(one.fields), facts_of(one)] for place, one in refused.items()
    ]
    return json.dumps([done, told])


def from_made(made: str) -> tuple[int, dict[int, RefusedRequest]]:
    """How many were done, and how each other one was refused."""
    done, told = json.loads(made)
    refusals = {place: read_refusal(reason, fields, facts) for place, reason, fields, facts in told}
    return done, {
        place: write_refused_request(one) for place, one in refusals.items() if one is not None
    }
