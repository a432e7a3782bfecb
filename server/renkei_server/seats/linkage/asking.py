"""What the linkage platform owes the middle server for its runs of inquiry (F2.2, F2.9).

Rules:
- A closed run becomes calls a part at a time, each with a request id that is fixed from then on:
  a death in between repeats the call, and no line becomes two inquiries.
- The local address number becomes the integrated one as the call is made, and stays here (LP-3).
- Whatever ends a line is kept beside it; only then is the middle server told that the answer was
  fetched, which it erases.
"""

from collections.abc import Mapping

from renkei import reasons
from renkei.codes import LocalAddressNumber
from renkei.exchanges import ExchangeId
from renkei.inquiries import ANSWERED
from renkei.refusals import Refusal
from renkei_server.dispatch.routes import Effect, NotYetError, Route, no_effect
from renkei_server.dispatch.terms import onward
from renkei_server.domain.batch_files.asking import terms_of
from renkei_server.domain.batch_files.inquiry import the_inquiry
from renkei_server.domain.batch_files.institutions import InstitutionCodes
from renkei_server.domain.batch_files.sides import Side
from renkei_server.peers.exchanges import TakesInquiries
from renkei_server.seats.linkage.batch_files import AT_ONCE
from renkei_server.store.batch_runs.batch_runs import BatchRuns, Tally
from renkei_server.store.batch_runs.inquiry_lines import HeldLine, InquiryLines
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.outbox import Outbox, Task
from renkei_server.store.engine.store import Store
from renkei_server.store.persons.numbering import Numbering

BEGIN = "begin inquiries"
INQUIRE = "inquire"
FETCH = "fetch answer"
ACKNOWLEDGE = "acknowledge answer"


class Asking:
    """The calls of one linkage platform for its runs of inquiry."""

    def __init__(
        self,
        *,
        store: Store,
        runs: BatchRuns,
        lines: InquiryLines,
        numbering: Numbering,
        institutions: InstitutionCodes,
        outbox: Outbox,
        middle_server: TakesInquiries,
    ) -> None:
        self._store = store
        self._runs = runs
        self._lines = lines
        self._numbering = numbering
        self._institutions = institutions
        self._outbox = outbox
        self._middle_server = middle_server
        self.routes: Mapping[str, Route] = {
            BEGIN: Route(self._begin),
            INQUIRE: Route(self._inquire, self._refused),
            FETCH: Route(self._fetch, self._refused, patient=True),
            ACKNOWLEDGE: Route(self._acknowledge),
        }

    async def _begin(self, task: Task) -> Effect:
        run_id, last = task.content["run"], int(task.content["after"])

        def effect(connection: Connection) -> None:
            keys = self._lines.after(connection, run_id, last, AT_ONCE)
            for key in keys:
                content = onward({"line": str(key)}, task.content)
                self._outbox.put(connection, INQUIRE, cause=task.request_id, content=content)
            if len(keys) == AT_ONCE:
                rest = onward({"run": run_id, "after": str(keys[-1])}, task.content)
                self._outbox.put(connection, BEGIN, cause=task.request_id, content=rest)

        return effect

    async def _inquire(self, task: Task) -> Effect:
        # F2.2 the same line with the integrated address number in place of the local one
        key, held = await self._line(task)
        line = the_inquiry(held.asked, Side.WARD)
        local = LocalAddressNumber(line.person.digits)
        person = await self._store.look(
            lambda connection: self._numbering.by_local(connection, local)
        )
        if person is None:
            raise Refusal(reasons.PERSON_NOT_HELD)
        exchange_id = await self._middle_server.start_inquiry(
            task.request_id,
            person,
            terms_of(line, self._institutions),
            department=line.inquirer_department_code,
            user_id=line.inquirer_user_id,
        )

        def effect(connection: Connection) -> None:
            self._lines.started(connection, key, exchange_id)
            self._runs.count(connection, held.run_id, held.file, Tally(started=1))
            self._outbox.put(connection, FETCH, cause=task.request_id, content=task.content)

        return effect

    async def _fetch(self, task: Task) -> Effect:
        # F2.9 has it ended?
        key, held = await self._line(task)
        if held.exchange_id is None:
            raise LookupError
        came = await self._middle_server.get_inquiry(held.exchange_id)
        if came.outcome is None:
            raise NotYetError
        newly = Tally(
            ended=1, answered=int(came.detail_status == ANSWERED), done=int(came.provided)
        )

        def effect(connection: Connection) -> None:
            self._lines.ended(connection, key, came)
            self._runs.count(connection, held.run_id, held.file, newly)
            if came.records:
                content = onward({"exchange": came.id.text}, task.content)
                self._outbox.put(connection, ACKNOWLEDGE, cause=task.request_id, content=content)

        return effect

    async def _acknowledge(self, task: Task) -> Effect:
        exchange_id = ExchangeId(task.content["exchange"])
        await self._middle_server.acknowledge_answer(task.request_id, exchange_id)
        return no_effect

    def _refused(self, task: Task, refusal: Refusal) -> Effect:
        """The line has ended without an answer; it stays, with why."""
        key = _key_of(task)

        def effect(connection: Connection) -> None:
            held = self._lines.get(connection, key)
            self._lines.ended(connection, key, refusal.reason)
            self._runs.count(connection, held.run_id, held.file, Tally(ended=1))

        return effect

    async def _line(self, task: Task) -> tuple[int, HeldLine]:
        key = _key_of(task)
        return key, await self._store.look(lambda connection: self._lines.get(connection, key))


def _key_of(task: Task) -> int:
    return int(task.content["line"])
