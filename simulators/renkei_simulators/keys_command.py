"""`renkei keys`: an organisation's own keys at the middle server, by its own terminal."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TypeVar
from uuid import uuid4

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from renkei.codes import Institution
from renkei.linkage.v1 import organisation_key_pb2 as pb2
from renkei_clients.organisation_keys import OrganisationKeyClient
from renkei_pki.answer_keys import AnswerKey, AnswerKeys
from renkei_server.domain.days import JAPAN
from renkei_server.seats.middle.sealing_keys import SUITES
from renkei_simulators.data_folder import DEFAULT_DATA, Data, world_in
from renkei_simulators.listing import Listing
from renkei_simulators.separation.destroyed import backups_made, snapshots_with_destroyed
from renkei_simulators.terminal import AsJson, write_json
from renkei_simulators.world.callers import Callers
from renkei_simulators.world.configs import seat_config
from renkei_simulators.world.running import told_if_it_stands_still

T = TypeVar("T")

app = typer.Typer(
    help="The keys under which an organisation's sub-copies are kept (MS-8).", no_args_is_help=True
)

_LOOK_SECONDS = 0.3

Organisation = Annotated[
    str, typer.Argument(help="The organisation on the middle server, such as 131148.")
]


@app.command()
def status(
    organisation: Organisation,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,  # noqa: FBT002 - typer's way
) -> None:
    """Show every key that there ever was, and how many records are under it."""
    keys = _ask(data, organisation, lambda client: client.get_organisation_keys())
    if as_json:
        write_json([_as_dict(key) for key in keys])
    else:
        _show(keys)


@app.command()
def rotate(organisation: Organisation, data: Data = DEFAULT_DATA) -> None:
    """Make a new key, and follow the records as they are wrapped anew under it."""

    async def work(client: OrganisationKeyClient) -> Sequence[pb2.OrganisationKey]:
        number = await client.rotate_organisation_key(str(uuid4()))
        Console().print(f"Key {number} is the current one.")
        return await _follow(client)

    _show(_ask(data, organisation, work))


@app.command()
def rewrap(organisation: Organisation, data: Data = DEFAULT_DATA) -> None:
    """Follow the records as they are wrapped anew after a rotation, until none is left."""
    _show(_ask(data, organisation, _follow))


@app.command()
def answers(
    organisation: Organisation,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,  # noqa: FBT002 - typer's way
) -> None:
    """Make new keys to which answers are sealed; the organisation's seat publishes them by itself."""
    world, layout = world_in(data)
    agencies = {one.name for one in world.agencies}
    role = "agency-linkage" if organisation in agencies else "middle-server"
    folder = seat_config(world, layout, world.seat(f"{role}.{organisation}")).answer_keys
    for suite in SUITES:
        AnswerKey.create(folder, suite, now=datetime.now(UTC))
    keys = AnswerKeys.load(folder, Institution(organisation)).keys
    if as_json:
        write_json(
            [
                {
                    "key": one.public.key_id,
                    "suite": one.public.suite.name,
                    "made_at": one.made_at.astimezone(JAPAN).isoformat(),
                }
                for one in keys
            ]
        )
        return
    table = Listing("key", "suite", "made at")
    for key in keys:
        made_at = key.made_at.astimezone(JAPAN).strftime("%Y-%m-%d %H:%M:%S")
        table.add_row(key.public.key_id, key.public.suite.name, made_at)
    Console().print(table)
    Console().print("The newest of each suite is used; the others open what was sealed to them.")


@app.command()
def destroy(
    organisation: Organisation,
    data: Data = DEFAULT_DATA,
    sure: Annotated[  # noqa: FBT002 - typer's way
        bool, typer.Option("--yes", help="Do not ask whether it is meant.")
    ] = False,
) -> None:
    """Destroy every key of the organisation: its sub-copies can never be read again."""
    if not sure:
        typer.confirm(f"Close every sub-copy of {organisation} for ever?", abort=True)

    async def work(client: OrganisationKeyClient) -> Sequence[pb2.OrganisationKey]:
        closed = await client.destroy_organisation_keys(str(uuid4()), organisation)
        Console().print(f"{closed:,} records can be read no more.")
        return await client.get_organisation_keys()

    _show(_ask(data, organisation, work))
    _name_copies(data, organisation)


def _name_copies(data: Path, organisation: str) -> None:
    """Say what still holds keys that were destroyed, and what to do about it."""
    world, layout = world_in(data)
    seat = f"middle-server.{organisation}"
    console = Console(soft_wrap=True)
    for name in snapshots_with_destroyed(seat_config(world, layout, world.seat(seat))):
        console.print(
            f"The snapshot {name} still holds a destroyed key, which opens what is closed: "
            f"delete it with `renkei state delete {name}`."
        )
    if made := list(backups_made(layout, seat)):
        console.print(
            f"Backups of {seat} still hold the keys that it had when they were made "
            f"({len(made)} were, the last at {made[-1]}): destroy those files, "
            "or whoever restores one opens what is closed."
        )


async def _follow(client: OrganisationKeyClient) -> Sequence[pb2.OrganisationKey]:
    columns = (TextColumn("wrapping anew"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console()) as progress:
        bar = progress.add_task("")
        while True:
            keys = await client.get_organisation_keys()
            left = sum(
                key.records for key in keys if key.state == pb2.ORGANISATION_KEY_STATE_RETIRING
            )
            whole = sum(key.records for key in keys)
            progress.update(bar, total=whole, completed=whole - left)
            if all(key.state != pb2.ORGANISATION_KEY_STATE_RETIRING for key in keys):
                return keys
            await asyncio.sleep(_LOOK_SECONDS)


def _ask(data: Path, organisation: str, work: Callable[[OrganisationKeyClient], Awaitable[T]]) -> T:
    world, layout = world_in(data)
    world.seat(f"middle-server.{organisation}")

    async def asked() -> T:
        async with AsyncExitStack() as stack:
            return await work(Callers(world, layout, stack).key_terminal(organisation))

    with told_if_it_stands_still(layout):
        return asyncio.run(asked())


def _show(keys: Sequence[pb2.OrganisationKey]) -> None:
    table = Listing("key", "state", "made", "records", right=("records",))
    for key in keys:
        made = f"{key.made_at.ToDatetime(tzinfo=UTC).astimezone(JAPAN):%Y-%m-%d %H:%M}"
        table.add_row(str(key.number), _state_of(key), made, f"{key.records:,}")
    Console().print(table)


def _as_dict(key: pb2.OrganisationKey) -> dict[str, object]:
    return {
        "key": key.number,
        "state": _state_of(key),
        "made_at": key.made_at.ToDatetime(tzinfo=UTC).astimezone(JAPAN).isoformat(),
        "records": key.records,
    }


def _state_of(key: pb2.OrganisationKey) -> str:
    state = pb2.OrganisationKeyState.Name(key.state)
    return state.removeprefix("ORGANISATION_KEY_STATE_").lower()
