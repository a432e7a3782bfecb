"""Runs of comparisons as a terminal of the prefecture starts and sees them (F9.2; PS-4)."""

from dataclasses import dataclass

from renkei.consistency import Peer
from renkei.jukinet.v1 import consistency_check_pb2 as pb2
from renkei.wire import consistency_reports as wire
from renkei_server.dispatch.consistency_checks import ConsistencyChecks
from renkei_server.door.call import Call


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsistencyCheckService:
    """Starts runs, and tells what they found."""

    contract = pb2.DESCRIPTOR.services_by_name["ConsistencyCheckService"]

    checks: ConsistencyChecks

    async def start_consistency_check(
        self, request: pb2.StartConsistencyCheckRequest, call: Call
    ) -> pb2.StartConsistencyCheckResponse:
        """Owe a run from now on."""
        run = await self.checks.start(call, request.operator_session, (Peer.NATION,))
        return pb2.StartConsistencyCheckResponse(run=run)

    async def get_consistency_report(
        self, request: pb2.GetConsistencyReportRequest, call: Call
    ) -> pb2.GetConsistencyReportResponse:
        """Tell how the newest run stands and what it has found."""
        report = await self.checks.report(call, request.operator_session, request.after)
        return pb2.GetConsistencyReportResponse(
            run=wire.write_run(report.run),
            differences=map(wire.write_difference, report.differences),
            more=report.more,
        )
