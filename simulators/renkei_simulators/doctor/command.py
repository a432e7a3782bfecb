"""`renkei doctor`."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from renkei_simulators.data_folder import DEFAULT_DATA, Data, world_in
from renkei_simulators.doctor import folder, listening, machine, tokens
from renkei_simulators.doctor.finding import Finding, Mark, fault, look
from renkei_simulators.listing import Listing
from renkei_simulators.terminal import AsJson, write_json
from renkei_simulators.world import running
from renkei_simulators.world.definition import World, WorldError
from renkei_simulators.world.layout import Layout

_COLOURS = {Mark.WELL: "green", Mark.LOOK: "yellow", Mark.FAULT: "red"}


def doctor(
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,  # noqa: FBT002 - typer's way
    every: Annotated[bool, typer.Option("--all", help="Every line of what is well.")] = False,  # noqa: FBT002
) -> None:
    """Look for whatever keeps a world from working, and say what to do; exit 1 at a fault."""
    found = list(findings(data))
    if as_json:
        told = [
            {"subject": one.subject, "mark": one.mark.value, "says": one.says, "do": one.do}
            for one in found
        ]
        write_json(told)
    else:
        Console().print(_table(found if every else list(_folded(found))))
    if any(one.mark is Mark.FAULT for one in found):
        raise typer.Exit(1)


def findings(data: Path) -> Iterator[Finding]:
    """Everything that is found, the machine first; without a world, what one would meet."""
    layout, now = Layout(data.absolute()), datetime.now(UTC)
    yield from machine.versions()
    yield from machine.text(sys.stdout.encoding or "ascii")
    yield from machine.disk(layout)
    yield from machine.clock(layout, now)
    if not layout.definition.exists():
        yield look("world", f"{data} holds none", f"`renkei up --data {data}` makes one")
        yield from listening.ports(World.load())
        return
    try:
        world, layout = world_in(data)
    except WorldError as error:
        yield fault("world", str(error), "do what the sentence says")
        return
    yield from folder.processes(layout)
    yield from folder.certificates(world, layout, now)
    yield from folder.revocation_lists(world, layout, now)
    kept = list(tokens.tokens(world, layout))
    yield from (found for _, found in kept)
    yield from folder.databases(world, layout, tokens.closed(kept))
    runs = running.supervisor_of(layout) is not None or bool(running.servers(layout))
    yield from listening.listeners(world, layout) if runs else listening.ports(world)
    yield from listening.external(world, layout, runs=runs)


def _folded(found: list[Finding]) -> Iterator[Finding]:
    """The same, with what is well of a subject in one line."""
    for (subject, mark), group in groupby(found, key=lambda one: (one.subject, one.mark)):
        ones = list(group)
        if mark is Mark.WELL and len(ones) > 1:
            yield Finding(subject, mark, f"{len(ones)} are well, such as {ones[0].says}")
        else:
            yield from ones


def _table(found: list[Finding]) -> Listing:
    table = Listing("subject", "mark", "says", prose=("says",), header=False)
    for one in found:
        says = escape(one.says) + (f"\n→ {escape(one.do)}" if one.do else "")
        table.add_row(
            f"[bold]{escape(one.subject)}", f"[{_COLOURS[one.mark]}]{one.mark.value}", says
        )
    return table
