"""Permits (情報提供許可証): how they are written, signed, and read again (F2.4 to F2.6; PRV-09).

Rules:
- A permit comes in two copies, each with the code of the one whose copy it is; so neither side
  ever sees the other's code.
- No `Permit` comes out of a reading unless the network signed its very bytes.
- A field that this reader does not know makes a permit void: it may be a limit.
- What both copies say has one hash, so that an answer can name its permit to the other side.

What a permit permits, and whether it is good here and now, is for the rules of the domain.
That a signed permit goes with the announcement is inferred; its form is invented.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from hashlib import sha256
from typing import Protocol

from google.protobuf.message import DecodeError, Message

from renkei import reasons, wire
from renkei.codes import Institution, LinkageCode
from renkei.exchanges import Exchange, ExchangeId, InquiryTerms
from renkei.refusals import Refusal
from renkei.type.v1 import permit_pb2 as pb2
from renkei.type.v1 import person_pb2

COMMITMENT_BYTES = 32

_SIGNED_AS = b"renkei permit 1\0"
_HASHED_AS = b"renkei permit hash 1\0"


class Signs(Protocol):
    """The private half of the network's permit key."""

    def sign(self, message: bytes) -> bytes:
        """The signature of the message."""
        ...


class Verifies(Protocol):
    """The public half of the network's permit key."""

    def verify(self, signature: bytes, message: bytes) -> bool:
        """Whether the key signed the message."""
        ...


class Side(Enum):
    """Whose copy it is; the numbers are the contract's."""

    INQUIRER = 1
    PROVIDER = 2


@dataclass(frozen=True, slots=True)
class SignedPermit:
    """A copy as it travels: bytes whose signature nobody has judged yet."""

    claims: bytes = field(repr=False)
    signature: bytes = field(repr=False)

    def judged(self, key: Verifies) -> "Permit":
        """What it says, once its signature holds; whether it is good here is not judged.

        Raises PERMIT_SIGNATURE_INVALID.
        """
        if not key.verify(self.signature, _SIGNED_AS + self.claims):
            raise Refusal(reasons.PERMIT_SIGNATURE_INVALID, "", "permit")
        try:
            return _read_claims(pb2.PermitClaims.FromString(self.claims))
        except (DecodeError, Refusal, ValueError):
            raise Refusal(
                reasons.PERMIT_SIGNATURE_INVALID, "signed but malformed", "permit"
            ) from None


@dataclass(frozen=True, slots=True)
class Permit:
    """One copy of a permit, its signature already judged."""

    exchange_id: ExchangeId
    world: str
    side: Side
    code: LinkageCode
    terms: InquiryTerms
    legal_table: str
    legal_item: str
    not_before: datetime
    not_after: datetime
    commitment: bytes = field(repr=False)

    @property
    def holder(self) -> Institution:
        """Whose copy this is: the code in it is that institution's."""
        return self.terms.inquirer if self.side is Side.INQUIRER else self.terms.provider

    @property
    def asked_at(self) -> datetime:
        """When it was asked: the permit is good from that moment on."""
        return self.not_before

    @property
    def exchange(self) -> Exchange:
        """The exchange with its two parties."""
        return Exchange(self.exchange_id, self.terms.inquirer, self.terms.provider)

    @property
    def hash(self) -> bytes:
        """Names what both copies say, 32 bytes; side and code, in which they differ, are left out."""
        claims = _write_claims(self)
        claims.ClearField("side")
        claims.ClearField("code")
        return sha256(_HASHED_AS + claims.SerializeToString()).digest()


def sign_permit(permit: Permit, key: Signs) -> SignedPermit:
    """Write and sign a copy."""
    claims = _write_claims(permit).SerializeToString()
    return SignedPermit(claims, key.sign(_SIGNED_AS + claims))


def _write_claims(permit: Permit) -> pb2.PermitClaims:
    return pb2.PermitClaims(
        exchange_id=permit.exchange_id.text,
        world_id=permit.world,
        side=pb2.PermitSide.Name(permit.side.value),
        code=wire.write_linkage_code(permit.code),
        terms=write_inquiry_terms(permit.terms),
        legal_table=permit.legal_table,
        legal_item=permit.legal_item,
        not_before=wire.write_time(permit.not_before),
        not_after=wire.write_time(permit.not_after),
        commitment=permit.commitment,
    )


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
        code=wire.read_linkage_code(claims),
        terms=read_inquiry_terms(claims),
        legal_table=claims.legal_table,
        legal_item=claims.legal_item,
        not_before=wire.read_time(claims, "not_before"),
        not_after=wire.read_time(claims, "not_after"),
        commitment=claims.commitment,
    )


def read_inquiry_terms(message: Message, field: str = "terms") -> InquiryTerms:
    """Read what an inquiry asks, which must be there and complete."""
    if not message.HasField(field):
        raise Refusal(reasons.FIELD_MISSING, "", field)
    terms: pb2.InquiryTerms = getattr(message, field)
    try:
        return InquiryTerms(
            inquirer=wire.read_institution(terms.inquirer, "inquirer"),
            inquirer_delegator=_read_delegator(terms.inquirer_delegator, "inquirer_delegator"),
            provider=wire.read_institution(terms.provider, "provider"),
            provider_delegator=_read_delegator(terms.provider_delegator, "provider_delegator"),
            affair_code=terms.affair_code,
            procedure_code=terms.procedure_code,
            information_code=terms.information_code,
            condition_class=terms.condition_class,
            fiscal_year_class=terms.fiscal_year_class,
            from_date=_read_day(terms, "from_date"),
            to_date=_read_day(terms, "to_date"),
            non_disclosure=terms.non_disclosure,
        )
    except Refusal as refusal:
        raise refusal.within(field) from None


def write_inquiry_terms(terms: InquiryTerms) -> pb2.InquiryTerms:
    """Write what an inquiry asks."""
    return pb2.InquiryTerms(
        inquirer=terms.inquirer.name,
        inquirer_delegator=_write_delegator(terms.inquirer_delegator),
        provider=terms.provider.name,
        provider_delegator=_write_delegator(terms.provider_delegator),
        affair_code=terms.affair_code,
        procedure_code=terms.procedure_code,
        information_code=terms.information_code,
        condition_class=terms.condition_class,
        fiscal_year_class=terms.fiscal_year_class,
        from_date=_write_day(terms.from_date),
        to_date=_write_day(terms.to_date),
        non_disclosure=terms.non_disclosure,
    )


def _read_delegator(name: str, field: str) -> Institution | None:
    return wire.read_institution(name, field) if name else None


def _write_delegator(delegator: Institution | None) -> str:
    return delegator.name if delegator else ""


def _read_day(terms: Message, field: str) -> date | None:
    if not terms.HasField(field):
        return None
    day: person_pb2.Date = getattr(terms, field)
    try:
        return date(day.year, day.month, day.day)
    except ValueError:
        raise Refusal(reasons.MALFORMED_INQUIRY, "not a day of the calendar", field) from None


def _write_day(day: date | None) -> person_pb2.Date | None:
    return None if day is None else person_pb2.Date(year=day.year, month=day.month, day=day.day)
