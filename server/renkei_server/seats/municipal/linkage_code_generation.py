"""The municipal CS's service for the resident record system (F1.7, F1.8; NET-04, INP-02)."""

from dataclasses import dataclass

from renkei import wire
from renkei.ward.v1 import linkage_code_generation_pb2 as pb2
from renkei_server.dispatch.generation import take_generation
from renkei_server.door.call import Call
from renkei_server.store.engine.outbox import Outbox
from renkei_server.store.engine.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkageCodeGenerationService:
    """Carries generation requests to the national server."""

    contract = pb2.DESCRIPTOR.services_by_name["LinkageCodeGenerationService"]

    store: Store
    outbox: Outbox

    async def generate_linkage_code(
        self, request: pb2.GenerateLinkageCodeRequest, call: Call
    ) -> pb2.GenerateLinkageCodeResponse:
        """Take the request; the CS need not hold the person."""
        number = wire.read_individual_number(request)
        serial = wire.read_processing_serial(request)
        await take_generation(self.store, self.outbox, call, number, serial)
        return pb2.GenerateLinkageCodeResponse()
