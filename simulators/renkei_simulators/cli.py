"""The `renkei` command."""

import asyncio
import json
import signal
import sys
import threading
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from renkei.refusals import Refusal
from renkei_simulators import (
    audit_command,
    batch_command,
    contract,
    control_commands,
    keys_command,
)
from renkei_simulators.conformance import command as conformance_command
from renkei_simulators.conformance.reading import CaseError
from renkei_simulators.data_folder import DEFAULT_DATA, Data, world_in
from renkei_simulators.demo.run import run_demo
from renkei_simulators.pki_commands import pki
from renkei_simulators.population_command import population
from renkei_simulators.world.definition import World, WorldError
from renkei_simulators.world.health import Listener, all_serving, ask
from renkei_simulators.world.layout import Layout
from renkei_simulators.world.provision import provision
from renkei_simulators.world.supervisor import (
    Supervisor,
    process_ids,
    stop_from_outside,
    supervisor_of,
)

app = typer.Typer(
    help="Renkei 連携: a stand-in for Japan's resident-register and information-linkage networks.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
protos = typer.Typer(help="The contract, for other languages.", no_args_is_help=True)
app.add_typer(protos, name="protos")
app.add_typer(audit_command.app, name="audit")
app.add_typer(batch_command.app, name="batch")
app.add_typer(pki, name="pki")
app.add_typer(keys_command.app, name="keys")
app.add_typer(control_commands.clock, name="clock")
app.add_typer(control_commands.state, name="state")
app.add_typer(conformance_command.app, name="conformance")
app.command()(population)


_START_SECONDS = 60.0
_WATCH_SECONDS = 1.0


@app.command()
def up(
    data: Data = DEFAULT_DATA,
    world: Annotated[Path | None, typer.Option(help="World file; else the default world.")] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Make the world anew.")] = False,  # noqa: FBT002 - typer's way
) -> None:
    """Start a world and keep it running until Ctrl-C or `renkei down`."""
    definition = World.load(world)
    with Console().status("making the world …") as status:
        layout = provision(
            definition, data, fresh=fresh, tell=lambda what: status.update(f"making {what} …")
        )
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with Supervisor(definition, layout) as supervisor:
        with Console().status("starting the servers …"):
            listeners = asyncio.run(all_serving(definition, layout, seconds=_START_SECONDS))
        Console().print(endpoints(definition, listeners))
        _tell_how_to_call(definition, data)
        while not stop.wait(_WATCH_SECONDS):
            supervisor.restart_dead(lambda what: Console(stderr=True).print(f"[yellow]{what}"))
        with Console().status("stopping the servers …"):
            supervisor.stop()
    Console().print("The world has stopped; its data is kept.")


@app.command()
def down(data: Data = DEFAULT_DATA) -> None:
    """Stop the world that runs with this data folder."""
    if stop_from_outside(Layout(data.absolute())):
        Console().print("The world has stopped; its data is kept.")
    else:
        Console().print("No world runs with this folder.")


@app.command()
def status(
    data: Data = DEFAULT_DATA,
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,  # noqa: FBT002 - typer's way
) -> None:
    """Show each listener of a world and whether it serves; exit 1 unless all do."""
    definition, layout = world_in(data)
    listeners = asyncio.run(ask(definition, layout))
    running = process_ids(layout)
    if as_json:
        told = {
            "world": definition.name,
            "running": supervisor_of(layout) is not None,
            "listeners": [_as_dict(one, running) for one in listeners],
        }
        sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=1) + "\n")
    else:
        Console().print(endpoints(definition, listeners))
    if not all(one.serving or one.external for one in listeners):
        raise typer.Exit(1)


@app.command()
def demo(
    folder: Annotated[Path, typer.Option(help="Where the demo leaves its traces.")] = Path(
        "build/demo"
    ),
) -> None:
    """Acquire the codes of 1,000 persons for two organisations, with a crash half-way."""
    raise typer.Exit(run_demo(folder, Console()))


@protos.command("export")
def export(folder: Annotated[Path, typer.Argument(help="Folder to write to.")]) -> None:
    """Write the .proto files and a descriptor set with everything they import."""
    for written in contract.export(folder):
        Console().print(f"wrote {written}")


def endpoints(world: World, listeners: list[Listener]) -> Table:
    """Where everything is, and how it is."""
    table = Table(title=f"World “{world.name}”", title_justify="left", box=box.SIMPLE_HEAD)
    for heading in ("seat", "network", "address", "state"):
        table.add_column(heading, no_wrap=heading != "state", overflow="fold")
    for one in listeners:
        seat = f"{one.identity.role}.{one.identity.institution}"
        colour = "green" if one.serving else "cyan" if one.external else "red"
        state = f"[{colour}]{one.answer.lower().replace('_', ' ')}"
        table.add_row(seat, one.identity.domain, one.address, state)
    return table


def _tell_how_to_call(world: World, data: Path) -> None:
    if not world.municipalities:
        return
    code = world.municipalities[0].code
    caller = data / "callers" / f"ward-terminal.{code}"
    seat = world.seat(f"resident-record.{code}")
    address = next(iter(seat.listen.values()))
    Console().print(
        f"\nCall it, for example with buf:\n\n"
        f"  buf curl --cert {caller}/chain.pem --key {caller}/key.pem --cacert {caller}/roots.pem \\\n"
        f"    --servername resident-record.{code}.ward-{code}.renkei.test --protocol grpc \\\n"
        f"    --list-services https://{address}\n\n"
        f"Who each certificate is: {data}/callers/README.md. Stop with Ctrl-C or `renkei down`.",
        highlight=False,
        soft_wrap=True,
    )


def _as_dict(one: Listener, running: dict[str, int]) -> dict[str, object]:
    return {
        "seat": f"{one.identity.role}.{one.identity.institution}",
        "network": one.identity.domain,
        "address": one.address,
        "serving": one.serving,
        "external": one.external,
        "answer": one.answer,
        "pid": running.get(one.process),
    }


def main() -> None:
    """Run the command; a world that cannot be made or a refusal is told in one line."""
    try:
        app()
    except (WorldError, CaseError, Refusal) as error:
        Console(stderr=True).print(f"[red]renkei:[/] {error}", highlight=False, soft_wrap=True)
        sys.exit(1)
