"""`renkei down` and `renkei restart`: a running world, from outside."""

from typing import Annotated

import typer
from rich.console import Console

from renkei_simulators.data_folder import DEFAULT_DATA, Data, world_in
from renkei_simulators.endpoints import tell_closed
from renkei_simulators.world import running
from renkei_simulators.world.layout import Layout


def down(data: Data = DEFAULT_DATA) -> None:
    """Stop the world that runs with this data folder."""
    if running.stop(Layout(data.absolute())):
        Console().print("The world has stopped; its data is kept.")
    else:
        Console().print("No world runs with this folder.")


def restart(
    seat: Annotated[str, typer.Argument(help="Such as national-server.jlis.")],
    data: Data = DEFAULT_DATA,
) -> None:
    """Close one seat of a running world and open it again; exit 1 if it cannot be opened."""
    report = running.restart(*world_in(data), seat)
    tell_closed({seat: report})
    if not report.is_open:
        raise typer.Exit(1)
    Console().print(f"{seat} was closed and opened again.", highlight=False)
