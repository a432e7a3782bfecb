"""The demo from beginning to end: codes for a ward and a national body (F1), then information (F2)."""

import asyncio
import json
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.live import Live
from rich.table import Table

from renkei.codes import IntegratedAddressNumber, LocalAddressNumber
from renkei_simulators.demo.acquiring import Progress, acquire_all
from renkei_simulators.demo.agreeing import Agreement, agreeing
from renkei_simulators.demo.cast import WARD, Member, cast_of
from renkei_simulators.demo.display import progress_of, results_of, scenes_of
from renkei_simulators.demo.evidence import Evidence, examine
from renkei_simulators.demo.informing import GRANTED, Information, Informing
from renkei_simulators.demo.own_view import OwnView, own_view
from renkei_simulators.demo.searching import Searches, searching
from renkei_simulators.demo.underway import Underway, underway
from renkei_simulators.demo.wishes import wishes_of_agency, wishes_of_ward
from renkei_simulators.population.residents import Resident
from renkei_simulators.records_audit import Reconciliation, audit_records
from renkei_simulators.trace import page, terminal
from renkei_simulators.trace.stitching import Trace, collect
from renkei_simulators.world.callers import Callers
from renkei_simulators.world.definition import World
from renkei_simulators.world.health import all_serving
from renkei_simulators.world.layout import Layout
from renkei_simulators.world.looking import calls_owed, serials_under_way
from renkei_simulators.world.people import people_of, unknown_to_the_nation
from renkei_simulators.world.provision import provision
from renkei_simulators.world.supervisor import Supervisor

VICTIM = "national-server.jlis"
"""The server that is killed half-way."""

_START_SECONDS = 60.0
_LONGEST_RUN_SECONDS = 300.0
_DOWN_SECONDS = 1.0
_QUIET_SECONDS = 20.0


@dataclass(slots=True)
class Course:
    """What happened on the way."""

    ward: Progress
    agency: Progress
    drawn: str = ""
    """The request id of the acquisition that is shown step by step."""
    killed_at: int = 0
    served_again: bool = False
    serials: set[str] = field(default_factory=set)
    """Serials that were seen under way, to be searched for when all is done."""
    seconds: float = 0.0
    numbers: dict[LocalAddressNumber, IntegratedAddressNumber] = field(default_factory=dict)
    """How the agency numbers the persons, by the local number of each."""


def run_demo(folder: Path, console: Console) -> int:
    """Run the demo; return 0 only if everything held."""
    world = World.load().isolated()  # one of its servers is killed, and no other
    with console.status("making a fresh world: certificates, keys, registers …"):
        layout = provision(world, folder / "world", fresh=True)
        cast = cast_of(world)
    return asyncio.run(_run(world, layout, cast, folder, console))


async def _run(
    world: World, layout: Layout, cast: Sequence[Member], folder: Path, console: Console
) -> int:
    console.print(
        f"A fresh world of {len(world.seats)} seats and {len(world.domains)} trust domains; "
        f"{len(cast):,} persons will get codes for two organisations."
    )
    with Supervisor(world, layout) as supervisor:
        with console.status("starting the servers …"):
            listeners = await all_serving(world, layout, seconds=_START_SECONDS)
        if not all(one.serving for one in listeners):
            console.print("[red]a server did not start:[/] see the folder", layout.logs)
            return 1
        course = await _acquire(world, layout, supervisor, cast, console)
        informed = await _inform(world, layout, course, cast, console)
        with console.status("waiting until every server is quiet …"):
            await _quiet(layout, world)
    with console.status("comparing the records of all three parties …"):
        records = audit_records(world, layout)
    with console.status(
        "searching every database, log and sealed value for what must not be there …"
    ):
        evidence = examine(world, layout, cast, course.serials, informed.story.canaries)
    trace = collect(layout.logs, course.drawn)
    page.write(trace, folder / "trace.html")
    return _conclude(folder, console, course, informed, records, evidence, trace)


async def _acquire(
    world: World,
    layout: Layout,
    supervisor: Supervisor,
    cast: Sequence[Member],
    console: Console,
) -> Course:
    course = Course(
        Progress("中野区 Nakano ward", len(cast)),
        Progress("日本年金機構 pension agency", len(cast)),
    )
    began = time.monotonic()
    async with AsyncExitStack() as stack:
        live = stack.enter_context(Live(console=console, refresh_per_second=8, transient=True))
        at_ward = wishes_of_ward(cast, Callers(world, layout, stack))
        course.drawn = at_ward[1].request_id
        at_agency = wishes_of_agency(cast, Callers(world, layout, stack), course.numbers)
        async with asyncio.timeout(_LONGEST_RUN_SECONDS), asyncio.TaskGroup() as group:
            watch = group.create_task(_watch(world, layout, supervisor, course, live))
            for alone in (0, 1):  # the first opens the connections, the second is drawn
                await acquire_all(at_ward[alone : alone + 1], course.ward)
            at_ward = at_ward[2:]
            await asyncio.gather(
                acquire_all(at_ward, course.ward), acquire_all(at_agency, course.agency)
            )
            watch.cancel()
    course.seconds = time.monotonic() - began
    return course


@dataclass(frozen=True, slots=True)
class Informed:
    """What happened when information moved."""

    story: Information
    underway: Underway
    view: OwnView
    agreement: Agreement
    unknown: Resident
    """Whom the nation was never told."""
    searches: Searches


async def _inform(
    world: World, layout: Layout, course: Course, cast: Sequence[Member], console: Console
) -> Informed:
    async with AsyncExitStack() as stack:
        callers = Callers(world, layout, stack)
        informing = Informing(world, callers, cast, course.numbers)
        with console.status("the ward registers household information of its residents …"):
            await informing.register()
        with console.status("the pension agency asks for it …"):
            story = await informing.play()
        with console.status("looking at an answer on its way through the network …"):
            seen = await underway(world, layout, callers, informing.ask_later)
        with console.status("the person looks at their own records …"):
            view = await own_view(callers, layout, informing.subject)
        with console.status("comparing the files of register, ward, prefecture and nation …"):
            agreement = await agreeing(callers)
        ward = next(one for one in world.municipalities if one.code == WARD)
        somebody = next(
            one for one in people_of(world, ward) if one.individual_number and not one.removed
        )
        with console.status("searching the ward's file and the nation's …"):
            searches = await searching(callers, somebody)
    return Informed(story, seen, view, agreement, unknown_to_the_nation(world, ward), searches)


async def _watch(
    world: World, layout: Layout, supervisor: Supervisor, course: Course, live: Live
) -> None:
    """Draw the progress; half-way, kill a server and start it again."""
    wanted = course.ward.wanted + course.agency.wanted
    note = ""
    while True:
        ended = course.ward.ended + course.agency.ended
        live.update(progress_of((course.ward, course.agency), note))
        if not course.killed_at and ended >= wanted // 2:
            course.serials |= serials_under_way(world, layout)
            supervisor.kill(VICTIM)
            course.killed_at = ended
            note = f"[red]{VICTIM} was killed (SIGKILL)"
            live.update(progress_of((course.ward, course.agency), note))
            await asyncio.sleep(_DOWN_SECONDS)
            supervisor.start(VICTIM)
            listeners = await all_serving(world, layout, seconds=_START_SECONDS)
            course.served_again = all(one.serving for one in listeners)
            note = f"[green]{VICTIM} was killed (SIGKILL) and serves again"
        await asyncio.sleep(0.25)


async def _quiet(layout: Layout, world: World) -> None:
    """Wait until no server owes a call any more."""
    loop = asyncio.get_running_loop()
    until = loop.time() + _QUIET_SECONDS
    while loop.time() < until:
        if not calls_owed(world, layout):
            return
        await asyncio.sleep(0.5)


def _conclude(
    folder: Path,
    console: Console,
    course: Course,
    informed: Informed,
    records: Reconciliation,
    evidence: Evidence,
    trace: Trace,
) -> int:
    checks = evidence.checks(course.ward, course.agency) | informed.story.checks
    story = informed.story
    checks["the provision network passes answers on that it cannot read"] = informed.underway.closed
    checks[f"the records of {records.agreed} exchanges agree at all their parties"] = (
        records.sound and records.agreed > GRANTED
    )
    checks |= informed.view.checks(story.shown, story.hidden)
    checks |= informed.agreement.checks(informed.unknown)
    checks |= informed.searches.checks
    checks["a server was killed half-way and served again"] = course.served_again
    console.print(results_of((course.ward, course.agency)))
    console.print(terminal.sequence(trace))
    console.print(scenes_of(story))
    console.print(informed.underway.table)
    console.print(informed.view.table)
    console.print(informed.agreement.table)
    table = Table(title="What held", title_justify="left", show_header=False, box=None)
    for check, held in checks.items():
        table.add_row("[green]✔" if held else "[red]✘", check)
    console.print(table)
    console.print(f"[dim]{evidence.audit.summary()}")
    if evidence.audit.findings:
        console.print(evidence.audit.table())
    summary = {
        "held": all(checks.values()),
        "checks": checks,
        "seconds": round(course.seconds, 1),
        "killed": {"server": VICTIM, "after": course.killed_at},
        "outcomes": {
            one.title: {
                f"{kind}: {outcome}": count for (kind, outcome), count in one.outcomes.items()
            }
            for one in (course.ward, course.agency)
        },
        "codes_bound": evidence.codes_bound,
        "sub_copies_registered": story.registered,
        "inquiries": story.counted,
        "records_agreed": records.agreed,
        "separation_findings": len(evidence.audit.findings),
        "trace": [list(hop.steps) for hop in trace.hops],
    }
    (folder / "summary.json").write_text(json.dumps(summary, ensure_ascii=False, indent=1) + "\n")
    console.print(
        f"\n{sum((course.ward.ended, course.agency.ended)):,} acquisitions in "
        f"{course.seconds:.0f} s. Look at {folder / 'trace.html'}; for machines: "
        f"{folder / 'summary.json'}"
    )
    return 0 if all(checks.values()) else 1
