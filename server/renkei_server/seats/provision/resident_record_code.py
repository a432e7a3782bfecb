"""Where the national server tells resident record codes (F1.10, F1.11, F13.3; IPN-1)."""

from dataclasses import dataclass

from renkei import reasons, wire
from renkei.acquisitions import Failure
from renkei.codes import Institution, ProcessingSerial, ResidentRecordCode
from renkei.linkage.v1 import resident_record_code_pb2 as pb2
from renkei.refusals import Refusal
from renkei_server.domain.serials import judge_use
from renkei_server.domain.world import Clock
from renkei_server.door.call import Call, nothing
from renkei_server.seats.provision.tasks import DELIVER, delivery_content
from renkei_server.store.codes.links import Links
from renkei_server.store.codes.serials import Serials
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.outbox import Outbox
from renkei_server.store.engine.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidentRecordCodeService:
    """Judges the use of a serial, and owes its owner the code."""

    contract = pb2.DESCRIPTOR.services_by_name["ResidentRecordCodeService"]

    store: Store
    serials: Serials
    links: Links
    outbox: Outbox
    clock: Clock

    async def report_resident_record_code(
        self, request: pb2.ReportResidentRecordCodeRequest, call: Call
    ) -> pb2.ReportResidentRecordCodeResponse:
        """F1.11: not expired, and asking institution = owner; then the person's link id."""
        serial = wire.read_processing_serial(request)
        asking = wire.read_institution(request.asking_institution, "asking_institution")
        finding = _read_finding(request)
        await call.once(
            self.store,
            lambda connection: self._use(connection, serial, asking, finding, call),
            nothing,
        )
        return pb2.ReportResidentRecordCodeResponse()

    async def change_resident_record_code(
        self, request: pb2.ChangeResidentRecordCodeRequest, call: Call
    ) -> pb2.ChangeResidentRecordCodeResponse:
        """F13.3: the new code leads to the person of the old one."""
        old = wire.read_resident_record_code(request, "old_resident_record_code")
        new = wire.read_resident_record_code(request, "new_resident_record_code")
        if old == new:
            raise Refusal(reasons.RESIDENT_RECORD_CODE_UNCHANGED, "", "new_resident_record_code")

        def change(connection: Connection) -> str:
            self.links.change(connection, old, new)
            return "changed"

        await call.once(self.store, change, nothing)
        return pb2.ChangeResidentRecordCodeResponse()

    def _use(
        self,
        connection: Connection,
        serial: ProcessingSerial,
        asking: Institution,
        finding: ResidentRecordCode | Failure,
        call: Call,
    ) -> str:
        judge_use(self.serials.find(connection, serial), asking, self.clock.now())
        self.serials.use(connection, serial)
        outcome = (
            self.links.link_id(connection, finding)
            if isinstance(finding, ResidentRecordCode)
            else finding
        )
        content = delivery_content(serial, asking, outcome)
        self.outbox.put(connection, DELIVER, cause=call.receipt.request_id, content=content)
        return "used"


def _read_finding(
    request: pb2.ReportResidentRecordCodeRequest,
) -> ResidentRecordCode | Failure:
    match request.WhichOneof("finding"):
        case "resident_record_code":
            return wire.read_resident_record_code(request)
        case "failure":
            return wire.read_failure(request.failure)
        case _:
            raise Refusal(reasons.FIELD_MISSING, "", "finding")
