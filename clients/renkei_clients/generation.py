"""The client of a linkage-code generation request: the same for each hop (F1.7, F1.8).

Each network has messages of its own for it, so that no server answers another network's; what
they say is the same, and a request's type says whose it is.
"""

from dataclasses import dataclass

from renkei import wire
from renkei.codes import IndividualNumber, ProcessingSerial
from renkei.jukinet.v1 import linkage_code_generation_pb2 as jukinet_pb2
from renkei.ward.v1 import linkage_code_generation_pb2 as ward_pb2
from renkei.ward.v1 import linkage_code_relay_pb2 as relay_pb2
from renkei_clients.channel import Channel

GenerationRequest = (
    type[jukinet_pb2.GenerateLinkageCodeRequest]
    | type[ward_pb2.GenerateLinkageCodeRequest]
    | type[relay_pb2.RelayLinkageCodeGenerationRequest]
)


@dataclass(frozen=True, slots=True)
class GenerationClient:
    """Hands a generation request to the next hop."""

    channel: Channel
    request: GenerationRequest
    """The next hop's."""

    async def generate_linkage_code(
        self, request_id: str, number: IndividualNumber, serial: ProcessingSerial
    ) -> None:
        """Hand it on; it is taken durably once this returns."""
        await self.channel.call(
            self.request(
                request_id=request_id,
                individual_number=wire.write_individual_number(number),
                processing_serial=wire.write_processing_serial(serial),
            )
        )
