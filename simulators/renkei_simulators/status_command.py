"""`renkei status`."""

import asyncio
from collections.abc import Mapping

import typer
from rich.console import Console

from renkei_server.process.owner import Reports
from renkei_simulators.data_folder import DEFAULT_DATA, Data, world_in
from renkei_simulators.endpoints import (
    endpoints,
    tell_closed,
    tell_missing,
    tell_owed,
    tell_set_back,
)
from renkei_simulators.terminal import AsJson, write_json
from renkei_simulators.world import running
from renkei_simulators.world.addresses import why_no_database
from renkei_simulators.world.definition import World
from renkei_simulators.world.health import ask
from renkei_simulators.world.layout import Layout
from renkei_simulators.world.listeners import Listener, probed


def status(
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,  # noqa: FBT002 - typer's way
) -> None:
    """Show each listener of a world and whether it serves; exit 1 unless all do."""
    definition, layout = world_in(data)
    listeners = probed(asyncio.run(ask(definition, layout)))
    processes, reports = running.process_ids(layout), running.reports(layout)
    if as_json:
        told = {
            "world": definition.name,
            "running": running.supervisor_of(layout) is not None,
            "listeners": [_as_dict(one, processes, reports) for one in listeners],
        }
        write_json(told)
    else:
        Console().print(endpoints(definition, listeners))
        _tell_standing(definition, layout)
        tell_closed(reports)
        tell_owed(reports)
        tell_set_back(reports)
        tell_missing(listeners)
    if not all(one.serving or one.external for one in listeners):
        raise typer.Exit(1)


def _tell_standing(world: World, layout: Layout) -> None:
    """Say on stderr that nobody runs the world, or that its database does not answer."""
    for fault in (running.why_not_run(layout), why_no_database(world.store_url)):
        if fault:
            Console(stderr=True, highlight=False, markup=False, soft_wrap=True).print(str(fault))


def _as_dict(one: Listener, processes: Mapping[str, int], reports: Reports) -> dict[str, object]:
    return {
        "seat": one.seat,
        "network": one.identity.domain,
        "address": one.address,
        "serving": one.serving,
        "external": one.external,
        "answer": one.answer,
        "pid": processes.get(one.seat),
        "why": reports[one.seat].english if one.seat in reports else "",
        "owed": [*reports[one.seat].owed] if one.seat in reports else [],
        "set_back": {**reports[one.seat].set_back} if one.seat in reports else {},
    }
