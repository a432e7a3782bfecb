"""The whole run: every part in turn, again and again in fresh processes, and the medians."""

import statistics
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol

from .measuring import Rate
from .parts import PARTS, Measured, cases_of
from .process import in_a_fresh_process
from .results import Result

_LAST_BEGIN_SECONDS = 500.0
"""After that no part is measured once more, so that a slow machine is done in ten minutes too."""


class Progress(Protocol):
    """Shows how far the run is."""

    def part(self, name: str, seconds: int) -> AbstractContextManager["Progress"]:
        """A part of about so many seconds begins, and ends where the context does."""
        ...

    def tell(self, what: str) -> None:
        """What is measured now."""
        ...

    def failed(self, name: str, why: str) -> None:
        """A part was not measured."""
        ...


@dataclass(slots=True)
class Run:
    """What all processes measured, by part."""

    measured: defaultdict[str, list[Measured]] = field(default_factory=lambda: defaultdict(list))
    failed: dict[str, str] = field(default_factory=dict)

    @property
    def everything(self) -> list[Measured]:
        """In the order of the parts."""
        return [one for part in self.measured.values() for one in part]

    def values(self, results: Mapping[str, Result]) -> dict[str, float]:
        """The median over the processes, of each result that was measured."""
        each = {
            name: [one.values[name] for one in self.everything if name in one.values]
            for name in results
        }
        return {name: statistics.median(values) for name, values in each.items() if values}

    def rates(self) -> dict[str, Rate]:
        """The rounds of all processes, by part and case."""
        rounds: defaultdict[str, tuple[float | None, ...]] = defaultdict(tuple)
        for part, processes in self.measured.items():
            for measured in processes:
                for name, rate in measured.rates.items():
                    rounds[f"{part}.{name}"] += rate.each
        return {name: Rate(each) for name, each in rounds.items()}

    def details(self) -> dict[str, Any]:
        """What parts tell beside."""
        return {name: told for one in self.everything for name, told in one.details.items()}


async def run(
    results: Mapping[str, Result], progress: Progress, *, store: str = "", short: bool = False
) -> Run:
    """Measure these results; a part that fails is told, and the others go on."""
    done = Run()
    until = time.monotonic() + _LAST_BEGIN_SECONDS
    for number, part in schedule(results, short=short):
        if part in done.failed or (number > 1 and time.monotonic() > until):
            continue
        wanted = cases_of(one for one in results.values() if one.part == part)
        try:
            with progress.part(part, PARTS[part].seconds):
                told = await in_a_fresh_process(
                    part, wanted, progress.tell, store=store, short=short
                )
            done.measured[part].append(told)
        except (RuntimeError, TimeoutError) as error:
            done.failed[part] = str(error) or "it took too long"
            progress.failed(part, done.failed[part])
    return done


def schedule(results: Mapping[str, Result], *, short: bool = False) -> Iterable[tuple[int, str]]:
    """Each part and for which time it is measured then: all in turn, so that each meets the same weather."""
    parts = dict.fromkeys(result.part for result in results.values())
    most = 1 if short else max((PARTS[part].processes for part in parts), default=0)
    for number in range(1, most + 1):
        for part in parts:
            if number <= PARTS[part].processes:
                yield number, part
