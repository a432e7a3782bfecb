"""Snapshots of a seat: what is there is whole, and nothing that an upgrade took away stays."""

from pathlib import Path

import pytest

from renkei_server.seats.control.snapshots import INITIAL, Snapshots
from renkei_server.store.codes import links
from tests.server.world import OpenStore


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "snapshots"


@pytest.fixture
def snapshots(open_store: OpenStore, folder: Path) -> Snapshots:
    kept = Snapshots(open_store(links.TABLES), folder)
    for name in (INITIAL, "midway"):
        kept.save(name)
    return kept


def test_an_upgrade_leaves_no_snapshot_of_what_was_before(
    snapshots: Snapshots, folder: Path
) -> None:
    snapshots.clear(upgraded=True)

    assert list(folder.iterdir()) == []


def test_a_save_that_was_broken_off_leaves_nothing_and_the_others_stay(
    snapshots: Snapshots, folder: Path
) -> None:
    (folder / "half.new").write_bytes(b"half a database")

    snapshots.clear(upgraded=False)

    assert sorted(one.name for one in folder.iterdir()) == [f"{INITIAL}.db", "midway.db"]


def test_there_is_nothing_to_clear_before_the_first_snapshot(
    open_store: OpenStore, folder: Path
) -> None:
    Snapshots(open_store(links.TABLES), folder).clear(upgraded=True)

    assert not folder.exists()
