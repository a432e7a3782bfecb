"""An operator service as its administrator sees it: who may act, and what they may do (USE-04, USE-26).

Fidelity: invented but for the rules themselves.
"""

import re
from dataclasses import dataclass
from typing import Final

from renkei import reasons
from renkei.operators.v1 import operator_roster_pb2 as roster_pb2
from renkei.refusals import Refusal
from renkei_server.domain.days import day_in_japan
from renkei_server.domain.world import Clock, Ids
from renkei_server.door.call import Call, nothing
from renkei_server.seats.operators.hashing import to_its_end
from renkei_server.seats.operators.one_password import OnePassword
from renkei_server.seats.operators.permissions import (
    read_day,
    read_permissions,
    write_day,
    write_permissions,
)
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.store import Store
from renkei_server.store.operators import SALT_BYTES, Operators, verifier_of

_NAME: Final = re.compile("[a-z][a-z0-9-]{2,19}", re.ASCII)
_FUNCTION: Final = re.compile("[a-z][a-z-]{2,39}", re.ASCII)
_SHORTEST_PASSWORD: Final = 12
_LONGEST_PASSWORD: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorRosterService:
    """Says who may act, and what they may do."""

    contract = roster_pb2.DESCRIPTOR.services_by_name["OperatorRosterService"]

    store: Store
    operators: Operators
    clock: Clock
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
        roster_end = read_day(request.roster_end) if request.HasField("roster_end") else None
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
        _judge_permissions(request)
        permissions = read_permissions(request.permissions)
        today = day_in_japan(self.clock.now())

        def set_permissions(connection: Connection) -> str:
            operator = self.operators.get(connection, request.operator_id)
            if not operator.on_roster(today):
                raise Refusal(reasons.OPERATOR_NOT_ON_ROSTER, "", "operator_id")
            self.operators.set_permissions(connection, request.operator_id, permissions)
            self.operators.set_approver(connection, request.operator_id, approver=request.approver)
            return request.operator_id

        await call.once(self.store, set_permissions, nothing)
        return roster_pb2.SetPermissionsResponse()

    async def set_roster_end(
        self, request: roster_pb2.SetRosterEndRequest, call: Call
    ) -> roster_pb2.SetRosterEndResponse:
        """Say until when a contractor is on the roster."""
        roster_end = read_day(request.roster_end) if request.HasField("roster_end") else None

        def set_roster_end(connection: Connection) -> str:
            if self.operators.get(connection, request.operator_id).revoked:
                raise Refusal(reasons.OPERATOR_NOT_ON_ROSTER, "", "operator_id")
            self.operators.set_roster_end(connection, request.operator_id, roster_end)
            return request.operator_id

        await call.once(self.store, set_roster_end, nothing)
        return roster_pb2.SetRosterEndResponse()

    async def revoke_operator(
        self, request: roster_pb2.RevokeOperatorRequest, call: Call
    ) -> roster_pb2.RevokeOperatorResponse:
        """End all that an operator may do."""

        def revoke(connection: Connection) -> str:
            self.operators.get(connection, request.operator_id)
            self.operators.revoke(connection, request.operator_id)
            return request.operator_id

        await call.once(self.store, revoke, nothing)
        return roster_pb2.RevokeOperatorResponse()

    async def unlock_operator(
        self, request: roster_pb2.UnlockOperatorRequest, call: Call
    ) -> roster_pb2.UnlockOperatorResponse:
        """Forget wrong passwords."""

        def unlock(connection: Connection) -> str:
            self.operators.get(connection, request.operator_id)
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
                    roster_end=write_day(one.roster_end),
                    permissions=write_permissions(one.permissions),
                    approver=one.approver,
                )
                for one in await self.store.read(self.operators.all)
            ]
        )


def _judge_permissions(request: roster_pb2.SetPermissionsRequest) -> None:
    functions = [one.function for one in request.permissions]
    _require(len(set(functions)) == len(functions), "permissions")
    _require(all(_FUNCTION.fullmatch(one) for one in functions), "permissions.function")
    _require(all(one.access for one in request.permissions), "permissions.access")


def _require(holds: bool, place: str) -> None:  # noqa: FBT001 - reads as a sentence where it stands
    if not holds:
        raise Refusal(reasons.MALFORMED_OPERATOR, "", place)
