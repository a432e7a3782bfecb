"""What the information provision network asks of an organisation, and tells it (F2.5, F2.6, F2.8, F2.13).

It serves at the middle server for each organisation, and at an agency linkage.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from renkei import reasons, wire
from renkei.answers import Outcome
from renkei.linkage.v1 import provision_pb2 as pb2
from renkei.permits import Permit, Side
from renkei.refusals import Refusal
from renkei.sealed_answers import PublishedKeys
from renkei.wire.deliveries import read_ending
from renkei.wire.exchange_records import read_told_record
from renkei.wire.exchanges import read_exchange_id, read_inquiry_terms
from renkei.wire.permits import judged, read_permit
from renkei.wire.sealed_answers import read_published_keys
from renkei_server.domain.permits import judge
from renkei_server.domain.world import Clock
from renkei_server.door.call import Call, nothing
from renkei_server.seats.middle.answering import ANSWERED_FROM, Answering
from renkei_server.seats.middle.drafts import Draft, Ready, Sealing
from renkei_server.seats.middle.inquiring import Inquiring
from renkei_server.seats.middle.permitted import Permits
from renkei_server.seats.middle.sealing_keys import InquirerKeys
from renkei_server.seats.middle.settling import Settling
from renkei_server.store.engine.changes import names_of
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.foreseen import foresee
from renkei_server.store.engine.store import Store
from renkei_server.store.exchanges.provisions import REVIEW_TABLES, Provisions
from renkei_server.store.exchanges.published_keys import SEEN_TABLES

_DRAWN_FROM: Final = (*ANSWERED_FROM, *names_of((*REVIEW_TABLES, *SEEN_TABLES)))


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvisionService:
    """Answers what is announced, and takes what comes of the organisation's own inquiries."""

    contract = pb2.DESCRIPTOR.services_by_name["ProvisionService"]

    store: Store
    provisions: Provisions
    permits: Permits
    keys: InquirerKeys
    answering: Answering
    inquiring: Inquiring
    settling: Settling
    clock: Clock

    async def announce_exchange(
        self, request: pb2.AnnounceExchangeRequest, call: Call
    ) -> pb2.AnnounceExchangeResponse:
        """F2.6: judge the permit, then answer at once or hold the answer for a review (F2.7)."""
        exchange_id = read_exchange_id(request)
        code = wire.read_linkage_code(request)
        terms = read_inquiry_terms(request)
        signed = read_permit(request)
        published = read_published_keys(request, "inquirer_keys")
        permit = judged(signed, self.permits.key)

        def judged_again(now: datetime, *, already_used: bool) -> None:
            judge(
                permit,
                holder=self.permits.holder,
                side=Side.PROVIDER,
                world=self.permits.world,
                exchange_id=exchange_id,
                code=code,
                terms=terms,
                now=now,
                already_used=already_used,
            )

        def draft(connection: Connection) -> Draft:
            now = self.clock.now()
            judged_again(now, already_used=False)
            return self._draft(connection, permit, published, call, now)

        foreseen = await foresee(self.store, draft, _DRAWN_FROM)
        ready = foreseen.value.ready if foreseen.value else None
        sealing = Sealing(self.answering, signed, permit, ready)

        def announce(connection: Connection) -> str:
            known = not connection.assume_new() and self.provisions.is_known(
                connection, exchange_id
            )
            judged_again(self.clock.now(), already_used=known)
            ready = foreseen.within(connection).ready
            if ready is not None:
                self.keys.see(connection, ready.inquirer)
                sealed = sealing.of(ready)
                self.answering.send(connection, sealed, cause=call.receipt.request_id)
            held = signed if ready is None else None
            self.provisions.add(connection, exchange_id, permit.not_after, held)
            return exchange_id.text

        await call.once(self.store, announce, nothing)
        return pb2.AnnounceExchangeResponse()

    async def hand_over_answer(
        self, request: pb2.HandOverAnswerRequest, call: Call
    ) -> pb2.HandOverAnswerResponse:
        """F2.8: keep what came of an inquiry of the organisation's own."""
        delivery = read_ending(request)
        proven = await self.inquiring.prove(delivery)

        def hand_over(connection: Connection) -> str:
            self.inquiring.ended(connection, delivery, call, proven)
            return delivery.exchange_id.text

        await call.once(self.store, hand_over, nothing)
        return pb2.HandOverAnswerResponse()

    async def end_exchange(
        self, request: pb2.EndExchangeRequest, call: Call
    ) -> pb2.EndExchangeResponse:
        """F2.13: record that it was undeliverable, as inquirer or as provider."""
        exchange_id, code = read_exchange_id(request), wire.read_linkage_code(request)
        record = read_told_record(request)
        if (record.exchange_id, record.outcome) != (exchange_id, Outcome.UNDELIVERABLE):
            raise Refusal(reasons.MALFORMED_ANSWER, "", "record")

        def end(connection: Connection) -> str:
            self.settling.told(connection, code, record, call)
            return exchange_id.text

        await call.once(self.store, end, nothing)
        return pb2.EndExchangeResponse()

    def _draft(
        self,
        connection: Connection,
        permit: Permit,
        published: PublishedKeys,
        call: Call,
        now: datetime,
    ) -> Draft:
        """What goes out at once, unless staff must review it first."""
        persons = self.answering.persons(connection, permit)
        call.operation.concern([one.digits for one in persons])
        information = permit.terms.information_code
        if len(persons) > 1 or any(
            self.provisions.is_manual(connection, information, one) for one in persons
        ):
            return Draft()
        keys = self.keys.judged(connection, published, permit.terms.inquirer)
        answer = self.answering.answer(connection, permit, persons, now=now)
        return Draft(Ready(answer, keys, now))
