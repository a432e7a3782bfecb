"""An exchange at the information provision network, from its request to its end (F2.3 to F2.12).

Each function is a part of one transaction: what is decided, what is recorded and what is owed
to the other side are written together.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from renkei import reasons
from renkei.answers import Outcome
from renkei.codes import Institution, LinkageCode
from renkei.decisions import Decision
from renkei.deliveries import Delivery
from renkei.exchange_records import ExchangeRecord
from renkei.exchanges import ExchangeId, InquiryTerms
from renkei.permits import Signs
from renkei.refusals import Refusal
from renkei.sealed_answers import PublishedKeys
from renkei.wire.exchange_records import content_of
from renkei.wire.permits import sign_permit
from renkei_server.dispatch.deliveries import delivery_content, delivery_of
from renkei_server.dispatch.routes import Effect, NotYetError, Route
from renkei_server.domain.days import day_in_japan
from renkei_server.domain.exchanges import GRACE, ExchangeState, Open, ended, unpermitted
from renkei_server.domain.legal_basis import LegalBasis
from renkei_server.domain.permits import LIFETIME, Core, Pair, issue_pair
from renkei_server.domain.world import Clock
from renkei_server.peers.exchanges import ProvidesInformation
from renkei_server.seats.provision.announcing import ANNOUNCE, Announcing
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.outbox import Outbox, Task
from renkei_server.store.engine.record_log import RecordLog
from renkei_server.store.engine.store import Store
from renkei_server.store.exchanges.exchanges import Exchanges
from renkei_server.store.exchanges.published_keys import KeyDirectory

HAND_OVER = "hand over"

_ENDED_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Law:
    """By what the network decides and permits."""

    basis: LegalBasis
    core: Core
    world: str
    permit_key: Signs
    members: frozenset[str]
    """Names of the institutions that can be asked."""

    def decide(self, terms: InquiryTerms, now: datetime) -> tuple[str, str]:
        """Table and item that permit what is asked; raises why it is not permitted."""
        basis = self.basis.decide(
            inquirer=terms.inquirer,
            inquirer_delegator=terms.inquirer_delegator,
            affair=terms.affair_code,
            procedure=terms.procedure_code,
            provider=terms.provider,
            provider_delegator=terms.provider_delegator,
            information=terms.information_code,
            day=day_in_japan(now),
        )
        if terms.provider.name not in self.members:
            raise Refusal(reasons.PROVIDER_UNKNOWN, "", "provider")
        return basis.table, basis.item

    def permits(self, exchange: Open) -> Pair:
        """Both copies of the permit of an exchange, the same whenever they are asked for."""
        code = self.core.cipher.code_of(exchange.link_id, exchange.terms.inquirer)
        return issue_pair(
            self.core,
            exchange.exchange_id,
            terms=exchange.terms,
            code=code,
            table=exchange.legal_table,
            item=exchange.legal_item,
            world=self.world,
            now=exchange.asked_at,
        )


class Exchanging:
    """The exchanges of one network."""

    def __init__(
        self,
        *,
        law: Law,
        exchanges: Exchanges,
        directory: KeyDirectory,
        records: RecordLog,
        outbox: Outbox,
        announcing: Announcing,
        clock: Clock,
    ) -> None:
        self._law = law
        self._exchanges = exchanges
        self._directory = directory
        self._records = records
        self._outbox = outbox
        self._announcing = announcing
        self._clock = clock

    def decide(
        self,
        connection: Connection,
        exchange_id: ExchangeId,
        code: LinkageCode,
        terms: InquiryTerms,
        cause: str,
    ) -> str:
        """F2.4: permit it and owe the announcement, or not; returns what `told` reads.

        Raises MALFORMED_LINKAGE_CODE, EXCHANGE_ID_TAKEN or SEALING_KEYS_NOT_PUBLISHED.
        """
        link_id = self._law.core.cipher.link_id_of(code, terms.inquirer)
        now = self._clock.now()
        new = connection.assume_new()
        standing = None if new else self._exchanges.find(connection, exchange_id)
        if standing is not None:
            if standing.state is not ExchangeState.CANCELLED_UNASKED:
                raise Refusal(reasons.EXCHANGE_ID_TAKEN, "", "own_id")
            self._exchanges.end(connection, exchange_id, terms.provider)
            self._record(connection, unpermitted(exchange_id, terms, now), link_id)
            return _made(now)
        try:
            table, item = self._law.decide(terms, now)
        except Refusal as refusal:
            why = refusal.reason.name
            self._exchanges.refuse(connection, exchange_id, terms, now)
            self._record(connection, unpermitted(exchange_id, terms, now, refusal=why), link_id)
            return _made(now, refusal=why)
        if self._directory.find(connection, terms.inquirer) is None:
            raise Refusal(reasons.SEALING_KEYS_NOT_PUBLISHED)
        exchange = Open(exchange_id, terms, table, item, now, link_id)
        self._exchanges.permit(connection, exchange, now + LIFETIME + GRACE)
        content = {"exchange": exchange_id.text}
        self._outbox.put(connection, ANNOUNCE, cause=cause, content=content)
        return _made(now, table=table, item=item)

    def told(
        self, exchange_id: ExchangeId, code: LinkageCode, terms: InquiryTerms, made: str
    ) -> Decision:
        """What the inquirer is told of a decision, the first time and each time again."""
        facts = json.loads(made)
        asked_at = datetime.fromisoformat(facts["asked_at"])
        if not facts["table"]:
            return Decision(asked_at, refusal=facts["refusal"])
        link_id = self._law.core.cipher.link_id_of(code, terms.inquirer)
        exchange = Open(exchange_id, terms, facts["table"], facts["item"], asked_at, link_id)
        permit = self._law.permits(exchange).inquirers
        return Decision(asked_at, sign_permit(permit, self._law.permit_key))

    def cancel(self, connection: Connection, exchange_id: ExchangeId) -> None:
        """F2.12: end it, unless it may have been announced; before its request, keep the wish.

        Raises EXCHANGE_ENDED or EXCHANGE_ALREADY_ANNOUNCED.
        """
        standing = self._exchanges.find(connection, exchange_id)
        if standing is None:
            now = self._clock.now()
            self._exchanges.cancel_unasked(connection, exchange_id, now)
            return
        exchange = standing.opened()
        if not self._announcing.waits(connection, exchange_id):
            raise Refusal(reasons.EXCHANGE_ALREADY_ANNOUNCED, "", "own_id")
        self._end(connection, exchange, ended(exchange, Outcome.CANCELLED))

    def answered(
        self, connection: Connection, delivery: Delivery, provider: Institution, cause: str
    ) -> None:
        """F2.8: record an answer and owe it to the inquirer.

        Raises EXCHANGE_UNKNOWN or EXCHANGE_ENDED.
        """
        standing = self._exchanges.get(connection, delivery.exchange_id)
        exchange = standing.opened(by=provider)
        record = ended(
            exchange,
            delivery.outcome,
            answered_at=delivery.answered_at,
            provider_hides=delivery.provider_hides,
        )
        self._end(connection, exchange, record)
        self._owe(connection, delivery, exchange, cause)

    def any_overdue(self, connection: Connection) -> bool:
        """Whether the time of an open exchange is over."""
        return self._exchanges.any_overdue(connection, self._clock.now())

    def expire(self, connection: Connection) -> int:
        """End exchanges whose time is over, and owe their inquirers the news; return how many."""
        overdue = self._exchanges.overdue(connection, self._clock.now(), _ENDED_AT_ONCE)
        for exchange in overdue:
            self._end(connection, exchange, ended(exchange, Outcome.EXPIRED))
            expired = Delivery(exchange.exchange_id, Outcome.EXPIRED)
            self._owe(connection, expired, exchange, "")
        return len(overdue)

    def routes(
        self, store: Store, institution: Callable[[Institution], ProvidesInformation]
    ) -> Mapping[str, Route]:
        """How what is owed is sent."""

        async def announce(task: Task) -> Effect:
            # F2.5 the provider's code and its copy of the permit
            exchange_id = ExchangeId(task.content["exchange"])

            def begin(connection: Connection) -> tuple[Open, PublishedKeys] | None:
                exchange = self._exchanges.get(connection, exchange_id).open
                if exchange is None:
                    return None
                keys = self._directory.find(connection, exchange.terms.inquirer)
                if keys is None:
                    raise Refusal(reasons.SEALING_KEYS_NOT_PUBLISHED)
                self._announcing.begins(task)
                return exchange, keys

            begun = await store.look_in_turn(begin)
            if begun is None:
                return _nothing
            exchange, keys = begun
            permit = self._law.permits(exchange).providers
            await institution(exchange.terms.provider).announce_exchange(
                task.request_id,
                exchange_id,
                permit.code,
                exchange.terms,
                sign_permit(permit, self._law.permit_key),
                keys,
            )
            return _nothing

        async def hand_over(task: Task) -> Effect:
            # F2.8 the answer, unread
            inquirer = Institution(task.content["inquirer"])
            delivery = delivery_of(task.content)
            try:
                await institution(inquirer).hand_over_answer(task.request_id, delivery)
            except Refusal as refusal:
                if refusal.reason is reasons.EXCHANGE_NOT_YET_PERMITTED:
                    raise NotYetError from None  # the answer was quicker than the permit
                raise
            return _nothing

        return {ANNOUNCE: Route(announce), HAND_OVER: Route(hand_over)}

    def _end(self, connection: Connection, exchange: Open, record: ExchangeRecord) -> None:
        self._exchanges.end(connection, exchange.exchange_id, exchange.terms.provider)
        self._record(connection, record, exchange.link_id)

    def _owe(self, connection: Connection, delivery: Delivery, exchange: Open, cause: str) -> None:
        content = {**delivery_content(delivery), "inquirer": exchange.terms.inquirer.name}
        self._outbox.put(connection, HAND_OVER, cause=cause, content=content)

    def _record(self, connection: Connection, record: ExchangeRecord, link_id: bytes) -> None:
        self._records.append(
            connection,
            content_of(record),
            person=link_id,
            shown=not record.non_disclosure,
            at=self._clock.now(),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeSweep:
    """Ends the exchanges whose time is over by the world's clock."""

    store: Store
    exchanging: Exchanging

    async def run_once(self) -> int:
        """Return how many ended."""
        if not await self.store.look(self.exchanging.any_overdue):
            return 0
        return await self.store.write(self.exchanging.expire, what="expire exchanges")


def _made(asked_at: datetime, *, table: str = "", item: str = "", refusal: str = "") -> str:
    """What a decision was, without the person: it stands beside its request's receipt."""
    return json.dumps(
        {"asked_at": asked_at.isoformat(), "table": table, "item": item, "refusal": refusal}
    )


def _nothing(_connection: Connection) -> None:
    """What an answer means where it means nothing more."""
