"""The record of one exchange (情報提供等記録, article 23), word by word the same at each party.

It names no person: each party files it under its own code. So three records agree exactly where
their bytes do. Where an answer was recorded that could not be delivered, a second record says so,
and counts in the place of the first. What article 23 lists is documented; the form is invented.
"""

from dataclasses import dataclass
from datetime import datetime

from renkei.answers import Outcome
from renkei.exchanges import ExchangeId, InquiryTerms


@dataclass(frozen=True, slots=True)
class ExchangeRecord:
    """One exchange, once it has ended; times are the world's."""

    exchange_id: ExchangeId
    terms: InquiryTerms
    legal_table: str
    legal_item: str
    asked_at: datetime
    answered_at: datetime | None
    outcome: Outcome
    refusal: str = ""
    """Why it was not permitted, or not delivered: a reason's name."""
    non_disclosure: bool = False
    """Whether it is not shown to the person, because either side said so."""
