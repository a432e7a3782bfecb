"""Clients of the services on the resident-register network (住基ネット)."""

from renkei.jukinet.v1 import linkage_code_generation_pb2 as generation_pb2
from renkei_clients.channel import Channel
from renkei_clients.generation import GenerationClient, Hop

_GENERATION_HOP = Hop(
    generation_pb2.DESCRIPTOR.services_by_name["LinkageCodeGenerationService"].methods_by_name[
        "GenerateLinkageCode"
    ],
    generation_pb2.GenerateLinkageCodeRequest,
    generation_pb2.GenerateLinkageCodeResponse,
)


def linkage_code_generation_client(channel: Channel, sender: str) -> GenerationClient:
    """A municipal CS's or an agency terminal's client of the national server (F1.8)."""
    return GenerationClient(channel, sender, _GENERATION_HOP)
