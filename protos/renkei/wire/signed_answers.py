"""What a provider signs inside the seal.

A field that this reader does not know makes an answer void, as it does a permit: it may be a limit.
"""

from google.protobuf.message import DecodeError, Message

from renkei import reasons
from renkei.codes import Institution
from renkei.refusals import Refusal
from renkei.signed_answers import AnswerClaims, SignedAnswer
from renkei.type.v1 import sealed_answer_pb2 as pb2
from renkei.wire.answers import read_answer, write_answer
from renkei.wire.times import read_time, write_time


def write_claims(claims: AnswerClaims) -> bytes:
    """The bytes of the claims: what is signed."""
    return pb2.AnswerClaims(
        world_id=claims.world,
        inquirer=claims.inquirer.name,
        provider=claims.provider.name,
        permit=claims.permit,
        key_id=claims.key_id,
        answered_at=write_time(claims.answered_at),
        non_disclosure=claims.provider_hides,
        signed_at=write_time(claims.signed_at),
        answer=write_answer(claims.answer),
    ).SerializeToString()


def read_claims(content: bytes) -> AnswerClaims:
    """Read claims; raises MALFORMED_ANSWER unless the answer is one that a provider may give."""
    try:
        told = pb2.AnswerClaims.FromString(content)
        _require_known(told)
        return AnswerClaims(
            world=told.world_id,
            inquirer=Institution.parse(told.inquirer),
            provider=Institution.parse(told.provider),
            permit=told.permit,
            key_id=told.key_id,
            answered_at=read_time(told, "answered_at"),
            provider_hides=told.non_disclosure,
            signed_at=read_time(told, "signed_at"),
            answer=read_answer(told.answer),
        )
    except (DecodeError, Refusal):
        raise Refusal(reasons.MALFORMED_ANSWER, "", "answer") from None


def write_signed_answer(signed: SignedAnswer) -> bytes:
    """The bytes of a signed answer: what is sealed."""
    return pb2.SignedAnswer(
        claims=signed.claims, signature=signed.signature, certificates=signed.certificates
    ).SerializeToString()


def read_signed_answer(content: bytes) -> SignedAnswer:
    """Read what was inside a seal; it is not judged here.

    Raises MALFORMED_ANSWER, or ANSWER_UNSIGNED where signature or certificates are absent.
    """
    try:
        told = pb2.SignedAnswer.FromString(content)
    except DecodeError:
        raise Refusal(reasons.MALFORMED_ANSWER, "", "answer") from None
    if not told.signature or not told.certificates:
        raise Refusal(reasons.ANSWER_UNSIGNED, "", "answer")
    _require_known(told)
    return SignedAnswer(told.claims, told.signature, tuple(told.certificates))


def _require_known(told: Message) -> None:
    size = told.ByteSize()
    told.DiscardUnknownFields()  # at every depth
    if told.ByteSize() != size:
        raise Refusal(reasons.MALFORMED_ANSWER, "", "answer")
