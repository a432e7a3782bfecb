"""Run the benchmarks and write `build/bench.json`; under ten minutes.

Rates are taken in one process on one loop: servers, callers and the floor. A
ratio says what share of the floor's rate is left with all guards on.
"""

import json
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import uvloop
from rich.console import Console, Group
from rich.table import Table

from .loading import load
from .measuring import Rate
from .memory import of_a_population, of_a_world
from .rates import rates
from .starting import start_seconds

TARGETS = {
    "guarded_1": ("at least", 0.55),
    "guarded_8": ("at least", 0.50),
    "f1_single": ("at least", 0.35),
    "f1_batch_gain": ("at least", 3),
    "inquiry_1": ("at least", 0.35),
    "inquiry_8": ("at least", 0.35),
    "inquiry_fsync_8": ("at least", 0.28),
    "inquiry_during_rewrap": ("at least", 0.7),
    "f2_single": ("at least", 0.30),
    "sub_copy_load_over_raw": ("at most", 2.5),
    "world_start_over_echo": ("at most", 10),
}
"""What is asked of a ratio; those that are not here are reported only."""


async def bench(console: Console) -> dict[str, object]:
    """Measure, show the ratios beside their targets, and return all of it for machines."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        measured = await rates(folder, console)
        ours, bare = await start_seconds(folder)
        memory = await of_a_world(folder, console)
        loaded = await load(folder, console)
    with console.status("memory: a population of 350,000"):
        population = of_a_population()

    def share(name: str, floor: str) -> float:
        return measured[name].share_of(measured[floor])

    ratios = {
        "guarded_1": share("guarded_1", "echo_1"),
        "guarded_8": share("guarded_8", "echo_8"),
        "guarded_fsync_1": share("guarded_fsync_1", "echo_1"),
        "guarded_fsync_8": share("guarded_fsync_8", "echo_8"),
        "f1_single": share("f1_hops_8", "echo_8"),
        "f1_batch_gain": share("f1_hops_batch", "f1_hops_8"),
        "inquiry_1": share("inquiry_1", "inquiry_echo_1"),
        "inquiry_8": share("inquiry_8", "inquiry_echo_8"),
        "inquiry_fsync_8": share("inquiry_fsync_8", "inquiry_echo_8"),
        "inquiry_during_rewrap": share("inquiry_rewrapping_8", "inquiry_8"),
        "f2_single": share("f2_hops_8", "f2_echo_8"),
        "sub_copy_load_over_raw": loaded.over_raw,
        "world_start_over_echo": ours / bare,
    }
    console.print(_table(ratios, measured, memory))
    console.print(f"The world starts in {ours:.2f} s; a population takes {population:.0f} MB.")
    return {
        "ratios": {name: round(value, 3) for name, value in ratios.items()},
        "figures": {
            "world_start_seconds": round(ours, 3),
            "memory_megabytes": memory,
            "sub_copy_load": asdict(loaded),
            "population_350000_megabytes": round(population, 1),
            "rates": {name: asdict(rate) for name, rate in measured.items()},
        },
        "targets": {name: f"{word} {bound}" for name, (word, bound) in TARGETS.items()},
    }


def _table(
    ratios: Mapping[str, float],
    measured: Mapping[str, Rate],
    memory: Mapping[str, Mapping[str, float]],
) -> Group:
    shares = Table("ratio", "measured", "target", "", title="Ratios to the floor of this run")
    for name, value in ratios.items():
        word, bound = TARGETS.get(name, ("", 0))
        met = value >= bound if word == "at least" else value <= bound
        verdict = ("[green]✔" if met else "[red]missed") if word else "reported"
        shares.add_row(name, f"{value:.3f}", f"{word} {bound}" if word else "", verdict)
    rows = Table("case", "a second", "spread", "rounds", title="Rates")
    for name, rate in measured.items():
        spread = f"{rate.lowest:,.0f} to {rate.highest:,.0f}"
        rows.add_row(name, f"{rate.median:,.0f}", spread, str(rate.rounds))
    held = Table("process", *memory, title="Megabytes of each process")
    for process in next(iter(memory.values())):
        held.add_row(process, *(f"{figures[process]:.0f}" for figures in memory.values()))
    return Group(shares, rows, held)


if __name__ == "__main__":
    summary = uvloop.run(bench(Console()))
    Path("build").mkdir(exist_ok=True)
    Path("build/bench.json").write_text(json.dumps(summary, indent=1) + "\n")
