"""What the resident record system owes others in the code exchange, and when a number was changed."""

from collections.abc import Mapping
from functools import partial

from renkei import reasons
from renkei.acquisitions import EXPIRED, Failure, failed
from renkei.codes import IndividualNumber, LocalAddressNumber
from renkei.refusals import Refusal
from renkei_server.dispatch.generation import GENERATE, generation_route
from renkei_server.dispatch.routes import Effect, NotYetError, Route, no_effect
from renkei_server.peers.codes import GeneratesLinkageCodes, NumbersPersons
from renkei_server.store.codes.acquisitions import Acquisitions
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.outbox import Outbox, Task
from renkei_server.store.engine.store import Store
from renkei_server.store.persons.changed_numbers import ChangedNumbers
from renkei_server.store.persons.residents import (
    BY_LOCAL_ADDRESS_NUMBER,
    ResidentRecord,
    Residents,
)

NUMBER = "number"
POLL = "poll"
CHANGE_NUMBER = "change number"


class ResidentTasks:
    """The calls of one register, each with what its answer means here."""

    def __init__(
        self,
        *,
        store: Store,
        residents: Residents,
        changed: ChangedNumbers,
        acquisitions: Acquisitions,
        outbox: Outbox,
        platform: NumbersPersons,
        communication_server: GeneratesLinkageCodes,
    ) -> None:
        self._store = store
        self._residents = residents
        self._changed = changed
        self._acquisitions = acquisitions
        self._outbox = outbox
        self._platform = platform
        self.routes: Mapping[str, Route] = {
            NUMBER: Route(self._number, self._numbering_refused),
            CHANGE_NUMBER: Route(self._change_number),
            POLL: Route(self._poll, self._numbering_refused, patient=True),
            GENERATE: generation_route(communication_server),
        }

    async def _number(self, task: Task) -> Effect:
        # F1.1 number this person: Individual Number, local address number, four attributes
        person = LocalAddressNumber(task.content["person"])
        record = await self._store.look(partial(self._record, person))
        number = record.individual_number
        if record.attributes is None:  # no birth date is made up for whom none is known
            raise Refusal(reasons.DAY_NOT_OF_CALENDAR)
        if number is not None:
            await self._tell_number(task.request_id, person, number)
        await self._platform.number_person(task.request_id, person, number, record.attributes)

        def effect(connection: Connection) -> None:
            now = self._residents.find(connection, BY_LOCAL_ADDRESS_NUMBER, person)
            # whoever has another number since was numbered by one that is nobody's any more
            again = now is not None and now.individual_number != number
            kind = NUMBER if again else POLL
            self._outbox.put(connection, kind, cause=task.request_id, content=task.content)

        return effect

    def _record(self, person: LocalAddressNumber, connection: Connection) -> ResidentRecord:
        record = self._residents.find(connection, BY_LOCAL_ADDRESS_NUMBER, person)
        if record is None:
            raise Refusal(reasons.PERSON_NOT_HELD)
        return record

    async def _change_number(self, task: Task) -> Effect:
        # F13.1 old and new number; the integrated address number stays
        person = LocalAddressNumber(task.content["person"])
        number = (await self._store.look(partial(self._record, person))).individual_number
        if number is not None and (
            refused := await self._tell_number(task.request_id, person, number)
        ):
            raise refused
        return no_effect

    async def _tell_number(
        self, request_id: str, person: LocalAddressNumber, now: IndividualNumber
    ) -> Refusal | None:
        """Let the platform find somebody by the number that they have now.

        It may know them by any that they had before, or not at all. Returns its refusal where it
        knows two persons, by an earlier number and by this one.
        """
        earlier = await self._store.look(partial(self._changed.of, person=person))
        two = None
        for index, old in enumerate(earlier):
            if old == now:
                continue
            told = self._store.sealer.derived_request_id(
                CHANGE_NUMBER, f"{request_id} {index} of {len(earlier)}"
            )
            try:
                await self._platform.change_individual_number(told, old, now)
            except Refusal as refusal:
                if refusal.reason is reasons.INDIVIDUAL_NUMBER_HELD_BY_ANOTHER:
                    two = refusal
                elif refusal.reason is not reasons.PERSON_NOT_HELD:
                    raise
        return two

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
