"""Clients of the services on the resident-register network (住基ネット)."""

from google.protobuf.descriptor import ServiceDescriptor

from renkei import wire
from renkei.codes import IndividualNumber, ProcessingSerial
from renkei.jukinet.v1 import linkage_code_generation_pb2 as generation_pb2
from renkei_clients.channel import Channel

_GENERATION: ServiceDescriptor = generation_pb2.DESCRIPTOR.services_by_name[
    "LinkageCodeGenerationService"
]


class LinkageCodeGenerationClient:
    """A municipal CS's or an agency terminal's client of the national server."""

    def __init__(self, channel: Channel, sender: str) -> None:
        self._channel = channel
        self._sender = sender

    async def generate_linkage_code(
        self, request_id: str, number: IndividualNumber, serial: ProcessingSerial
    ) -> None:
        """Ask the national server to generate a code (F1.8)."""
        request = generation_pb2.GenerateLinkageCodeRequest(
            sender=self._sender,
            request_id=request_id,
            individual_number=wire.write_individual_number(number),
            processing_serial=wire.write_processing_serial(serial),
        )
        await self._channel.call(
            _GENERATION.methods_by_name["GenerateLinkageCode"],
            request,
            generation_pb2.GenerateLinkageCodeResponse,
        )
