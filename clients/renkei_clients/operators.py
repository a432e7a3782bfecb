"""Clients by which an organisation's staff open sessions, and its administrator says who may act."""

from collections.abc import Mapping, Sequence
from datetime import date

from renkei.linkage.v1 import operator_access_pb2 as access_pb2
from renkei.linkage.v1 import operator_roster_pb2 as roster_pb2
from renkei.type.v1 import operator_session_pb2 as pb2
from renkei.type.v1 import person_pb2
from renkei_clients.channel import Channel


class OperatorClient:
    """A terminal's client of the sessions at its own organisation's seat."""

    def __init__(self, channel: Channel) -> None:
        self._call, self._ask = channel.call, channel.ask

    async def open_operator_session(
        self, request_id: str, operator_id: str, password: str
    ) -> pb2.OperatorSession:
        """Open a session at this terminal."""
        request = access_pb2.OpenOperatorSessionRequest(
            request_id=request_id, operator_id=operator_id, password=password
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
            day = person_pb2.Date(year=roster_end.year, month=roster_end.month, day=roster_end.day)
            request.roster_end.CopyFrom(day)
        await self._call(request)

    async def set_permissions(
        self, request_id: str, operator_id: str, permissions: Mapping[str, pb2.Access]
    ) -> None:
        """Say all that an operator may do, by function."""
        request = roster_pb2.SetPermissionsRequest(
            request_id=request_id,
            operator_id=operator_id,
            permissions=[
                pb2.Permission(function=function, access=access)
                for function, access in permissions.items()
            ],
        )
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
