"""What the linkage platform owes others in the code exchange (LP-5; PLT-01, PLT-02)."""

from collections.abc import Mapping

from renkei import reasons
from renkei.acquisitions import EXPIRED, Failure, failed
from renkei.codes import IntegratedAddressNumber
from renkei.refusals import Refusal
from renkei_server.dispatch.generation import GENERATE, generation_content, generation_route
from renkei_server.dispatch.routes import Effect, NotYetError, Route
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
        register: GeneratesLinkageCodes,
    ) -> None:
        self._store = store
        self._numbering = numbering
        self._acquisitions = acquisitions
        self._outbox = outbox
        self._middle_server = middle_server
        self.routes: Mapping[str, Route] = {
            ACQUIRE: Route(self._acquire, self._refused),
            GENERATE: generation_route(register),
            POLL: Route(self._poll, self._refused, patient=True),
        }

    async def _acquire(self, task: Task) -> Effect:
        # F1.3 acquire a code for (integrated address number, Individual Number)
        person = IntegratedAddressNumber(task.content["person"])
        number = await self._store.look(
            lambda connection: self._numbering.individual_number(connection, person)
        )
        if number is None:
            raise Refusal(reasons.PERSON_NOT_HELD)
        started = await self._middle_server.acquire_code(task.request_id, person, number)

        def effect(connection: Connection) -> None:
            if started is not None:
                # F1.6 Individual Number + serial; F1.7 they go to the register
                content = generation_content(*started)
                self._outbox.put(connection, GENERATE, cause=task.request_id, content=content)
            self._outbox.put(connection, POLL, cause=task.request_id, content=task.content)

        return effect

    async def _poll(self, task: Task) -> Effect:
        # F1.14 is it done?
        person = IntegratedAddressNumber(task.content["person"])
        outcome = await self._middle_server.get_code_acquisition(person)
        if not outcome.state.final:
            raise NotYetError
        return lambda connection: self._acquisitions.end(
            connection, task.content["acquisition"], outcome
        )

    def _refused(self, task: Task, refusal: Refusal) -> Effect:
        expired = refusal.reason is reasons.SERIAL_EXPIRED
        outcome = EXPIRED if expired else failed(Failure.REFUSED)
        return lambda connection: self._acquisitions.end(
            connection, task.content["acquisition"], outcome
        )
