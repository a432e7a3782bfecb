"""The client by which an organisation's own staff rotate and destroy its keys at the middle server."""

from collections.abc import Sequence

from google.protobuf.descriptor import ServiceDescriptor

from renkei.linkage.v1 import organisation_key_pb2 as pb2
from renkei.type.v1 import operator_session_pb2
from renkei_clients.channel import Channel

_KEYS: ServiceDescriptor = pb2.DESCRIPTOR.services_by_name["OrganisationKeyService"]


class OrganisationKeyClient:
    """A terminal's client of its own organisation at the middle server."""

    def __init__(
        self,
        channel: Channel,
        sender: str,
        session: operator_session_pb2.OperatorSession | None,
    ) -> None:
        self._channel = channel
        self._sender = sender
        self._session = session

    async def rotate_organisation_key(self, request_id: str) -> int:
        """Make a new key; returns its number."""
        request = pb2.RotateOrganisationKeyRequest(
            sender=self._sender, request_id=request_id, operator_session=self._session
        )
        method = _KEYS.methods_by_name["RotateOrganisationKey"]
        return (await self._channel.call(method, request, pb2.RotateOrganisationKeyResponse)).number

    async def destroy_organisation_keys(self, request_id: str, organisation: str) -> int:
        """Destroy every key; returns how many records can be read no more."""
        request = pb2.DestroyOrganisationKeysRequest(
            sender=self._sender,
            request_id=request_id,
            operator_session=self._session,
            organisation=organisation,
        )
        method = _KEYS.methods_by_name["DestroyOrganisationKeys"]
        return (
            await self._channel.call(method, request, pb2.DestroyOrganisationKeysResponse)
        ).records

    async def get_organisation_keys(self) -> Sequence[pb2.OrganisationKey]:
        """Every key that there ever was, oldest first, with how many records are under it."""
        request = pb2.GetOrganisationKeysRequest(
            sender=self._sender, operator_session=self._session
        )
        method = _KEYS.methods_by_name["GetOrganisationKeys"]
        return (await self._channel.call(method, request, pb2.GetOrganisationKeysResponse)).keys
