"""Clients of the services on the resident-register network (住基ネット)."""

from renkei.jukinet.v1.linkage_code_generation_pb2 import GenerateLinkageCodeRequest
from renkei_clients.channel import Channel
from renkei_clients.generation import GenerationClient


def linkage_code_generation_client(channel: Channel) -> GenerationClient:
    """A municipal CS's or an agency terminal's client of the national server (F1.8)."""
    return GenerationClient(channel, GenerateLinkageCodeRequest)
