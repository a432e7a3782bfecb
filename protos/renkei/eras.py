"""The eras of the Japanese calendar, each with its days; two days belong to two of them.

Source: domain findings of the standard specification of resident record systems, 1.1.8 (documented):
30 July is of Meiji 45 and of Taisho 1, 25 December of Taisho 15 and of Showa 1.
"""

from datetime import date
from enum import Enum
from typing import Final


class Era(Enum):
    """One era (元号); its number is its number on the wire."""

    MEIJI = 1
    TAISHO = 2
    SHOWA = 3
    HEISEI = 4
    REIWA = 5

    @property
    def first(self) -> date:
        """Its first day."""
        return _DAYS[self][0]

    @property
    def last(self) -> date:
        """Its last day; of the present one the last day that can be told."""
        return _DAYS[self][1]

    @property
    def japanese(self) -> str:
        """Its name."""
        return _NAMES[self]

    def year_of(self, year: int) -> int:
        """A year of the common era as a year of this one, from 1."""
        return year - self.first.year + 1


_DAYS: Final = {
    Era.MEIJI: (date(1868, 1, 25), date(1912, 7, 30)),
    Era.TAISHO: (date(1912, 7, 30), date(1926, 12, 25)),
    Era.SHOWA: (date(1926, 12, 25), date(1989, 1, 7)),
    Era.HEISEI: (date(1989, 1, 8), date(2019, 4, 30)),
    Era.REIWA: (date(2019, 5, 1), date.max),
}
_NAMES: Final = {
    Era.MEIJI: "明治",
    Era.TAISHO: "大正",
    Era.SHOWA: "昭和",
    Era.HEISEI: "平成",
    Era.REIWA: "令和",
}
