"""The parts of the benchmark; each measures in a process that is its own and fresh."""

from collections.abc import Callable, Coroutine, Iterable
from contextlib import AbstractAsyncContextManager
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

from tests.postgresql import Cluster

from .alone import alone
from .changing import change_batches, changes
from .codes import codes
from .comparing import comparing
from .effort import Setting
from .exchanging import exchanges
from .flooding import flooding
from .loading import load
from .looking_up import lookups
from .measuring import Case, Rate, interleaved
from .memory import of_a_population, of_a_world
from .providing import provision
from .reads import reads
from .ready import ready
from .results import RESULTS, Result, Share
from .searching import searching
from .starting import start_seconds
from .working import two_over_one

Cases = Callable[[Setting], AbstractAsyncContextManager[list[Case]]]


@dataclass(frozen=True, slots=True)
class Measured:
    """What one process measured."""

    values: dict[str, float]
    """By the result's name; one is absent of which too few rounds counted."""
    rates: dict[str, Rate] = field(default_factory=dict)
    details: dict[str, Any] = field(default_factory=dict)


Measure = Callable[[Setting], Coroutine[Any, Any, Measured]]


def _rates(part: str, open_cases: Cases) -> Measure:
    """Measures a part's cases that are wanted, in turn, and what share each has of another."""

    async def measure(setting: Setting) -> Measured:
        async with open_cases(setting) as cases:
            rates = await interleaved([c for c in cases if c.name in setting.wanted], setting)
        shares = {
            name: rates[one.case].share_of(rates[one.floor])
            for name, one in RESULTS.items()
            if isinstance(one, Share) and one.part == part and {one.case, one.floor} <= rates.keys()
        }
        return Measured({name: share for name, share in shares.items() if share is not None}, rates)

    return measure


def _on_postgresql(part: str, open_cases: Cases) -> Measure:
    """The same with every seat's store in a PostgreSQL that lasts as long as the part.

    Its processes take their share of the cores, so a round counts with less.
    """

    async def measure(setting: Setting) -> Measured:
        effort = replace(setting.effort, least_share=setting.effort.least_share / 2)
        with Cluster(**_AS_USUAL) as cluster:
            there = replace(setting, effort=effort, store=cluster.new_database())
            return await _rates(part, open_cases)(there)

    return measure


async def _load(setting: Setting) -> Measured:
    loaded = await load(setting)
    values = {
        "sub_copy_load_over_raw": loaded.over_raw,
        "load_growth_mb": loaded.grown_megabytes,
    }
    return Measured(values, details={"sub_copy_load": asdict(loaded)})


async def _workers(setting: Setting) -> Measured:
    share = await two_over_one(setting)
    return Measured({} if share is None else {"two_workers_over_one": share})


async def _start(setting: Setting) -> Measured:
    ours, bare = await start_seconds(setting.folder)
    return Measured({"world_start_over_echo": ours / bare, "world_start_seconds": ours})


async def _memory(setting: Setting) -> Measured:
    memory = await of_a_world(setting)
    *_, before, after = memory.values()
    growth = max(after[process] - before[process] for process in after)
    return Measured({"memory_growth_mb": growth}, details={"memory_megabytes": memory})


async def _population(setting: Setting) -> Measured:
    return Measured({"population_350000_mb": of_a_population(setting.effort.population)})


async def _comparing(setting: Setting) -> Measured:
    told = await comparing(setting)
    share = told["10"].seconds / told["full"].seconds
    details = {name: asdict(one) for name, one in told.items()}
    return Measured({"consistency_10_over_full": share}, details={"consistency": details})


async def _searches(setting: Setting) -> Measured:
    told = await searching(setting)
    if told is None:
        return Measured({})
    search, look_up = told
    details = {"search_p99_ms": search, "lookup_p99_ms": look_up}
    return Measured({"search_p99_over_lookup": search / look_up}, details={"searches": details})


async def _alone(setting: Setting) -> Measured:
    return Measured(await alone(setting))


async def _floods(setting: Setting) -> Measured:
    return Measured(await flooding(setting))


async def _ready(setting: Setting) -> Measured:
    return Measured(await ready(setting))


@dataclass(frozen=True, slots=True)
class Part:
    """How a part is measured, in how many processes, and about how many seconds each takes."""

    measure: Measure
    processes: int
    seconds: int


_AS_USUAL: Final = {
    "fsync": "on",
    "full_page_writes": "on",
    "wal_level": "replica",
    "shared_buffers": "128MB",
}
"""What PostgreSQL does unless somebody says otherwise; the tests' own has less to do."""

PARTS: Final[dict[str, Part]] = {
    "reads": Part(_rates("reads", reads), 3, 30),
    "codes": Part(_rates("codes", codes), 3, 18),
    "provision": Part(_rates("provision", provision), 3, 37),
    "exchanges": Part(_rates("exchanges", exchanges), 3, 25),
    "lookups": Part(_rates("lookups", lookups), 3, 10),
    "changes": Part(_rates("changes", changes), 3, 12),
    "change_batches": Part(_rates("change_batches", change_batches), 3, 12),
    "postgres_reads": Part(_on_postgresql("postgres_reads", reads), 1, 20),
    "postgres_codes": Part(_on_postgresql("postgres_codes", codes), 1, 20),
    "postgres_provision": Part(_on_postgresql("postgres_provision", provision), 1, 25),
    "load": Part(_load, 1, 20),
    "consistency": Part(_comparing, 1, 60),
    "searches": Part(_searches, 1, 30),
    "workers": Part(_workers, 3, 12),
    "start": Part(_start, 3, 4),
    "alone": Part(_alone, 3, 14),
    "ready": Part(_ready, 1, 30),
    "floods": Part(_floods, 3, 15),
    "memory": Part(_memory, 1, 60),
    "population": Part(_population, 1, 20),
}


def cases_of(results: Iterable[Result]) -> frozenset[str]:
    """The cases from which these are taken."""
    shares = [result for result in results if isinstance(result, Share)]
    return frozenset(case for one in shares for case in (one.case, one.floor))
