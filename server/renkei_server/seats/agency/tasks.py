"""What a national body owes the two networks in the code exchange (F1.4, F1.7, F1.8)."""

from collections.abc import Mapping

from renkei import reasons
from renkei.acquisitions import EXPIRED, Failure, failed
from renkei.codes import IntegratedAddressNumber
from renkei.refusals import Refusal
from renkei_server.dispatch.generation import GENERATE, generation_content, generation_route
from renkei_server.dispatch.routes import Effect, Route
from renkei_server.dispatch.terms import onward
from renkei_server.peers.codes import GeneratesLinkageCodes, IssuesSerials
from renkei_server.store.codes.codes import Codes
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.outbox import Outbox, Task
from renkei_server.store.persons.numbering import Numbering

ASK_SERIAL = "ask serial"


class AgencyTasks:
    """The calls of one national body, each with what its answer means here."""

    def __init__(
        self,
        *,
        numbering: Numbering,
        codes: Codes,
        outbox: Outbox,
        network: IssuesSerials,
        national_server: GeneratesLinkageCodes,
    ) -> None:
        self._numbering = numbering
        self._codes = codes
        self._outbox = outbox
        self._network = network
        self.routes: Mapping[str, Route] = {
            ASK_SERIAL: Route(self._ask_serial, self._refused),
            GENERATE: generation_route(national_server),
        }

    async def _ask_serial(self, task: Task) -> Effect:
        # F1.4 a processing serial, please; F1.5 serial and expiry
        issued = await self._network.issue_processing_serial(task.request_id)
        key = task.content["acquisition"]

        def effect(connection: Connection) -> None:
            if issued is None:  # it expired before this answer came
                self._codes.give_up(connection, key, EXPIRED)
                return
            person = IntegratedAddressNumber(task.content["person"])
            number = self._numbering.individual_number(connection, person)
            if number is None:
                raise Refusal(reasons.PERSON_NOT_HELD)
            serial, expires_at = issued
            self._codes.await_serial(connection, key, serial, expires_at)
            # F1.7 and F1.8 are one call, to the national server
            content = onward(generation_content(number, serial), task.content)
            self._outbox.put(connection, GENERATE, cause=task.request_id, content=content)

        return effect

    def _refused(self, task: Task, refusal: Refusal) -> Effect:
        expired = refusal.reason is reasons.TERM_OVER
        outcome = EXPIRED if expired else failed(Failure.REFUSED)
        return lambda connection: self._codes.give_up(
            connection, task.content["acquisition"], outcome
        )
