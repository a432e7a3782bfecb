"""An exchange at the information provision network, from its request to its end (F2.3 to F2.12).

Each function is a part of one transaction: what is decided, what is recorded and what is owed
to the other side are written together.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial

from renkei import reasons
from renkei.answers import Outcome
from renkei.codes import Institution, LinkageCode
from renkei.decisions import Decision
from renkei.deliveries import Delivery
from renkei.exchanges import ExchangeId, InquiryTerms
from renkei.permits import Signs
from renkei.refusals import Refusal
from renkei.sealed_answers import KeyRecord, PublishedKeys
from renkei.wire.permits import sign_permit
from renkei.wire.sealed_answers import read_key_record
from renkei_pki.answer_sealing import require_openable
from renkei_server.dispatch.deliveries import delivery_content, delivery_of
from renkei_server.dispatch.routes import Effect, NotYetError, Route, no_effect
from renkei_server.domain.days import day_in_japan
from renkei_server.domain.exchanges import (
    GRACE,
    ExchangeState,
    Open,
    ended,
    require_dated,
    unpermitted,
)
from renkei_server.domain.legal_basis import LegalBasis
from renkei_server.domain.permits import LIFETIME, Core, Pair, issue_pair
from renkei_server.domain.world import Clock
from renkei_server.peers.exchanges import ProvidesInformation
from renkei_server.seats.provision.announcing import ANNOUNCE, Announcing
from renkei_server.seats.provision.endings import END, Endings
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.outbox import Outbox, Task
from renkei_server.store.engine.store import Store
from renkei_server.store.exchanges.exchanges import Exchanges
from renkei_server.store.exchanges.published_keys import KeyDirectory

HAND_OVER = "hand over"


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
        endings: Endings,
        outbox: Outbox,
        announcing: Announcing,
        clock: Clock,
    ) -> None:
        self._law = law
        self._exchanges = exchanges
        self._directory = directory
        self._endings = endings
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
            self._endings.record(connection, unpermitted(exchange_id, terms, now), link_id)
            return _made(now)
        try:
            table, item = self._law.decide(terms, now)
        except Refusal as refusal:
            why = refusal.reason.name
            self._exchanges.refuse(connection, exchange_id, terms, now)
            record = unpermitted(exchange_id, terms, now, refusal=why)
            self._endings.record(connection, record, link_id)
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
        self._endings.end(connection, exchange, ended(exchange, Outcome.CANCELLED))

    def answered(
        self, connection: Connection, delivery: Delivery, provider: Institution, cause: str
    ) -> None:
        """F2.8: record an answer and owe it to the inquirer.

        Raises EXCHANGE_UNKNOWN, EXCHANGE_ENDED, ANSWER_TIME_IMPOSSIBLE, ANSWER_KEY_UNKNOWN or
        MALFORMED_ANSWER.
        """
        standing = self._exchanges.get(connection, delivery.exchange_id)
        exchange = standing.opened(by=provider)
        self._require_deliverable(connection, delivery, exchange)
        record = ended(
            exchange,
            delivery.outcome,
            answered_at=delivery.answered_at,
            provider_hides=delivery.provider_hides,
        )
        self._exchanges.answered(connection, exchange.exchange_id)
        self._endings.record(connection, record, exchange.link_id)
        self._owe(connection, delivery, exchange, cause)

    def expire(self, connection: Connection) -> int:
        """End exchanges whose time is over, and owe their inquirers the news; return how many."""
        overdue = self._endings.overdue(connection)
        for exchange in overdue:
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
                standing = self._exchanges.get(connection, exchange_id)
                exchange = standing.open
                if exchange is None or standing.state is not ExchangeState.PERMITTED:
                    return None
                keys = self._directory.find(connection, exchange.terms.inquirer)
                if keys is None:
                    raise Refusal(reasons.SEALING_KEYS_NOT_PUBLISHED)
                self._announcing.begins(task)
                return exchange, keys

            begun = await store.look_in_turn(begin)
            if begun is None:
                return no_effect
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
            return no_effect

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
            return partial(self._endings.answer_taken, exchange_id=delivery.exchange_id)

        return {
            ANNOUNCE: Route(announce, self._announcement_refused),
            HAND_OVER: Route(hand_over, self._answer_refused),
            END: self._endings.route(institution),
        }

    def _announcement_refused(self, task: Task, refusal: Refusal) -> Effect:
        exchange_id = ExchangeId(task.content["exchange"])
        return partial(
            self._endings.announcement_refused,
            exchange_id=exchange_id,
            why=refusal,
            cause=task.request_id,
        )

    def _answer_refused(self, task: Task, refusal: Refusal) -> Effect:
        delivery = delivery_of(task.content)
        return partial(
            self._endings.answer_refused,
            exchange_id=delivery.exchange_id,
            why=refusal,
            cause=task.request_id,
            hidden=delivery.provider_hides,
        )

    def _require_deliverable(
        self, connection: Connection, delivery: Delivery, exchange: Open
    ) -> None:
        """Raise for what the inquirer could do nothing with; of the rest nothing is seen here."""
        asked_at, now = exchange.asked_at, self._clock.now()
        if delivery.answered_at is not None:
            require_dated(delivery.answered_at, asked_at=asked_at, now=now)
        published = self._directory.find(connection, exchange.terms.inquirer)
        if published is not None and delivery.answer is not None:
            require_openable(delivery.answer, _keys_of(published.record))

    def _owe(self, connection: Connection, delivery: Delivery, exchange: Open, cause: str) -> None:
        content = {**delivery_content(delivery), "inquirer": exchange.terms.inquirer.name}
        self._outbox.put(connection, HAND_OVER, cause=cause, content=content)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeSweep:
    """Ends the exchanges whose time is over by the world's clock."""

    store: Store
    exchanging: Exchanging
    endings: Endings

    async def run_once(self) -> int:
        """Return how many ended."""
        if not await self.store.look(self.endings.any_overdue):
            return 0
        return await self.store.write(self.exchanging.expire, what="expire exchanges")


def _made(asked_at: datetime, *, table: str = "", item: str = "", refusal: str = "") -> str:
    """What a decision was, without the person: it stands beside its request's receipt."""
    return json.dumps(
        {"asked_at": asked_at.isoformat(), "table": table, "item": item, "refusal": refusal}
    )


@lru_cache(maxsize=256)
def _keys_of(record: bytes) -> KeyRecord:
    return read_key_record(record)
