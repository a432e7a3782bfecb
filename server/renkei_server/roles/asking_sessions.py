"""How a ward system has a session judged that it did not open: it asks the operator service (USE-06).

Whoever gets no answer, or one that says nothing of the session, refuses (decided): an outage costs
availability and lets nobody in.
"""

from typing import Final

from renkei import reasons
from renkei.refusals import Refusal
from renkei.type.v1 import operator_session_pb2 as pb2
from renkei_clients.operators import SessionClient
from renkei_server.domain.operators import Access
from renkei_server.door.operator_sessions import Acting, JudgesStanding

_AS_TOLD: Final = {Access.READ: pb2.ACCESS_READ, Access.UPDATE: pb2.ACCESS_UPDATE}
_OF_SESSIONS: Final = frozenset(
    {
        reasons.OPERATOR_SESSION_MISSING,
        reasons.OPERATOR_SESSION_INVALID,
        reasons.OPERATOR_SESSION_OF_ANOTHER_TERMINAL,
        reasons.OPERATOR_SESSION_OUT_OF_DATE,
        reasons.OPERATOR_SESSION_ENDED,
        reasons.OPERATOR_FACTOR_MISSING,
        reasons.PERMISSION_MISSING,
        reasons.APPROVER_RIGHT_MISSING,
    }
)
"""What it may answer of a session; anything else is no answer."""


def asked(service: SessionClient) -> JudgesStanding:
    """How the ward's operator service judges."""

    async def judge(acting: Acting) -> None:
        deed = acting.deed
        try:
            await service.judge_session(
                acting.signed,
                acting.session.terminal,
                deed.function,
                _AS_TOLD[deed.access],
                approves=deed.approves,
            )
        except Refusal as refusal:
            if refusal.reason in _OF_SESSIONS:
                what = f"{deed.function}, {deed.access.name.lower()}"
                raise Refusal(refusal.reason, what, "operator_session") from None
            raise Refusal(reasons.OPERATOR_SERVICE_UNREACHABLE, refusal.reason.name) from None

    return judge
