"""An answer on its way through the information provision network, which cannot open it (F2.8)."""

from dataclasses import dataclass
from datetime import datetime

from renkei.answers import Outcome
from renkei.exchanges import ExchangeId
from renkei.sealed_answers import SealedAnswer


@dataclass(frozen=True, slots=True)
class Delivery:
    """How an exchange ended, and the answer; neither time nor answer where it expired.

    Nothing of it counts for being told: the provider's own word is inside the answer's seal.
    """

    exchange_id: ExchangeId
    outcome: Outcome
    answered_at: datetime | None = None
    provider_hides: bool = False
    """Whether the provider says that it is not to be shown to the person (不開示)."""
    answer: SealedAnswer | None = None
