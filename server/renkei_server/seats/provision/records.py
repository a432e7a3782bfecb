"""Where Mynaportal asks for a person's own records (F2.11; IPN-5).

The caller names the person by its own code, which is turned at once into a link id. What is told
comes with the log's signed head and a proof for each record, so that neither the portal nor the
person has to believe the network (invented).
"""

from dataclasses import dataclass

from renkei import wire
from renkei.linkage.v1 import record_pb2 as pb2
from renkei.personal_records import PersonalRecords
from renkei.wire.personal_records import write_shown_record
from renkei_pki.signing import SigningKey
from renkei_server.domain.linkage_codes import CodeCipher
from renkei_server.domain.world import Clock
from renkei_server.door.call import Call
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.record_log import RecordLog
from renkei_server.store.engine.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordService:
    """Tells a person's shown records, and what proves them."""

    contract = pb2.DESCRIPTOR.services_by_name["RecordService"]

    store: Store
    records: RecordLog
    record_key: SigningKey
    cipher: CodeCipher
    clock: Clock

    async def list_personal_records(
        self, request: pb2.ListPersonalRecordsRequest, call: Call
    ) -> pb2.ListPersonalRecordsResponse:
        """F2.11: what is shown to the person, from a number on."""
        asking = wire.read_institution(request.sender, "sender")
        link_id = self.cipher.link_id_of(wire.read_linkage_code(request), asking)
        call.operation.person = link_id.hex()

        def tell(connection: Connection) -> PersonalRecords:
            signed = self.records.head(connection, self.record_key, at=self.clock.now())
            return self.records.told(connection, link_id, signed, request.from_number)

        told = await self.store.read(tell)
        return pb2.ListPersonalRecordsResponse(
            head=told.head,
            shown=told.shown,
            records=[write_shown_record(one) for one in told.records],
        )
