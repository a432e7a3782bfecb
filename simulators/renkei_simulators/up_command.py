"""`renkei up`: a world from the first server to the last.

It stays for as long as the world runs, so it reads no more than it needs: neither gRPC nor a
database; to make a world it does (`provision`).
"""

import shutil
import sys
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from renkei_simulators.data_folder import DEFAULT_DATA, Data
from renkei_simulators.detaching import leave
from renkei_simulators.endpoints import endpoints, tell_closed, tell_missing, tell_upgraded
from renkei_simulators.stopping import Stop
from renkei_simulators.world.definition import World, WorldError
from renkei_simulators.world.form import require_form
from renkei_simulators.world.holding import RUNS, held
from renkei_simulators.world.layout import Layout
from renkei_simulators.world.listeners import listeners_of, probed
from renkei_simulators.world.lists import Lists
from renkei_simulators.world.running import require_no_orphans
from renkei_simulators.world.supervisor import Supervisor, require_free_ports
from renkei_simulators.world.taking import take

_START_SECONDS = 60.0
_WATCH_SECONDS = 1.0
_AGAIN_SECONDS = 10.0


def up(
    data: Data = DEFAULT_DATA,
    world: Annotated[
        Path | None, typer.Option(help="World file; else the folder's own, or the default world.")
    ] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Make the world anew.")] = False,  # noqa: FBT002 - typer's way
    isolated: Annotated[  # noqa: FBT002
        bool, typer.Option("--isolated", help="Give each seat a process of its own.")
    ] = False,
    detach: Annotated[  # noqa: FBT002
        bool, typer.Option("--detach", help="Return once it has started; it goes on.")
    ] = False,
    wait: Annotated[  # noqa: FBT002
        bool, typer.Option("--wait", help="Return once every listener serves, or exit 1.")
    ] = False,
) -> None:
    """Start a world and keep it running until Ctrl-C or `renkei down`."""
    layout = Layout(data.absolute())
    let_go = leave(layout, wait=wait) if detach or wait else _stay
    with held(layout, RUNS):
        if layout.is_made and not fresh:
            require_form(layout)
        definition = _told(world, layout)
        if isolated:
            definition = definition.isolated()
        require_no_orphans(layout)
        require_free_ports(definition)
        _make(definition, layout, fresh=fresh)
        stop = Stop()
        with Supervisor(definition, layout, holds=True) as supervisor:
            _tell_start(definition, data, supervisor)
            let_go()
            lists = Lists(layout, definition.domains)
            while not stop.wait(_WATCH_SECONDS):
                _restart_dead(supervisor)
                lists.keep(datetime.now(UTC), Console(stderr=True).print)
            Console().print("stopping the servers …")
    Console().print("The world has stopped; its data is kept.")


def _stay() -> None:
    """Whoever does not detach keeps the terminal."""
    Console().print("Stop with Ctrl-C or `renkei down`.", highlight=False, soft_wrap=True)


def _told(file: Path | None, layout: Layout) -> World:
    """The world of the file; without one that of the folder, and else the default."""
    if file is not None:
        return World.load(file)
    own = [one for one in (layout.making, layout.definition) if one.exists()]
    try:
        return World.load(own[0] if own else None)
    except WorldError as error:
        raise WorldError(
            f"{error.english} Or name another world file with --world.",
            f"{error.japanese}または--worldで別の世界ファイルを指定してください。",
        ) from error


def _make(world: World, layout: Layout, *, fresh: bool) -> None:
    """Make the world where there is none in the folder, or a fresh one is wanted."""
    if layout.half_restored:
        from renkei_simulators.world.restoring import finish_restoring

        finish_restoring(layout)
    if not fresh and take(world, layout):
        return
    from renkei_simulators.world.provision import made

    with Console().status("making the world …") as status:
        made(world, layout, fresh=fresh, tell=lambda what: status.update(f"making {what} …"))


def _tell_start(world: World, data: Path, supervisor: Supervisor) -> None:
    """Say how every seat stands. Raises WorldError where none could be opened."""
    reports = supervisor.reports(seconds=_START_SECONDS)
    listeners = probed(listeners_of(world, reports))
    Console().print(endpoints(world, listeners))
    tell_upgraded(reports)
    tell_closed(reports)
    tell_missing(listeners)
    if reports and not any(one.is_open for one in reports.values()):
        raise WorldError(
            "no seat of this world could be opened.",
            "この世界のサーバーは一つも起動できませんでした。",
        )
    _tell_how_to_call(world, data)


def _restart_dead(supervisor: Supervisor) -> None:
    """Start again what has died, and say what then is not open."""
    errors = Console(stderr=True)
    again: Collection[str] = supervisor.restart_dead(lambda what: errors.print(f"[yellow]{what}"))
    if again:
        tell_closed(supervisor.reports(seconds=_AGAIN_SECONDS, of=again))


def buf() -> str:
    """`buf` as the shell finds it; else the one that was installed beside this program."""
    beside = Path(sys.executable).with_name("buf")
    return "buf" if shutil.which("buf") or not beside.exists() else str(beside)


def _tell_how_to_call(world: World, data: Path) -> None:
    seat = next((one for one in world.seats if one.role == "resident-record"), None)
    if seat is None:
        return
    code = seat.institution
    caller = data / "callers" / f"ward-terminal.{code}"
    address = next(iter(seat.reached.values()))
    Console().print(
        f"\nCall it, for example with buf:\n\n"
        f"  {buf()} curl --cert {caller}/chain.pem --key {caller}/key.pem --cacert {caller}/roots.pem \\\n"
        f"    --servername resident-record.{code}.ward-{code}.renkei.test --protocol grpc \\\n"
        f"    --list-services https://{address}\n\n"
        f"Who each certificate is: {data}/callers/README.md.",
        highlight=False,
        soft_wrap=True,
    )
