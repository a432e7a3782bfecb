"""`renkei consistency`: a municipality's files are compared, as its terminals have it done (F9)."""

import asyncio
import uuid
from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.status import Status

from renkei import reasons
from renkei.consistency import Finding, Peer, State
from renkei.consistency_reports import Difference, Part, Run
from renkei.refusals import Refusal
from renkei_clients.consistency import ConsistencyCheckClient
from renkei_simulators.data_folder import DEFAULT_DATA, Data, world_in
from renkei_simulators.listing import Listing
from renkei_simulators.terminal import AsJson, write_json
from renkei_simulators.world.callers import Callers
from renkei_simulators.world.definition import World, WorldError
from renkei_simulators.world.layout import Layout
from renkei_simulators.world.running import told_if_it_stands_still

_PAUSE_SECONDS: Final = 0.2

_BETWEEN: Final = {
    Peer.MUNICIPAL_CS: "register · municipal CS",
    Peer.PREFECTURE: "municipal CS · prefecture",
    Peer.NATION: "municipal CS · nation",
}
_FOUND: Final = {
    Finding.MISSING_HERE: "missing here",
    Finding.MISSING_THERE: "missing there",
    Finding.ITEMS_DIFFER: "items differ",
    Finding.IN_FLIGHT: "in flight",
    Finding.CHANGED_MEANWHILE: "changed meanwhile",
}

Told = tuple[Part, ...]
Findings = Sequence[Difference]


def consistency(
    municipality: Annotated[str, typer.Argument(help="A municipality of the world, six digits.")],
    data: Data = DEFAULT_DATA,
    report: Annotated[  # noqa: FBT002 - typer's way
        bool, typer.Option("--report", help="Show the newest reports and start nothing.")
    ] = False,
    as_json: AsJson = False,  # noqa: FBT002 - typer's way
) -> None:
    """Compare a register with its municipal CS, and that with prefecture and nation; exit 1 where
    they differ. The world runs.
    """
    world, layout = world_in(data)
    if municipality not in {one.code for one in world.municipalities}:
        raise WorldError(
            f"{municipality} is no municipality of this world.",
            f"{municipality}はこの世界の市区町村ではありません。",
        )
    with told_if_it_stands_still(layout), Console(stderr=True).status("comparing …") as status:
        parts, found = asyncio.run(
            _compared(world, layout, municipality, status, starts=not report)
        )
    if as_json:
        write_json(_as_dict(parts, found))
    else:
        _tell(parts, found)
    if any(one.differences or one.state is not State.COMPARED for one in parts):
        raise typer.Exit(1)


async def _compared(
    world: World, layout: Layout, municipality: str, status: Status, *, starts: bool
) -> tuple[Told, Findings]:
    async with AsyncExitStack() as stack:
        callers = Callers(world, layout, stack)
        terminals = (
            (callers.reconciling_terminal(municipality), (Peer.MUNICIPAL_CS,)),
            (callers.integrated_terminal(municipality), (Peer.PREFECTURE, Peer.NATION)),
        )
        if starts:
            for terminal, peers in terminals:
                await _start(terminal, peers)
        told: list[Part] = []
        findings: list[Difference] = []
        for terminal, _ in terminals:
            parts, found = await _reported(terminal, status, waits=starts)
            told += parts
            findings += found
        return tuple(told), findings


async def _start(terminal: ConsistencyCheckClient, peers: Sequence[Peer]) -> None:
    """Start a run; one that is under way is waited for instead."""
    try:
        await terminal.start(str(uuid.uuid4()), peers)
    except Refusal as refusal:
        if refusal.reason is not reasons.CONSISTENCY_CHECK_UNDER_WAY:
            raise


async def _reported(
    terminal: ConsistencyCheckClient, status: Status, *, waits: bool
) -> tuple[Told, Findings]:
    report = await terminal.report()
    while waits and not report.run.is_over:
        status.update(_progress(report.run))
        await asyncio.sleep(_PAUSE_SECONDS)
        report = await terminal.report()
    found = list(report.differences)
    while report.more:
        report = await terminal.report(after=found[-1].number)
        found += report.differences
    return report.run.parts, found


def _progress(run: Run) -> str:
    under_way = [one for one in run.parts if one.state is State.UNDER_WAY]
    told = ", ".join(
        f"{_BETWEEN[one.peer]} {one.buckets_done:,} of {one.differing_buckets:,} buckets"
        if one.calls
        else f"{_BETWEEN[one.peer]} not answered yet"
        for one in under_way
    )
    return f"comparing … {told}"


def _tell(parts: Told, found: Findings) -> None:
    console = Console()
    numbers = ("persons", "looked at", "calls", "differ", "in flight")
    table = Listing("between", *numbers, "state", title="Consistency · 整合", right=numbers)
    for one in parts:
        table.add_row(
            _BETWEEN[one.peer],
            f"{one.persons:,}",
            f"{one.compared:,}",
            f"{one.calls:,}",
            f"{one.differences:,}",
            f"{one.found.get(Finding.IN_FLIGHT.name, 0):,}",
            one.failed or one.state.name.lower().replace("_", " "),
        )
    console.print(table)
    if found:
        listing = Listing("between", "resident record code", "found", "items")
        for it in found:
            listing.add_row(
                _BETWEEN[it.peer],
                it.found.resident_record_code.digits,
                _FOUND[it.found.finding],
                " ".join(it.found.differing),
            )
        console.print(listing)
    if any(one.differences for one in parts):
        console.print("What differs is told again by the register; nothing was repaired.")
    elif all(one.state is State.COMPARED for one in parts):
        console.print("[green]The files agree.")


def _as_dict(parts: Told, found: Findings) -> dict[str, Any]:
    return {
        "parts": [
            {
                "peer": one.peer.name,
                "municipality": one.municipality.name,
                "state": one.state.name,
                "failed": one.failed,
                "persons": one.persons,
                "differing_buckets": one.differing_buckets,
                "compared": one.compared,
                "calls": one.calls,
                "not_comparable": one.not_comparable,
                "found": one.found,
            }
            for one in parts
        ],
        "differences": [
            {
                "peer": one.peer.name,
                "municipality": one.municipality.name,
                "resident_record_code": one.found.resident_record_code.digits,
                "finding": one.found.finding.name,
                "differing": list(one.found.differing),
            }
            for one in found
        ],
    }
