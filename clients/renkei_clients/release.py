"""The client by which an organisation's own staff review answers before they go out (F2.7)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from renkei import reasons, wire
from renkei.answers import Answer
from renkei.codes import IntegratedAddressNumber
from renkei.exchanges import ExchangeId, InquiryTerms
from renkei.linkage.v1 import release_pb2 as pb2
from renkei.persons import FourAttributes
from renkei.refusals import Refusal
from renkei.wire.answers import read_outcome
from renkei.wire.exchanges import read_inquiry_terms
from renkei_clients.channel import Channel


@dataclass(frozen=True, slots=True)
class HeldPerson:
    """Somebody whose information waits for a review; attributes where somebody tells them."""

    number: IntegratedAddressNumber = field(repr=False)
    attributes: FourAttributes | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Held:
    """An answer that waits for a review."""

    exchange_id: ExchangeId
    terms: InquiryTerms
    persons: tuple[HeldPerson, ...]
    until: datetime


@dataclass(frozen=True, slots=True)
class Reviewed:
    """Exactly what would go out, and whose it is."""

    held: Held
    answer: Answer
    digest: bytes


class ReleaseClient:
    """A terminal's client of its own organisation's answers, with its operator's session."""

    def __init__(self, channel: Channel) -> None:
        self._call, self._ask = channel.call, channel.ask

    async def set_manual_release(
        self,
        request_id: str,
        information_code: str,
        person: IntegratedAddressNumber | None = None,
        *,
        manual: bool,
    ) -> None:
        """Have answers with this information held, of one person or of everybody, or no longer."""
        whom = wire.write_integrated_address_number(person) if person else None
        request = pb2.SetManualReleaseRequest(
            request_id=request_id,
            information_code=information_code,
            integrated_address_number=whom,
            manual=manual,
        )
        await self._call(request)

    async def list_held_answers(self) -> Sequence[Held]:
        """What waits for a review, the most urgent first."""
        return await self._ask(
            pb2.ListHeldAnswersRequest(),
            pb2.ListHeldAnswersResponse,
            lambda told: [_read_held(one) for one in told.answers],
        )

    async def get_held_answer(self, exchange_id: ExchangeId) -> Reviewed:
        """Exactly what would go out now, and whose it is."""
        request = pb2.GetHeldAnswerRequest(exchange_id=exchange_id.text)
        return await self._ask(request, pb2.GetHeldAnswerResponse, _read_reviewed)

    async def release_answer(
        self,
        request_id: str,
        exchange_id: ExchangeId,
        digest: bytes,
        *,
        non_disclosure: bool = False,
    ) -> None:
        """Release exactly what was reviewed."""
        request = pb2.ReleaseAnswerRequest(
            request_id=request_id,
            exchange_id=exchange_id.text,
            digest=digest,
            non_disclosure=non_disclosure,
        )
        await self._call(request)

    async def withhold_answer(
        self, request_id: str, exchange_id: ExchangeId, *, non_disclosure: bool = False
    ) -> None:
        """Withhold it: the inquirer is told so."""
        request = pb2.WithholdAnswerRequest(
            request_id=request_id, exchange_id=exchange_id.text, non_disclosure=non_disclosure
        )
        await self._call(request)


def _read_held(told: pb2.HeldAnswer) -> Held:
    return Held(
        ExchangeId.parse(told.exchange_id),
        read_inquiry_terms(told),
        tuple(map(_read_person, told.persons)),
        wire.read_time(told, "until"),
    )


def _read_person(told: pb2.HeldPerson) -> HeldPerson:
    attributes = wire.read_four_attributes(told) if told.HasField("attributes") else None
    return HeldPerson(wire.read_integrated_address_number(told), attributes)


def _read_reviewed(told: pb2.GetHeldAnswerResponse) -> Reviewed:
    held = _read_held(told.held)
    outcome = read_outcome(told.outcome)
    if outcome is None:
        raise Refusal(reasons.FIELD_MISSING, "", "outcome")
    records = tuple(wire.sub_copy_of(one) for one in told.records)
    return Reviewed(held, Answer(held.exchange_id, outcome, records), told.digest)
