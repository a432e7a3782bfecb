"""Runs of comparisons as a terminal of the ward starts and sees them (F9): at the register, and the CS."""

from collections.abc import Sequence
from dataclasses import dataclass

from renkei import reasons
from renkei.consistency import Peer
from renkei.refusals import Refusal
from renkei.ward.v1 import consistency_check_pb2 as pb2
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
        run = await self.checks.start(call, request.operator_session, _peers(request))
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


def _peers(request: pb2.StartConsistencyCheckRequest) -> Sequence[Peer]:
    """Whom it names; raises FIELD_MISSING where that is nobody."""
    if not request.peers or not all(request.peers):
        raise Refusal(reasons.FIELD_MISSING, "", "peers")
    return [Peer(one) for one in request.peers]
