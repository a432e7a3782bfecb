"""The data folder that every command takes, and the world that it holds."""

from pathlib import Path
from typing import Annotated

import typer

from renkei_simulators.world.definition import World, WorldError
from renkei_simulators.world.form import require_form
from renkei_simulators.world.layout import Layout

Data = Annotated[Path, typer.Option(help="Folder of the world's certificates and databases.")]
DEFAULT_DATA = Path("renkei-data")


def world_in(data: Path) -> tuple[World, Layout]:
    """The world that was made in a folder. Raises WorldError where there is none of this version."""
    layout = Layout(data.absolute())
    up = f"`renkei up --data {data}`"
    if layout.making.exists():
        raise WorldError(
            f"the world in {data} is being made, or its making was broken off: {up} makes it.",
            f"{data}の世界は作成中か、作成が中断されました。{up}で作成できます。",
        )
    if not layout.definition.exists():
        msg = f"{data} holds no world: make one with {up}."
        raise WorldError(msg, f"{data}に世界がありません。{up}で作成してください。")
    require_form(layout)
    return World.load(layout.definition), layout
