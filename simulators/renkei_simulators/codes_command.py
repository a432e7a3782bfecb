"""`renkei audit codes` and `renkei mend`: what a restore lost of codes, and asking for it anew (invented)."""

import asyncio
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, ExitStack
from functools import partial
from typing import Any, Final

import typer
from rich.console import Console

from renkei.acquisitions import BOUND, Acquisition
from renkei.codes import IndividualNumber, Institution, LocalAddressNumber
from renkei_server.store.engine.inspection import Inspection
from renkei_simulators.codes_audit.comparing import Comparison, Finding, Kind, compare
from renkei_simulators.codes_audit.holdings import Reading
from renkei_simulators.data_folder import DEFAULT_DATA, Data, world_in
from renkei_simulators.listing import Listing
from renkei_simulators.terminal import AsJson, write_json
from renkei_simulators.world.callers import Callers
from renkei_simulators.world.definition import SeatPlan, World, WorldError
from renkei_simulators.world.layout import Layout
from renkei_simulators.world.looking import calls_owed
from renkei_simulators.world.provision import inspect

Look = Callable[[], Awaitable[Acquisition]]

_AT_ONCE: Final = 50
_SECONDS: Final = 60.0
_PAUSE_SECONDS: Final = 0.05


def codes(
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,  # noqa: FBT002 - typer's way
) -> None:
    """Compare what every party holds of codes; exit 1 where something was lost or contradicts."""
    world, layout = world_in(data)
    if owed := calls_owed(world, layout):
        msg = f"{owed} calls are still owed: wait until every acquisition has ended"
        raise WorldError(
            msg, f"未送信の呼び出しが{owed}件あります。すべての符号取得が終わるまで待ってください。"
        )
    with Console(stderr=True).status("comparing …"):
        found = audit_codes(world, layout)
    if as_json:
        told = [_as_dict(one) for one in found]
        write_json(told)
    else:
        _tell(found)
    if any(one.findings for one in found):
        raise typer.Exit(1)


def mend(data: Data = DEFAULT_DATA) -> None:
    """Ask anew for the codes that a restore lost, as registers and national bodies do; the world runs."""
    world, layout = world_in(data)
    found = [one for each in audit_codes(world, layout) for one in each.findings]
    bound, asked = asyncio.run(mend_codes(world, layout, found))
    Console().print(f"{asked} codes were asked for anew, and {bound} are bound.", highlight=False)
    if bound < asked:
        Console().print("`renkei audit codes` tells how the others stand.")
        raise typer.Exit(1)


def audit_codes(world: World, layout: Layout) -> list[Comparison]:
    """Compare what every party holds. The world must be quiet, or what is under way is a finding."""
    with ExitStack() as stack:
        opened: dict[str, Inspection] = {}

        def look(seat: SeatPlan) -> Inspection:
            if seat.name not in opened:
                opened[seat.name] = stack.enter_context(inspect(world, layout, seat))
            return opened[seat.name]

        return [compare(held) for held in Reading(world, layout, look).every()]


async def mend_codes(
    world: World, layout: Layout, findings: Sequence[Finding], callers: Callers | None = None
) -> tuple[int, int]:
    """Ask for the codes of all whom their own register can ask for; how many are bound, of how many."""
    async with AsyncExitStack() as stack:
        asking = _Asking(world, callers or Callers(world, layout, stack))
        wanted = dict.fromkeys(filter(None, map(asking.wish, findings)))
        outcomes: list[Acquisition] = []
        everybody = list(wanted)
        for first in range(0, len(everybody), _AT_ONCE):
            some = everybody[first : first + _AT_ONCE]
            outcomes += await asyncio.gather(*map(asking.ask, some))
    return outcomes.count(BOUND), len(outcomes)


class _Asking:
    """Asks in the name of those whose business it is."""

    def __init__(self, world: World, callers: Callers) -> None:
        self._callers = callers
        self._bodies = {
            one.institution
            for one in world.seats
            if one.role == "agency-linkage" or Institution(one.institution).is_prefecture
        }

    def wish(self, one: Finding) -> tuple[str, LocalAddressNumber | IndividualNumber] | None:
        """Who is asked for at whose register, where that would mend anything."""
        if one.kind in (Kind.CONTRADICTED, Kind.CODE_OF_ANOTHER, Kind.TWO_NUMBERS):
            return None
        if one.local is not None:
            return one.institution, one.local
        if one.institution in self._bodies and one.individual_number is not None:
            return one.institution, one.individual_number
        return None

    async def ask(self, wish: tuple[str, LocalAddressNumber | IndividualNumber]) -> Acquisition:
        """Ask, and wait for the end."""
        institution, person = wish
        look: Look
        if isinstance(person, LocalAddressNumber):
            terminal = self._callers.ward_terminal(institution)
            await terminal.request_code_acquisition(str(uuid.uuid4()), person)
            look = partial(terminal.get_code_acquisition, person)
        else:
            agency = self._callers.agency_terminal(institution)
            number = await agency.number_person(str(uuid.uuid4()), person)
            look = partial(agency.get_numbering_outcome, number)
        seen = await look()
        until = asyncio.get_running_loop().time() + _SECONDS
        while not seen.state.final and asyncio.get_running_loop().time() < until:
            await asyncio.sleep(_PAUSE_SECONDS)
            seen = await look()
        return seen


def _tell(found: Sequence[Comparison]) -> None:
    console = Console()
    counts = ("bound", "pending", "ended without")
    table = Listing("institution", *counts, title="Codes", right=counts)
    for one in found:
        table.add_row(one.institution, f"{one.bound:,}", f"{one.pending:,}", f"{one.ended:,}")
    console.print(table)
    for one in found:
        for kind, count in _counted(one).items():
            console.print(
                f"[red]{one.institution}: {count:,} ×[/] {kind.sentence}.\n  → {kind.mended_by}.",
                highlight=False,
            )
        if one.unaccounted:
            console.print(f"{one.institution}: {_unaccounted(one.unaccounted)}", highlight=False)
    if not any(one.findings for one in found):
        console.print("[green]Every code agrees at all its parties.")


def _unaccounted(more: int) -> str:
    if more > 0:
        return (
            f"the provision network ended {more:,} acquisitions of which the institution knows nothing "
            "any more: it was set back since, or the conformance kit asked in its name. Whoever is "
            "missing is asked for again when needed."
        )
    return (
        f"the institution knows of {-more:,} acquisitions that ended, and the provision network does "
        "not: it was set back since. Nothing is lost by that: it makes the same codes again."
    )


def _counted(one: Comparison) -> Counter[Kind]:
    return Counter(finding.kind for finding in one.findings)


def _as_dict(one: Comparison) -> dict[str, Any]:
    return {
        "institution": one.institution,
        "bound": one.bound,
        "pending": one.pending,
        "ended_without": one.ended,
        "unaccounted": one.unaccounted,
        "findings": [
            {"kind": kind.name, "count": count, "what": kind.sentence, "mend": kind.mended_by}
            for kind, count in _counted(one).items()
        ],
    }
