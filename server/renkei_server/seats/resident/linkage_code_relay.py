"""The resident record system's service for the linkage platform (F1.7; NET-06)."""

from dataclasses import dataclass

from renkei import wire
from renkei.ward.v1 import linkage_code_relay_pb2 as pb2
from renkei_server.dispatch.generation import take_generation
from renkei_server.door.call import Call
from renkei_server.store.engine.outbox import Outbox
from renkei_server.store.engine.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkageCodeRelayService:
    """Hands generation requests on to the municipal CS."""

    contract = pb2.DESCRIPTOR.services_by_name["LinkageCodeRelayService"]

    store: Store
    outbox: Outbox

    async def relay_linkage_code_generation(
        self, request: pb2.RelayLinkageCodeGenerationRequest, call: Call
    ) -> pb2.RelayLinkageCodeGenerationResponse:
        """Take the request; the register need not hold the person."""
        number = wire.read_individual_number(request)
        serial = wire.read_processing_serial(request)
        await take_generation(self.store, self.outbox, call, number, serial)
        return pb2.RelayLinkageCodeGenerationResponse()
