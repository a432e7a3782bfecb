"""The national server's service for linkage codes (F1.8, F1.9; NS-6)."""

from dataclasses import dataclass

from renkei import wire
from renkei.acquisitions import Failure
from renkei.codes import IndividualNumber, ResidentRecordCode
from renkei.jukinet.v1 import linkage_code_generation_pb2 as pb2
from renkei_server.door.call import Call, nothing
from renkei_server.seats.national.tasks import Reporting
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.store import Store
from renkei_server.store.identities.identity_file import BY_NUMBER, IdentityFile


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkageCodeGenerationService:
    """Finds the resident record code, and owes the answer to the other network."""

    contract = pb2.DESCRIPTOR.services_by_name["LinkageCodeGenerationService"]

    store: Store
    reporting: Reporting
    identities: IdentityFile

    async def generate_linkage_code(
        self, request: pb2.GenerateLinkageCodeRequest, call: Call
    ) -> pb2.GenerateLinkageCodeResponse:
        """Judge the number, and record what the provision network is to be told."""
        number = wire.read_individual_number(request)
        serial = wire.read_processing_serial(request)
        asking = wire.read_institution(request.sender, "sender")
        call.operation.person = number.digits

        def take(connection: Connection) -> str:
            finding = self._finding(connection, number)
            cause = call.receipt.request_id
            self.reporting.report(connection, serial, asking, finding, cause)
            return "taken"

        await call.once(self.store, take, nothing)
        return pb2.GenerateLinkageCodeResponse()

    def _finding(
        self, connection: Connection, number: IndividualNumber
    ) -> ResidentRecordCode | Failure:
        # F1.9 Individual Number -> resident record code, or a reason
        held = self.identities.find(connection, BY_NUMBER, number)
        if held is not None:
            return held.items.resident_record_code
        if self.identities.earlier(connection, BY_NUMBER, number):
            return Failure.INDIVIDUAL_NUMBER_SUPERSEDED
        return Failure.INDIVIDUAL_NUMBER_UNKNOWN
