"""A store's files: they outlive a killed process, and an erased value is gone from them."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from renkei_server.store.engine import operations
from renkei_server.store.engine.opening import read_only
from renkei_server.store.engine.operations import OperationLog
from renkei_server.store.engine.places import Place
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.engine.store import Store, tables
from tests.server.world import OpenStore
from tests.stores import write_place

from .conftest import NOTES, note, notes, on_disk, rows, wal

ROOT = Path(__file__).parents[3]
TOLD = 300


def test_what_a_process_was_told_is_there_after_it_was_killed(
    place: Place, open_store: OpenStore
) -> None:
    program = [sys.executable, "-m", "tests.server.store.writing", write_place(place)]
    with subprocess.Popen(program, cwd=ROOT, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout
        told = {writer.stdout.readline().strip().encode() for _ in range(TOLD)}
        writer.kill()
        told |= {line.strip().encode() for line in writer.stdout if line.endswith("\n")}

    store = open_store((NOTES,))

    assert len(told) >= TOLD
    assert told <= set(notes(store))
    if isinstance(place, Path):
        assert rows(store, "PRAGMA integrity_check") == [("ok",)]


async def test_an_erased_value_is_gone_from_the_files_once_tidied(
    store: Store, database: Path
) -> None:
    erased, kept = b"erased" * 50, b"kept" * 50
    await store.write(note(erased))
    await store.write(note(kept))
    await store.write(
        lambda connection: connection.execute(delete(NOTES).where(NOTES.c.content == erased))
    )
    assert erased in on_disk(database)

    assert await store.tidy(at_once=True)

    assert erased not in on_disk(database)
    assert kept in on_disk(database)
    assert wal(database).stat().st_size == 0


async def test_a_large_erased_value_is_gone_too(store: Store, database: Path) -> None:
    """One that fills pages of its own, which become free pages."""
    await store.write(note(b"erased" * 5_000))
    await store.tidy(at_once=True)
    assert b"erased" in on_disk(database)

    await store.write(lambda connection: connection.execute(delete(NOTES)))
    await store.tidy(at_once=True)

    assert b"erased" not in on_disk(database)


async def test_tidying_waits_until_nothing_more_was_written_meanwhile(
    store: Store, database: Path
) -> None:
    await store.write(note(b"one"))
    assert await store.tidy()
    await store.write(note(b"two"))
    assert await store.tidy()
    assert wal(database).stat().st_size > 0

    assert await store.tidy()

    assert wal(database).stat().st_size == 0


async def test_a_reader_from_outside_puts_tidying_off_and_no_more(
    store: Store, database: Path
) -> None:
    await store.write(note(b"one"))
    with closing(sqlite3.connect(database)) as outside:
        outside.execute("BEGIN")
        outside.execute("SELECT * FROM notes").fetchall()
        await store.write(note(b"two"))

        assert await store.tidy(at_once=True)
        assert wal(database).stat().st_size > 0
        assert await store.write(note(b"three"))

    assert await store.tidy(at_once=True)
    assert wal(database).stat().st_size == 0


def test_a_closed_store_is_one_file(store: Store, database: Path) -> None:
    store.write_now(note(b"kept"))

    store.close()

    assert [one.name for one in database.parent.iterdir()] == [database.name]
    assert b"kept" in database.read_bytes()


@pytest.mark.parametrize("folder", ["a?mode=rwc&x=", "a%41b", "a#b"])
def test_a_database_lies_where_it_was_told_whatever_the_folder_is_called(
    tmp_path: Path, sealer: Sealer, folder: str
) -> None:
    place, metadata = tmp_path / folder / "store.db", tables(operations.TABLES, (NOTES,))
    place.parent.mkdir()

    Store(place, sealer, metadata, operations=OperationLog(sealer)).close()

    assert place.stat().st_size > 0
    assert sorted(tmp_path.iterdir()) == [place.parent]
    with closing(read_only(place)) as look:
        assert look.execute(select(NOTES)).all() == []
