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
from datetime import datetime
from enum import Enum
from typing import Protocol

from renkei.codes import Institution, LinkageCode
from renkei.exchanges import Exchange, ExchangeId, InquiryTerms

COMMITMENT_BYTES = 32


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
