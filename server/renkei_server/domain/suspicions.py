"""Which searches of identity information are to be looked into (USE-10, USE-24).

Rules, of which no source tells the figures (invented):
- A search for which an affair was told, but no case.
- One outside office hours: before 8:30, from 17:15 on, or on a Saturday or Sunday, in Japan.
  Public holidays are not known here.
- One by which its operator has looked up more than a hundred persons within an hour: so many are
  told by one search, and whatever is more is a bulk output (USE-13).
- One by which its operator has looked the same person up more than five times within an hour.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import Enum
from typing import Final, Protocol

from renkei_server.domain.days import JAPAN

OPENS, CLOSES = time(8, 30), time(17, 15)
"""Office hours, in Japan."""

_FRIDAY: Final = 4
_HOUR: Final = timedelta(hours=1)


class Suspicion(Enum):
    """Why a search is to be looked into; its number is its number on the wire."""

    WITHOUT_CASE = 1
    OUT_OF_HOURS = 2
    MANY_PERSONS = 3
    ONE_PERSON_OFTEN = 4


MOST: Final = {Suspicion.MANY_PERSONS: 100, Suspicion.ONE_PERSON_OFTEN: 5}
"""So often within an hour is nothing to be looked into."""


class Search(Protocol):
    """One person looked up, or a search that told nobody."""

    @property
    def at(self) -> datetime:
        """When, by the world's clock."""

    @property
    def operator(self) -> str:
        """By whom; empty where that is not known."""

    @property
    def person(self) -> str:
        """Who was looked up; empty for nobody."""

    @property
    def affair(self) -> str:
        """What for; empty where that was not told."""

    @property
    def case(self) -> str:
        """Under which case; empty where that was not told."""


Suspects = Callable[[Search], bool]
"""Whether one search is to be looked into; told of one after the other, oldest first."""


def suspecting(suspicion: Suspicion) -> Suspects:
    """What looks for this; it remembers what it was told of before."""
    match suspicion:
        case Suspicion.WITHOUT_CASE:
            return _without_case
        case Suspicion.OUT_OF_HOURS:
            return _out_of_hours
        case Suspicion.MANY_PERSONS:
            return _TooOften(MOST[suspicion], lambda search: search.operator)
        case Suspicion.ONE_PERSON_OFTEN:
            return _TooOften(MOST[suspicion], _same_person)


def _without_case(search: Search) -> bool:
    return bool(search.affair) and not search.case


def _out_of_hours(search: Search) -> bool:
    moment = search.at.astimezone(JAPAN)
    return moment.weekday() > _FRIDAY or not OPENS <= moment.time() < CLOSES


def _same_person(search: Search) -> Hashable:
    return search.person and (search.operator, search.person)


@dataclass(slots=True)
class _TooOften:
    """Counts searches that have the same key within an hour; those that have none do not count."""

    most: int
    key: Callable[[Search], Hashable]
    recent: dict[Hashable, deque[datetime]] = field(default_factory=lambda: defaultdict(deque))

    def __call__(self, search: Search) -> bool:
        if not search.operator or not (key := self.key(search)):
            return False
        recent = self.recent[key]
        recent.append(search.at)
        while recent[0] <= search.at - _HOUR:
            recent.popleft()
        return len(recent) > self.most
