"""How far a notification of identity information has come."""

import re
from typing import Final, TypeAlias

from renkei import reasons
from renkei.codes import ResidentRecordCode
from renkei.identities import NotificationProgress, judge_sequence
from renkei.jukinet.v1 import identity_notification_pb2 as jukinet_pb2
from renkei.refusals import Refusal
from renkei.type.v1 import identity_pb2
from renkei.ward.v1 import identity_notification_pb2 as ward_pb2
from renkei.wire.codes import read_resident_record_code, require

_ROLE: Final = re.compile("[a-z][a-z-]{0,39}", re.ASCII)

Question: TypeAlias = (
    ward_pb2.GetNotificationProgressRequest | jukinet_pb2.GetNotificationProgressRequest
)
Answer: TypeAlias = (
    ward_pb2.GetNotificationProgressResponse | jukinet_pb2.GetNotificationProgressResponse
)
"""Over whichever network they come."""


def read_question(request: Question) -> tuple[ResidentRecordCode, int]:
    """Read which notification is meant; raises MALFORMED_SEQUENCE, and as the code's reader."""
    code = read_resident_record_code(request)
    judge_sequence(request.sequence)
    return code, request.sequence


def read_progress(response: Answer) -> NotificationProgress:
    """Read how far it has come; raises FIELD_MISSING where that is not told, of seats by role."""
    require(response, "progress")
    told = response.progress
    if not told.applied or not all(_ROLE.fullmatch(one.seat) for one in told.applied):
        raise Refusal(reasons.FIELD_MISSING, "", "progress.applied")
    return NotificationProgress(
        told.under_way, tuple((one.seat, one.sequence) for one in told.applied)
    )


def write_progress(progress: NotificationProgress) -> identity_pb2.NotificationProgress:
    """Write how far it has come."""
    return identity_pb2.NotificationProgress(
        under_way=progress.under_way,
        applied=[
            identity_pb2.AppliedSequence(seat=seat, sequence=sequence)
            for seat, sequence in progress.applied
        ],
    )
