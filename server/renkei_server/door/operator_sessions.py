"""Operator sessions as they come in a request: the signature, then the claims."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC

from google.protobuf.message import DecodeError

from renkei import reasons
from renkei.refusals import Refusal
from renkei.roles import role_of
from renkei.type.v1 import operator_session_pb2 as pb2
from renkei_pki.signing import VerifyingKey
from renkei_server.domain.operators import Access, Session, judge_permission, judge_session
from renkei_server.domain.world import Clock
from renkei_server.door.call import Call

JudgesStanding = Callable[[str, str, Access], Awaitable[None]]
"""Raises the refusal that forbids a session, by its id, to do this; OPERATOR_SESSION_ENDED and more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorSessions:
    """Judges the operator of a request at one institution."""

    institution: str
    operator_key: VerifyingKey
    clock: Clock
    standing: JudgesStanding | None = None
    """Judges more, where the seat itself is operator service."""

    async def admit(
        self,
        call: Call,
        signed: pb2.OperatorSession,
        function: str,
        access: Access,
        *,
        terminal: str = "",
    ) -> None:
        """Note the operator in the call's record; raise the refusal that forbids this, if any.

        `terminal`: at which they sit, where that is not the caller itself. Raises what
        `identified` raises, PERMISSION_MISSING or OPERATOR_SESSION_ENDED.
        """
        session = self.identified(call, signed, terminal=terminal)
        if self.standing is None:
            judge_permission(session.permissions, function, access)
        else:
            await self.standing(session.session_id, function, access)

    async def admit_unless_system(
        self, call: Call, signed: pb2.OperatorSession, function: str, access: Access
    ) -> None:
        """As `admit`, but for a caller whose role acts without an operator."""
        if not role_of(call.caller.role).unattended:
            await self.admit(call, signed, function, access)

    def identified(self, call: Call, signed: pb2.OperatorSession, *, terminal: str = "") -> Session:
        """The session of a request, whatever it permits; its operator is noted in the record.

        Raises OPERATOR_SESSION_MISSING, OPERATOR_SESSION_INVALID and what `judge_session` raises.
        """
        if not signed.claims:
            raise Refusal(reasons.OPERATOR_SESSION_MISSING, "", "operator_session")
        if not self.operator_key.verify(signed.signature, signed.claims):
            raise Refusal(reasons.OPERATOR_SESSION_INVALID, "", "operator_session")
        session = _read(signed.claims)
        call.operation.operator = session.operator_id
        judge_session(
            session,
            terminal=terminal or call.caller.uri,
            institution=self.institution,
            now=self.clock.real(),
        )
        return session


def _read(claims: bytes) -> Session:
    try:
        read = pb2.OperatorSessionClaims.FromString(claims)
        return Session(
            session_id=read.session_id,
            operator_id=read.operator_id,
            institution=read.institution,
            terminal=read.terminal,
            permissions=frozenset((one.function, Access(one.access)) for one in read.permissions),
            not_before=read.not_before.ToDatetime(tzinfo=UTC),
            not_after=read.not_after.ToDatetime(tzinfo=UTC),
        )
    except (DecodeError, ValueError):
        raise Refusal(reasons.OPERATOR_SESSION_INVALID, "", "operator_session") from None
