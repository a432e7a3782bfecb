"""Backups of a world's seats: one sealed file for each, made while the seat may be running.

A backup holds the seat's store, as one snapshot, and its keys; certificates are the authority's to
make anew. That each was made is noted in the world's logs (USE-14). Fidelity: invented.
"""

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Final

from renkei.roles import ROLES, Key
from renkei_server.config import SeatConfig
from renkei_server.process.machine import WorldClock
from renkei_server.roles.bills import metadata_of
from renkei_server.store.backups.contents import End, Head, KeyFile, Part, Rows, write
from renkei_server.store.backups.copying import count_rows, rows_of
from renkei_server.store.backups.sealed_files import BackupKey
from renkei_server.store.engine import form
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.copies import snapshot
from renkei_server.store.engine.opening import is_made
from renkei_simulators.world.configs import seat_config
from renkei_simulators.world.definition import World, WorldError
from renkei_simulators.world.layout import Layout
from renkei_simulators.world.provision import inspect

ENDING: Final = ".renkei-backup"

Told = Callable[[int, int], None]
"""Hears how many rows have been copied, of about how many."""


@dataclass(frozen=True, slots=True)
class Made:
    """One backup that was made."""

    seat: str
    path: Path
    rows: int
    size: int
    owed: Mapping[str, int]


def back_up(
    world: World, layout: Layout, name: str, key: BackupKey, folder: Path, tell: Told
) -> Made:
    """Make a backup of one seat in a folder; there is nothing new in it where that fails.

    Raises WorldError where the seat keeps nothing here.
    """
    config = kept_here(world, layout, name)
    with inspect(world, layout, world.seat(name)):
        pass  # it has this version's form
    now = WorldClock(config.clock)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{name}.{now.real():%Y%m%dT%H%M%S%fZ}{ENDING}"
    end = End(0, {})
    metadata = metadata_of(config.role)

    def parts(connection: Connection) -> Iterator[Part]:
        nonlocal end
        number, tables = form.stamp_of(connection)  # from here on it is the snapshot
        moments = (now.real().isoformat(), now.now().isoformat())
        total = count_rows(connection, metadata)
        yield Head(config.world_id, name, number, tables, *moments, total)
        for one in key_files(config):
            yield KeyFile(one.relative_to(config.folder).as_posix(), one.read_bytes())
        for part in counted(rows_of(connection, metadata), total, tell):
            if isinstance(part, End):
                end = part
            yield part

    with snapshot(config.place) as connection, _whole(path) as file:
        write(file, key, parts(connection))
    note(layout, "backup_made", name, rows=end.rows, owed=dict(end.owed))
    return Made(name, path, end.rows, path.stat().st_size, end.owed)


def counted(parts: Iterable[Part], total: int, tell: Told) -> Iterator[Part]:
    """The parts; `tell` hears of the rows among them, at the end of those left out too."""
    done = 0
    for part in parts:
        if isinstance(part, Rows):
            done += len(part.rows)
            tell(done, total)
        elif isinstance(part, End):
            tell(total, total)
        yield part


def kept_here(world: World, layout: Layout, name: str) -> SeatConfig:
    """What a seat is told. Raises WorldError where it keeps nothing here."""
    seat = world.seat(name)
    config = seat_config(world, layout, seat)
    if seat.external or not is_made(config.place):
        msg = f"{name} keeps nothing here"
        raise WorldError(msg, f"{name}はここに何も保存していません。")
    return config


def seats_here(world: World) -> list[str]:
    """Every seat that is kept here."""
    return [seat.name for seat in world.seats if not seat.external]


def key_files(config: SeatConfig) -> Iterator[Path]:
    """The files of a seat's keys: that of its store, and those that its role needs."""
    yield config.key
    wanted = ROLES[config.role].keys
    if Key.ROOT in wanted:
        yield config.root_key
    if Key.CODES in wanted:
        yield config.code_key
    for which, folder in (
        (Key.ANSWERS, config.answer_keys),
        (Key.RECORDS, config.record_key.parent),
        (Key.PERMITS, config.permit_signing_key.parent),
        (Key.OPERATORS, config.operator_signing_key.parent),
    ):
        if which in wanted:
            yield from sorted(path for path in folder.rglob("*") if path.is_file())


def note(layout: Layout, event: str, seat: str, **told: Any) -> None:
    """Note in the world's logs what was copied, or brought back; it names nobody."""
    line = {"at": datetime.now(UTC).isoformat(), "event": event, "seat": seat, **told}
    with (layout.logs / "backups.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")


@contextmanager
def _whole(path: Path) -> Iterator[IO[bytes]]:
    """A file that its owner alone can read, and that is there once it is whole and on the disk."""
    new = path.with_name(f"{path.name}.new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
    on_disk(path.parent)


def on_disk(path: Path) -> None:
    """Force a file, or the names in a folder, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
