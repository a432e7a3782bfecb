"""The client by which whoever runs the shared platform asks how an organisation's part fares."""

from renkei.linkage.v1 import platform_pb2 as pb2
from renkei_clients.channel import Channel


class PlatformClient:
    """The platform operator's client of one middle server."""

    def __init__(self, channel: Channel) -> None:
        self._ask = channel.ask

    async def get_statistics(self) -> pb2.GetStatisticsResponse:
        """All figures of one moment; nothing in them is of a person."""
        request = pb2.GetStatisticsRequest()
        return await self._ask(request, pb2.GetStatisticsResponse, lambda figures: figures)
