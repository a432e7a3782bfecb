"""Where an institution receives its codes (F1.12, F1.13).

It serves at the middle server for each organisation, at an agency linkage and at Mynaportal.
"""

from dataclasses import dataclass
from typing import Final, Protocol

from renkei import reasons, wire
from renkei.acquisitions import EXPIRED, Acquisition, Failure, failed
from renkei.codes import LinkageCode, ProcessingSerial
from renkei.linkage.v1 import code_delivery_pb2 as pb2
from renkei.refusals import Refusal
from renkei_server.door.call import Call
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.store import Store


class AwaitsCodes(Protocol):
    """What waits for codes under the serials that it was given."""

    def settle(
        self, connection: Connection, serial: ProcessingSerial, outcome: Acquisition | LinkageCode
    ) -> str:
        """Bind the code or record why there is none; returns what waited.

        Raises SERIAL_NOT_PENDING where nothing waits for the serial.
        """
        ...

    def acquisition(self, connection: Connection, key: str) -> Acquisition:
        """How that stands which waited."""
        ...


_REFUSED: Final = {
    Failure.NUMBER_HAS_ANOTHER_CODE: reasons.NUMBER_HAS_ANOTHER_CODE,
    Failure.CODE_HAS_ANOTHER_NUMBER: reasons.CODE_HAS_ANOTHER_NUMBER,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeDeliveryService:
    """Binds what the information provision network delivers."""

    contract = pb2.DESCRIPTOR.services_by_name["CodeDeliveryService"]

    store: Store
    codes: AwaitsCodes

    async def deliver_code(
        self, request: pb2.DeliverCodeRequest, call: Call
    ) -> pb2.DeliverCodeResponse:
        """F1.13: bind code and integrated address number, then erase the serial.

        That a code was refused is committed before it is told, so a repeat is told the same.
        """
        serial = wire.read_processing_serial(request)
        outcome = _read_outcome(request)
        made = await call.once(
            self.store,
            lambda connection: self.codes.settle(connection, serial, outcome),
            self.codes.acquisition,
        )
        if isinstance(outcome, LinkageCode) and made.failure in _REFUSED:
            raise Refusal(_REFUSED[made.failure], "", "code")
        return pb2.DeliverCodeResponse()


def _read_outcome(request: pb2.DeliverCodeRequest) -> LinkageCode | Acquisition:
    match request.WhichOneof("outcome"):
        case "code":
            return wire.read_linkage_code(request)
        case "failure":
            return failed(wire.read_failure(request.failure))
        case "expiry":
            return EXPIRED
        case _:
            raise Refusal(reasons.FIELD_MISSING, "", "outcome")
