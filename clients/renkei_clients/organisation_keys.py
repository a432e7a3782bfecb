"""The client by which an organisation's own staff rotate and destroy its keys at the middle server."""

from collections.abc import Sequence

from renkei.linkage.v1 import organisation_key_pb2 as pb2
from renkei_clients.channel import Channel


class OrganisationKeyClient:
    """A terminal's client of its own organisation at the middle server, with a session."""

    def __init__(self, channel: Channel) -> None:
        self._ask = channel.ask

    async def rotate_organisation_key(self, request_id: str) -> int:
        """Make a new key; returns its number."""
        request = pb2.RotateOrganisationKeyRequest(request_id=request_id)
        return await self._ask(request, pb2.RotateOrganisationKeyResponse, lambda told: told.number)

    async def destroy_organisation_keys(self, request_id: str, organisation: str) -> int:
        """Destroy every key; returns how many records can be read no more."""
        return await self._ask(
            pb2.DestroyOrganisationKeysRequest(request_id=request_id, organisation=organisation),
            pb2.DestroyOrganisationKeysResponse,
            lambda told: told.records,
        )

    async def get_organisation_keys(self) -> Sequence[pb2.OrganisationKey]:
        """Every key that there ever was, oldest first, with how many records are under it."""
        request = pb2.GetOrganisationKeysRequest()
        return await self._ask(request, pb2.GetOrganisationKeysResponse, lambda told: told.keys)
