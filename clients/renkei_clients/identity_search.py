"""Clients of those who are asked whom an identity file holds (CS-4, CS-5, PS-3, NS-4)."""

from collections.abc import Sequence

from renkei.identity_search import Criteria, FoundIdentity, Purpose
from renkei.jukinet.v1 import identity_inquiry_pb2 as jukinet_pb2
from renkei.ward.v1 import identity_search_pb2 as ward_pb2
from renkei.wire.identity_search import read_found, write_criteria, write_purpose
from renkei_clients.channel import Channel


class IdentitySearchClient:
    """An integrated terminal's client of its municipal CS, with its operator's session."""

    def __init__(self, channel: Channel) -> None:
        self._ask = channel.ask

    async def search_identities(
        self, criteria: Criteria, purpose: Purpose
    ) -> Sequence[FoundIdentity]:
        """Who fits in the municipality's own file."""
        request = ward_pb2.SearchIdentitiesRequest(
            criteria=write_criteria(criteria), purpose=write_purpose(purpose)
        )
        return await self._ask(request, ward_pb2.SearchIdentitiesResponse, read_found)

    async def inquire_nation(self, criteria: Criteria, purpose: Purpose) -> Sequence[FoundIdentity]:
        """Who fits in the nation's."""
        request = ward_pb2.InquireNationRequest(
            criteria=write_criteria(criteria), purpose=write_purpose(purpose)
        )
        return await self._ask(request, ward_pb2.InquireNationResponse, read_found)


class IdentityInquiryClient:
    """A municipal CS's client of the national server or its prefecture, or a prefecture's terminal's."""

    def __init__(self, channel: Channel) -> None:
        self._ask = channel.ask

    async def inquire_identities(
        self, criteria: Criteria, purpose: Purpose
    ) -> Sequence[FoundIdentity]:
        """Who fits in that seat's file."""
        request = jukinet_pb2.InquireIdentitiesRequest(
            criteria=write_criteria(criteria), purpose=write_purpose(purpose)
        )
        return await self._ask(request, jukinet_pb2.InquireIdentitiesResponse, read_found)
