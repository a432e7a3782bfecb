"""An organisation's inquiries, from the wish to what came of it (F2.2, F2.3, F2.8, F2.12; MS-2).

Each function is a part of one transaction: what came, its record and what is owed next are
written together.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from renkei import reasons
from renkei.answers import Answer, Outcome
from renkei.codes import LinkageCode
from renkei.decisions import Decision
from renkei.deliveries import Delivery
from renkei.exchange_records import ExchangeRecord
from renkei.exchanges import Exchange, ExchangeId
from renkei.inquiries import Inquiry
from renkei.permits import Permit, Side, SignedPermit
from renkei.refusals import Refusal
from renkei.sealed_answers import SealedAnswer
from renkei.type.v1 import sealed_answer_pb2
from renkei.wire.exchange_records import content_of
from renkei.wire.permits import hash_of, judged
from renkei.wire.sealed_answers import write_sealed_answer
from renkei_pki.answer_keys import AnswerKeys
from renkei_pki.answer_sealing import open_answer
from renkei_pki.answer_signing import AnswerJudge, answer_in
from renkei_server.dispatch.routes import Effect, NotYetError, Route
from renkei_server.dispatch.terms import within
from renkei_server.domain.exchanges import INQUIRER_WAITS, ended, unpermitted
from renkei_server.domain.permits import LIFETIME, judge
from renkei_server.domain.world import Clock
from renkei_server.door.call import Call
from renkei_server.peers.exchanges import DecidesExchanges
from renkei_server.seats.middle.permitted import Permits
from renkei_server.seats.middle.settling import Settling
from renkei_server.store.codes.codes import Codes
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.outbox import Outbox, Task
from renkei_server.store.engine.record_log import RecordLog
from renkei_server.store.engine.store import Store
from renkei_server.store.exchanges.inquiries import Asked, HeldInquiry, Inquiries, InquiryState

ASK = "ask"
CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class Proven:
    """The permit of an inquiry, under which what was delivered counts."""

    signed: SignedPermit
    permit: Permit


class Inquiring:
    """The inquiries of one organisation."""

    def __init__(
        self,
        *,
        store: Store,
        inquiries: Inquiries,
        codes: Codes,
        permits: Permits,
        answer_keys: Callable[[], AnswerKeys],
        answers: AnswerJudge,
        records: RecordLog,
        outbox: Outbox,
        clock: Clock,
        network: DecidesExchanges,
        settling: Settling,
    ) -> None:
        self._store = store
        self._inquiries = inquiries
        self._codes = codes
        self._permits = permits
        self._answer_keys = answer_keys
        self._answers = answers
        self._records = records
        self._outbox = outbox
        self._clock = clock
        self._network = network
        self._settling = settling
        self.routes: Mapping[str, Route] = {
            ASK: Route(self._ask, self._refused),
            CANCEL: Route(self._cancel),
        }

    def start(self, connection: Connection, asked: Asked, cause: str) -> str:
        """F2.2: keep an inquiry and owe it to the network; returns what names it.

        Raises CODE_NOT_ACQUIRED.
        """
        self._code(connection, asked)
        exchange_id = ExchangeId.of(asked.terms.inquirer, asked.own_id)
        self._inquiries.add(connection, exchange_id, asked, self._clock.real())
        content = within({"exchange": exchange_id.text}, self._clock.now() + LIFETIME)
        self._outbox.put(connection, ASK, cause=cause, content=content)
        return exchange_id.text

    def stands(self, held: HeldInquiry, exchange_id: ExchangeId) -> Inquiry:
        """How an inquiry stands, its answer opened for whoever fetches it."""
        answer = None if held.answer is None else self._opened(held, exchange_id)
        return Inquiry(
            exchange_id,
            held.outcome,
            held.asked.terms.information_code,
            held.refusal,
            answer.records if answer else (),
        )

    def cancel(self, connection: Connection, exchange_id: ExchangeId, cause: str) -> None:
        """F2.12: owe the network the wish to cancel.

        Raises INQUIRY_UNKNOWN or INQUIRY_ENDED.
        """
        if self._inquiries.get(connection, exchange_id).state is InquiryState.ENDED:
            raise Refusal(reasons.INQUIRY_ENDED, "", "inquiry_id")
        content = within({"exchange": exchange_id.text}, self._clock.now() + LIFETIME)
        self._outbox.put(connection, CANCEL, cause=cause, content=content)

    async def prove(self, delivery: Delivery) -> Proven | None:
        """By what a delivery was proven before its transaction; None without proof.

        Whatever speaks against it is raised in the transaction.
        """
        try:
            held = await self._store.look(
                lambda connection: self._inquiries.find(connection, delivery.exchange_id)
            )
            if held is not None and held.permit is not None:
                return Proven(held.permit, self._proven(delivery, held.permit, held.asked_at))
        except Refusal:
            pass
        return None

    def ended(
        self,
        connection: Connection,
        delivery: Delivery,
        call: Call,
        proven: Proven | None = None,
    ) -> None:
        """F2.8: keep the information as it was sealed, or that there is none, or that it expired.

        `proven`: by what it was proven before (`prove`).
        Raises EXCHANGE_UNKNOWN, EXCHANGE_NOT_YET_PERMITTED, EXCHANGE_ENDED and what `open_answer`
        and `AnswerJudge.judge` raise.
        """
        held = self._inquiries.find(connection, delivery.exchange_id)
        if held is None:
            raise Refusal(reasons.EXCHANGE_UNKNOWN, "", "exchange_id")
        call.operation.person = held.asked.person.digits
        if held.state is InquiryState.ENDED:
            raise Refusal(reasons.EXCHANGE_ENDED, "", "exchange_id")
        if held.permit is None:
            raise Refusal(reasons.EXCHANGE_NOT_YET_PERMITTED, "", "exchange_id")
        if proven is not None and held.permit == proven.signed:
            permit = proven.permit
        else:
            permit = self._proven(delivery, held.permit, held.asked_at)
        record = ended(
            permit,
            delivery.outcome,
            answered_at=delivery.answered_at,
            provider_hides=delivery.provider_hides,
        )
        provided = delivery.answer if delivery.outcome.with_records else None
        self._end(connection, record, permit.code, provided)

    async def _ask(self, task: Task) -> Effect:
        # F2.3 the organisation's own code in place of its number
        exchange_id = ExchangeId(task.content["exchange"])
        held = await self._store.look(
            lambda connection: self._inquiries.get(connection, exchange_id)
        )
        code = await self._store.look(lambda connection: self._code(connection, held.asked))
        terms = held.asked.terms
        own_id = held.asked.own_id
        decision = await self._network.request_exchange(task.request_id, own_id, code, terms)
        permit = self._judged(decision, exchange_id, code, held)

        def effect(connection: Connection) -> None:
            if self._inquiries.get(connection, exchange_id).state is InquiryState.ENDED:
                return  # its cancellation was quicker, or its end was told
            if permit is not None and decision.permit is not None:
                due = permit.not_after + INQUIRER_WAITS
                self._inquiries.permit(connection, exchange_id, decision.permit, due)
                return
            record = unpermitted(exchange_id, terms, decision.asked_at, refusal=decision.refusal)
            self._end(connection, record, code)

        return effect

    async def _cancel(self, task: Task) -> Effect:
        # F2.12 until the announcement was first sent
        exchange_id = ExchangeId(task.content["exchange"])
        asked = await self._store.look(
            lambda connection: self._inquiries.get(connection, exchange_id)
        )
        await self._network.cancel_exchange(task.request_id, asked.asked.own_id)

        def effect(connection: Connection) -> None:
            held = self._inquiries.get(connection, exchange_id)
            if held.state is InquiryState.ENDED:
                return
            if held.permit is None:  # the decision on the inquiry itself is still on its way
                raise NotYetError
            permit = judged(held.permit, self._permits.key)
            self._end(connection, ended(permit, Outcome.CANCELLED), permit.code)

        return effect

    def _refused(self, task: Task, refusal: Refusal) -> Effect:
        """A technical fault and no finding of law: there is no record of it on this side.

        But where no answer came, the network may have decided all the same.
        """
        exchange_id = ExchangeId(task.content["exchange"])

        def effect(connection: Connection) -> None:
            held = self._inquiries.get(connection, exchange_id)
            if held.state is InquiryState.ENDED:
                return
            self._inquiries.end(
                connection,
                exchange_id,
                Outcome.FAILED_AT_NETWORK,
                at=self._clock.now(),
                refusal=refusal.reason.name,
            )
            if refusal.reason is reasons.TERM_OVER:
                code = self._code(connection, held.asked)
                self._settling.owe(connection, exchange_id, code, cause=task.request_id)

        return effect

    def _judged(
        self, decision: Decision, exchange_id: ExchangeId, code: LinkageCode, held: HeldInquiry
    ) -> Permit | None:
        if decision.permit is None:
            return None
        permit = judged(decision.permit, self._permits.key)
        try:
            judge(
                permit,
                holder=self._permits.holder,
                side=Side.INQUIRER,
                world=self._permits.world,
                exchange_id=exchange_id,
                code=code,
                terms=held.asked.terms,
                now=self._clock.now(),
                already_used=False,
            )
        except Refusal as refusal:
            if refusal.reason is not reasons.PERMIT_EXPIRED:  # how that ended the network tells
                raise
        return permit

    def _code(self, connection: Connection, asked: Asked) -> LinkageCode:
        code = self._codes.code_of(connection, asked.person)
        if code is None:
            raise Refusal(reasons.CODE_NOT_ACQUIRED, "", "integrated_address_number")
        return code

    def _proven(self, delivery: Delivery, signed: SignedPermit, asked_at: datetime) -> Permit:
        """The permit under which a delivery counts; raises why it does not count."""
        permit = judged(signed, self._permits.key)
        if delivery.outcome.of_provider:
            self._require_providers(delivery, permit, hash_of(signed), asked_at)
        return permit

    def _require_providers(
        self, delivery: Delivery, permit: Permit, permit_hash: bytes, asked_at: datetime
    ) -> None:
        """Raise unless the provider said so itself; nothing of this is judged again later."""
        if delivery.answer is None:
            raise Refusal(reasons.ANSWER_UNSIGNED, "", "answer")
        self._answers.judge(
            open_answer(delivery.answer, self._answer_keys(), permit.exchange),
            permit,
            delivery,
            permit_hash=permit_hash,
            asked_at=asked_at,
            now=self._clock.real(),
        )

    def _opened(self, held: HeldInquiry, exchange_id: ExchangeId) -> Answer:
        told = sealed_answer_pb2.SealedAnswer.FromString(held.answer or b"")
        sealed = SealedAnswer(exchange_id, told.key_id, told.ciphertext)
        terms = held.asked.terms
        exchange = Exchange(exchange_id, terms.inquirer, terms.provider)
        return answer_in(open_answer(sealed, self._answer_keys(), exchange))

    def _end(
        self,
        connection: Connection,
        record: ExchangeRecord,
        code: LinkageCode,
        answer: SealedAnswer | None = None,
    ) -> None:
        now = self._clock.now()
        self._inquiries.end(
            connection,
            record.exchange_id,
            record.outcome,
            at=now,
            refusal=record.refusal,
            answer=write_sealed_answer(answer).SerializeToString() if answer else None,
        )
        self._records.append(
            connection,
            content_of(record),
            person=code.value,
            shown=not record.non_disclosure,
            at=now,
        )
