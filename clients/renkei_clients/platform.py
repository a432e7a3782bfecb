"""The client by which whoever runs the shared platform asks how an organisation's part fares."""

from renkei.linkage.v1 import platform_pb2 as pb2
from renkei_clients.channel import Channel

_METHOD = pb2.DESCRIPTOR.services_by_name["PlatformService"].methods_by_name["GetStatistics"]


class PlatformClient:
    """The platform operator's client of one middle server."""

    def __init__(self, channel: Channel, sender: str) -> None:
        self._channel = channel
        self._sender = sender

    async def get_statistics(self) -> pb2.GetStatisticsResponse:
        """All figures of one moment; nothing in them is of a person."""
        request = pb2.GetStatisticsRequest(sender=self._sender)
        return await self._channel.call(_METHOD, request, pb2.GetStatisticsResponse)
