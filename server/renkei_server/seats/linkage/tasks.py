"""What the linkage platform owes others in the code exchange (LP-5; PLT-01, PLT-02)."""

from collections.abc import Mapping

from renkei import reasons
from renkei.acquisitions import BOUND, EXPIRED, Failure, failed
from renkei.codes import IntegratedAddressNumber, LocalAddressNumber
from renkei.refusals import Refusal
from renkei_server.dispatch.generation import GENERATE, generation_content, generation_route
from renkei_server.dispatch.routes import Effect, NotYetError, Route
from renkei_server.dispatch.terms import onward
from renkei_server.peers.codes import AcquiresCodes, GeneratesLinkageCodes
from renkei_server.store.codes.acquisitions import Acquisitions
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.outbox import Outbox, Task
from renkei_server.store.engine.store import Store
from renkei_server.store.persons.numbering import Numbering

ACQUIRE = "acquire"
POLL = "poll"


class LinkageTasks:
    """The calls of one linkage platform, each with what its answer means here."""

    def __init__(
        self,
        *,
        store: Store,
        numbering: Numbering,
        acquisitions: Acquisitions,
        outbox: Outbox,
        middle_server: AcquiresCodes,
        next_hop: GeneratesLinkageCodes,
    ) -> None:
        self._store = store
        self._numbering = numbering
        self._acquisitions = acquisitions
        self._outbox = outbox
        self._middle_server = middle_server
        self.routes: Mapping[str, Route] = {
            ACQUIRE: Route(self._acquire, self._refused),
            GENERATE: generation_route(next_hop),
            POLL: Route(self._poll, self._refused, patient=True),
        }

    async def _acquire(self, task: Task) -> Effect:
        # F1.3 acquire a code for (integrated address number, Individual Number)
        person = IntegratedAddressNumber(task.content["person"])
        number = await self._store.look(
            lambda connection: self._numbering.individual_number(connection, person)
        )
        if number is None:  # another acquisition has found that the person has another number
            return self._ask_later(task)
        started = await self._middle_server.acquire_code(task.request_id, person, number)

        def effect(connection: Connection) -> None:
            if started is not None:
                # F1.6 Individual Number + serial; F1.7 they go to the register
                content = onward(generation_content(*started), task.content)
                self._outbox.put(connection, GENERATE, cause=task.request_id, content=content)
            self._ask_later(task)(connection)

        return effect

    def _ask_later(self, task: Task) -> Effect:
        return lambda connection: self._outbox.put(
            connection, POLL, cause=task.request_id, content=task.content
        )

    async def _poll(self, task: Task) -> Effect:
        # F1.14 is it done?
        person = IntegratedAddressNumber(task.content["person"])
        stands = await self._middle_server.get_code_acquisition(person)
        if not stands.acquisition.state.final:
            raise NotYetError

        def effect(connection: Connection) -> None:
            outcome, bound = stands.acquisition, stands.bound_number
            if bound is not None and self._numbering.adopt(connection, person, bound):
                self._point_to(connection, task, bound)
                outcome = BOUND
            self._acquisitions.end(connection, task.content["acquisition"], outcome)

        return effect

    def _point_to(
        self, connection: Connection, task: Task, person: IntegratedAddressNumber
    ) -> None:
        """Let the local address number of an acquisition lead to who was adopted."""
        if "local" not in task.content:  # a prefecture has none
            return
        local = LocalAddressNumber(task.content["local"])
        led_to = self._numbering.by_local(connection, local)
        if led_to == IntegratedAddressNumber(task.content["person"]):
            self._numbering.bind_local(connection, local, person)

    def _refused(self, task: Task, refusal: Refusal) -> Effect:
        expired = refusal.reason in (reasons.SERIAL_EXPIRED, reasons.TERM_OVER)
        outcome = EXPIRED if expired else failed(Failure.REFUSED)
        return lambda connection: self._acquisitions.end(
            connection, task.content["acquisition"], outcome
        )
