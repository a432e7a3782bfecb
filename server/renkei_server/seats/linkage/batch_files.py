"""What runs of every kind share at the linkage platform: a file's size, and how faults are told.

A file with faults is answered, not refused: whoever sent it needs all of them at once. The bounds
are `invented`; the message for a repeated record number is `documented` (MSG).
"""

from collections.abc import Iterable
from typing import Final, TypeVar

from renkei import reasons
from renkei.inquiries import RECORD_EXISTS
from renkei.reasons import Reason
from renkei.refusals import Refusal
from renkei.type.v1 import batch_run_pb2 as pb2
from renkei_server.domain.batch_files.faults import Fault, Parsed
from renkei_server.door.limits import too_large

T = TypeVar("T")

CONTENT_LIMIT: Final = 900_000
"""The most bytes of a file."""

FAULTS_TOLD: Final = 500
"""The most faults that one answer tells."""

AT_ONCE: Final = 200
"""So many lines of a closed run become calls in one transaction."""


class FaultyFileError(Exception):
    """A file was wrong in a way that only the run's other files show: nothing of it is kept."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = faults


def require_size(content: bytes) -> None:
    """Raise MESSAGE_TOO_LARGE for a file over the limit."""
    if len(content) > CONTENT_LIMIT:
        raise too_large(len(content), CONTENT_LIMIT, "content")


def require_plan(holds: bool, place: str) -> None:  # noqa: FBT001 - reads as a sentence where it stands
    """Raise MALFORMED_BATCH_RUN with the field unless it holds."""
    if not holds:
        raise Refusal(reasons.MALFORMED_BATCH_RUN, "", place)


def sorted_out(read: Iterable[Parsed[T] | Fault]) -> tuple[list[Parsed[T]], list[Fault]]:
    """The good records of a file, and what is wrong with it."""
    good: list[Parsed[T]] = []
    faults: list[Fault] = []
    for one in read:
        if isinstance(one, Fault):
            faults.append(one)
        else:
            good.append(one)
    return good, faults


def write_faults(faults: list[Fault]) -> list[pb2.BatchFault]:
    """Write the first of the faults."""
    return [
        pb2.BatchFault(
            line=fault.line,
            field=fault.field,
            reason=fault.reason.name,
            detail=fault.detail,
            message_ja=message_of(fault.reason),
        )
        for fault in faults[:FAULTS_TOLD]
    ]


def message_of(reason: Reason) -> str:
    """What is said of a reason in Japanese."""
    return RECORD_EXISTS if reason is reasons.BATCH_RECORD_REPEATED else reason.japanese
