"""Permits: what is signed, and the copies as they travel."""

from hashlib import sha256

from google.protobuf.message import DecodeError, Message

from renkei import reasons
from renkei.exchanges import ExchangeId
from renkei.permits import COMMITMENT_BYTES, Permit, Side, SignedPermit, Signs, Verifies
from renkei.refusals import Refusal
from renkei.type.v1 import permit_pb2 as pb2
from renkei.wire.codes import read_linkage_code, write_linkage_code
from renkei.wire.exchanges import read_inquiry_terms, write_inquiry_terms
from renkei.wire.times import read_time, write_time

_SIGNED_AS = b"renkei permit 1\0"
_HASHED_AS = b"renkei permit hash 1\0"


def judged(signed: SignedPermit, key: Verifies) -> Permit:
    """What a copy says, once its signature holds; whether it is good here is not judged.

    Raises PERMIT_SIGNATURE_INVALID.
    """
    if not key.verify(signed.signature, _SIGNED_AS + signed.claims):
        raise Refusal(reasons.PERMIT_SIGNATURE_INVALID, "", "permit")
    try:
        return _read_claims(pb2.PermitClaims.FromString(signed.claims))
    except (DecodeError, Refusal, ValueError):
        raise Refusal(reasons.PERMIT_SIGNATURE_INVALID, "signed but malformed", "permit") from None


def hash_of(signed: SignedPermit) -> bytes:
    """Names what both copies say, 32 bytes; side and code, in which they differ, are left out."""
    claims = pb2.PermitClaims.FromString(signed.claims)
    claims.ClearField("side")
    claims.ClearField("code")
    return sha256(_HASHED_AS + claims.SerializeToString()).digest()


def sign_permit(permit: Permit, key: Signs) -> SignedPermit:
    """Write and sign a copy."""
    claims = pb2.PermitClaims(
        exchange_id=permit.exchange_id.text,
        world_id=permit.world,
        side=pb2.PermitSide.Name(permit.side.value),
        code=write_linkage_code(permit.code),
        terms=write_inquiry_terms(permit.terms),
        legal_table=permit.legal_table,
        legal_item=permit.legal_item,
        not_before=write_time(permit.not_before),
        not_after=write_time(permit.not_after),
        commitment=permit.commitment,
    ).SerializeToString()
    return SignedPermit(claims, key.sign(_SIGNED_AS + claims))


def write_permit(permit: SignedPermit) -> pb2.Permit:
    """Write a signed copy."""
    return pb2.Permit(claims=permit.claims, signature=permit.signature)


def read_permit(message: Message, field: str = "permit") -> SignedPermit:
    """Read a copy that must be there; raises FIELD_MISSING."""
    signed: pb2.Permit = getattr(message, field)
    if not signed.claims:
        raise Refusal(reasons.FIELD_MISSING, "", field)
    return SignedPermit(signed.claims, signed.signature)


def _read_claims(claims: pb2.PermitClaims) -> Permit:
    told = claims.ByteSize()
    claims.DiscardUnknownFields()  # at every depth
    if claims.ByteSize() != told or len(claims.commitment) != COMMITMENT_BYTES:
        raise ValueError
    if not claims.world_id:
        raise ValueError
    return Permit(
        exchange_id=ExchangeId.parse(claims.exchange_id),
        world=claims.world_id,
        side=Side(claims.side),
        code=read_linkage_code(claims),
        terms=read_inquiry_terms(claims),
        legal_table=claims.legal_table,
        legal_item=claims.legal_item,
        not_before=read_time(claims, "not_before"),
        not_after=read_time(claims, "not_after"),
        commitment=claims.commitment,
    )
