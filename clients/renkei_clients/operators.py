"""Clients of an operator service: an institution's terminals, its administrator, and its systems."""

from collections.abc import Mapping, Sequence
from datetime import date

from renkei.operators.v1 import operator_access_pb2 as access_pb2
from renkei.operators.v1 import operator_roster_pb2 as roster_pb2
from renkei.type.v1 import operator_session_pb2 as pb2
from renkei.type.v1 import person_pb2
from renkei.ward.v1 import session_pb2
from renkei_clients.channel import Channel


class OperatorClient:
    """A terminal's client of the sessions at its own organisation's seat."""

    def __init__(self, channel: Channel) -> None:
        self._call, self._ask = channel.call, channel.ask

    async def open_operator_session(
        self,
        request_id: str,
        operator_id: str,
        password: str,
        factors: Sequence[pb2.Factor] = (),
    ) -> pb2.OperatorSession:
        """Open a session at this terminal, which asserts these factors beside the password."""
        request = access_pb2.OpenOperatorSessionRequest(
            request_id=request_id,
            operator_id=operator_id,
            password=password,
            asserted_factors=factors,
        )
        return await self._ask(
            request, access_pb2.OpenOperatorSessionResponse, lambda told: told.operator_session
        )

    async def close_operator_session(self, request_id: str, session: pb2.OperatorSession) -> None:
        """Close a session."""
        await self._call(
            access_pb2.CloseOperatorSessionRequest(request_id=request_id, operator_session=session)
        )


class RosterClient:
    """An administrator's client of its organisation's roster."""

    def __init__(self, channel: Channel) -> None:
        self._call, self._ask = channel.call, channel.ask

    async def enrol_operator(
        self, request_id: str, operator_id: str, password: str, roster_end: date | None = None
    ) -> None:
        """Enter an operator; a contractor until a last day."""
        request = roster_pb2.EnrolOperatorRequest(
            request_id=request_id, operator_id=operator_id, password=password
        )
        if roster_end is not None:
            request.roster_end.CopyFrom(_day(roster_end))
        await self._call(request)

    async def set_permissions(
        self,
        request_id: str,
        operator_id: str,
        permissions: Mapping[str, pb2.Access],
        *,
        approver: bool = False,
    ) -> None:
        """Say all that an operator may do, by function, and whether they may approve."""
        request = roster_pb2.SetPermissionsRequest(
            request_id=request_id,
            operator_id=operator_id,
            permissions=[
                pb2.Permission(function=function, access=access)
                for function, access in permissions.items()
            ],
            approver=approver,
        )
        await self._call(request)

    async def set_roster_end(
        self, request_id: str, operator_id: str, roster_end: date | None
    ) -> None:
        """Say a contractor's last day; none for the institution's own staff."""
        request = roster_pb2.SetRosterEndRequest(request_id=request_id, operator_id=operator_id)
        if roster_end is not None:
            request.roster_end.CopyFrom(_day(roster_end))
        await self._call(request)

    async def revoke_operator(self, request_id: str, operator_id: str) -> None:
        """End all that an operator may do."""
        request = roster_pb2.RevokeOperatorRequest(request_id=request_id, operator_id=operator_id)
        await self._call(request)

    async def unlock_operator(self, request_id: str, operator_id: str) -> None:
        """Forget an operator's wrong passwords."""
        request = roster_pb2.UnlockOperatorRequest(request_id=request_id, operator_id=operator_id)
        await self._call(request)

    async def list_operators(self) -> Sequence[roster_pb2.RosterEntry]:
        """Every operator that there ever was."""
        request = roster_pb2.ListOperatorsRequest()
        return await self._ask(
            request, roster_pb2.ListOperatorsResponse, lambda told: told.operators
        )


class SessionClient:
    """A ward system's client of its operator service."""

    def __init__(self, channel: Channel) -> None:
        self._call = channel.call

    async def judge_session(
        self,
        session: pb2.OperatorSession,
        terminal: str,
        function: str,
        access: pb2.Access,
        *,
        approves: bool = False,
    ) -> None:
        """Raise the refusal that forbids this to the operator now, if any."""
        await self._call(
            session_pb2.JudgeSessionRequest(
                operator_session=session,
                terminal=terminal,
                function=function,
                access=access,
                approves=approves,
            )
        )


def _day(day: date) -> person_pb2.Date:
    return person_pb2.Date(year=day.year, month=day.month, day=day.day)
