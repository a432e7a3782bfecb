"""Runs of comparisons as the operators of a seat start and see them (F9), whichever their network."""

from collections.abc import Sequence
from dataclasses import dataclass

from renkei import reasons
from renkei.consistency import Peer
from renkei.consistency_reports import Difference, Found, Report, Run
from renkei.refusals import Refusal
from renkei.type.v1.operator_session_pb2 import OperatorSession
from renkei_server.dispatch.consistency_runs import Comparisons
from renkei_server.domain.operators import Access
from renkei_server.domain.world import Clock
from renkei_server.door.call import Call
from renkei_server.door.operator_sessions import OperatorSessions
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.store import Store
from renkei_server.store.identities.consistency_runs import ConsistencyRuns


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsistencyChecks:
    """Starts runs of one seat, and tells what they found."""

    store: Store
    comparisons: Comparisons
    runs: ConsistencyRuns
    sessions: OperatorSessions
    function: str
    """Which an operator must be permitted."""
    clock: Clock

    async def start(self, call: Call, session: OperatorSession, peers: Sequence[Peer]) -> int:
        """Owe a run from now on; its number. Raises CONSISTENCY_CHECK_UNDER_WAY and more."""
        await self.sessions.admit(call, session, self.function, Access.UPDATE)
        if not self.comparisons.peers.issuperset(peers) or len({*peers}) != len(peers):
            raise Refusal(reasons.CONSISTENCY_PEER_NOT_HERE, "", "peers")

        def start(connection: Connection) -> str:
            run = self.comparisons.start(connection, peers, cause=call.receipt.request_id)
            return str(run.number)

        return await call.once(self.store, start, lambda _connection, made: int(made))

    async def report(self, call: Call, session: OperatorSession, after: int) -> Report:
        """How the newest run stands, and what it has found after a number.

        Raises NO_CONSISTENCY_CHECK and more.
        """
        await self.sessions.admit(call, session, self.function, Access.READ)
        report = await self.store.read(lambda connection: self._report(connection, after))
        if report is None:
            raise Refusal(reasons.NO_CONSISTENCY_CHECK)
        codes = (one.found.resident_record_code for one in report.differences)
        call.operation.concern([one.digits for one in codes])
        return report

    def _report(self, connection: Connection, after: int) -> Report | None:
        run = self.runs.newest(connection)
        if run is None:
            return None
        found, more = self.runs.found(connection, run.number, after)
        differences = [_difference(number, run, place, one) for number, place, one in found]
        return Report(run.as_of(self.clock.now()), differences, more)


def _difference(number: int, run: Run, place: int, found: Found) -> Difference:
    part = run.parts[place]
    return Difference(number, part.peer, part.municipality, found)
