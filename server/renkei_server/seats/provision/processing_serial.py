"""Issue of processing serials (F1.4, F1.5; IPN-1)."""

from sqlalchemy import Connection

from renkei import wire
from renkei.linkage.v1 import processing_serial_pb2 as pb2
from renkei_server.domain.serials import LIFETIME
from renkei_server.domain.world import Clock, Ids
from renkei_server.door.call import Call
from renkei_server.store.codes.serials import Serials
from renkei_server.store.engine.store import Store


class ProcessingSerialService:
    """Issues serials to institutions; no person is in any of its messages."""

    contract = pb2.DESCRIPTOR.services_by_name["ProcessingSerialService"]

    def __init__(self, *, store: Store, serials: Serials, clock: Clock, ids: Ids) -> None:
        self._store = store
        self._serials = serials
        self._clock = clock
        self._ids = ids

    async def issue_processing_serial(
        self, request: pb2.IssueProcessingSerialRequest, call: Call
    ) -> pb2.IssueProcessingSerialResponse:
        """Draw a serial for the caller's institution."""
        owner = wire.read_institution(request.sender, "sender")

        def issue(connection: Connection) -> str:
            return self._serials.issue(
                connection, self._ids.serial(), owner, self._clock.now() + LIFETIME
            )

        serial, expires_at = await call.once(self._store, issue, self._serials.issued)
        return pb2.IssueProcessingSerialResponse(
            processing_serial=wire.write_processing_serial(serial) if serial else None,
            expires_at=wire.write_time(expires_at),
        )
