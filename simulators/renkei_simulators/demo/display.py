"""What the demo shows while it runs and when it is done."""

from collections import Counter
from collections.abc import Sequence

from rich import box
from rich.console import Group, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
from rich.progress import Progress as Bars
from rich.table import Table

from renkei_simulators.demo.acquiring import Progress
from renkei_simulators.demo.cast import Kind
from renkei_simulators.demo.informing import Information


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


def scenes_of(story: Information) -> Table:
    """What was asked and how it ended, with the two statuses that the inquirer was told."""
    table = Table(
        title=f"The ward registers {story.registered:,} sub-copies 副本; the pension agency asks",
        title_justify="left",
        box=box.SIMPLE_HEAD,
    )
    for column in ("asked", "inquiries", "outcome", "statuses", "why"):
        table.add_column(column, justify="right" if column == "inquiries" else "left")
    rows = Counter(
        (
            scene.title,
            scene.outcome,
            f"{scene.inquiry.detail_status} {scene.inquiry.information_status}".strip(),
            scene.inquiry.refusal,
        )
        for scene in story.scenes
    )
    for (title, outcome, statuses, why), count in rows.items():
        table.add_row(title, str(count), outcome, statuses, why)
    return table
