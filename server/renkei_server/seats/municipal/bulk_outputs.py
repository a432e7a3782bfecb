"""The municipal CS's service for bulk outputs: asked for, approved by another one, fetched once (USE-13)."""

from dataclasses import dataclass

from renkei import wire
from renkei.codes import Institution
from renkei.identity_search import Criteria
from renkei.type.v1 import operator_session_pb2
from renkei.ward.v1 import bulk_output_pb2 as pb2
from renkei.wire.bulk_outputs import read_selection
from renkei.wire.identity_search import read_purpose, write_found, write_purpose
from renkei_server.dispatch.finding import Finding
from renkei_server.domain.bulk_outputs import BulkOutput, parts_of
from renkei_server.domain.days import day_in_japan
from renkei_server.domain.identity_search import judge_criteria, told_of
from renkei_server.domain.operators import Access
from renkei_server.door.call import Call, nothing
from renkei_server.door.operator_sessions import OperatorSessions
from renkei_server.store.engine.connection import Connection
from renkei_server.store.identities.bulk_outputs import BulkOutputs, page_of

FUNCTION = "bulk-output"


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkOutputService:
    """Puts out many persons at once, for those who may."""

    contract = pb2.DESCRIPTOR.services_by_name["BulkOutputService"]

    finding: Finding
    outputs: BulkOutputs
    sessions: OperatorSessions

    async def request_bulk_output(
        self, request: pb2.RequestBulkOutputRequest, call: Call
    ) -> pb2.RequestBulkOutputResponse:
        """Ask for one."""
        operator = await self._admit(call, request.operator_session, Access.UPDATE)
        purpose = read_purpose(request)
        call.operation.affair, call.operation.case = purpose.affair, purpose.case_reference
        selection = read_selection(request)
        if isinstance(selection, Criteria):
            judge_criteria(selection)
        here = Institution(call.caller.institution)
        criteria, changed = parts_of(selection)
        output = BulkOutput(
            output_id=request.request_id,
            criteria=criteria,
            changed=changed,
            purpose=purpose,
            tells_number=self.finding.affairs.tells_number(here, purpose),
            requested_by=operator,
            requested_at=self.finding.clock.now(),
        )
        await call.once(self.finding.store, lambda c: self.outputs.add(c, output), nothing)
        return pb2.RequestBulkOutputResponse()

    async def approve_bulk_output(
        self, request: pb2.ApproveBulkOutputRequest, call: Call
    ) -> pb2.ApproveBulkOutputResponse:
        """Approve one that another operator asked for."""
        operator = await self._admit(call, request.operator_session, Access.UPDATE, approves=True)

        def approve(connection: Connection) -> str:
            output = self.outputs.one(connection, request.output_id)
            _note_purpose(call, output)
            now = self.finding.clock.now()
            return self.outputs.change(connection, output.approve(operator, now))

        await call.once(self.finding.store, approve, nothing)
        return pb2.ApproveBulkOutputResponse()

    async def fetch_bulk_output(
        self, request: pb2.FetchBulkOutputRequest, call: Call
    ) -> pb2.FetchBulkOutputResponse:
        """The next page; a repeat is told the same page as it is then."""
        operator = await self._admit(call, request.operator_session, Access.UPDATE)
        now = self.finding.clock.now()
        today = day_in_japan(now)

        def fetch(connection: Connection) -> str:
            output = self.outputs.one(connection, request.output_id)
            _note_purpose(call, output)
            output.judge_fetch(operator, request.after, now)
            page, goes_on_at = page_of(connection, self.finding.file, output, request.after, today)
            return self.outputs.change(connection, output.fetched(len(page), goes_on_at))

        def tell(connection: Connection, made: str) -> pb2.FetchBulkOutputResponse:
            output = self.outputs.one(connection, made)
            output.judge_told(operator, request.after, now)
            page, goes_on_at = page_of(connection, self.finding.file, output, request.after, today)
            found = [told_of(one, today, number=output.tells_number) for one in page]
            call.operation.concern([one.resident_record_code.digits for one in found])
            return pb2.FetchBulkOutputResponse(found=map(write_found, found), next=goes_on_at)

        return await call.once(self.finding.store, fetch, tell)

    async def list_bulk_outputs(
        self, request: pb2.ListBulkOutputsRequest, call: Call
    ) -> pb2.ListBulkOutputsResponse:
        """How they stand."""
        await self._admit(call, request.operator_session, Access.READ)
        now = self.finding.clock.now()
        newest = await self.finding.store.look(self.outputs.newest)
        listed = [
            pb2.BulkOutput(
                output_id=one.output_id,
                state=pb2.BulkOutputState.Name(one.state(now).value),
                purpose=write_purpose(one.purpose),
                requested_by=one.requested_by,
                requested_at=wire.write_time(one.requested_at),
                approved_by=one.approved_by,
                told=one.told,
            )
            for one in newest
        ]
        return pb2.ListBulkOutputsResponse(outputs=listed)

    async def _admit(
        self,
        call: Call,
        signed: operator_session_pb2.OperatorSession,
        access: Access,
        *,
        approves: bool = False,
    ) -> str:
        session = await self.sessions.admit(call, signed, FUNCTION, access, approves=approves)
        return session.operator_id


def _note_purpose(call: Call, output: BulkOutput) -> None:
    call.operation.affair = output.purpose.affair
    call.operation.case = output.purpose.case_reference
