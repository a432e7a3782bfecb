"""Operator sessions as they come in a request: the signature, then the claims, then how it stands."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC

from google.protobuf.message import DecodeError

from renkei import reasons
from renkei.refusals import Refusal
from renkei.roles import role_of
from renkei.type.v1 import operator_session_pb2 as pb2
from renkei_pki.identity import Identity
from renkei_pki.signing import VerifyingKey
from renkei_server.domain.operators import (
    Access,
    Deed,
    Factor,
    Session,
    judge_deed,
    judge_factors,
    judge_session,
)
from renkei_server.domain.world import Clock
from renkei_server.door.call import Call


@dataclass(frozen=True, slots=True)
class Acting:
    """An operator who is about to do something, under a session that was well signed."""

    session: Session
    signed: pb2.OperatorSession
    deed: Deed


JudgesStanding = Callable[[Acting], Awaitable[None]]
"""Raises the refusal that forbids this by how session and operator stand now.

OPERATOR_SESSION_ENDED and more; OPERATOR_SERVICE_UNREACHABLE where nobody can tell.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorSessions:
    """Judges the operator of a request at one institution."""

    institution: str
    operator_key: VerifyingKey | None
    """None where nobody opens sessions: then no operator is admitted."""
    clock: Clock
    standing: JudgesStanding | None = None
    """Judges more, where the institution's operator service can tell, or the seat itself is it."""

    async def admit(
        self,
        call: Call,
        signed: pb2.OperatorSession,
        function: str,
        access: Access,
        *,
        terminal: str = "",
        approves: bool = False,
    ) -> Session:
        """Note the operator in the call's record; raise the refusal that forbids this, if any.

        `terminal`: at which they sit, where that is not the caller itself. `approves`: whether
        they approve what another one proposes. Raises what `identified` raises,
        PERMISSION_MISSING, APPROVER_RIGHT_MISSING, OPERATOR_SESSION_ENDED or
        OPERATOR_SERVICE_UNREACHABLE.
        """
        session = self.identified(call, signed, terminal=terminal)
        deed = Deed(function, access, approves)
        if self.standing is None:
            judge_deed(session.permissions, deed, approver=session.approver)
        else:
            await self.standing(Acting(session, signed, deed))
        return session

    async def admit_unless_system(
        self, call: Call, signed: pb2.OperatorSession, function: str, access: Access
    ) -> None:
        """As `admit`, but for a caller whose role acts without an operator."""
        if not role_of(call.caller.role).unattended:
            await self.admit(call, signed, function, access)

    def identified(self, call: Call, signed: pb2.OperatorSession, *, terminal: str = "") -> Session:
        """The session of a request, whatever it permits; its operator is noted in the record.

        Raises OPERATOR_SESSION_MISSING, OPERATOR_SESSION_INVALID, what `judge_session` raises,
        OPERATOR_FACTOR_MISSING, and OPERATOR_SERVICE_UNREACHABLE where there is none.
        """
        if not signed.claims:
            raise Refusal(reasons.OPERATOR_SESSION_MISSING, "", "operator_session")
        if self.operator_key is None:
            raise Refusal(reasons.OPERATOR_SERVICE_UNREACHABLE)
        if not self.operator_key.verify(signed.signature, signed.claims):
            raise Refusal(reasons.OPERATOR_SESSION_INVALID, "", "operator_session")
        session = _read(signed.claims)
        call.operation.operator = session.operator_id
        at = terminal or call.caller.uri
        now = self.clock.real()
        judge_session(session, terminal=at, institution=self.institution, now=now)
        judge_factors(session.factors, needed_at(Identity.parse(at).role))
        return session


def needed_at(terminal: str) -> tuple[Factor, ...]:
    """The factors that are needed at a terminal of this role."""
    return tuple(Factor[name.upper()] for name in role_of(terminal).factors)


def _read(claims: bytes) -> Session:
    try:
        read = pb2.OperatorSessionClaims.FromString(claims)
        return Session(
            session_id=read.session_id,
            operator_id=read.operator_id,
            institution=read.institution,
            terminal=read.terminal,
            factors=frozenset(map(Factor, read.factors)),
            permissions=frozenset((one.function, Access(one.access)) for one in read.permissions),
            approver=read.approver,
            not_before=read.not_before.ToDatetime(tzinfo=UTC),
            not_after=read.not_after.ToDatetime(tzinfo=UTC),
        )
    except (DecodeError, ValueError):
        raise Refusal(reasons.OPERATOR_SESSION_INVALID, "", "operator_session") from None
