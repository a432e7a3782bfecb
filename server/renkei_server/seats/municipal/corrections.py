"""What the municipal CS's manager permits to be corrected, and the record of it (CS-1, INP-08)."""

from dataclasses import dataclass

from renkei import reasons, wire
from renkei.change_reasons import ChangeReason
from renkei.identities import IdentityNotification
from renkei.municipal_items import MunicipalItems
from renkei.refusals import Refusal
from renkei.type.v1 import identity_pb2
from renkei.ward.v1 import correction_pb2 as pb2
from renkei.wire import identities
from renkei_server.dispatch.taking import Permit
from renkei_server.domain.corrections import (
    NEED_PERMISSION,
    Approval,
    Corrected,
    Use,
    permission,
    require_case_reference,
    require_correction,
)
from renkei_server.domain.identity_changes import HeldIdentity
from renkei_server.domain.operators import Access
from renkei_server.domain.world import Clock
from renkei_server.door.call import Call, nothing
from renkei_server.door.operator_sessions import OperatorSessions
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.store import Store
from renkei_server.store.identities.corrections import Corrections
from renkei_server.store.identities.identity_file import BY_CODE, IdentityFile

FUNCTION = "identity-approval"


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionService:
    """Permits corrections at the integrated terminal."""

    contract = pb2.DESCRIPTOR.services_by_name["CorrectionService"]

    store: Store
    file: IdentityFile
    corrections: Corrections
    sessions: OperatorSessions
    clock: Clock

    async def approve_correction(
        self, request: pb2.ApproveCorrectionRequest, call: Call
    ) -> pb2.ApproveCorrectionResponse:
        """Permit one correction ahead."""
        session = await self._admit_manager(request, call)
        person = wire.read_resident_record_code(request)
        call.operation.person = person.digits
        if not request.reason:
            raise Refusal(reasons.FIELD_MISSING, "", "reason")
        reason = ChangeReason(request.reason)
        require_correction(reason)
        require_case_reference(request.case_reference)

        def approve(connection: Connection) -> str:
            if self.file.find(connection, BY_CODE, person) is None:
                raise Refusal(reasons.RESIDENT_RECORD_CODE_NOT_HELD, "", "resident_record_code")
            approval = Approval(
                request.request_id, reason, request.case_reference, session, self.clock.now()
            )
            return self.corrections.add(connection, person, approval)

        await call.once(self.store, approve, nothing)
        return pb2.ApproveCorrectionResponse()

    async def withdraw_approval(
        self, request: pb2.WithdrawApprovalRequest, call: Call
    ) -> pb2.WithdrawApprovalResponse:
        """Take a permission back."""
        await self._admit_manager(request, call)

        def withdraw(connection: Connection) -> str:
            return self.corrections.withdraw(connection, request.approval_id)

        await call.once(self.store, withdraw, nothing)
        return pb2.WithdrawApprovalResponse()

    async def list_corrections(
        self, request: pb2.ListCorrectionsRequest, call: Call
    ) -> pb2.ListCorrectionsResponse:
        """What was permitted of a person, and what came of it."""
        await self.sessions.admit(call, request.operator_session, FUNCTION, Access.READ)
        person = wire.read_resident_record_code(request)
        call.operation.person = person.digits
        found = await self.store.read(lambda connection: self.corrections.of(connection, person))
        return pb2.ListCorrectionsResponse(corrections=map(_write, found))

    async def _admit_manager(
        self, request: pb2.ApproveCorrectionRequest | pb2.WithdrawApprovalRequest, call: Call
    ) -> str:
        """Who manages, and permits."""
        session = await self.sessions.admit(
            call, request.operator_session, FUNCTION, Access.UPDATE, approves=True
        )
        return session.operator_id


def permitted(corrections: Corrections, clock: Clock) -> Permit:
    """How a correction that the register sends uses its permission, and leaves a record."""

    def permit(
        connection: Connection,
        told: IdentityNotification,
        municipal: MunicipalItems | None,
        was: HeldIdentity | None,
    ) -> None:
        before_code, code = told.known_by, told.items.resident_record_code
        if code != before_code:
            corrections.rename(connection, before_code, code)
        if told.items.reason not in NEED_PERMISSION or municipal is None or was is None:
            return
        given = corrections.of(connection, code)
        approval = permission(given, told.items.reason, municipal.operator_id)
        before, after = Corrected(was.items, was.municipal), Corrected(told.items, municipal)
        corrections.use(connection, approval, Use(clock.now(), told.sequence, before, after))

    return permit


def _write(approval: Approval) -> pb2.Correction:
    told = pb2.Correction(
        approval_id=approval.approval_id,
        reason=identity_pb2.ChangeReason.Name(approval.reason.value),
        case_reference=approval.case_reference,
        operator_id=approval.operator_id,
        approved_at=wire.write_time(approval.at),
    )
    if (use := approval.use) is not None:
        told.used_at.CopyFrom(wire.write_time(use.at))
        told.sequence = use.sequence
        told.before.CopyFrom(_write_record(use.before))
        told.after.CopyFrom(_write_record(use.after))
    return told


def _write_record(record: Corrected) -> pb2.CorrectedRecord:
    return pb2.CorrectedRecord(
        items=identities.write_identity_items(record.items),
        municipal_items=(
            identities.write_municipal_items(record.municipal) if record.municipal else None
        ),
    )
