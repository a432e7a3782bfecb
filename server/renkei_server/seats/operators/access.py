"""An operator service as its terminals see it: it opens and closes sessions (USE-01, USE-02; MS-9).

It signs them with a key of the institution's. Fidelity: invented but for the rules themselves.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from renkei import reasons, wire
from renkei.operators.v1 import operator_access_pb2 as access_pb2
from renkei.refusals import Refusal
from renkei.type.v1 import operator_session_pb2 as pb2
from renkei_pki.signing import SigningKey
from renkei_server.domain.days import day_in_japan
from renkei_server.domain.operators import Factor, judge_factors
from renkei_server.domain.world import Clock, Ids
from renkei_server.door.call import Call, nothing
from renkei_server.door.operator_sessions import OperatorSessions, needed_at
from renkei_server.seats.operators.hashing import to_its_end
from renkei_server.seats.operators.one_password import OnePassword
from renkei_server.seats.operators.permissions import write_permissions
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.store import Store
from renkei_server.store.operators import SALT_BYTES, Known, Operator, Operators

LONGEST: Final = timedelta(hours=8)
"""How long a session is good, by real time (invented)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorAccessService:
    """Opens and closes sessions."""

    contract = access_pb2.DESCRIPTOR.services_by_name["OperatorAccessService"]

    store: Store
    operators: Operators
    sessions: OperatorSessions
    key: SigningKey
    clock: Clock
    ids: Ids
    one_password: OnePassword

    async def open_operator_session(
        self, request: access_pb2.OpenOperatorSessionRequest, call: Call
    ) -> access_pb2.OpenOperatorSessionResponse:
        """Let an operator in who proves who they are."""
        call.operation.operator = request.operator_id[:20]
        factors = _factors(request)
        judge_factors(factors, needed_at(call.caller.role), "asserted_factors")
        async with self.one_password:
            await self._authenticate(request.operator_id, request.password)
        session_id, now = self.ids.request_id(), self.clock.real()

        def open_session(connection: Connection) -> str:
            self.operators.set_failures(connection, request.operator_id, 0)
            operator = self.operators.get(connection, request.operator_id)
            claims = _claims(session_id, operator, call, factors, now)
            told = claims.SerializeToString(deterministic=True)
            return self.operators.open_session(connection, session_id, request.operator_id, told)

        def tell(connection: Connection, made: str) -> bytes:
            return self.operators.claims(connection, made, request.operator_id)

        claims = await call.once(self.store, open_session, tell)
        session = pb2.OperatorSession(claims=claims, signature=self.key.sign(claims))
        return access_pb2.OpenOperatorSessionResponse(operator_session=session)

    async def close_operator_session(
        self, request: access_pb2.CloseOperatorSessionRequest, call: Call
    ) -> access_pb2.CloseOperatorSessionResponse:
        """Let a session be good for nothing from now on."""
        session = self.sessions.identified(call, request.operator_session)

        def close(connection: Connection) -> str:
            self.operators.close_session(connection, session.session_id)
            return session.session_id

        await call.once(self.store, close, nothing)
        return access_pb2.CloseOperatorSessionResponse()

    async def _authenticate(self, operator_id: str, password: str) -> None:
        """Raise OPERATOR_NOT_AUTHENTICATED or OPERATOR_LOCKED unless they are who they say."""
        known = await self.store.look(
            lambda connection: self.operators.find(connection, operator_id)
        )
        judged = known or _nobody(self.ids)  # an unknown name takes as long as a wrong password
        is_password = await to_its_end(lambda: judged.is_password(password))
        if known is None:
            raise Refusal(reasons.OPERATOR_NOT_AUTHENTICATED)
        if known.operator.locked:
            raise Refusal(reasons.OPERATOR_LOCKED)
        if not is_password:
            await self.store.write(
                lambda connection: self._count_failure(connection, operator_id),
                what="wrong password",
            )
            raise Refusal(reasons.OPERATOR_NOT_AUTHENTICATED)
        if not known.operator.on_roster(day_in_japan(self.clock.now())):
            raise Refusal(reasons.OPERATOR_NOT_AUTHENTICATED)

    def _count_failure(self, connection: Connection, operator_id: str) -> None:
        known = self.operators.find(connection, operator_id)
        if known is not None:
            failures = known.operator.failures + 1
            self.operators.set_failures(connection, operator_id, failures)


def _nobody(ids: Ids) -> Known:
    return Known.of_nobody(ids.random_bytes(SALT_BYTES))


def _factors(request: access_pb2.OpenOperatorSessionRequest) -> list[Factor]:
    """The password, and what the terminal asserts beside it."""
    asserted = (Factor(one) for one in request.asserted_factors if one)
    return list(dict.fromkeys((Factor.PASSWORD, *asserted)))


def _claims(
    session_id: str, operator: Operator, call: Call, factors: list[Factor], now: datetime
) -> pb2.OperatorSessionClaims:
    return pb2.OperatorSessionClaims(
        session_id=session_id,
        operator_id=operator.operator_id,
        institution=call.caller.institution,
        terminal=call.caller.uri,
        factors=[pb2.Factor.Name(one.value) for one in factors],
        permissions=write_permissions(operator.permissions),
        approver=operator.approver,
        not_before=wire.write_time(now),
        not_after=wire.write_time(now + LONGEST),
    )
