"""Exchanges from their request to their end (F2.3 to F2.12; STO-13).

Rules:
- An exchange ends once, with one outcome, and leaves the same record at each of its parties.
- It is not shown to its person where the inquirer or the provider said so (不開示); with its
  record that is final.
- It can be cancelled until its announcement was first sent, whether that arrived or not.
- The network waits a day longer than a permit is good, so that an answer which the provider gave
  in time still arrives; the inquirer waits a day longer than that, and then asks the network once
  (F2.13; invented).
- What was answered stays open until the inquirer has it. Where it refuses it for good, or waits no
  more, the exchange is undeliverable: a second record says so, and counts.
- An answer is dated between when it was asked for and now, by the world's clock, which may have
  been moved back meanwhile.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import Protocol

from renkei import reasons
from renkei.answers import Outcome
from renkei.codes import Institution
from renkei.exchange_records import ExchangeRecord
from renkei.exchanges import ExchangeId, InquiryTerms
from renkei.refusals import Refusal
from renkei.signed_answers import SKEW
from renkei_server.domain.permits import LIFETIME

GRACE = timedelta(days=1)

INQUIRER_WAITS = 2 * GRACE
"""So much longer than its permit is good."""

LONGEST = 2 * (LIFETIME + INQUIRER_WAITS)
"""After so long an inquiry has ended at whoever asks for it, whatever the others do: a permit's life
to reach the network, and another for its answer."""


class Permitted(Protocol):
    """An exchange that was permitted: a party's copy of the permit, or what the network keeps."""

    @property
    def exchange_id(self) -> ExchangeId:
        """Which exchange."""
        ...

    @property
    def terms(self) -> InquiryTerms:
        """What was asked of whom."""
        ...

    @property
    def legal_table(self) -> str:
        """By which table."""
        ...

    @property
    def legal_item(self) -> str:
        """By which item of it."""
        ...

    @property
    def asked_at(self) -> datetime:
        """When, by the world's time at the network."""
        ...


@dataclass(frozen=True, slots=True)
class Open:
    """What the network keeps of an exchange that has not ended."""

    exchange_id: ExchangeId
    terms: InquiryTerms
    legal_table: str
    legal_item: str
    asked_at: datetime
    link_id: bytes = field(repr=False)


class ExchangeState(Enum):
    """How far an exchange has come at the network."""

    PERMITTED = "permitted"
    ANSWERED = "answered"
    """And the inquirer has not taken the answer yet."""
    ENDED = "ended"
    CANCELLED_UNASKED = "cancelled unasked"
    """The wish to cancel came before the exchange."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One exchange at the network; `open` until it has ended, and its answer was taken."""

    provider: Institution | None
    state: ExchangeState
    open: Open | None

    def opened(self, by: Institution | None = None) -> Open:
        """What is open, to be ended by its inquirer or by this provider.

        Raises EXCHANGE_UNKNOWN where another is the provider, EXCHANGE_ENDED.
        """
        if by is not None and by != self.provider:
            raise Refusal(reasons.EXCHANGE_UNKNOWN, "", "exchange_id")
        if self.open is None or self.state is not ExchangeState.PERMITTED:
            raise Refusal(reasons.EXCHANGE_ENDED, "", "exchange_id")
        return self.open


def require_dated(answered_at: datetime, *, asked_at: datetime, now: datetime) -> None:
    """Raise ANSWER_TIME_IMPOSSIBLE for an answer that cannot have been given then."""
    if not min(asked_at, now) - SKEW <= answered_at <= max(asked_at, now) + SKEW:
        raise Refusal(reasons.ANSWER_TIME_IMPOSSIBLE, "", "answered_at")


def ended(
    exchange: Permitted,
    outcome: Outcome,
    *,
    answered_at: datetime | None = None,
    provider_hides: bool = False,
    refusal: str = "",
) -> ExchangeRecord:
    """The record of a permitted exchange that has ended so; `refusal`: why it was undeliverable."""
    return ExchangeRecord(
        exchange_id=exchange.exchange_id,
        terms=exchange.terms,
        legal_table=exchange.legal_table,
        legal_item=exchange.legal_item,
        asked_at=exchange.asked_at,
        answered_at=answered_at,
        outcome=outcome,
        refusal=refusal,
        non_disclosure=exchange.terms.non_disclosure or provider_hides,
    )


def unpermitted(
    exchange_id: ExchangeId,
    terms: InquiryTerms,
    asked_at: datetime,
    *,
    refusal: str = "",
) -> ExchangeRecord:
    """The record of an exchange that was not permitted, or cancelled before it was asked."""
    return ExchangeRecord(
        exchange_id=exchange_id,
        terms=terms,
        legal_table="",
        legal_item="",
        asked_at=asked_at,
        answered_at=None,
        outcome=Outcome.NOT_PERMITTED if refusal else Outcome.CANCELLED,
        refusal=refusal,
        non_disclosure=terms.non_disclosure,
    )
