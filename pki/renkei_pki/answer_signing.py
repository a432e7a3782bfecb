"""Answers signed by their provider inside the seal, judged once by their inquirer (F2.8; PRV-09).

A seal says nothing of who made it: without a signature the network could put an answer of its own
making in the place of the provider's.

Rules, in the order in which an answer is judged where it is handed over:
1. It bears a signature, and its claims are of their form.
2. The permit's provider signed it, with a certificate that was valid when it signed and is not
   revoked now.
3. It is the answer that was asked for, and says inside the seal what is told outside it.
4. It was signed after it was asked for, and not in the future.

Whoever fetches an answer later judges nothing again, and signature and certificates are erased
with it. All of it is decided; the forms are invented.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from renkei import reasons
from renkei.answers import Answer
from renkei.deliveries import Delivery
from renkei.permits import Permit
from renkei.signed_answers import (
    AnswerClaims,
    SignedAnswer,
    require_expected,
    require_signed_in_time,
)
from renkei.wire.signed_answers import (
    read_claims,
    read_signed_answer,
    write_claims,
    write_signed_answer,
)
from renkei_pki.credentials import Credentials
from renkei_pki.organisation_signatures import Signatory, Signature, Signatures, Why
from renkei_pki.revocation import Revocations

_SIGNED_AS: Final = b"renkei answer 1"
_WHY: Final = Why(
    untrusted=reasons.ANSWER_SIGNER_UNTRUSTED,
    revoked=reasons.ANSWER_SIGNER_REVOKED,
    by_another=reasons.ANSWER_SIGNED_BY_ANOTHER,
    invalid=reasons.ANSWER_SIGNATURE_INVALID,
)


class AnswerSigner:
    """Signs the answers of one organisation with the linkage certificate that it bears."""

    def __init__(self, credentials: Callable[[], Credentials]) -> None:
        self._signatory = Signatory(credentials)

    def sign(self, claims: AnswerClaims) -> bytes:
        """What is to be sealed."""
        told = write_claims(claims)
        signature = self._signatory.sign(_SIGNED_AS, told)
        return write_signed_answer(SignedAnswer(told, signature.value, signature.certificates))


class AnswerJudge:
    """Judges by the linkage root what was inside a seal."""

    def __init__(self, roots_pem: bytes, revoked: Revocations) -> None:
        self._signatures = Signatures(_SIGNED_AS, _WHY, roots_pem=roots_pem, revoked=revoked)

    def judge(
        self,
        content: bytes,
        permit: Permit,
        delivery: Delivery,
        *,
        permit_hash: bytes,
        asked_at: datetime,
        now: datetime,
    ) -> None:
        """Raise the reason for which an answer does not count, if any.

        `permit` is the inquirer's own copy, `delivery` what the network handed over; both times
        are real. Raises MALFORMED_ANSWER, ANSWER_UNSIGNED, ANSWER_SIGNER_UNTRUSTED,
        ANSWER_SIGNER_REVOKED or REVOCATION_UNKNOWN, ANSWER_SIGNED_BY_ANOTHER,
        ANSWER_SIGNATURE_INVALID and what `require_expected` and `require_signed_in_time` raise.
        """
        signed = read_signed_answer(content)  # 1
        claims = read_claims(signed.claims)
        signature = Signature(signed.signature, signed.certificates)  # 2
        provider = permit.terms.provider
        self._signatures.judge(signed.claims, signature, provider, at=claims.signed_at)
        require_expected(claims, permit, delivery, permit_hash=permit_hash)  # 3
        require_signed_in_time(claims, asked_at=asked_at, now=now)  # 4


def answer_in(content: bytes) -> Answer:
    """The answer that was inside a seal and was judged before."""
    return read_claims(read_signed_answer(content).claims).answer
