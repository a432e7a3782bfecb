"""Days as the register writes them: known, or unknown in part with words (不詳).

Of some items a day may be unknown, or 29 February of a common year; of all others it is a day of
the calendar. A day that stands for an unknown one (みなし) is never made up: what is not known is
not there, and orders by the first day that it can have been.

Source: the standard specification of resident record systems, 1.1.8 (documented); that parts which
are not known are 0, and how such days order, is inferred.
"""

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Self

from renkei import reasons
from renkei.eras import Era
from renkei.refusals import Refusal

OLDEST_YEAR: Final = 1850
LATEST_YEAR: Final = 2200
WORDS_LIMIT: Final = 72
"""Characters of what is told in place of an unknown day."""


@dataclass(frozen=True, slots=True)
class RecordedDay:
    """One day of a person's record. Years are of the common era; a part that is not known is 0."""

    year: int = field(repr=False)
    month: int = field(repr=False)
    day: int = field(repr=False)
    era: Era | None = field(default=None, repr=False)
    """The era in which it was told; None for the common era."""
    unknown: str = field(default="", repr=False)
    """What is told in place of what is not known."""

    def __post_init__(self) -> None:
        """Raise MALFORMED_DAY with the part at fault unless it is a day of one of the two kinds."""
        if self._is_usual:
            return
        _require(self.year == 0 or OLDEST_YEAR <= self.year <= LATEST_YEAR, "year")
        _require(0 <= self.month <= 12 and (self.year > 0 or self.month == 0), "month")
        _require(self.month > 0 or self.day == 0, "day")
        if self.month:
            _require(0 <= self.day <= _days_in(self.year, self.month), "day")
        _require(bool(self.unknown) is (self.day == 0), "unknown")
        _require(len(self.unknown) <= WORDS_LIMIT, "unknown")
        if self.era is not None and self.year:
            _require(self.era.first <= self.latest and self.earliest <= self.era.last, "era")

    @property
    def _is_usual(self) -> bool:
        """Whether it is at first sight a day of each month, told in the common era: most are."""
        return (
            self.era is None
            and not self.unknown
            and 1 <= self.day <= 28
            and 1 <= self.month <= 12
            and OLDEST_YEAR <= self.year <= LATEST_YEAR
        )

    @classmethod
    def of(cls, day: date) -> Self:
        """A day of the calendar, told in the common era."""
        return cls(day.year, day.month, day.day)

    @property
    def certain(self) -> date | None:
        """The day of the calendar that it is, if it is one."""
        if self.day == 0 or self._is_leap_day_of_common_year:
            return None
        return date(self.year, self.month, self.day)

    @property
    def earliest(self) -> date:
        """The first day that it can have been; 29 February of a common year is the eve of March."""
        if self.year == 0:
            return date(OLDEST_YEAR, 1, 1)
        if self._is_leap_day_of_common_year:
            return date(self.year, 2, 28)
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def latest(self) -> date:
        """The last day that it can have been."""
        if self.year == 0:
            return date(LATEST_YEAR, 12, 31)
        if self.day:
            return self.earliest
        month = self.month or 12
        return date(self.year, month, monthrange(self.year, month)[1])

    @property
    def _is_leap_day_of_common_year(self) -> bool:
        return (self.month, self.day) == (2, 29) and monthrange(self.year, 2)[1] == 28

    def require_certain(self, place: str) -> date:
        """The day, of an item that has days of the calendar alone.

        Raises DAY_NOT_OF_CALENDAR with the place for every other.
        """
        if self.certain is None:
            raise Refusal(reasons.DAY_NOT_OF_CALENDAR, "", place)
        return self.certain


def _days_in(year: int, month: int) -> int:
    """How many days a month can have in a record: 29 in each February."""
    return 29 if month == 2 else monthrange(year, month)[1]


def _require(holds: bool, place: str) -> None:  # noqa: FBT001 - reads as a sentence where it stands
    if not holds:
        raise Refusal(reasons.MALFORMED_DAY, "", place)
