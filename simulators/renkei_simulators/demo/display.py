"""What the demo shows while it runs and when it is done."""

from collections.abc import Sequence

from rich import box
from rich.console import Group, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
from rich.progress import Progress as Bars
from rich.table import Table

from renkei_simulators.demo.acquiring import Progress
from renkei_simulators.demo.cast import Kind


def progress_of(progresses: Sequence[Progress], note: str) -> RenderableType:
    """A bar for each organisation, and what happened."""
    bars = Bars(TextColumn("{task.description}"), BarColumn(40), MofNCompleteColumn())
    for one in progresses:
        waited = f", {one.retried} asked again" if one.retried else ""
        title = f"{one.title} [dim]({one.asked:,} asked{waited})"
        bars.add_task(title, total=one.wanted, completed=one.ended)
    return Group(bars, note)


def results_of(progresses: Sequence[Progress]) -> Table:
    """Outcomes by kind of person, a column for each organisation."""
    table = Table(
        title="Outcomes by kind of person", title_justify="left", box=box.SIMPLE_HEAD, leading=1
    )
    table.add_column("kind")
    for one in progresses:
        table.add_column(one.title, overflow="fold")
    for kind in Kind:
        cells = []
        for one in progresses:
            outcomes = [
                f"{count:,} {outcome}"
                for (title, outcome), count in sorted(one.outcomes.items())
                if title == kind.title
            ]
            cells.append("\n".join(outcomes))
        table.add_row(kind.title, *cells)
    return table
