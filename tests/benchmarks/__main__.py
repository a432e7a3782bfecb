"""Run the benchmark, or what is named of it: `python -m tests.benchmarks [NAME ...]`.

A name is a result's (`f2_single`) or a part's (`exchanges`). A whole run takes under ten minutes
and writes `build/bench.json`. With `--short` it only shows that everything works.
"""

import argparse
import asyncio
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console

from .parts import PARTS
from .results import RESULTS, Figure, Result, named
from .running import Run, run, schedule
from .showing import shown, tables, verdict

_FILE = Path("build/bench.json")


def _summary(results: dict[str, Result], done: Run) -> dict[str, Any]:
    """All of it, for machines."""
    values = {name: round(value, 3) for name, value in done.values(results).items()}
    figures = {name for name, result in results.items() if isinstance(result, Figure)}
    return {
        "ratios": {name: value for name, value in values.items() if name not in figures},
        "figures": {name: value for name, value in values.items() if name in figures},
        "targets": {name: str(one.target) for name, one in results.items() if one.target},
        "verdicts": {name: verdict(one, values.get(name)) for name, one in results.items()},
        "rates": {name: asdict(rate) for name, rate in done.rates().items()},
        "details": done.details(),
        "failed": done.failed,
    }


def _main() -> int:
    told = argparse.ArgumentParser("python -m tests.benchmarks", description=__doc__)
    told.add_argument("names", nargs="*", metavar="NAME")
    told.add_argument("--short", action="store_true", help="judge no speed")
    given = told.parse_args()
    console = Console()
    try:
        results = named(given.names)
    except KeyError as error:
        known = ", ".join((*PARTS, *RESULTS))
        console.print(f"nothing is called {error.args[0]}; there are {known}", highlight=False)
        return 2
    seconds = sum(PARTS[part].seconds for _, part in schedule(results, short=given.short))
    with shown(console, seconds) as progress:
        done = asyncio.run(run(results, progress, short=given.short))
    console.print(tables(results, done))
    if not given.names and not given.short:
        _FILE.parent.mkdir(exist_ok=True)
        _FILE.write_text(json.dumps(_summary(results, done), indent=1) + "\n")
    return 1 if done.failed else 0


if __name__ == "__main__":
    sys.exit(_main())
