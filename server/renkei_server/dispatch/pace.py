"""How soon a seat does again what it does again and again (invented)."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Pauses:
    """How long one waits before a repeat, in seconds."""

    first: float
    growth: float
    longest: float

    def after(self, attempts: int) -> float:
        """The pause after so many repeats."""
        return min(self.longest, self.first * self.growth**attempts)


@dataclass(frozen=True, slots=True)
class Pace:
    """A seat's pace: the usual one, or that of a world that shall not be waited for."""

    repeats: float = 1.0
    """How long a call that is made again waits, and how long at least and at most one that asks
    for what takes its time: a multiple of the usual."""
    housekeeping_seconds: float = 0.25
    """How long the house waits between two rounds."""

    def __post_init__(self) -> None:
        """Raise ValueError where the house would never rest, or a call wait less than nothing."""
        if not (self.repeats >= 0 and self.housekeeping_seconds > 0):
            msg = "of a pace, repeats are 0 or more and housekeeping_seconds more than 0"
            raise ValueError(msg)


USUAL: Final = Pace()
