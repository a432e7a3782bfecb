"""`renkei demo`."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from renkei_simulators.demo.run import run_demo


def demo(
    folder: Annotated[Path, typer.Option(help="Where the demo leaves its traces.")] = Path(
        "build/demo"
    ),
) -> None:
    """Acquire the codes of 1,000 persons for two organisations, with a crash half-way."""
    raise typer.Exit(run_demo(folder, Console()))
