"""When to ask for what takes its time: learned from how long it took of late (invented).

Rules:
- The first question comes after about as long as recent ones took, and shortly where none is
  known: one that found its answer makes the next a little sooner, one that came too early a
  little later, so that four of five find theirs.
- Each further one comes after half as long again as was waited so far, up to a longest pause:
  an answer is found late by at most half of what it took, and the questions are few.
- What was learned is forgotten by half with each second in which nobody waits: a crowd's slowness
  is not waited for by who comes alone after it.
- It is kept in memory only, one number a kind.
"""

from typing import Final

UNKNOWN: Final = 0.02
"""So long one waits where nothing is known yet, in seconds; a hop of an idle world takes about 3 ms."""
SHORTEST: Final = 0.01
LONGEST: Final = 5.0

_SOONER, _LATER = 0.95, 1.25
_MORE = 0.5
_HALF_FORGOTTEN_AFTER = 1.0


class Patience:
    """How long to wait for what is asked for, by one kind of task; times are of the loop."""

    def __init__(self, repeats: float) -> None:
        """`repeats` is a multiple of the usual bounds, as a pace tells it; 0 waits for nothing."""
        self._unknown = UNKNOWN * repeats
        self._shortest = SHORTEST * repeats
        self._longest = LONGEST * repeats
        self._news_at = 0.0
        self.first = self._unknown
        """Seconds until the first question."""

    def rested(self, now: float) -> None:
        """Forget something of what was learned: nobody has waited since the last answer."""
        left = 0.5 ** ((now - self._news_at) / _HALF_FORGOTTEN_AFTER)
        self.first = self._unknown + (self.first - self._unknown) * left
        self._news_at = now

    def again(self, waited: float) -> float:
        """Seconds until the next question, where so many were waited so far."""
        return self._bounded(_MORE * waited)

    def found(self, waited: float, *, at_first: bool, now: float) -> None:
        """Learn from an answer that was found after so many seconds, by the first question or not."""
        before = self.first
        after = before * _SOONER if at_first else max(before, min(waited, before * _LATER))
        self.first, self._news_at = self._bounded(after), now

    def _bounded(self, seconds: float) -> float:
        return min(self._longest, max(self._shortest, seconds))
