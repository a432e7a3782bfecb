"""Everything that the benchmark tells, the part of it that measures it, and what is asked of it."""

from dataclasses import dataclass
from typing import Final, Literal


@dataclass(frozen=True, slots=True)
class Target:
    """A bound."""

    word: Literal["at least", "at most"]
    bound: float

    def met(self, value: float) -> bool:
        """Whether the value keeps the bound."""
        return value >= self.bound if self.word == "at least" else value <= self.bound

    def __str__(self) -> str:
        return f"{self.word} {self.bound:g}"


@dataclass(frozen=True, slots=True)
class Share:
    """The rate of a case over the rate of another in the same round."""

    part: str
    case: str
    floor: str
    target: Target | None = None


@dataclass(frozen=True, slots=True)
class Ratio:
    """A ratio that its part gives by itself."""

    part: str
    target: Target | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure in the unit that its name says."""

    part: str
    target: Target | None = None


Result = Share | Ratio | Figure


def _at_least(bound: float) -> Target:
    return Target("at least", bound)


def _at_most(bound: float) -> Target:
    return Target("at most", bound)


RESULTS: Final[dict[str, Result]] = {
    "guarded_1": Share("reads", "guarded_1", "echo_1", _at_least(0.66)),
    "guarded_8": Share("reads", "guarded_8", "echo_8", _at_least(0.60)),
    "guarded_fsync_1": Share("reads", "guarded_fsync_1", "echo_1"),
    "guarded_fsync_8": Share("reads", "guarded_fsync_8", "echo_8"),
    "guarded_over_orm": Share("reads", "guarded_8", "orm_read_8", _at_least(1.3)),
    "f1_single": Share("codes", "f1_hops_8", "echo_8", _at_least(0.36)),
    "f1_batch": Share("codes", "f1_hops_batch", "echo_8", _at_least(0.80)),
    "inquiry_1": Share("provision", "inquiry_1", "echo_1"),
    "inquiry_8": Share("provision", "inquiry_8", "echo_8", _at_least(0.21)),
    "inquiry_fsync_8": Share("provision", "inquiry_fsync_8", "echo_8", _at_least(0.20)),
    "inquiry_over_orm": Share("provision", "inquiry_8", "orm_inquiry_8", _at_least(1.5)),
    "inquiry_over_floor": Share("provision", "inquiry_8", "least_inquiry_8", _at_least(0.55)),
    "inquiry_during_rewrap": Share(
        "provision", "inquiry_rewrapping_8", "inquiry_8", _at_least(0.7)
    ),
    "f2_single": Share("exchanges", "f2_hops_8", "echo_8", _at_least(0.21)),
    "f2_batch": Share("exchanges", "f2_hops_batch", "echo_8", _at_least(0.38)),
    "lookup_8": Share("lookups", "lookup_8", "echo_8", _at_least(0.50)),
    "f3_single": Share("changes", "f3_hops_8", "echo_8", _at_least(0.35)),
    "f3_batch_over_raw": Share("change_batches", "f3_batch", "raw_batch", _at_least(0.3)),
    "postgres_guarded_8": Share("postgres_reads", "guarded_8", "echo_8"),
    "postgres_f1_single": Share("postgres_codes", "f1_hops_8", "echo_8"),
    "postgres_inquiry_8": Share("postgres_provision", "inquiry_8", "echo_8"),
    "sub_copy_load_over_raw": Ratio("load", _at_most(2.5)),
    "consistency_10_over_full": Ratio("consistency", _at_most(0.05)),
    "search_p99_over_lookup": Ratio("searches", _at_most(5)),
    "two_workers_over_one": Ratio("workers", _at_least(1.5)),
    "world_start_over_echo": Ratio("start", _at_most(10)),
    "acquisition_alone_ms": Figure("alone", _at_most(80)),
    "inquiry_alone_ms": Figure("alone", _at_most(60)),
    "f3_alone_ms": Figure("alone", _at_most(60)),
    "f3_told_alone_ms": Figure("alone"),
    "world_ready_seconds": Figure("ready", _at_most(2)),
    "world_memory_mb": Figure("ready", _at_most(220)),
    "world_start_seconds": Figure("start", _at_most(1)),
    "flood_factor": Ratio("floods", _at_most(3)),
    "flood_worst_ms": Figure("floods", _at_most(500)),
    "load_growth_mb": Figure("load"),
    "memory_growth_mb": Figure("memory"),
    "population_350000_mb": Figure("population", _at_most(150)),
}
"""By name, in the order in which they are shown."""


def named(names: list[str]) -> dict[str, Result]:
    """The results of these names, or of the parts of these names; all where none is named.

    Raises KeyError for a name that is neither.
    """
    parts = {result.part for result in RESULTS.values()}
    for name in names:
        if name not in RESULTS and name not in parts:
            raise KeyError(name)
    return {
        name: result
        for name, result in RESULTS.items()
        if not names or name in names or result.part in names
    }
