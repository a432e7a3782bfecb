"""What whoever runs the benchmark sees: a bar meanwhile, tables at the end."""

import statistics
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Self

from rich.console import Console, Group, RenderableType
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar
from rich.table import Table

from .measuring import Rate
from .results import Result
from .running import Run


class Shown:
    """A bar over all parts; where nobody watches, a line for each part that is done."""

    def __init__(self, console: Console, bar: Bar, seconds: int) -> None:
        self._console = console
        self._bar = bar
        self._task = bar.add_task("", total=seconds)
        self._part = ""

    @contextmanager
    def part(self, name: str, seconds: int) -> Iterator[Self]:
        """Show that it begins and, where it ends well, how far the run is."""
        self._part = name
        self.tell("begins")
        yield self
        self._bar.advance(self._task, seconds)
        if not self._console.is_terminal:
            task = self._bar.tasks[0]
            self._console.print(f"{task.percentage:3.0f} % {task.elapsed:4.0f} s  {name}")

    def tell(self, what: str) -> None:
        """Show what is measured now."""
        self._bar.update(self._task, description=f"{self._part}: {what}")

    def failed(self, name: str, why: str) -> None:
        """Show that a part was not measured."""
        self._console.print(f"[red]{name} failed:[/] {why}", highlight=False)


@contextmanager
def shown(console: Console, seconds: int) -> Iterator[Shown]:
    """Show the progress of a run of about so many seconds."""
    columns = (BarColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
    with Bar(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        yield Shown(console, bar, seconds)


def verdict(result: Result, value: float | None) -> str:
    """Met or missed, where anything is asked of it."""
    if value is None:
        return "not measured"
    if result.target is None:
        return "reported"
    return "met" if result.target.met(value) else "missed"


def tables(results: Mapping[str, Result], run: Run) -> RenderableType:
    """Results beside their targets, rates, and the memory of each process."""
    values, told = run.values(results), run.details()
    shares = Table("name", "measured", "target", "", title="Results")
    colours = {"met": "green", "missed": "red", "not measured": "yellow", "reported": "default"}
    for name, result in results.items():
        value = values.get(name)
        judged = verdict(result, value)
        number = "" if value is None else f"{value:,.3f}" if value < 100 else f"{value:,.0f}"
        shares.add_row(name, number, str(result.target or ""), f"[{colours[judged]}]{judged}[/]")
    shown = [shares]
    if rates := {name: rate for name, rate in run.rates().items() if rate.counted}:
        shown.append(_rates(rates))
    if memory := told.get("memory_megabytes"):
        held = Table("process", *memory, title="Megabytes of each process")
        for process in next(iter(memory.values())):
            held.add_row(process, *(f"{figures[process]:.0f}" for figures in memory.values()))
        shown.append(held)
    return Group(*shown)


def _rates(rates: Mapping[str, Rate]) -> Table:
    rows = Table("case", "a second", "spread", "rounds", title="Rates")
    for name, rate in rates.items():
        counted = rate.counted
        spread = f"{min(counted):,.0f} to {max(counted):,.0f}"
        of = f"{len(counted)} of {len(rate.each)}"
        rows.add_row(name, f"{statistics.median(counted):,.0f}", spread, of)
    return rows
