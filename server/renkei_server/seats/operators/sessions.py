"""An operator service as the ward's systems see it: whether a session is good (USE-06, USE-21)."""

from dataclasses import dataclass

from renkei import reasons
from renkei.refusals import Refusal
from renkei.ward.v1 import session_pb2 as pb2
from renkei_server.domain.operators import Access
from renkei_server.door.call import Call
from renkei_server.door.operator_sessions import OperatorSessions


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionService:
    """Judges what an operator is about to do at another system."""

    contract = pb2.DESCRIPTOR.services_by_name["SessionService"]

    sessions: OperatorSessions

    async def judge_session(
        self, request: pb2.JudgeSessionRequest, call: Call
    ) -> pb2.JudgeSessionResponse:
        """Whether the session is good for it now."""
        if not request.access:
            raise Refusal(reasons.PERMISSION_MISSING, "", "access")
        await self.sessions.admit(
            call,
            request.operator_session,
            request.function,
            Access(request.access),
            terminal=request.terminal,
            approves=request.approves,
        )
        return pb2.JudgeSessionResponse()
