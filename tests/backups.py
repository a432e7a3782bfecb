"""What a test of backups needs: every row of a seat, and a world that is backed up and restored."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import select

from renkei_server.store.backups.sealed_files import BackupKey
from renkei_server.store.engine.columns import erasable_places
from renkei_server.store.engine.connection import Connection
from renkei_simulators.world.backups import Made, back_up, key_files, seats_here
from renkei_simulators.world.configs import seat_config
from renkei_simulators.world.definition import World
from renkei_simulators.world.layout import Layout
from renkei_simulators.world.provision import inspect
from renkei_simulators.world.restoring import Staged, chosen, put_in_place, stage

KEY = BackupKey(bytes(range(32)))
OTHER_KEY = BackupKey(bytes(range(1, 33)))

Rows = Mapping[str, list[tuple[Any, ...]]]


def back_up_all(
    world: World, layout: Layout, folder: Path, seats: Iterable[str] = ()
) -> Mapping[str, Made]:
    """A backup of each seat."""
    return {
        name: back_up(world, layout, name, KEY, folder, lambda *_: None)
        for name in seats or seats_here(world)
    }


def restore_all(world: World, layout: Layout, files: Iterable[Path]) -> Mapping[str, Staged]:
    """Bring the seats of these backups back."""
    found = chosen(world, layout, list(files), KEY, ())
    staged = {
        name: stage(world, layout, name, path, KEY, lambda *_: None) for name, path in found.items()
    }
    put_in_place(world, layout, list(staged.values()))
    return staged


def rows_of(world: World, layout: Layout, name: str) -> Rows:
    """Every row of a seat's store, sealed as it is and without what else locks it, by table."""
    with inspect(world, layout, world.seat(name)) as look:

        def read(connection: Connection) -> Rows:
            return {
                table.name: [
                    tuple(connection.unlock_row(row, erasable_places(table.c)))
                    for row in connection.execute(select(table).order_by(*table.primary_key))
                ]
                for table in look.metadata.sorted_tables
            }

        return look.read(read)


def keys_of(world: World, layout: Layout, name: str) -> Mapping[str, bytes]:
    """The files of a seat's keys, by their paths in its folder."""
    config = seat_config(world, layout, world.seat(name))
    return {
        path.relative_to(config.folder).as_posix(): path.read_bytes() for path in key_files(config)
    }
