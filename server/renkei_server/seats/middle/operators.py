"""An organisation's own staff at the seat: sessions, permissions and the roster (MS-9, MID-01).

The seat is operator service for its organisation: it opens sessions, signs them with a key of the
organisation's, and judges each call by what stands in its store now, so that what the
administrator takes away is gone at the next call. Fidelity: invented but for the rule itself.
"""

import asyncio
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from renkei import reasons, wire
from renkei.linkage.v1 import operator_access_pb2 as access_pb2
from renkei.linkage.v1 import operator_roster_pb2 as roster_pb2
from renkei.refusals import Refusal
from renkei.type.v1 import operator_session_pb2 as pb2
from renkei.type.v1 import person_pb2
from renkei_pki.signing import SigningKey
from renkei_server.domain.days import day_in_japan
from renkei_server.domain.operators import Access, judge_permission
from renkei_server.domain.world import Clock, Ids
from renkei_server.door.call import Call, nothing
from renkei_server.door.operator_sessions import JudgesStanding, OperatorSessions
from renkei_server.seats.middle.one_password import OnePassword
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.store import Store
from renkei_server.store.operators import (
    SALT_BYTES,
    Known,
    Operators,
    verifier_of,
)

T = TypeVar("T")

LONGEST = timedelta(hours=8)
"""How long a session is good, by real time (invented)."""

_NAME = re.compile("[a-z][a-z0-9-]{2,19}", re.ASCII)
_FUNCTION = re.compile("[a-z][a-z-]{2,39}", re.ASCII)
_SHORTEST_PASSWORD, _LONGEST_PASSWORD = 12, 100


def standing(store: Store, operators: Operators, clock: Clock) -> JudgesStanding:
    """How the seat judges a session that it has opened itself."""

    async def judge(session_id: str, function: str, access: Access) -> None:
        today = day_in_japan(clock.now())
        found = await store.look(
            lambda connection: operators.standing(connection, session_id, function, today)
        )
        if found is None or found.closed or not found.on_roster:
            raise Refusal(reasons.OPERATOR_SESSION_ENDED, "", "operator_session")
        judge_permission([(function, found.access)] if found.access else [], function, access)

    return judge


async def to_its_end(work: Callable[[], T]) -> T:
    """Work in a thread, and wait for its end even where the caller has gone: it cannot be stopped,
    and whatever is held meanwhile would let another in beside it.
    """
    working = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(working)
    finally:
        await asyncio.wait([working])


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
        async with self.one_password:
            await self._authenticate(request.operator_id, request.password)
        session_id, now = self.ids.request_id(), self.clock.real()

        def open_session(connection: Connection) -> str:
            self.operators.set_failures(connection, request.operator_id, 0)
            permissions = self.operators.permissions(connection, request.operator_id)
            claims = _claims(session_id, request, call.caller.uri, permissions, now)
            told = claims.SerializeToString(deterministic=True)
            return self.operators.open_session(connection, session_id, request.operator_id, told)

        claims = await call.once(self.store, open_session, self.operators.claims)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorRosterService:
    """Says who may act, and what they may do."""

    contract = roster_pb2.DESCRIPTOR.services_by_name["OperatorRosterService"]

    store: Store
    operators: Operators
    ids: Ids
    one_password: OnePassword
    """The same one."""

    async def enrol_operator(
        self, request: roster_pb2.EnrolOperatorRequest, call: Call
    ) -> roster_pb2.EnrolOperatorResponse:
        """Enter an operator."""
        _require(bool(_NAME.fullmatch(request.operator_id)), "operator_id")
        length = len(request.password)
        _require(_SHORTEST_PASSWORD <= length <= _LONGEST_PASSWORD, "password")
        roster_end = _read_day(request)
        salt = self.ids.random_bytes(SALT_BYTES)
        async with self.one_password:
            verifier = await to_its_end(lambda: verifier_of(request.password, salt))

        def enrol(connection: Connection) -> str:
            return self.operators.enrol(
                connection,
                request.operator_id,
                salt=salt,
                verifier=verifier,
                roster_end=roster_end,
            )

        await call.once(self.store, enrol, nothing)
        return roster_pb2.EnrolOperatorResponse()

    async def set_permissions(
        self, request: roster_pb2.SetPermissionsRequest, call: Call
    ) -> roster_pb2.SetPermissionsResponse:
        """Say all that an operator may do."""
        permissions = _read_permissions(request)

        def set_permissions(connection: Connection) -> str:
            self.operators.require(connection, request.operator_id)
            self.operators.set_permissions(connection, request.operator_id, permissions)
            return request.operator_id

        await call.once(self.store, set_permissions, nothing)
        return roster_pb2.SetPermissionsResponse()

    async def revoke_operator(
        self, request: roster_pb2.RevokeOperatorRequest, call: Call
    ) -> roster_pb2.RevokeOperatorResponse:
        """End all that an operator may do."""

        def revoke(connection: Connection) -> str:
            self.operators.require(connection, request.operator_id)
            self.operators.revoke(connection, request.operator_id)
            return request.operator_id

        await call.once(self.store, revoke, nothing)
        return roster_pb2.RevokeOperatorResponse()

    async def unlock_operator(
        self, request: roster_pb2.UnlockOperatorRequest, call: Call
    ) -> roster_pb2.UnlockOperatorResponse:
        """Forget wrong passwords."""

        def unlock(connection: Connection) -> str:
            self.operators.require(connection, request.operator_id)
            self.operators.set_failures(connection, request.operator_id, 0)
            return request.operator_id

        await call.once(self.store, unlock, nothing)
        return roster_pb2.UnlockOperatorResponse()

    async def list_operators(
        self, _request: roster_pb2.ListOperatorsRequest, _call: Call
    ) -> roster_pb2.ListOperatorsResponse:
        """Everybody, with what they may do."""
        return roster_pb2.ListOperatorsResponse(
            operators=[
                roster_pb2.RosterEntry(
                    operator_id=one.operator_id,
                    revoked=one.revoked,
                    locked=one.locked,
                    roster_end=_write_day(one.roster_end),
                    permissions=_write_permissions(one.permissions),
                )
                for one in await self.store.read(self.operators.all)
            ]
        )


def _nobody(ids: Ids) -> Known:
    return Known.of_nobody(ids.random_bytes(SALT_BYTES))


def _claims(
    session_id: str,
    request: access_pb2.OpenOperatorSessionRequest,
    terminal: str,
    permissions: Sequence[tuple[str, Access]],
    now: datetime,
) -> pb2.OperatorSessionClaims:
    asserted = [one for one in request.asserted_factors if one != pb2.FACTOR_PASSWORD]
    return pb2.OperatorSessionClaims(
        session_id=session_id,
        operator_id=request.operator_id,
        institution=request.sender,
        terminal=terminal,
        factors=[pb2.FACTOR_PASSWORD, *asserted],
        permissions=_write_permissions(permissions),
        not_before=wire.write_time(now),
        not_after=wire.write_time(now + LONGEST),
    )


def _write_permissions(permissions: Sequence[tuple[str, Access]]) -> list[pb2.Permission]:
    return [
        pb2.Permission(function=function, access=pb2.Access.Name(access.value))
        for function, access in permissions
    ]


def _read_permissions(
    request: roster_pb2.SetPermissionsRequest,
) -> list[tuple[str, Access]]:
    functions = [one.function for one in request.permissions]
    _require(len(set(functions)) == len(functions), "permissions")
    _require(all(_FUNCTION.fullmatch(one) for one in functions), "permissions.function")
    _require(all(one.access for one in request.permissions), "permissions.access")
    return [(one.function, Access(one.access)) for one in request.permissions]


def _read_day(request: roster_pb2.EnrolOperatorRequest) -> date | None:
    if not request.HasField("roster_end"):
        return None
    told = request.roster_end
    try:
        return date(told.year, told.month, told.day)
    except ValueError:
        raise Refusal(reasons.MALFORMED_OPERATOR, "not a day", "roster_end") from None


def _write_day(day: date | None) -> person_pb2.Date | None:
    return None if day is None else person_pb2.Date(year=day.year, month=day.month, day=day.day)


def _require(holds: bool, place: str) -> None:  # noqa: FBT001 - reads as a sentence where it stands
    if not holds:
        raise Refusal(reasons.MALFORMED_OPERATOR, "", place)
