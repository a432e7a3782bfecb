"""`renkei audit records` and `renkei audit export`: the logs of exchanges of a world (F2.10; invented)."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from renkei_pki.signing import PUBLIC_KEY
from renkei_server.process.machine import WorldClock
from renkei_simulators.data_folder import DEFAULT_DATA, Data, world_in
from renkei_simulators.listing import Listing
from renkei_simulators.records_audit import Reconciliation, audit_records, export_log
from renkei_simulators.terminal import AsJson, write_json
from renkei_simulators.verify_command import fault_as_dict
from renkei_simulators.world.configs import seat_config
from renkei_simulators.world.definition import World, WorldError
from renkei_simulators.world.layout import Layout
from renkei_simulators.world.looking import calls_owed

_Contents = typer.Option("--contents", help="With what the records say, for those entitled.")


def records(data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:  # noqa: FBT002 - typer's way
    """Verify every party's log of exchanges and compare them; exit 1 where any disagree."""
    world, layout = world_in(data)
    _require_quiet(world, layout)
    with Console(stderr=True).status("comparing …"):
        found = audit_records(world, layout)
    _require_quiet(world, layout)
    if as_json:
        write_json(_as_dict(found))
    else:
        _tell(found)
    if not found.sound:
        raise typer.Exit(1)


def export(
    seat: Annotated[str, typer.Argument(help="Whose log, for example middle-server.131148.")],
    file: Annotated[Path, typer.Argument(help="File to write to.")],
    data: Data = DEFAULT_DATA,
    contents: Annotated[bool, _Contents] = False,  # noqa: FBT002 - typer's way
) -> None:
    """Write a party's log under a freshly signed head; `renkei audit verify` checks it."""
    world, layout = world_in(data)
    plan = world.seat(seat)
    lines = export_log(world, layout, plan, WorldClock(layout.clock).now(), contents=contents)
    with file.open("w", encoding="utf-8") as written:
        written.writelines(lines)
    key = seat_config(world, layout, plan).record_key.with_name(PUBLIC_KEY)
    Console().print(f"wrote {file}; its key is {key}", soft_wrap=True, highlight=False)


def _tell(found: Reconciliation) -> None:
    console = Console()
    console.print(_logs(found))
    if found.disagreements:
        console.print(_disagreements(found))
    if found.sound:
        console.print(f"[green]{found.agreed} exchanges agree, and none disagrees.")
        return
    disagreeing = len({one.exchange for one in found.disagreements})
    console.print(f"[red]{found.agreed} exchanges agree, {disagreeing} disagree.")


def _as_dict(found: Reconciliation) -> dict[str, object]:
    return {
        "agreed": found.agreed,
        "logs": [
            {
                "seat": log.seat,
                "records": log.size,
                "faults": [fault_as_dict(one) for one in log.faults],
                "unreadable": [*log.unreadable],
            }
            for log in found.logs
        ],
        "disagreements": [
            {
                "exchange": one.exchange,
                "seat": one.seat,
                "kind": one.kind.name.lower(),
                "means": one.kind.value,
                "fields": [*one.parts],
            }
            for one in found.disagreements
        ],
    }


def _require_quiet(world: World, layout: Layout) -> None:
    if owed := calls_owed(world, layout):
        msg = f"{owed} calls are still owed: wait until every exchange has reached its parties"
        raise WorldError(
            msg,
            f"未送信の呼び出しが{owed}件あります。すべての情報連携が各機関に届くまで待ってください。",
        )


def _logs(found: Reconciliation) -> Listing:
    table = Listing("seat", "records", "the log", title="Logs of exchanges", prose=("the log",))
    for log in found.logs:
        faults = [f"{one.where}: {one.kind.value}" for one in log.faults]
        faults += [f"leaf {leaf}: no record of an exchange" for leaf in log.unreadable]
        table.add_row(log.seat, str(log.size), "\n".join(faults) or "whole")
    return table


def _disagreements(found: Reconciliation) -> Listing:
    headings = ("exchange", "seat", "what", "which means")
    table = Listing(*headings, title="Disagreements", prose=headings[-1:])
    for one in found.disagreements:
        parts = f" ({', '.join(one.parts)})" if one.parts else ""
        table.add_row(one.exchange, one.seat, one.kind.name.lower(), one.kind.value + parts)
    return table
