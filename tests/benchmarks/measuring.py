"""How a rate is measured: closed loops of callers, short rounds, and rounds that do not count."""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

ROUND_SECONDS = 1.2
ROUNDS = 7
_LEAST_SHARE = 0.8
"""A round counts only if this process had that share of a core: else the machine was elsewhere."""

Call = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Case:
    """One thing to measure: a call, how many are under way at once, and what a call is worth."""

    name: str
    call: Call
    in_flight: int
    worth: float = 1.0


@dataclass(frozen=True, slots=True)
class Rate:
    """Calls a second over the rounds that counted."""

    median: float
    lowest: float
    highest: float
    rounds: int
    each: tuple[float | None, ...]
    """By round; None for one that did not count."""

    def share_of(self, floor: "Rate") -> float:
        """The median of its shares of the floor's rate, each of the same round: two cases of one
        round meet the same weather, and two medians need not.
        """
        shares = [
            mine / theirs
            for mine, theirs in zip(self.each, floor.each, strict=True)
            if mine is not None and theirs is not None
        ]
        return statistics.median(shares)


async def interleaved(cases: list[Case], tell: Callable[[str], None]) -> dict[str, Rate]:
    """Measure all cases in turn, round by round, so that each meets the same weather."""
    rates: dict[str, list[float | None]] = {case.name: [] for case in cases}
    for case in cases:  # connections, caches, statements: once, unmeasured
        await _round(case, 0.3)
    for number in range(ROUNDS):
        for case in cases:
            tell(f"round {number + 1} of {ROUNDS}: {case.name}")
            rate, share = await _round(case, ROUND_SECONDS)
            rates[case.name].append(rate if share >= _LEAST_SHARE else None)
    return {name: _summary(each) for name, each in rates.items()}


def _summary(each: list[float | None]) -> Rate:
    counted = [rate for rate in each if rate is not None]
    return Rate(statistics.median(counted), min(counted), max(counted), len(counted), tuple(each))


async def _round(case: Case, seconds: float) -> tuple[float, float]:
    """Calls a second, and the share of a core that this process had."""
    done = 0
    began, began_cpu = time.perf_counter(), time.process_time()
    until = began + seconds

    async def caller() -> None:
        nonlocal done
        while time.perf_counter() < until:
            await case.call()
            done += 1

    await asyncio.gather(*(caller() for _ in range(case.in_flight)))
    took = time.perf_counter() - began
    return case.worth * done / took, (time.process_time() - began_cpu) / took
