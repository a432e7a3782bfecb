"""How a rate is measured: closed loops of callers, short rounds, and rounds that do not count."""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Self

from .effort import Setting

Call = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Case:
    """One thing to measure: a call, how many are under way at once, and what a call is worth."""

    name: str
    call: Call
    in_flight: int
    worth: float = 1.0
    waits: bool = False
    """Whether it waits for the disk by itself, so that a round counts with any share of a core."""


@dataclass(frozen=True, slots=True)
class Rate:
    """Calls a second, by round; None for a round that did not count."""

    each: tuple[float | None, ...]

    @property
    def counted(self) -> list[float]:
        """The rounds that counted."""
        return [rate for rate in self.each if rate is not None]

    def share_of(self, floor: Self) -> float | None:
        """The median of its shares of the floor's rate, each of the same round: two cases of one
        round meet the same weather, and two medians need not. None unless half the rounds counted.
        """
        shares = [
            mine / theirs
            for mine, theirs in zip(self.each, floor.each, strict=True)
            if mine is not None and theirs is not None
        ]
        return statistics.median(shares) if 2 * len(shares) >= len(self.each) else None


async def interleaved(cases: Sequence[Case], setting: Setting) -> dict[str, Rate]:
    """Measure all cases in turn, round by round, so that each meets the same weather."""
    effort = setting.effort
    rates: dict[str, list[float | None]] = {case.name: [] for case in cases}
    for case in cases:  # connections, caches, statements: once, unmeasured
        await one_round(case, effort.warm_seconds)
    for number in range(effort.rounds):
        for case in cases:
            setting.tell(f"round {number + 1} of {effort.rounds}: {case.name}")
            rate, share = await one_round(case, effort.round_seconds)
            counts = case.waits or share >= effort.least_share
            rates[case.name].append(rate if counts else None)
    return {name: Rate(tuple(each)) for name, each in rates.items()}


async def one_round(case: Case, seconds: float) -> tuple[float, float]:
    """Calls a second, and the share of a core that this process had."""
    done = 0
    began, began_cpu = time.perf_counter(), time.process_time()
    until = began + seconds

    async def caller() -> None:
        nonlocal done
        while True:
            await case.call()
            done += 1
            if time.perf_counter() >= until:
                return

    await asyncio.gather(*(caller() for _ in range(case.in_flight)))
    took = time.perf_counter() - began
    return case.worth * done / took, (time.process_time() - began_cpu) / took
