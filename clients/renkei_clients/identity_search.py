"""Clients of those who are asked whom an identity file holds (PS-3, NS-4)."""

from collections.abc import Sequence

from renkei.identity_search import Criteria, FoundIdentity, Purpose
from renkei.jukinet.v1 import identity_inquiry_pb2 as pb2
from renkei.wire.identity_search import read_found, write_criteria, write_purpose
from renkei_clients.channel import Channel


class IdentityInquiryClient:
    """A municipal CS's client of the national server or its prefecture, or a prefecture's terminal's."""

    def __init__(self, channel: Channel) -> None:
        self._ask = channel.ask

    async def inquire_identities(
        self, criteria: Criteria, purpose: Purpose
    ) -> Sequence[FoundIdentity]:
        """Who fits in that seat's file."""
        request = pb2.InquireIdentitiesRequest(
            criteria=write_criteria(criteria), purpose=write_purpose(purpose)
        )
        return await self._ask(request, pb2.InquireIdentitiesResponse, read_found)
