"""How an organisation answers what was announced to it (F2.6 to F2.8; MS-3, PRV-01, PRV-02).

Rules:
- The codes of the announcement decide what goes out, by themselves: every record of the
  information that is provided on this day, and nothing else.
- An answer is recorded and owed in one transaction; signed and sealed it was mostly before, from
  what that transaction finds unchanged.
- What staff shall review first is held; what goes out then is what they reviewed, or nothing.
- Where several numbers share a code, what goes out is of all of them, and staff review it whatever
  was set: a code should have one number (MID-02), and nobody but staff can tell what is wrong.
"""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Final

from renkei.answers import Answer, Outcome
from renkei.codes import IntegratedAddressNumber, LinkageCode
from renkei.deliveries import Delivery
from renkei.exchange_records import ExchangeRecord
from renkei.exchanges import ExchangeId
from renkei.permits import Permit, SignedPermit
from renkei.refusals import Refusal
from renkei.sealed_answers import KeyRecord
from renkei.signed_answers import AnswerClaims
from renkei.wire.answers import write_answer
from renkei.wire.exchange_records import content_of
from renkei_pki.answer_sealing import key_for, seal
from renkei_pki.answer_signing import AnswerSigner
from renkei_server.dispatch.deliveries import delivery_content, delivery_of
from renkei_server.dispatch.routes import Effect, Route, no_effect
from renkei_server.domain.days import day_in_japan
from renkei_server.domain.exchanges import ended
from renkei_server.domain.world import Clock
from renkei_server.peers.exchanges import DecidesExchanges
from renkei_server.seats.middle.settling import Settling
from renkei_server.store.codes import codes
from renkei_server.store.codes.codes import Codes
from renkei_server.store.engine.changes import names_of
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.outbox import Outbox, Task
from renkei_server.store.engine.record_log import RecordLog
from renkei_server.store.sub_copies import organisation_keys, sub_copies
from renkei_server.store.sub_copies.sub_copies import SubCopies

DELIVER_ANSWER = "deliver answer"


ANSWERED_FROM: Final = names_of(
    (*codes.BOUND_TABLES, *sub_copies.TABLES, *organisation_keys.TABLES)
)
"""All tables of which an answer is made."""


@dataclass(frozen=True, slots=True)
class SealedDelivery:
    """An answer on its way to the network, and what its record will say."""

    content: Mapping[str, str] = field(repr=False)
    record: ExchangeRecord
    code: LinkageCode = field(repr=False)
    at: datetime


class Answering:
    """The answers of one organisation."""

    def __init__(
        self,
        *,
        kept: Codes,
        held: SubCopies,
        signer: AnswerSigner,
        records: RecordLog,
        outbox: Outbox,
        clock: Clock,
        network: DecidesExchanges,
        settling: Settling,
    ) -> None:
        self._settling = settling
        self._codes = kept
        self._sub_copies = held
        self._signer = signer
        self._records = records
        self._outbox = outbox
        self._clock = clock
        self._network = network
        self.route = Route(self._deliver, self._refused)

    def persons(self, connection: Connection, permit: Permit) -> list[IntegratedAddressNumber]:
        """Whom the permit is about, by this organisation's own numbers."""
        return self._codes.persons_of(connection, permit.code)

    def answer(
        self,
        connection: Connection,
        permit: Permit,
        persons: Sequence[IntegratedAddressNumber],
        *,
        now: datetime,
    ) -> Answer:
        """What would go out now, by the world's time.

        Raises ORGANISATION_KEY_MISSING or KEY_STORE_LOCKED.
        """
        if not persons:
            return Answer(permit.exchange_id, Outcome.PROVIDER_CODE_NOT_ACQUIRED)
        held = [
            record
            for person in persons
            for record in self._sub_copies.of_information(
                connection, person, permit.terms.information_code
            )
        ]
        if not held:
            return Answer(permit.exchange_id, Outcome.NO_SUB_COPY)
        today = day_in_japan(now)
        published = tuple(record for record in held if record.publication.covers(today))
        if not published:
            return Answer(permit.exchange_id, Outcome.NOT_PUBLISHED)
        return Answer.of(permit.exchange_id, published)

    def sealed(
        self,
        permit: Permit,
        answer: Answer,
        keys: KeyRecord,
        *,
        now: datetime,
        permit_hash: bytes,
        hidden: bool = False,
    ) -> SealedDelivery:
        """An answer that was made `now`, signed and sealed; it needs no transaction.

        Raises PUBLISHED_KEYS_OUT_OF_DATE, NO_SUITE_IN_COMMON or MESSAGE_TOO_LARGE.
        """
        real = self._clock.real()
        key = key_for(permit.exchange, keys, now=real)
        claims = AnswerClaims.of(
            answer,
            permit,
            permit_hash=permit_hash,
            key_id=key.key_id,
            answered_at=now,
            provider_hides=hidden,
            signed_at=real,
        )
        sealed = seal(self._signer.sign(claims), key, permit.exchange)
        delivery = Delivery(permit.exchange_id, answer.outcome, now, hidden, sealed)
        record = ended(permit, answer.outcome, answered_at=now, provider_hides=hidden)
        content = {**delivery_content(delivery), "code": permit.code.value.hex()}
        return SealedDelivery(content, record, permit.code, now)

    def send(self, connection: Connection, sealed: SealedDelivery, *, cause: str) -> None:
        """Record an answer, and owe it to the network."""
        self._outbox.put(connection, DELIVER_ANSWER, cause=cause, content=sealed.content)
        self._append(connection, sealed.record, sealed.code, at=sealed.at)

    def expire(self, connection: Connection, permit: Permit) -> None:
        """Record that a permit expired before an answer was released."""
        record = ended(permit, Outcome.EXPIRED)
        self._append(connection, record, permit.code, at=self._clock.now())

    def _append(
        self, connection: Connection, record: ExchangeRecord, code: LinkageCode, *, at: datetime
    ) -> None:
        self._records.append(
            connection,
            content_of(record),
            person=code.value,
            shown=not record.non_disclosure,
            at=at,
        )

    async def _deliver(self, task: Task) -> Effect:
        # F2.8 to the network, which passes it on unread
        await self._network.deliver_answer(task.request_id, delivery_of(task.content))
        return no_effect

    def _refused(self, task: Task, refusal: Refusal) -> Effect:
        """F2.13: the network has ended the exchange otherwise, or does so now."""
        if "code" not in task.content:  # owed by a server of before
            return no_effect
        exchange_id = ExchangeId(task.content["exchange"])
        code = LinkageCode(bytes.fromhex(task.content["code"]))
        return partial(
            self._settling.owe,
            exchange_id=exchange_id,
            code=code,
            cause=task.request_id,
            why=refusal.reason.name,
        )


def digest_of(
    permit: SignedPermit, persons: Sequence[IntegratedAddressNumber], answer: Answer
) -> bytes:
    """Stands for exactly what goes out and for everybody whose it is, 32 bytes.

    Its key is the held permit's signature, which is erased with the decision: so nobody can guess
    at an answer by what is left of its digest in a receipt.
    """
    told = "\n".join(("renkei reviewed answer 2", *(one.digits for one in persons), ""))
    content = write_answer(answer).SerializeToString(deterministic=True)
    return hmac.digest(permit.signature, told.encode() + content, "sha256")
