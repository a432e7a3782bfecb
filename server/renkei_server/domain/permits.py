"""Permits (情報提供許可証): who issues them, and when one is good (F2.4 to F2.6; PRV-09).

Rules:
- The core issues a pair: the inquirer's copy with the inquirer's code, the provider's with the
  provider's. What joins them about one person is a commitment that only the core can open.
- A permit is good in the world in which it was issued, for the institution and the side whose
  copy it is, for what it says word by word, between its two times, and once.
- Times are the world's. Expiry is judged before use, so an exchange that was used need be
  remembered only until its permit has expired.

That an exchange needs a permit bound to its parties is documented by the assessment (PRV-09);
the commitment, the world and the lifetime are invented.
"""

import hmac
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from renkei import reasons
from renkei.codes import Institution, LinkageCode
from renkei.exchanges import ExchangeId, InquiryTerms
from renkei.facts import NOT_AFTER, NOT_BEFORE
from renkei.permits import Permit, Side
from renkei.refusals import Refusal
from renkei_server.domain.linkage_codes import CodeCipher

COMMITMENT_KEY_BYTES = 32

LIFETIME = timedelta(days=30)
"""Long enough for an operator who reviews an answer before it is released (F2.7)."""


@dataclass(frozen=True, slots=True)
class Core:
    """What the core of the information provision network alone holds."""

    cipher: CodeCipher
    commitment_key: bytes = field(repr=False)

    def commitment(self, exchange_id: ExchangeId, link_id: bytes) -> bytes:
        """Stands for one person in one exchange, 32 bytes; no two exchanges share one."""
        bound = b"renkei permit commitment 1\0" + exchange_id.text.encode() + link_id
        return hmac.digest(self.commitment_key, bound, "sha256")

    def joins(self, one: Permit, other: Permit) -> bool:
        """Whether two copies are of one exchange about one person."""
        return (
            one.side is not other.side
            and self._opens(one)  # with its exchange bound, so equal commitments say one exchange
            and self._opens(other)
            and hmac.compare_digest(one.commitment, other.commitment)
        )

    def _opens(self, permit: Permit) -> bool:
        try:
            link_id = self.cipher.link_id_of(permit.code, permit.holder)
        except Refusal:
            return False
        expected = self.commitment(permit.exchange_id, link_id)
        return hmac.compare_digest(permit.commitment, expected)


@dataclass(frozen=True, slots=True)
class Pair:
    """The two copies of one permit."""

    inquirers: Permit
    providers: Permit


def issue_pair(
    core: Core,
    exchange_id: ExchangeId,
    *,
    terms: InquiryTerms,
    code: LinkageCode,
    table: str,
    item: str,
    world: str,
    now: datetime,
    lifetime: timedelta = LIFETIME,
) -> Pair:
    """F2.4 and F2.5: permit what was asked about the person with this code of the inquirer's.

    Raises MALFORMED_LINKAGE_CODE for what is no code of the inquirer.
    """
    link_id = core.cipher.link_id_of(code, terms.inquirer)
    commitment = core.commitment(exchange_id, link_id)

    def copy(side: Side, own: LinkageCode) -> Permit:
        return Permit(
            exchange_id=exchange_id,
            world=world,
            side=side,
            code=own,
            terms=terms,
            legal_table=table,
            legal_item=item,
            not_before=now,
            not_after=now + lifetime,
            commitment=commitment,
        )

    return Pair(
        inquirers=copy(Side.INQUIRER, code),
        providers=copy(Side.PROVIDER, core.cipher.code_of(link_id, terms.provider)),
    )


def judge(
    permit: Permit,
    *,
    holder: Institution,
    side: Side,
    world: str,
    exchange_id: ExchangeId,
    code: LinkageCode,
    terms: InquiryTerms,
    now: datetime,
    already_used: bool,
) -> None:
    """Raise the refusal that forbids the holder to act on this permit, if any.

    `exchange_id`, `code` and `terms` are what is asked. Raises PERMIT_OF_ANOTHER_WORLD,
    PERMIT_FOR_ANOTHER_PARTY, PERMIT_ALTERED, PERMIT_NOT_YET_VALID, PERMIT_EXPIRED or
    PERMIT_ALREADY_USED, in this order.
    """
    if permit.world != world:
        raise Refusal(reasons.PERMIT_OF_ANOTHER_WORLD, "", "permit")
    if permit.side is not side or permit.holder != holder:
        raise Refusal(reasons.PERMIT_FOR_ANOTHER_PARTY, "", "permit")
    if (permit.exchange_id, permit.code, permit.terms) != (exchange_id, code, terms):
        raise Refusal(reasons.PERMIT_ALTERED, "", "permit")
    if now < permit.not_before:
        raise Refusal(
            reasons.PERMIT_NOT_YET_VALID, "", "permit", facts=(NOT_BEFORE.of(permit.not_before),)
        )
    if now >= permit.not_after:
        raise Refusal(reasons.PERMIT_EXPIRED, "", "permit", facts=(NOT_AFTER.of(permit.not_after),))
    if already_used:
        raise Refusal(reasons.PERMIT_ALREADY_USED, "", "permit")
