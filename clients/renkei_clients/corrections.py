"""An integrated terminal's client of the municipal CS: what may be corrected (INP-08)."""

from collections.abc import Sequence

from renkei import wire
from renkei.change_reasons import ChangeReason
from renkei.codes import ResidentRecordCode
from renkei.type.v1 import identity_pb2
from renkei.ward.v1 import correction_pb2 as pb2
from renkei_clients.channel import Channel


class CorrectionClient:
    """Permits corrections with the session of the terminal's operator."""

    def __init__(self, channel: Channel) -> None:
        self._call, self._ask = channel.call, channel.ask

    async def approve_correction(
        self, request_id: str, person: ResidentRecordCode, reason: ChangeReason, case: str
    ) -> None:
        """Permit one correction ahead; the permission is called by the request id."""
        request = pb2.ApproveCorrectionRequest(
            request_id=request_id,
            resident_record_code=wire.write_resident_record_code(person),
            reason=identity_pb2.ChangeReason.Name(reason.value),
            case_reference=case,
        )
        await self._call(request)

    async def withdraw_approval(self, request_id: str, approval_id: str) -> None:
        """Take a permission back that nothing has used."""
        await self._call(
            pb2.WithdrawApprovalRequest(request_id=request_id, approval_id=approval_id)
        )

    async def list_corrections(self, person: ResidentRecordCode) -> Sequence[pb2.Correction]:
        """What was permitted of a person, and what each permission was used for."""
        request = pb2.ListCorrectionsRequest(
            resident_record_code=wire.write_resident_record_code(person)
        )
        return await self._ask(request, pb2.ListCorrectionsResponse, lambda told: told.corrections)
