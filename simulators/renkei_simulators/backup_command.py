"""`renkei backup-key`, `renkei backup` and `renkei restore` (invented; USE-14, STO-04, STO-24)."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from renkei_server.domain.days import JAPAN
from renkei_server.store.backups.sealed_files import BackupKey, make_backup_key
from renkei_simulators.data_folder import DEFAULT_DATA, Data, world_in
from renkei_simulators.listing import Listing
from renkei_simulators.terminal import AsJson, write_json
from renkei_simulators.world.backups import Made, Told, back_up, kept_here, seats_here
from renkei_simulators.world.definition import WorldError
from renkei_simulators.world.restoring import (
    Staged,
    alone,
    chosen,
    finish,
    put_in_place,
    stage,
)
from renkei_simulators.world.running import require_no_orphans

KeyPath = Annotated[
    Path, typer.Option("--key", help="The key's file, as `renkei backup-key` made it.")
]
Seats = Annotated[
    list[str] | None, typer.Option("--seat", help="A seat, such as middle-server.131148; else all.")
]


def backup_key(file: Annotated[Path, typer.Argument(help="File to make.")]) -> None:
    """Make a key for backups; keep it where neither the world nor its backups are."""
    try:
        make_backup_key(file)
    except OSError as error:
        msg = f"{file} cannot be made: {error.strerror}. Name a file that is not there yet."
        raise WorldError(
            msg, f"{file}を作れません。まだないファイル名を指定してください。"
        ) from error
    Console().print(
        f"wrote {file}\nWhoever has it can read every backup made under it; without it none can be "
        "restored.\nKeep it away from the backups, and a copy of it in a safe.",
        soft_wrap=True,
        highlight=False,
    )


def backup(
    key: KeyPath,
    into: Annotated[Path, typer.Option("--into", help="Folder for the backups, one a seat.")],
    seat: Seats = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,  # noqa: FBT002 - typer's way
) -> None:
    """Back up the seats of a world, running or not, each as one sealed file."""
    world, layout = world_in(data)
    names = seat or seats_here(world)
    for name in names:
        kept_here(world, layout, name)
    with_key = BackupKey.load(key)
    with _bars(shown=not as_json) as bar:
        made = [back_up(world, layout, name, with_key, into, bar(name)) for name in names]
    if as_json:
        write_json([_of_made(one) for one in made])
        return
    Console().print(_table_of_made(made))
    Console().print(f"They are in {into}.", soft_wrap=True, highlight=False)
    if left_out := sum((Counter(one.owed) for one in made), Counter[str]()):
        Console().print(f"Left out, for it is kept only until a task is done: {_counts(left_out)}.")


def restore(
    files: Annotated[list[Path], typer.Argument(help="Backups, at most one a seat.")],
    key: KeyPath,
    seat: Seats = None,
    data: Data = DEFAULT_DATA,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,  # noqa: FBT002 - typer's way
    as_json: AsJson = False,  # noqa: FBT002 - typer's way
) -> None:
    """Bring seats of a world that is stopped back to their backups: all of them, or none."""
    if as_json and not yes:
        msg = "--json asks nothing: say --yes with it"
        raise WorldError(msg, "--jsonでは確認しません。--yesも指定してください。")
    world, layout = world_in(data)
    with alone(layout):
        require_no_orphans(layout)
        finish(world, layout)
        with_key = BackupKey.load(key)
        found = chosen(world, layout, files, with_key, seat or [])
        staged: list[Staged] = []
        try:
            with _bars(shown=not as_json) as bar:
                for name, path in found.items():
                    staged.append(stage(world, layout, name, path, with_key, bar(name)))
            if not as_json:
                _tell_meaning(staged)
            if yes or typer.confirm("Put them in place?"):
                put_in_place(world, layout, staged)
            else:
                Console().print("Nothing was changed.")
                raise typer.Exit(1)
        finally:
            finish(world, layout)
    if as_json:
        write_json([_of_staged(one) for one in staged])
    else:
        Console().print("The seats are restored; `renkei up` starts them.")


@contextmanager
def _bars(*, shown: bool) -> Iterator[Callable[[str], Told]]:
    """A bar for each seat, as far as its rows have come."""
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        console=Console(stderr=True),
        disable=not shown,
    ) as progress:

        def bar(name: str) -> Told:
            task = progress.add_task(name, total=None)
            return lambda done, total: progress.update(task, completed=done, total=total)

        yield bar


def _table_of_made(made: Sequence[Made]) -> Listing:
    counts = ("rows", "bytes", "left out")
    table = Listing("seat", *counts, title="Backups", right=counts)
    for one in made:
        left_out = f"{sum(one.owed.values()):,}"
        table.add_row(one.seat, f"{one.rows:,}", f"{one.size:,}", left_out)
    return table


def _tell_meaning(staged: Sequence[Staged]) -> None:
    """What restoring means for each seat, before it is done."""
    table = Listing("seat", "as it was at", "rows", title="To be restored", right=("rows",))
    for one in staged:
        made_at = datetime.fromisoformat(one.head.made_at).astimezone(JAPAN)
        table.add_row(one.head.seat, f"{made_at:%Y-%m-%d %H:%M:%S}", f"{one.end.rows:,}")
    console = Console()
    console.print(table)
    for one in staged:
        seat = one.head.seat
        for sentence, counts in (
            ("is lost, because it was recorded since", one.lost),
            ("was erased for good since, and COMES BACK", one.back),
            ("was under way and is not in the backup: ask again", one.end.owed),
        ):
            if counts:
                console.print(f"{seat}: {_counts(counts)}: this {sentence}.", highlight=False)
        if one.back is None:
            console.print(
                f"{seat}: its own store cannot be read, so nobody can tell what was erased for good "
                "since and COMES BACK.",
                highlight=False,
            )


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count:,} × {what}" for what, count in sorted(counts.items()))


def _of_made(one: Made) -> dict[str, object]:
    return {
        "seat": one.seat,
        "file": str(one.path),
        "rows": one.rows,
        "bytes": one.size,
        "left_out": dict(one.owed),
    }


def _of_staged(one: Staged) -> dict[str, object]:
    return {
        "seat": one.head.seat,
        "made_at": one.head.made_at,
        "world_time": one.head.world_time,
        "rows": one.end.rows,
        "owed": dict(one.end.owed),
        "lost": None if one.lost is None else dict(one.lost),
        "comes_back": None if one.back is None else dict(one.back),
    }
