"""Restoring seats of a world that does not run: all that were named, or none.

- What a backup holds is written beside what is there, whole and verified, before anything else.
- One file in the world's folder says that the seats take their places now: from then on they do,
  whoever is killed (`finish`); until then nothing has happened.
- A backup of another world, of another seat or of another form is refused.
- What was erased for good since the backup was made comes back: it is named.

Fidelity: invented.
"""

import json
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Final

from renkei import reasons
from renkei.refusals import Refusal
from renkei_server.config import SeatConfig
from renkei_server.process.alone import alone as held_alone
from renkei_server.process.restored import leave_note
from renkei_server.roles.bills import metadata_of
from renkei_server.roles.own_keys import OwnKeys
from renkei_server.store.backups import since
from renkei_server.store.backups.contents import (
    End,
    Head,
    KeyFile,
    head_of,
    read,
)
from renkei_server.store.backups.copying import put_rows
from renkei_server.store.backups.sealed_files import BackupKey
from renkei_server.store.engine import form
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.copies import beside, move
from renkei_server.store.engine.inspection import Inspection
from renkei_server.store.engine.opening import discard, is_in_use, is_made
from renkei_server.store.engine.operations import OperationLog
from renkei_server.store.engine.places import Place, Schema
from renkei_server.store.engine.sealing import Sealer, make_key_file
from renkei_server.store.engine.store import Store
from renkei_simulators.world.backups import Told, counted, note, on_disk
from renkei_simulators.world.configs import seat_config
from renkei_simulators.world.definition import World
from renkei_simulators.world.holding import RESTORES, held
from renkei_simulators.world.layout import Layout
from renkei_simulators.world.running import require_no_orphans

_KEYS: Final = (
    "store.key",
    "root.key",
    "code.key",
    "record-log",
    "answer-keys",
    "permits",
    "operators",
)
"""What of a seat's folder is in a backup, beside its database."""


@dataclass(frozen=True, slots=True)
class Staged:
    """A backup that is written beside its seat, and what it will mean there."""

    head: Head
    end: End
    back: Mapping[str, int] | None
    """What was erased since and comes back; None where the seat's own store cannot tell."""
    lost: Mapping[str, int] | None
    """What was recorded since and is lost; None likewise."""


Step = Callable[[str], None]
"""Called at each point where a test lets the restoring die."""


@contextmanager
def alone(layout: Layout) -> Iterator[None]:
    """Nobody else restores or runs this world meanwhile. Raises WorldError where somebody does."""
    with held(layout, RESTORES):
        yield


def chosen(
    world: World, layout: Layout, files: Sequence[Path], key: BackupKey, seats: Sequence[str]
) -> Mapping[str, Path]:
    """The backup of each seat. Raises where one is not of this world, or of no seat named."""
    here = layout.world_id.read_text(encoding="utf-8").strip()
    found: dict[str, Path] = {}
    for path in files:
        with _readable(path) as file:
            head = head_of(file, key)
        if head.world != here:
            raise Refusal(reasons.BACKUP_OF_ANOTHER_WORLD, path.name)
        if world.seat(head.seat).external or head.seat in found:
            raise Refusal(reasons.BACKUP_OF_ANOTHER_SEAT, f"{path.name} is of {head.seat}")
        if not seats or head.seat in seats:
            found[head.seat] = path
    if missing := sorted(set(seats) - found.keys()):
        raise Refusal(reasons.BACKUP_OF_ANOTHER_SEAT, f"none is of {', '.join(missing)}")
    return found


def stage(
    world: World, layout: Layout, name: str, path: Path, key: BackupKey, tell: Told
) -> Staged:
    """Write what a backup holds beside its seat. Raises what is wrong with the backup."""
    config = seat_config(world, layout, world.seat(name))
    folder = _new(config)
    place = beside(config.place, folder)
    _discard(folder, place)
    if config.folder.exists():
        shutil.copytree(
            config.folder, folder, symlinks=True, copy_function=os.link, ignore=_ours(config)
        )
    else:
        folder.mkdir(mode=0o700, parents=True)
    head = _put_keys(path, key, folder)
    if (head.world, head.seat) != (config.world_id, name):  # another file stands there by now
        raise Refusal(reasons.BACKUP_OF_ANOTHER_SEAT, f"{path.name} is of {head.seat}")
    with OwnKeys.opened(config) as keys:  # a token that is not the one closes it again
        sealer = keys.sealer(folder)
    metadata = metadata_of(config.role)
    store = Store(place, sealer, metadata, operations=OperationLog(sealer), owner=config.owner)

    def put(connection: Connection) -> End:
        _require_form(form.stamp_of(connection), head)
        with _readable(path) as file:
            parts = read(file, key)
            if next(parts) != head:
                raise Refusal(reasons.BACKUP_DAMAGED, "it was changed meanwhile")
            rest = (one for one in parts if not isinstance(one, KeyFile))
            rows = counted(rest, head.rows, tell)
            return put_rows(connection, metadata, rows)

    try:
        end = store.write_now(put)
    finally:
        store.close()
    leave_note(folder, head.made_at)
    _on_disk(folder)
    back, lost = _since(config, place, sealer)
    return Staged(head, end, back, lost)


def put_in_place(
    world: World, layout: Layout, staged: Sequence[Staged], step: Step = lambda _: None
) -> None:
    """Let the seats be what was staged, all of them or none.

    Raises WorldError where the world runs, or SEAT_RUNS_ALREADY where one of the seats does.
    """
    require_no_orphans(layout)
    with ExitStack() as held:
        for one in staged:
            folder = layout.seat(one.head.seat)
            if folder.exists():
                held.enter_context(held_alone(folder))
            if is_in_use(seat_config(world, layout, world.seat(one.head.seat)).place):
                raise Refusal(reasons.SEAT_RUNS_ALREADY, one.head.seat)
        _put_in_place(world, layout, staged, step)


def _put_in_place(world: World, layout: Layout, staged: Sequence[Staged], step: Step) -> None:
    step("staged")
    written = layout.restoring.with_suffix(".new")
    written.write_text(json.dumps([one.head.seat for one in staged]), encoding="utf-8")
    on_disk(written)
    written.replace(layout.restoring)  # now they are restored, whatever happens
    on_disk(layout.root)
    step("decided")
    finish(world, layout, step)
    for one in staged:
        note(layout, "restored", one.head.seat, made_at=one.head.made_at, owed=dict(one.end.owed))


def finish(world: World, layout: Layout, step: Step = lambda _: None) -> None:
    """Let what was decided to be restored be so, and let nothing stay of what was not."""
    seats = [seat_config(world, layout, seat) for seat in world.seats if not seat.external]
    decided: list[str] = []
    if layout.restoring.exists():
        decided = json.loads(layout.restoring.read_text(encoding="utf-8"))
    for config in seats:
        new = _new(config)
        place = beside(config.place, new)
        if config.name in decided:
            _take_place(config, new, place, step)
        elif new.exists():
            _discard(new, place)
    layout.restoring.unlink(missing_ok=True)


def finish_restoring(layout: Layout) -> None:
    """The same for a world that is about to be started, where there is one in the folder."""
    if layout.is_made:
        finish(World.load(layout.definition), layout)


def _take_place(config: SeatConfig, new: Path, place: Place, step: Step) -> None:
    """Each step may have been taken before."""
    if isinstance(place, Schema) and isinstance(config.place, Schema) and is_made(place):
        move(place, config.place)
        step(f"database {config.name}")
    old = config.folder.with_name(f"{config.name}.replaced")
    if new.exists():
        if config.folder.exists():
            _remove(old)
            config.folder.rename(old)
            step(f"set aside {config.name}")
        new.rename(config.folder)
        on_disk(config.folder.parent)
        step(f"in place {config.name}")
    _remove(old)


def _remove(folder: Path) -> None:
    """Remove a folder, or the link in its place and nothing of what that leads to."""
    if folder.is_symlink():
        folder.unlink()
    elif folder.exists():
        shutil.rmtree(folder)


def _new(config: SeatConfig) -> Path:
    return config.folder.with_name(f"{config.name}.restored")


def _discard(folder: Path, place: Place) -> None:
    if isinstance(place, Schema):
        discard(place)
    shutil.rmtree(folder, ignore_errors=True)


def _ours(config: SeatConfig) -> Callable[[str, list[str]], list[str]]:
    """What of a seat's folder is not taken over: its keys and its database."""

    def ignored(folder: str, names: list[str]) -> list[str]:
        at_top = Path(folder) == config.folder
        own = (config.database.name, config.erasable_keys.name)
        return [one for one in names if at_top and (one in _KEYS or one.startswith(own))]

    return ignored


def _put_keys(path: Path, key: BackupKey, folder: Path) -> Head:
    """Write the keys that come before the rows; return the head."""
    with _readable(path) as file:
        parts = read(file, key)
        head = next(parts)
        if not isinstance(head, Head):
            raise Refusal(reasons.BACKUP_UNKNOWN)
        for part in parts:
            if not isinstance(part, KeyFile):
                return head
            inner = PurePosixPath(part.path)
            if inner.parts[0] not in _KEYS or ".." in inner.parts:
                raise Refusal(reasons.BACKUP_UNKNOWN, f"{inner} is no key of a seat")
            (folder / inner).parent.mkdir(mode=0o700, exist_ok=True)
            make_key_file(folder / inner, part.content)
    return head


def _require_form(ours: tuple[int, str], head: Head) -> None:
    number, tables = ours
    if head.form != number:
        told = f"the backup has revision {head.form}, and this version's is {number}"
    elif head.tables != tables:
        told = "the backup's tables are not those of this version"
    else:
        return
    raise Refusal(reasons.STORE_OF_ANOTHER_FORM, told)


def _since(
    config: SeatConfig, place: Place, sealer: Sealer
) -> tuple[Mapping[str, int] | None, Mapping[str, int] | None]:
    """What was erased since, and recorded since, where the seat's own store can be read."""
    metadata = metadata_of(config.role)

    def told(where: Place) -> tuple[Counter[str], Counter[str]]:
        with Inspection(where, sealer, metadata, config.owner) as look:
            return look.read(
                lambda connection: (
                    since.erased(connection, metadata),
                    since.recorded(connection, metadata),
                )
            )

    if not is_made(config.place):
        return None, None
    try:
        erased, recorded = told(config.place)
    except Refusal:
        return None, None
    then_erased, then_recorded = told(place)
    return dict(erased - then_erased), dict(recorded - then_recorded)


def _on_disk(folder: Path) -> None:
    for path in (*(one for one in folder.rglob("*") if not one.is_symlink()), folder):
        on_disk(path)


@contextmanager
def _readable(path: Path) -> Iterator[IO[bytes]]:
    """The file of a backup. Raises BACKUP_UNKNOWN where there is none."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise Refusal(reasons.BACKUP_UNKNOWN, path.name) from error
    with file:
        yield file
