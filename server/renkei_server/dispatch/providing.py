"""What every seat does that tells another one whom its file holds (PS-3, NS-4; PRV-11, PRV-12).

Each person who was told is a provision, and so is a refusal, whoever it would have been about: both
are leaves of the seat's log, written before the answer leaves.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from renkei.codes import ResidentRecordCode
from renkei.identity_search import FoundIdentity
from renkei.refusals import Refusal
from renkei.wire.identity_search import Searching, read_criteria
from renkei_server.dispatch.finding import Finding
from renkei_server.door.call import Call
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.operations import Operation
from renkei_server.store.identities.provided import IdentityProvision, IdentityProvisions


@dataclass(frozen=True, slots=True, kw_only=True)
class Providing:
    """Finds in one seat's file, and records what was told."""

    finding: Finding
    provisions: IdentityProvisions

    async def provide(self, request: Searching, call: Call) -> Sequence[FoundIdentity]:
        """Who fits, once it is recorded; raises as `Finding.find` does, once that is."""
        try:
            found = await self.finding.find(request, call)
        except Refusal as refusal:
            if not refusal.reason.passing:
                await self._record(call, [_named(request)], refusal.reason.name)
            raise
        if found:
            persons = [one.resident_record_code for one in found]
            await self._record(call, persons, "", operation=call.operation)
        return found

    async def _record(
        self,
        call: Call,
        persons: Sequence[ResidentRecordCode | None],
        refused: str,
        *,
        operation: Operation | None = None,
    ) -> None:
        told = call.operation
        provisions = [
            IdentityProvision(
                request_id=told.request_id,
                receiver=f"{call.caller.role}.{call.caller.institution}",
                method=told.method,
                person=person,
                operator=told.operator,
                refused=refused,
                affair=told.affair,
                case_reference=told.case,
            )
            for person in persons
        ]

        def record(connection: Connection) -> None:
            for one in provisions:
                self.provisions.add(connection, one)

        await self.finding.store.write(record, operation=operation, what=told.method)


def _named(request: Searching) -> ResidentRecordCode | None:
    """Whom a request names by code, if it does; of others nobody knows who they would have been."""
    try:
        key = read_criteria(request).key
    except Refusal:
        return None
    return key if isinstance(key, ResidentRecordCode) else None
