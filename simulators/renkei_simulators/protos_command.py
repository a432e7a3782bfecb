"""`renkei protos`: the contract, for other languages."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from renkei_simulators import contract

app = typer.Typer(help="The contract, for other languages.", no_args_is_help=True)


@app.command("export")
def export(folder: Annotated[Path, typer.Argument(help="Folder to write to.")]) -> None:
    """Write the .proto files and a descriptor set with everything they import."""
    for written in contract.export(folder):
        Console().print(f"wrote {written}")
