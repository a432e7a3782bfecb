"""`renkei conformance`: the kit on the command line (invented)."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from renkei_simulators.conformance import junit as junit_xml
from renkei_simulators.conformance import report
from renkei_simulators.conformance.bench import Bench
from renkei_simulators.conformance.case_error import CaseError
from renkei_simulators.conformance.cases import Case
from renkei_simulators.conformance.reading import known_failures, load
from renkei_simulators.conformance.running import Result, run
from renkei_simulators.data_folder import DEFAULT_DATA, Data, world_in
from renkei_simulators.terminal import AsJson, write_json
from renkei_simulators.world.definition import SeatPlan, WorldError
from renkei_simulators.world.running import require_servers

app = typer.Typer(help="The conformance kit.", no_args_is_help=True)


@app.callback()
def conformance() -> None:
    """The conformance kit."""


@app.command("run")
def run_cases(
    data: Data = DEFAULT_DATA,
    seat: Annotated[
        str, typer.Option(help="ROLE.INSTITUTION to try; else the world's first seat of each role.")
    ] = "",
    case: Annotated[
        list[str] | None, typer.Option(help="Id of a case, or a flow step such as F1.7b.")
    ] = None,
    cases: Annotated[
        Path | None, typer.Option(help="Folder of cases of your own, in place of the kit's.")
    ] = None,
    known: Annotated[
        Path | None,
        typer.Option("--known-failures", help='TOML file: "ID" = "why it is known to fail".'),
    ] = None,
    junit: Annotated[Path | None, typer.Option(help="JUnit XML file to write.")] = None,
    list_only: Annotated[bool, typer.Option("--list", help="Show the cases, run none.")] = False,  # noqa: FBT002 - typer's way
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Run cases against a running world, or a seat of it that is yours.

    Exit status 0 if every MUST case passed, known failures apart.
    """
    console = Console(stderr=as_json)
    everything = load(cases)
    chosen = _chosen(everything, case or [])
    if list_only:
        if as_json:
            write_json([report.case_as_dict(one) for one in chosen])
        else:
            console.print(report.listed(chosen))
        return
    failures = known_failures(known, everything) if known else {}
    world, layout = world_in(data)
    wanted = world.seat(seat) if seat else None
    results = asyncio.run(_results(console, Bench(world, layout), wanted, chosen, failures))
    if all(one.problem for one in results):
        require_servers(layout)
    if as_json:
        write_json([report.result_as_dict(one) for one in results])
    else:
        console.print(report.told(results))
    if junit is not None:
        junit_xml.write(results, junit)
    if any(one.counts_against for one in results):
        raise typer.Exit(1)


def _chosen(cases: Sequence[Case], asked: Sequence[str]) -> list[Case]:
    ids = {case.id for case in cases} | {case.flow_step for case in cases}
    if unknown := [one for one in asked if one not in ids]:
        msg = f"there is no case or step {', '.join(unknown)}: see `renkei conformance run --list`"
        raise CaseError(msg)
    return [one for one in cases if not asked or one.id in asked or one.flow_step in asked]


async def _results(
    console: Console,
    bench: Bench,
    wanted: SeatPlan | None,
    cases: Sequence[Case],
    known: Mapping[str, str],
) -> list[Result]:
    results = []
    with console.status("running …") as status:
        async for one in run(cases, bench, wanted=wanted, known=known):
            status.update(f"{one.case.id}: {one.verdict.value} …")
            results.append(one)
    if not results:
        raise WorldError(
            "no case is for such a seat: see `renkei conformance run --list`",
            "そのシートに当てはまるケースがありません。`renkei conformance run --list`で確認してください。",
        )
    return results
