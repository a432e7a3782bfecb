"""Runs of comparisons as a terminal of the ward starts and sees them (F9): at the register, and the CS."""

from collections.abc import Sequence
from dataclasses import dataclass

from renkei import reasons
from renkei.consistency import Peer
from renkei.consistency_reports import Difference, Found, Run
from renkei.refusals import Refusal
from renkei.ward.v1 import consistency_check_pb2 as pb2
from renkei.wire import consistency_reports as wire
from renkei_server.dispatch.consistency_runs import Comparisons
from renkei_server.domain.operators import Access
from renkei_server.domain.world import Clock
from renkei_server.door.call import Call
from renkei_server.door.operator_sessions import OperatorSessions
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.store import Store
from renkei_server.store.identities.consistency_runs import ConsistencyRuns


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsistencyCheckService:
    """Starts runs, and tells what they found."""

    contract = pb2.DESCRIPTOR.services_by_name["ConsistencyCheckService"]

    store: Store
    comparisons: Comparisons
    runs: ConsistencyRuns
    sessions: OperatorSessions
    function: str
    """Which an operator must be permitted."""
    clock: Clock

    async def start_consistency_check(
        self, request: pb2.StartConsistencyCheckRequest, call: Call
    ) -> pb2.StartConsistencyCheckResponse:
        """Owe a run from now on."""
        await self.sessions.admit(call, request.operator_session, self.function, Access.UPDATE)
        peers = self._peers(request)

        def start(connection: Connection) -> str:
            run = self.comparisons.start(connection, peers, cause=call.receipt.request_id)
            return str(run.number)

        run = await call.once(self.store, start, lambda _connection, made: int(made))
        return pb2.StartConsistencyCheckResponse(run=run)

    async def get_consistency_report(
        self, request: pb2.GetConsistencyReportRequest, call: Call
    ) -> pb2.GetConsistencyReportResponse:
        """Tell how the newest run stands and what it has found."""
        await self.sessions.admit(call, request.operator_session, self.function, Access.READ)

        def read(
            connection: Connection,
        ) -> tuple[Run | None, Sequence[tuple[int, int, Found]], bool]:
            run = self.runs.newest(connection)
            if run is None:
                return None, (), False
            return run, *self.runs.found(connection, run.number, request.after)

        run, found, more = await self.store.read(read)
        if run is None:
            raise Refusal(reasons.NO_CONSISTENCY_CHECK)
        call.operation.concern([one.resident_record_code.digits for _, _, one in found])
        return pb2.GetConsistencyReportResponse(
            run=wire.write_run(run.as_of(self.clock.now())),
            differences=[
                wire.write_difference(_difference(number, run, place, one))
                for number, place, one in found
            ],
            more=more,
        )

    def _peers(self, request: pb2.StartConsistencyCheckRequest) -> Sequence[Peer]:
        if not request.peers:
            raise Refusal(reasons.FIELD_MISSING, "", "peers")
        named = [Peer(one) for one in request.peers if one]
        if len(named) != len({*request.peers}) or not self.comparisons.peers.issuperset(named):
            raise Refusal(reasons.CONSISTENCY_PEER_NOT_HERE, "", "peers")
        return named


def _difference(number: int, run: Run, place: int, found: Found) -> Difference:
    part = run.parts[place]
    return Difference(number, part.peer, part.municipality, found)
