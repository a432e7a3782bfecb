"""The middle server's service for codes (F1.3 to F1.6, F1.14; MS-1).

The Individual Number passes through and is never written: not in a row, not in
a record, and no digest covers it whose key is at rest.
"""

from dataclasses import dataclass

from renkei import reasons, wire
from renkei.codes import IntegratedAddressNumber
from renkei.linkage.v1 import code_acquisition_pb2 as pb2
from renkei.refusals import Refusal
from renkei_server.door.call import Call
from renkei_server.peers.codes import IssuesSerials
from renkei_server.store.codes.codes import Codes, PendingCode
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.receipts import find
from renkei_server.store.engine.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeAcquisitionService:
    """Starts acquisitions for one organisation and tells how they stand."""

    contract = pb2.DESCRIPTOR.services_by_name["CodeAcquisitionService"]

    store: Store
    codes: Codes
    network: IssuesSerials

    async def acquire_code(
        self, request: pb2.AcquireCodeRequest, call: Call
    ) -> pb2.AcquireCodeResponse:
        """Ask for a serial, keep it as pending, and hand the Individual Number back with it."""
        person = wire.read_integrated_address_number(request)
        number = wire.read_individual_number(request)
        call.operation.person = person.digits
        pending = await self._begun_before(call) or await self._begin(person, call)
        response = pb2.AcquireCodeResponse(acquisition=wire.write_acquisition(pending.acquisition))
        if pending.serial is not None and pending.expires_at is not None:
            # F1.6 Individual Number + serial
            response.individual_number.CopyFrom(wire.write_individual_number(number))
            response.processing_serial.CopyFrom(wire.write_processing_serial(pending.serial))
            response.expires_at.CopyFrom(wire.write_time(pending.expires_at))
        return response

    async def get_code_acquisition(
        self, request: pb2.GetCodeAcquisitionRequest, call: Call
    ) -> pb2.GetCodeAcquisitionResponse:
        """F1.14: is it done?"""
        person = wire.read_integrated_address_number(request)
        call.operation.person = person.digits
        stands = await self.store.look(lambda connection: self.codes.standing(connection, person))
        if stands is None:
            raise Refusal(reasons.ACQUISITION_NOT_ASKED, "", "integrated_address_number")
        return wire.write_standing(stands)

    async def _begun_before(self, call: Call) -> PendingCode | None:
        def begun(connection: Connection) -> PendingCode | None:
            key = find(connection, call.receipt)
            return None if key is None else self.codes.pending(connection, key)

        return await self.store.read(begun)

    async def _begin(self, person: IntegratedAddressNumber, call: Call) -> PendingCode:
        # F1.4 a processing serial, please; its request id follows from ours, so that a call
        # that broke is repeated with the same serial and none is wasted
        request_id = self.store.sealer.derived_request_id(
            "processing serial", f"{call.receipt.caller} {call.receipt.request_id}"
        )
        issued = await self.network.issue_processing_serial(request_id)

        def begin(connection: Connection) -> str:
            if issued is None:
                raise Refusal(reasons.SERIAL_EXPIRED)
            # F1.5 serial and expiry, pending for the integrated address number
            key = self.codes.begin(connection, person)
            self.codes.await_serial(connection, key, *issued)
            return key

        return await call.once(self.store, begin, self.codes.pending)
