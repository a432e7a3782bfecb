"""The resident record system's service for the linkage platform (F1.7; NET-06)."""

from renkei import wire
from renkei.ward.v1 import linkage_code_relay_pb2 as pb2
from renkei_server.dispatch.generation import take_generation
from renkei_server.door.call import Call
from renkei_server.store.engine.outbox import Outbox
from renkei_server.store.engine.store import Store


class LinkageCodeRelayService:
    """Hands generation requests on to the municipal CS."""

    contract = pb2.DESCRIPTOR.services_by_name["LinkageCodeRelayService"]

    def __init__(self, *, store: Store, outbox: Outbox) -> None:
        self._store = store
        self._outbox = outbox

    async def relay_linkage_code_generation(
        self, request: pb2.RelayLinkageCodeGenerationRequest, call: Call
    ) -> pb2.RelayLinkageCodeGenerationResponse:
        """Take the request; the register need not hold the person."""
        number = wire.read_individual_number(request)
        serial = wire.read_processing_serial(request)
        await take_generation(self._store, self._outbox, call, number, serial)
        return pb2.RelayLinkageCodeGenerationResponse()
