"""`renkei consistency`: identity files are compared, as the terminals have it done (F9)."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Annotated, Any, Final, Protocol

import typer
from rich.console import Console
from rich.status import Status

from renkei import reasons
from renkei.consistency import Finding, Peer, State
from renkei.consistency_reports import Difference, Part, Report, Run
from renkei.refusals import Refusal
from renkei_simulators.data_folder import DEFAULT_DATA, Data, world_in
from renkei_simulators.listing import Listing
from renkei_simulators.terminal import AsJson, write_json
from renkei_simulators.world.callers import Callers
from renkei_simulators.world.definition import World, WorldError
from renkei_simulators.world.layout import Layout
from renkei_simulators.world.running import told_if_it_stands_still

_PAUSE_SECONDS: Final = 0.2

_FOUND: Final = {
    Finding.MISSING_HERE: "missing here",
    Finding.MISSING_THERE: "missing there",
    Finding.ITEMS_DIFFER: "items differ",
    Finding.IN_FLIGHT: "in flight",
    Finding.CHANGED_MEANWHILE: "changed meanwhile",
}

_PEERS: Final = {
    Peer.MUNICIPAL_CS: "municipal CS",
    Peer.PREFECTURE: "prefecture",
    Peer.NATION: "nation",
}


class _Reports(Protocol):
    """What a terminal is told of runs."""

    async def report(self, after: int = 0) -> Report: ...


@dataclass(frozen=True, slots=True)
class _Asked:
    """A seat that compares its file, as its terminal asks it."""

    name: str
    terminal: _Reports
    start: Callable[[], Awaitable[int]]


@dataclass(frozen=True, slots=True)
class _Told:
    """What a seat has told."""

    name: str
    parts: Sequence[Part]
    differences: Sequence[Difference]

    def between(self, one: Part | Difference) -> str:
        """Between whom it was compared, and whose persons."""
        return f"{self.name} · {_PEERS[one.peer]} · {one.municipality.name}"


def consistency(
    code: Annotated[str, typer.Argument(help="A municipality or prefecture of the world.")],
    data: Data = DEFAULT_DATA,
    report: Annotated[  # noqa: FBT002 - typer's way
        bool, typer.Option("--report", help="Show the newest reports and start nothing.")
    ] = False,
    as_json: AsJson = False,  # noqa: FBT002 - typer's way
) -> None:
    """Compare a register with its municipal CS, and that with prefecture and nation; or a
    prefecture's file with the nation's. Exit 1 where they differ. The world runs.
    """
    world, layout = world_in(data)
    with told_if_it_stands_still(layout), Console(stderr=True).status("comparing …") as status:
        told = asyncio.run(_compared(world, layout, code, status, starts=not report))
    if as_json:
        write_json([_as_dict(one) for one in told])
    else:
        _tell(told)
    parts = [part for one in told for part in one.parts]
    if any(one.differences or one.state is not State.COMPARED for one in parts):
        raise typer.Exit(1)


async def _compared(
    world: World, layout: Layout, code: str, status: Status, *, starts: bool
) -> Sequence[_Told]:
    async with AsyncExitStack() as stack:
        asked = _asked(world, Callers(world, layout, stack), code)
        if starts:
            for one in asked:
                await _start(one)
        return [await _told(one, status, waits=starts) for one in asked]


def _asked(world: World, callers: Callers, code: str) -> Sequence[_Asked]:
    """The seats of a municipality or a prefecture. Raises WorldError where the world has none."""
    seats = {one.name for one in world.seats}
    if f"municipal-cs.{code}" in seats:
        register, cs = callers.reconciling_terminal(code), callers.integrated_terminal(code)
        beyond = (Peer.PREFECTURE, Peer.NATION)
        return (
            _Asked("register", register, lambda: register.start(_new_id(), (Peer.MUNICIPAL_CS,))),
            _Asked("municipal CS", cs, lambda: cs.start(_new_id(), beyond)),
        )
    if f"prefecture-server.{code}" in seats:
        prefecture = callers.prefecture_checks(code)
        return (_Asked("prefecture", prefecture, lambda: prefecture.start(_new_id())),)
    raise WorldError(
        f"{code} is neither a municipality nor a prefecture with a server in this world.",
        f"{code}は、この世界にサーバーのある市区町村でも都道府県でもありません。",
    )


def _new_id() -> str:
    return str(uuid.uuid4())


async def _start(one: _Asked) -> None:
    """Start a run; one that is under way is waited for instead."""
    try:
        await one.start()
    except Refusal as refusal:
        if refusal.reason is not reasons.CONSISTENCY_CHECK_UNDER_WAY:
            raise


async def _told(one: _Asked, status: Status, *, waits: bool) -> _Told:
    """Its report, whole; with `waits` once the run has ended."""
    report = await one.terminal.report()
    while waits and not report.run.is_over:
        status.update(_progress(one.name, report.run))
        await asyncio.sleep(_PAUSE_SECONDS)
        report = await one.terminal.report()
    run, found = report.run, list(report.differences)
    while report.more:
        report = await one.terminal.report(after=found[-1].number)
        found += report.differences
    return _Told(one.name, run.parts, found)


def _progress(name: str, run: Run) -> str:
    told = ", ".join(
        f"{_PEERS[one.peer]} {one.buckets_done:,} of {one.differing_buckets:,} buckets"
        if one.calls
        else f"{_PEERS[one.peer]} has not answered yet"
        for one in run.parts
        if one.state is State.UNDER_WAY
    )
    return f"comparing {name} … {told}"


def _tell(told: Sequence[_Told]) -> None:
    console = Console()
    numbers = ("persons", "looked at", "calls", "differ", "in flight")
    table = Listing("between", *numbers, "state", title="Consistency · 整合", right=numbers)
    listing = Listing("between", "resident record code", "found", "items")
    for seat in told:
        for one in seat.parts:
            table.add_row(
                seat.between(one),
                f"{one.persons:,}",
                f"{one.compared:,}",
                f"{one.calls:,}",
                f"{one.differences:,}",
                f"{one.found.get(Finding.IN_FLIGHT.name, 0):,}",
                one.failed or one.state.name.lower().replace("_", " "),
            )
        for it in seat.differences:
            code = it.found.resident_record_code.digits
            items = " ".join(it.found.differing)
            listing.add_row(seat.between(it), code, _FOUND[it.found.finding], items)
    console.print(table)
    if any(seat.differences for seat in told):
        console.print(listing)
    parts = [part for seat in told for part in seat.parts]
    if any(one.differences for one in parts):
        console.print("Nothing was repaired: the register tells again of whoever differs.")
    elif all(one.state is State.COMPARED for one in parts):
        console.print("[green]The files agree.")


def _as_dict(told: _Told) -> dict[str, Any]:
    return {
        "seat": told.name,
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
            for one in told.parts
        ],
        "differences": [
            {
                "peer": one.peer.name,
                "municipality": one.municipality.name,
                "resident_record_code": one.found.resident_record_code.digits,
                "finding": one.found.finding.name,
                "differing": list(one.found.differing),
            }
            for one in told.differences
        ],
    }
