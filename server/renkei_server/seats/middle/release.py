"""Answers that an organisation's staff review before they go out (F2.7; PRV-03, PRV-10, LP-1).

What is shown is made anew from the sub-copies, and what is released is made anew again: unless
both are the same word by word, and of the same persons, nothing goes out.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from renkei import reasons, wire
from renkei.answers import Answer, Outcome
from renkei.codes import IntegratedAddressNumber
from renkei.exchanges import ExchangeId
from renkei.linkage.v1 import release_pb2 as pb2
from renkei.permits import Permit, SignedPermit
from renkei.refusals import Refusal
from renkei.sub_copies import RecordName
from renkei.wire.answers import write_outcome
from renkei.wire.exchanges import read_exchange_id, write_inquiry_terms
from renkei.wire.permits import judged
from renkei_server.domain.operators import Access
from renkei_server.domain.world import Clock
from renkei_server.door.call import Call, nothing
from renkei_server.door.operator_sessions import OperatorSessions
from renkei_server.peers.exchanges import KeepsKeys, KnowsAddresses
from renkei_server.seats.middle.answering import ANSWERED_FROM, Answering, digest_of
from renkei_server.seats.middle.drafts import Ready, Sealing
from renkei_server.seats.middle.permitted import Permits
from renkei_server.seats.middle.sealing_keys import InquirerKeys
from renkei_server.store.engine.changes import names_of
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.foreseen import foresee
from renkei_server.store.engine.receipts import find
from renkei_server.store.engine.store import Store
from renkei_server.store.exchanges import provisions, published_keys
from renkei_server.store.exchanges.provisions import Provisions

FUNCTION = "release"

_LISTED = 500
_OVERDUE_AT_ONCE = 200
_DECIDED_FROM: Final = (
    *ANSWERED_FROM,
    *names_of((*provisions.TABLES, *published_keys.SEEN_TABLES)),
)


@dataclass(frozen=True, slots=True)
class _Held:
    """An exchange whose answer waits, and everybody whose information it is."""

    signed: SignedPermit
    permit: Permit
    persons: list[IntegratedAddressNumber]

    def concern(self, call: Call) -> None:
        """Note in the record of a call whom it concerns."""
        call.operation.concern([one.digits for one in self.persons])

    def written(self) -> pb2.HeldAnswer:
        return pb2.HeldAnswer(
            exchange_id=self.permit.exchange_id.text,
            terms=write_inquiry_terms(self.permit.terms),
            persons=[
                pb2.HeldPerson(integrated_address_number=wire.write_integrated_address_number(one))
                for one in self.persons
            ],
            until=wire.write_time(self.permit.not_after),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseService:
    """Holds, shows, releases and withholds."""

    contract = pb2.DESCRIPTOR.services_by_name["ReleaseService"]

    store: Store
    provisions: Provisions
    permits: Permits
    keys: InquirerKeys
    directory: KeepsKeys
    answering: Answering
    sessions: OperatorSessions
    clock: Clock
    addresses: KnowsAddresses | None
    """The organisation's linkage platform, where it has one."""

    async def set_manual_release(
        self, request: pb2.SetManualReleaseRequest, call: Call
    ) -> pb2.SetManualReleaseResponse:
        """PRV-03: hold answers with this information from now on, or no longer."""
        await self.sessions.admit(call, request.operator_session, FUNCTION, Access.UPDATE)
        information_code = RecordName(request.information_code).information_code
        person = _read_optional_person(request)
        call.operation.person = person.digits if person else ""

        def set_manual(connection: Connection) -> str:
            self.provisions.set_manual(connection, information_code, person, manual=request.manual)
            return "set"

        await call.once(self.store, set_manual, nothing)
        return pb2.SetManualReleaseResponse()

    async def list_held_answers(
        self, request: pb2.ListHeldAnswersRequest, call: Call
    ) -> pb2.ListHeldAnswersResponse:
        """What waits for a review."""
        await self.sessions.admit(call, request.operator_session, FUNCTION, Access.READ)
        answers = await self.store.read(
            lambda connection: [
                self._about(connection, signed).written()
                for signed in self.provisions.all_held(connection, _LISTED)
            ]
        )
        return pb2.ListHeldAnswersResponse(answers=answers)

    async def get_held_answer(
        self, request: pb2.GetHeldAnswerRequest, call: Call
    ) -> pb2.GetHeldAnswerResponse:
        """PRV-10: exactly what would go out; LP-1: whose it is, every one of them."""
        await self.sessions.admit(call, request.operator_session, FUNCTION, Access.READ)
        exchange_id = read_exchange_id(request)

        def show(connection: Connection) -> tuple[_Held, Answer]:
            held = self._held(connection, exchange_id)
            now = self.clock.now()
            return held, self.answering.answer(connection, held.permit, held.persons, now=now)

        held, answer = await self.store.read(show)
        held.concern(call)
        response = pb2.GetHeldAnswerResponse(
            held=held.written(),
            outcome=write_outcome(answer.outcome),
            records=[wire.write_sub_copy(one) for one in answer.records],
            digest=digest_of(held.signed, held.persons, answer),
        )
        if self.addresses is not None:
            session, tell = request.operator_session, self.addresses.get_address_information
            told = await asyncio.gather(*(tell(person, session) for person in held.persons))
            for person, attributes in zip(response.held.persons, told, strict=True):
                person.attributes.CopyFrom(wire.write_four_attributes(attributes))
        return response

    async def release_answer(
        self, request: pb2.ReleaseAnswerRequest, call: Call
    ) -> pb2.ReleaseAnswerResponse:
        """Let out what was reviewed, and nothing else."""
        await self.sessions.admit(call, request.operator_session, FUNCTION, Access.UPDATE)
        exchange_id = read_exchange_id(request)

        def reviewed(connection: Connection, held: _Held, now: datetime) -> Answer:
            answer = self.answering.answer(connection, held.permit, held.persons, now=now)
            if digest_of(held.signed, held.persons, answer) != request.digest:
                raise Refusal(reasons.ANSWER_CHANGED_SINCE_REVIEW, "", "digest")
            return answer

        await self._decide(exchange_id, reviewed, call, hidden=request.non_disclosure)
        return pb2.ReleaseAnswerResponse()

    async def withhold_answer(
        self, request: pb2.WithholdAnswerRequest, call: Call
    ) -> pb2.WithholdAnswerResponse:
        """Tell the inquirer that it was withheld."""
        await self.sessions.admit(call, request.operator_session, FUNCTION, Access.UPDATE)
        exchange_id = read_exchange_id(request)

        def withheld(_connection: Connection, _held: _Held, _now: datetime) -> Answer:
            return Answer(exchange_id, Outcome.WITHHELD)

        await self._decide(exchange_id, withheld, call, hidden=request.non_disclosure)
        return pb2.WithholdAnswerResponse()

    async def _decide(
        self,
        exchange_id: ExchangeId,
        decision: Callable[[Connection, _Held, datetime], Answer],
        call: Call,
        *,
        hidden: bool,
    ) -> None:
        """Send what was decided, sealed to the keys that the inquirer has published by now."""
        if await self.store.read(lambda connection: find(connection, call.receipt)) is not None:
            return  # a repeat: nothing is held any more
        asking = await self.store.look(lambda connection: self._held(connection, exchange_id))
        inquirer = asking.permit.terms.inquirer
        published = await self.directory.get_sealing_keys(inquirer)

        def decided(connection: Connection) -> Ready:
            held = self._held(connection, exchange_id)  # it may have been decided meanwhile
            held.concern(call)
            now = self.clock.now()
            if now >= held.permit.not_after:
                raise Refusal(reasons.PERMIT_EXPIRED, "", "exchange_id")
            keys = self.keys.judged(connection, published, inquirer)
            return Ready(decision(connection, held, now), keys, now)

        foreseen = await foresee(self.store, decided, _DECIDED_FROM)
        signed, permit = asking.signed, asking.permit
        sealing = Sealing(self.answering, signed, permit, foreseen.value, hidden=hidden)

        def decide(connection: Connection) -> str:
            ready = foreseen.within(connection)
            self.keys.see(connection, ready.inquirer)
            self.provisions.decide(connection, exchange_id)
            self.answering.send(connection, sealing.of(ready), cause=call.receipt.request_id)
            return exchange_id.text

        await call.once(self.store, decide, nothing)

    def _held(self, connection: Connection, exchange_id: ExchangeId) -> _Held:
        return self._about(connection, self.provisions.held(connection, exchange_id))

    def _about(self, connection: Connection, signed: SignedPermit) -> _Held:
        permit = judged(signed, self.permits.key)
        return _Held(signed, permit, self.answering.persons(connection, permit))


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldTooLong:
    """Ends what no one reviewed before its permit expired (F2: deadlines by the world's clock)."""

    store: Store
    provisions: Provisions
    permits: Permits
    answering: Answering
    clock: Clock

    async def run_once(self) -> int:
        """Record what expired; return how many that were."""
        if not await self.store.look(lambda connection: self._overdue(connection, 1)):
            return 0

        def expire(connection: Connection) -> int:
            overdue = self._overdue(connection, _OVERDUE_AT_ONCE)
            for signed in overdue:
                permit = judged(signed, self.permits.key)
                self.answering.expire(connection, permit)
                self.provisions.decide(connection, permit.exchange_id)
            return len(overdue)

        return await self.store.write(expire, what="expire held answers")

    def _overdue(self, connection: Connection, most: int) -> list[SignedPermit]:
        return self.provisions.overdue(connection, self.clock.now(), most)


def _read_optional_person(request: pb2.SetManualReleaseRequest) -> IntegratedAddressNumber | None:
    if not request.HasField("integrated_address_number"):
        return None
    return wire.read_integrated_address_number(request)
