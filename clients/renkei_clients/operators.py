"""Clients by which an organisation's staff open sessions, and its administrator says who may act."""

from collections.abc import Mapping, Sequence
from datetime import date

from google.protobuf.descriptor import ServiceDescriptor

from renkei.linkage.v1 import operator_access_pb2 as access_pb2
from renkei.linkage.v1 import operator_roster_pb2 as roster_pb2
from renkei.type.v1 import operator_session_pb2 as pb2
from renkei.type.v1 import person_pb2
from renkei_clients.channel import Channel

_ACCESS: ServiceDescriptor = access_pb2.DESCRIPTOR.services_by_name["OperatorAccessService"]
_ROSTER: ServiceDescriptor = roster_pb2.DESCRIPTOR.services_by_name["OperatorRosterService"]


class OperatorClient:
    """A terminal's client of the sessions at its own organisation's seat."""

    def __init__(self, channel: Channel, sender: str) -> None:
        self._channel = channel
        self._sender = sender

    async def open_operator_session(
        self, request_id: str, operator_id: str, password: str
    ) -> pb2.OperatorSession:
        """Open a session at this terminal."""
        request = access_pb2.OpenOperatorSessionRequest(
            sender=self._sender,
            request_id=request_id,
            operator_id=operator_id,
            password=password,
        )
        method = _ACCESS.methods_by_name["OpenOperatorSession"]
        answer = await self._channel.call(method, request, access_pb2.OpenOperatorSessionResponse)
        return answer.operator_session

    async def close_operator_session(self, request_id: str, session: pb2.OperatorSession) -> None:
        """Close a session."""
        request = access_pb2.CloseOperatorSessionRequest(
            sender=self._sender, request_id=request_id, operator_session=session
        )
        method = _ACCESS.methods_by_name["CloseOperatorSession"]
        await self._channel.call(method, request, access_pb2.CloseOperatorSessionResponse)


class RosterClient:
    """An administrator's client of its organisation's roster."""

    def __init__(self, channel: Channel, sender: str) -> None:
        self._channel = channel
        self._sender = sender

    async def enrol_operator(
        self, request_id: str, operator_id: str, password: str, roster_end: date | None = None
    ) -> None:
        """Enter an operator; a contractor until a last day."""
        request = roster_pb2.EnrolOperatorRequest(
            sender=self._sender, request_id=request_id, operator_id=operator_id, password=password
        )
        if roster_end is not None:
            day = person_pb2.Date(year=roster_end.year, month=roster_end.month, day=roster_end.day)
            request.roster_end.CopyFrom(day)
        method = _ROSTER.methods_by_name["EnrolOperator"]
        await self._channel.call(method, request, roster_pb2.EnrolOperatorResponse)

    async def set_permissions(
        self, request_id: str, operator_id: str, permissions: Mapping[str, pb2.Access]
    ) -> None:
        """Say all that an operator may do, by function."""
        request = roster_pb2.SetPermissionsRequest(
            sender=self._sender,
            request_id=request_id,
            operator_id=operator_id,
            permissions=[
                pb2.Permission(function=function, access=access)
                for function, access in permissions.items()
            ],
        )
        method = _ROSTER.methods_by_name["SetPermissions"]
        await self._channel.call(method, request, roster_pb2.SetPermissionsResponse)

    async def revoke_operator(self, request_id: str, operator_id: str) -> None:
        """End all that an operator may do."""
        request = roster_pb2.RevokeOperatorRequest(
            sender=self._sender, request_id=request_id, operator_id=operator_id
        )
        method = _ROSTER.methods_by_name["RevokeOperator"]
        await self._channel.call(method, request, roster_pb2.RevokeOperatorResponse)

    async def unlock_operator(self, request_id: str, operator_id: str) -> None:
        """Forget an operator's wrong passwords."""
        request = roster_pb2.UnlockOperatorRequest(
            sender=self._sender, request_id=request_id, operator_id=operator_id
        )
        method = _ROSTER.methods_by_name["UnlockOperator"]
        await self._channel.call(method, request, roster_pb2.UnlockOperatorResponse)

    async def list_operators(self) -> Sequence[roster_pb2.RosterEntry]:
        """Every operator that there ever was."""
        request = roster_pb2.ListOperatorsRequest(sender=self._sender)
        method = _ROSTER.methods_by_name["ListOperators"]
        answer = await self._channel.call(method, request, roster_pb2.ListOperatorsResponse)
        return answer.operators
