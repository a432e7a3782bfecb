"""How exchanges end at the information provision network, all but by an answer that arrives (F2.13).

Rules:
- What no answer came to within its time is EXPIRED.
- What was refused for good, an announcement or an answer, is UNDELIVERABLE, with the reason: it is
  recorded, beside what was recorded of the answer, and told to inquirer and provider.
- Whether an answer arrived is for the inquirer to say, by taking it, refusing it or asking how the
  exchange ended: the network never gives up an answer by itself, which might have been taken.

Each function is a part of one transaction.
"""

from collections.abc import Callable
from typing import Final

from renkei import reasons
from renkei.answers import Outcome
from renkei.codes import Institution, LinkageCode
from renkei.exchange_records import ExchangeRecord
from renkei.exchanges import ExchangeId
from renkei.refusals import Refusal
from renkei.wire.exchange_records import content_of, record_of
from renkei_server.dispatch.routes import Effect, Route, no_effect
from renkei_server.domain.exchanges import ExchangeState, Open, ended
from renkei_server.domain.linkage_codes import CodeCipher
from renkei_server.domain.permits import LIFETIME
from renkei_server.domain.world import Clock
from renkei_server.peers.exchanges import ProvidesInformation
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.outbox import Outbox, Task
from renkei_server.store.engine.record_log import RecordLog
from renkei_server.store.exchanges.exchanges import Exchanges
from renkei_server.store.exchanges.recorded import newest

END = "end"

AT_ONCE: Final = 500


class Endings:
    """The ends of one network's exchanges, and the records of them."""

    def __init__(
        self,
        *,
        cipher: CodeCipher,
        exchanges: Exchanges,
        records: RecordLog,
        outbox: Outbox,
        clock: Clock,
    ) -> None:
        self._cipher = cipher
        self._exchanges = exchanges
        self._records = records
        self._outbox = outbox
        self._clock = clock

    def record(self, connection: Connection, record: ExchangeRecord, link_id: bytes) -> None:
        """Record it about this person."""
        self._records.append(
            connection,
            content_of(record),
            person=link_id,
            shown=not record.non_disclosure,
            at=self._clock.now(),
        )

    def end(self, connection: Connection, exchange: Open, record: ExchangeRecord) -> None:
        """End an exchange with its record."""
        self._exchanges.end(connection, exchange.exchange_id, exchange.terms.provider)
        self.record(connection, record, exchange.link_id)

    def any_overdue(self, connection: Connection) -> bool:
        """Whether the time of an exchange is over that was not answered."""
        return self._exchanges.any_overdue(connection, self._clock.now())

    def overdue(self, connection: Connection) -> list[Open]:
        """Exchanges whose time is over unanswered, now ended as EXPIRED; at most `AT_ONCE`."""
        overdue = self._exchanges.overdue(connection, self._clock.now(), AT_ONCE)
        for exchange in overdue:
            self.end(connection, exchange, ended(exchange, Outcome.EXPIRED))
        return list(overdue)

    def announcement_refused(
        self, connection: Connection, exchange_id: ExchangeId, why: Refusal, cause: str
    ) -> None:
        """The provider will not answer: unless its permit was over, which ends by itself."""
        standing = self._exchanges.get(connection, exchange_id)
        over = why.reason is reasons.PERMIT_EXPIRED
        if standing.open is not None and standing.state is ExchangeState.PERMITTED and not over:
            self._undeliverable(connection, standing.open, why.reason.name, cause=cause)

    def answer_refused(
        self,
        connection: Connection,
        exchange_id: ExchangeId,
        why: Refusal,
        cause: str,
        *,
        hidden: bool,
    ) -> None:
        """The inquirer will not take the answer."""
        standing = self._exchanges.get(connection, exchange_id)
        if standing.open is not None and standing.state is ExchangeState.ANSWERED:
            name = why.reason.name
            self._undeliverable(connection, standing.open, name, cause=cause, hidden=hidden)

    def answer_taken(self, connection: Connection, exchange_id: ExchangeId) -> None:
        """The inquirer has the answer."""
        self._exchanges.taken(connection, exchange_id)

    def settle(
        self,
        connection: Connection,
        exchange_id: ExchangeId,
        code: LinkageCode,
        party: Institution,
        why: str,
        cause: str,
    ) -> None:
        """End what the party waits for no more, unless it has ended.

        `why` a provider's own answer was refused, a reason's name. Raises EXCHANGE_UNKNOWN or
        EXCHANGE_NOT_OVERDUE, and MALFORMED_LINKAGE_CODE for what is no code of the party.
        """
        link_id = self._cipher.link_id_of(code, party)
        exchange = self._exchanges.get(connection, exchange_id).open
        if exchange is None:
            return
        if exchange.link_id != link_id:
            raise Refusal(reasons.EXCHANGE_UNKNOWN, "", "exchange_id")
        answered = newest(self._records, connection, link_id, exchange_id, record_of)
        if party == exchange.terms.inquirer:
            self._waited_out(connection, exchange, answered, cause)
        elif party == exchange.terms.provider and answered is None:
            self._undeliverable(
                connection, exchange, why, cause=cause, told=(exchange.terms.inquirer,)
            )

    def settled(
        self, connection: Connection, exchange_id: ExchangeId, code: LinkageCode, party: Institution
    ) -> ExchangeRecord:
        """The record that counts, for a party of it; raises EXCHANGE_UNKNOWN."""
        link_id = self._cipher.link_id_of(code, party)
        record = newest(self._records, connection, link_id, exchange_id, record_of)
        if record is None or party not in (record.terms.inquirer, record.terms.provider):
            raise Refusal(reasons.EXCHANGE_UNKNOWN, "", "exchange_id")
        return record

    def route(self, institution: Callable[[Institution], ProvidesInformation]) -> Route:
        """How a party is told."""

        async def tell(task: Task) -> Effect:
            # F2.13 by the party's own code
            party = Institution(task.content["party"])
            code = self._cipher.code_of(bytes.fromhex(task.content["link_id"]), party)
            record = record_of(bytes.fromhex(task.content["record"]))
            await institution(party).end_exchange(task.request_id, code, record)
            return no_effect

        return Route(tell)

    def _waited_out(
        self,
        connection: Connection,
        exchange: Open,
        answered: ExchangeRecord | None,
        cause: str,
    ) -> None:
        """The inquirer waits no more: for an answer that never came, or that it never got."""
        provider = exchange.terms.provider
        if answered is not None:
            hidden, why = answered.non_disclosure, reasons.TERM_OVER.name
            self._undeliverable(
                connection, exchange, why, cause=cause, hidden=hidden, told=(provider,)
            )
            return
        until = exchange.asked_at + LIFETIME
        if self._clock.now() < until:
            raise Refusal(reasons.EXCHANGE_NOT_OVERDUE, "", "exchange_id")
        self.end(connection, exchange, ended(exchange, Outcome.EXPIRED))

    def _undeliverable(
        self,
        connection: Connection,
        exchange: Open,
        why: str,
        *,
        cause: str,
        hidden: bool = False,
        told: tuple[Institution, ...] = (),
    ) -> None:
        """End it so, and owe the news to both parties, or to those that are to be told."""
        terms = exchange.terms
        record = ended(exchange, Outcome.UNDELIVERABLE, provider_hides=hidden, refusal=why)
        self.end(connection, exchange, record)
        content = {"record": content_of(record).hex(), "link_id": exchange.link_id.hex()}
        for party in told or (terms.inquirer, terms.provider):
            owed = content | {"party": party.name}
            self._outbox.put(connection, END, cause=cause, content=owed)
