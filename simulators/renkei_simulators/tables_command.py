"""`renkei tables`: reasons, layouts and codes, for programs (invented)."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from renkei_simulators import reference_tables

app = typer.Typer(help="Reasons, layouts and codes as data.", no_args_is_help=True)


@app.callback()
def tables() -> None:
    """Reasons, layouts and codes as data."""


@app.command("export")
def export(folder: Annotated[Path, typer.Argument(help="Folder to write to.")]) -> None:
    """Write every table as CSV and as JSON: reasons, layouts, their items, the law's codes."""
    for written in reference_tables.export(folder):
        Console().print(f"wrote {written}", highlight=False, soft_wrap=True)
