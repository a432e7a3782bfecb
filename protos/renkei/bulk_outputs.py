"""Bulk outputs of identity information (大量のデータ出力): what is put out, and how one stands (USE-13).

Source: that a manager approves them ahead is documented; all else is invented.
"""

from collections.abc import Set
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Final, TypeAlias

from renkei import reasons
from renkei.change_reasons import ChangeReason
from renkei.identity_search import Criteria
from renkei.refusals import Refusal

PAGE: Final = 500
"""So many persons are looked at for one page."""


@dataclass(frozen=True, slots=True)
class Changed:
    """Those whose last change is of one of these days, and for one of these reasons."""

    first_day: date
    last_day: date
    reasons: Set[ChangeReason] = field(default=frozenset(), repr=False)
    """None: for whichever reason."""
    removed: bool = False
    dead: bool = False

    def __post_init__(self) -> None:
        """Raise DAYS_OUT_OF_ORDER where the last day lies before the first."""
        if self.last_day < self.first_day:
            raise Refusal(reasons.DAYS_OUT_OF_ORDER, "", "first_day", "last_day")


Selection: TypeAlias = Criteria | Changed
"""Who is put out."""


class BulkOutputState(Enum):
    """How one stands; its number is its number on the wire."""

    REQUESTED = 1
    APPROVED = 2
    UNDER_WAY = 3
    ENDED = 4
    EXPIRED = 5
