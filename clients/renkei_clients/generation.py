"""The client of a linkage-code generation request: the same for each hop (F1.7, F1.8).

Each network has messages of its own for it, so that no server answers another
network's; what they say is the same.
"""

from dataclasses import dataclass
from typing import Any

from google.protobuf.descriptor import MethodDescriptor

from renkei import wire
from renkei.codes import IndividualNumber, ProcessingSerial
from renkei_clients.channel import Channel


@dataclass(frozen=True, slots=True)
class Hop:
    """One network's method for it, and its messages."""

    method: MethodDescriptor
    request: Any
    """The message class of its requests."""
    response: Any
    """The message class of its responses."""


class GenerationClient:
    """Hands a generation request to the next hop."""

    def __init__(self, channel: Channel, sender: str, hop: Hop) -> None:
        self._channel = channel
        self._sender = sender
        self._hop = hop

    async def generate_linkage_code(
        self, request_id: str, number: IndividualNumber, serial: ProcessingSerial
    ) -> None:
        """Hand it on; it is taken durably once this returns."""
        request = self._hop.request(
            sender=self._sender,
            request_id=request_id,
            individual_number=wire.write_individual_number(number),
            processing_serial=wire.write_processing_serial(serial),
        )
        await self._channel.call(self._hop.method, request, self._hop.response)
