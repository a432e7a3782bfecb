"""What the resident record system owes others in the code exchange."""

from collections.abc import Mapping

from renkei import reasons
from renkei.acquisitions import EXPIRED, Failure, failed
from renkei.codes import LocalAddressNumber
from renkei.refusals import Refusal
from renkei_server.dispatch.generation import GENERATE, generation_route
from renkei_server.dispatch.routes import Effect, NotYetError, Route
from renkei_server.peers.codes import GeneratesLinkageCodes, NumbersPersons
from renkei_server.store.codes.acquisitions import Acquisitions
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.outbox import Outbox, Task
from renkei_server.store.engine.store import Store
from renkei_server.store.persons.residents import BY_LOCAL_ADDRESS_NUMBER, Residents

NUMBER = "number"
POLL = "poll"


class ResidentTasks:
    """The calls of one register, each with what its answer means here."""

    def __init__(
        self,
        *,
        store: Store,
        residents: Residents,
        acquisitions: Acquisitions,
        outbox: Outbox,
        platform: NumbersPersons,
        communication_server: GeneratesLinkageCodes,
    ) -> None:
        self._store = store
        self._residents = residents
        self._acquisitions = acquisitions
        self._outbox = outbox
        self._platform = platform
        self.routes: Mapping[str, Route] = {
            NUMBER: Route(self._number, self._numbering_refused),
            POLL: Route(self._poll, self._numbering_refused, patient=True),
            GENERATE: generation_route(communication_server),
        }

    async def _number(self, task: Task) -> Effect:
        # F1.1 number this person: Individual Number, local address number, four attributes
        person = LocalAddressNumber(task.content["person"])
        record = await self._store.look(
            lambda connection: self._residents.find(connection, BY_LOCAL_ADDRESS_NUMBER, person)
        )
        if record is None:
            raise Refusal(reasons.PERSON_NOT_HELD)
        if record.attributes is None:  # no birth date is made up for whom none is known
            raise Refusal(reasons.DAY_NOT_OF_CALENDAR)
        await self._platform.number_person(
            task.request_id, person, record.individual_number, record.attributes
        )

        def effect(connection: Connection) -> None:
            self._outbox.put(connection, POLL, cause=task.request_id, content=task.content)

        return effect

    async def _poll(self, task: Task) -> Effect:
        # F1.15 outcome, by local address number
        person = LocalAddressNumber(task.content["person"])
        outcome = await self._platform.get_numbering_outcome(person)
        if not outcome.state.final:
            raise NotYetError
        return lambda connection: self._acquisitions.end(
            connection, task.content["acquisition"], outcome
        )

    def _numbering_refused(self, task: Task, refusal: Refusal) -> Effect:
        if refusal.reason is reasons.TERM_OVER:
            outcome = EXPIRED
        else:
            without = refusal.reason is reasons.PERSON_WITHOUT_INDIVIDUAL_NUMBER
            outcome = failed(Failure.NO_INDIVIDUAL_NUMBER if without else Failure.REFUSED)
        return lambda connection: self._acquisitions.end(
            connection, task.content["acquisition"], outcome
        )
