"""`renkei clock` and `renkei state`: a running test world's time, and snapshots of all its seats."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, TypeVar
from uuid import uuid4

import typer
from rich.console import Console

from renkei import reasons
from renkei.networks import CONTROL
from renkei.refusals import Refusal
from renkei_clients.control import ControlClient, Times
from renkei_server.domain.days import JAPAN
from renkei_server.domain.world_times import judge_world_time
from renkei_server.seats.control.snapshots import INITIAL
from renkei_simulators.data_folder import DEFAULT_DATA, Data, world_in
from renkei_simulators.listing import Listing
from renkei_simulators.terminal import AsJson, write_json
from renkei_simulators.world.callers import Callers
from renkei_simulators.world.definition import World, WorldError
from renkei_simulators.world.running import told_if_it_stands_still

T = TypeVar("T")
Seats = Mapping[str, ControlClient]

clock = typer.Typer(help="The clock of a running test world.", no_args_is_help=True)
state = typer.Typer(help="Snapshots of what a running test world keeps.", no_args_is_help=True)


Name = Annotated[str, typer.Argument(help="Lower-case letters, digits and hyphens.")]


@clock.command("show")
def show_clock(data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:  # noqa: FBT002 - typer's way
    """Show the world's time and the machine's."""
    times = _with_world(data, lambda seats: _first(seats).get_clock())
    if as_json:
        world_time, machine_time = (one.astimezone(JAPAN).isoformat() for one in times)
        write_json({"world_time": world_time, "machine_time": machine_time})
    else:
        _tell_times(times)


@clock.command("set")
def set_clock(
    moment: Annotated[str, typer.Argument(help="Such as 2027-04-01T09:00, in Japan's time.")],
    data: Data = DEFAULT_DATA,
) -> None:
    """Set the world's time; it runs on from there."""
    try:
        wanted = datetime.fromisoformat(moment)
    except ValueError as error:
        raise WorldError(
            f"{moment} is no moment; write it like 2027-04-01T09:00.",
            f"{moment}は日時ではありません。2027-04-01T09:00のように書いてください。",
        ) from error
    wanted = wanted.replace(tzinfo=wanted.tzinfo or JAPAN)
    judge_world_time(wanted)
    _tell_times(_with_world(data, lambda seats: _first(seats).set_clock(str(uuid4()), wanted)))


@clock.command("advance")
def advance_clock(
    days: Annotated[float, typer.Option(help="How many days.")] = 0,
    hours: Annotated[float, typer.Option(help="How many hours.")] = 0,
    data: Data = DEFAULT_DATA,
) -> None:
    """Let time pass in the world."""
    try:
        by = timedelta(days=days, hours=hours)
    except (ValueError, OverflowError):
        raise Refusal(reasons.WORLD_TIME_OUT_OF_RANGE, "no such duration") from None
    if by <= timedelta(0):
        raise WorldError(
            "advance goes forward: say --days or --hours, more than 0; `renkei clock set` goes "
            "back to a moment.",
            "advanceは時計を進めます。--daysか--hoursに正の数を指定してください。"
            "戻すにはrenkei clock setを使います。",
        )
    _tell_times(_with_world(data, lambda seats: _first(seats).advance_clock(str(uuid4()), by)))


@state.command("save")
def save(name: Name, data: Data = DEFAULT_DATA) -> None:
    """Save what every seat keeps now under a name."""
    _with_world(data, lambda seats: act_on_all(seats, lambda one: one.save_snapshot(name)))
    Console().print(f"Saved as {name}; `renkei state restore {name}` brings it back.")


@state.command("restore")
def restore(name: Name, data: Data = DEFAULT_DATA) -> None:
    """Let every seat keep what it kept when the snapshot was saved."""

    async def work(seats: Seats) -> Times:
        await act_on_all(seats, lambda one: one.restore_snapshot(name))
        return await _first(seats).get_clock()

    now, _ = _with_world(data, work)
    Console().print(
        f"Every seat is as it was at {name}.\nThe world's clock did not move: it shows "
        f"{now.astimezone(JAPAN):%Y-%m-%d %H:%M:%S} JST; `renkei clock set` moves it.",
        soft_wrap=True,
        highlight=False,
    )


@state.command("reset")
def reset(data: Data = DEFAULT_DATA) -> None:
    """Let every seat be as it was when the world first started."""
    restore(INITIAL, data)


@state.command("delete")
def delete(name: Name, data: Data = DEFAULT_DATA) -> None:
    """Delete a snapshot."""

    async def work(seats: Seats) -> None:
        await asyncio.gather(*(one.delete_snapshot(name) for one in seats.values()))

    _with_world(data, work)
    Console().print(f"{name} is deleted.")


@state.command("list")
def list_snapshots(data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:  # noqa: FBT002 - typer's way
    """Show which snapshots there are, and at how many seats."""

    async def work(seats: Seats) -> dict[str, tuple[int, datetime, int]]:
        found: dict[str, tuple[int, datetime, int]] = {}
        for one in seats.values():
            for snapshot in await one.list_snapshots():
                count, latest, size = found.get(
                    snapshot.name, (0, datetime.min.replace(tzinfo=UTC), 0)
                )
                saved = snapshot.saved_at.ToDatetime(tzinfo=UTC)
                found[snapshot.name] = (count + 1, max(latest, saved), size + snapshot.bytes)
        return found

    snapshots = sorted(_with_world(data, work).items())
    if as_json:
        write_json(
            [
                {
                    "snapshot": name,
                    "seats": count,
                    "saved_at": saved.astimezone(JAPAN).isoformat(),
                    "bytes": size,
                }
                for name, (count, saved, size) in snapshots
            ]
        )
        return
    table = Listing("snapshot", "seats", "saved", "megabytes", right=("seats", "megabytes"))
    for name, (count, saved, size) in snapshots:
        table.add_row(
            name, str(count), f"{saved.astimezone(JAPAN):%Y-%m-%d %H:%M:%S}", f"{size / 1e6:.1f}"
        )
    Console().print(table)


async def act_on_all(seats: Seats, act: Callable[[ControlClient], Awaitable[None]]) -> None:
    """Act on every seat while none has a call of its own under way; they go on in any case."""
    async with paused(seats):
        await asyncio.gather(*(act(one) for one in seats.values()))


@asynccontextmanager
async def paused(seats: Seats) -> AsyncIterator[None]:
    """No seat begins a call of its own in here, and none is under way."""
    everybody = seats.values()
    try:
        await asyncio.gather(*(one.pause_work() for one in everybody))
        yield
    finally:
        await asyncio.gather(*(one.resume_work() for one in everybody))


def controlled(world: World, callers: Callers) -> Seats:
    """A client of every seat that can be controlled. Raises WorldError where there is none."""
    seats = {
        seat.name: callers.controller(seat)
        for seat in world.seats
        if CONTROL in seat.listen and not seat.external
    }
    if not seats:
        msg = "no seat of this world listens for control: add `control` to `listen` in its file"
        raise WorldError(
            msg,
            "制御用に待ち受けるシートがありません。世界ファイルのlistenにcontrolを加えてください。",
        )
    return seats


def _with_world(data: Path, work: Callable[[Seats], Awaitable[T]]) -> T:
    world, layout = world_in(data)

    async def asked() -> T:
        async with AsyncExitStack() as stack:
            return await work(controlled(world, Callers(world, layout, stack)))

    with told_if_it_stands_still(layout):
        return asyncio.run(asked())


def _first(seats: Seats) -> ControlClient:
    """Any seat will do: they share one clock."""
    return next(iter(seats.values()))


def _tell_times(times: Times) -> None:
    world_time, machine_time = (one.astimezone(JAPAN) for one in times)
    Console().print(f"world    {world_time:%Y-%m-%d %H:%M:%S} JST", highlight=False)
    Console().print(f"machine  {machine_time:%Y-%m-%d %H:%M:%S} JST", highlight=False)
