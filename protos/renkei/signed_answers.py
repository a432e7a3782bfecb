"""What a provider signs of its answer, and what the inquirer expects of it (F2.8; PRV-05, PRV-09).

Rules:
- Whatever is told of an answer outside the seal is told inside it too, under the signature, and is
  the same: so the network, which passes the answer on, can alter nothing of it.
- An answer is signed for one world, one exchange under one permit, one inquirer and one key.
- It is signed after it was asked for, and not in the future, by real time and within `SKEW`.

Here it is only written, read and compared; who signed it is judged elsewhere. Invented.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from renkei import reasons
from renkei.answers import Answer
from renkei.codes import Institution
from renkei.deliveries import Delivery
from renkei.permits import Permit
from renkei.refusals import Refusal

SKEW: Final = timedelta(minutes=5)
"""How far the clocks of two hosts may differ; certificates are dated back by as much."""


@dataclass(frozen=True, slots=True)
class AnswerClaims:
    """An answer and all that is bound to it."""

    world: str
    inquirer: Institution
    provider: Institution
    permit: bytes
    """The hash of the permit."""
    key_id: str
    answered_at: datetime
    """By the world's time."""
    provider_hides: bool
    signed_at: datetime
    """By real time."""
    answer: Answer

    @classmethod
    def of(
        cls,
        answer: Answer,
        permit: Permit,
        *,
        permit_hash: bytes,
        key_id: str,
        answered_at: datetime,
        provider_hides: bool,
        signed_at: datetime,
    ) -> "AnswerClaims":
        """What a provider claims of its answer under its permit."""
        return cls(
            world=permit.world,
            inquirer=permit.terms.inquirer,
            provider=permit.terms.provider,
            permit=permit_hash,
            key_id=key_id,
            answered_at=answered_at,
            provider_hides=provider_hides,
            signed_at=signed_at,
            answer=answer,
        )


@dataclass(frozen=True, slots=True)
class SignedAnswer:
    """Claims as bytes, with a signature and certificates that nobody has judged yet."""

    claims: bytes = field(repr=False)
    signature: bytes = field(repr=False)
    certificates: tuple[bytes, ...] = field(repr=False)


def require_expected(
    claims: AnswerClaims, permit: Permit, delivery: Delivery, *, permit_hash: bytes
) -> None:
    """Raise unless an answer is the one that was asked for, and says what is told beside it.

    `permit` and `delivery` are the inquirer's own copy and what the network handed over; it must
    hold a sealed answer. Raises ANSWER_SIGNED_BY_ANOTHER, ANSWER_OF_ANOTHER_WORLD,
    ANSWER_OF_ANOTHER_EXCHANGE, ANSWER_UNDER_ANOTHER_PERMIT, MALFORMED_ANSWER for records of other
    information than the permit's, ANSWER_SEALED_TO_ANOTHER or ANSWER_ALTERED, in this order.
    """
    sealed = delivery.answer
    if claims.provider != permit.terms.provider:
        raise Refusal(reasons.ANSWER_SIGNED_BY_ANOTHER, "", "answer")
    if claims.world != permit.world:
        raise Refusal(reasons.ANSWER_OF_ANOTHER_WORLD, "", "answer")
    if claims.answer.exchange_id != permit.exchange_id:
        raise Refusal(reasons.ANSWER_OF_ANOTHER_EXCHANGE, "", "answer")
    if claims.permit != permit_hash:
        raise Refusal(reasons.ANSWER_UNDER_ANOTHER_PERMIT, "", "answer")
    permitted = permit.terms.information_code
    if any(record.name.information_code != permitted for record in claims.answer.records):
        raise Refusal(reasons.MALFORMED_ANSWER, "records of other information", "answer")
    if claims.inquirer != permit.terms.inquirer or sealed is None or claims.key_id != sealed.key_id:
        raise Refusal(reasons.ANSWER_SEALED_TO_ANOTHER, "", "answer")
    if altered := tuple(_altered(claims, delivery)):
        raise Refusal(reasons.ANSWER_ALTERED, "", *altered)


def _altered(claims: AnswerClaims, delivery: Delivery) -> Iterator[str]:
    if claims.answer.outcome is not delivery.outcome:
        yield "outcome"
    if claims.answered_at != delivery.answered_at:
        yield "answered_at"
    if claims.provider_hides != delivery.provider_hides:
        yield "non_disclosure"


def require_signed_in_time(claims: AnswerClaims, *, asked_at: datetime, now: datetime) -> None:
    """Raise ANSWER_SIGNED_BEFORE_ASKED or ANSWER_SIGNED_IN_FUTURE; all are real times."""
    if claims.signed_at < asked_at - SKEW:
        raise Refusal(reasons.ANSWER_SIGNED_BEFORE_ASKED, "", "answer")
    if claims.signed_at > now + SKEW:
        raise Refusal(reasons.ANSWER_SIGNED_IN_FUTURE, "", "answer")
