"""Issue of processing serials (F1.4, F1.5; IPN-1)."""

from dataclasses import dataclass

from renkei import wire
from renkei.linkage.v1 import processing_serial_pb2 as pb2
from renkei_server.domain.serials import SerialState, expiry, owned
from renkei_server.domain.world import Clock, Ids
from renkei_server.door.call import Call
from renkei_server.store.codes.serials import Serials
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessingSerialService:
    """Issues serials to institutions; no person is in any of its messages."""

    contract = pb2.DESCRIPTOR.services_by_name["ProcessingSerialService"]

    store: Store
    serials: Serials
    clock: Clock
    ids: Ids

    async def issue_processing_serial(
        self, request: pb2.IssueProcessingSerialRequest, call: Call
    ) -> pb2.IssueProcessingSerialResponse:
        """Draw a serial for the caller's institution."""
        owner = wire.read_institution(request.sender, "sender")

        def issue(connection: Connection) -> str:
            expires_at = expiry(self.clock.now())
            return self.serials.issue(connection, self.ids.serial(), owner, expires_at)

        serial, expires_at = await call.once(self.store, issue, self.serials.issued)
        return pb2.IssueProcessingSerialResponse(
            processing_serial=wire.write_processing_serial(serial) if serial else None,
            expires_at=wire.write_time(expires_at),
        )

    async def get_processing_serial(
        self, request: pb2.GetProcessingSerialRequest, _call: Call
    ) -> pb2.GetProcessingSerialResponse:
        """Tell its owner whether it is still good."""
        asking = wire.read_institution(request.sender, "sender")
        serial = wire.read_processing_serial(request)
        found = await self.store.look(lambda connection: self.serials.find(connection, serial))
        return pb2.GetProcessingSerialResponse(
            good=owned(found, asking, "sender").state is SerialState.ISSUED
        )

    async def get_processing_serial_count(
        self, request: pb2.GetProcessingSerialCountRequest, _call: Call
    ) -> pb2.GetProcessingSerialCountResponse:
        """Tell their owner how many were used."""
        used = await self.store.read(self.serials.used)
        return pb2.GetProcessingSerialCountResponse(used=used.get(request.sender, 0))
