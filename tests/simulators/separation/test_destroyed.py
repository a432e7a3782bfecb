"""What still holds a key that was destroyed is named: snapshots, and backups that were made."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text
from tests.backups import KEY, back_up_all
from tests.server.store.past.content import SUB_COPY
from tests.server.world import NOON
from tests.worlds import Worlds, seat

from renkei.codes import IntegratedAddressNumber
from renkei_server.config import SeatConfig
from renkei_server.process.machine import MachineIds
from renkei_server.seats.control.snapshots import Snapshots
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.key_file import KeyFile
from renkei_server.store.engine.store import Store
from renkei_server.store.sub_copies.organisation_keys import OrganisationKeys
from renkei_server.store.sub_copies.sub_copies import SubCopies
from renkei_simulators.separation.backed_up import Backups
from renkei_simulators.separation.destroyed import backups_made, snapshots_with_destroyed
from renkei_simulators.separation.guessing import Key
from renkei_simulators.separation.worlds import audit_world
from renkei_simulators.world.configs import seat_config
from renkei_simulators.world.definition import World
from renkei_simulators.world.layout import Layout
from renkei_simulators.world.provision import open_store

_RECEIPT = "INSERT INTO receipts VALUES (:of, :hash, x'00', x'00', '')"
MIDDLE = "middle-server.131148"
TEXT = f"""
name = "destroyed"
test = true
seed = 5
today = 2026-11-23
municipality = [{{ code = "131148", name = "中野区", residents = 3 }}]
{seat("middle-server", "131148", "linkage")}
"""


@pytest.fixture
def world() -> World:
    return World.parse(TEXT)


@pytest.fixture
def layout(worlds: Worlds, world: World) -> Layout:
    """A middle server that keeps a sub-copy, and a snapshot of that."""
    made = worlds.copy(world)
    config = seat_config(world, made, world.seat(MIDDLE))
    write(config, register)
    store = open_store(config)
    Snapshots(store, config.snapshots).save("midway")
    store.close()
    return made


@pytest.fixture
def config(world: World, layout: Layout) -> SeatConfig:
    return seat_config(world, layout, world.seat(MIDDLE))


def write(
    config: SeatConfig, work: Callable[[Connection, OrganisationKeys, Store], object]
) -> None:
    """Do something in the seat's store, as its server would."""
    keys = OrganisationKeys(KeyFile(config.root_key), MachineIds(), config.institution)
    store = open_store(config)
    store.write_now(lambda connection: work(connection, keys, store))
    store.close()


def register(connection: Connection, keys: OrganisationKeys, store: Store) -> None:
    keys.ensure_first(connection, NOON)
    copies = SubCopies(store.sealer, keys, "131148")
    copies.register(connection, IntegratedAddressNumber("1" * 15), SUB_COPY)


def destroy(connection: Connection, keys: OrganisationKeys, _store: Store) -> None:
    keys.destroy_all(connection)


def found(world: World, layout: Layout) -> set[tuple[str, str]]:
    return {(one.file, one.form) for one in audit_world(world, layout, ()).findings}


def test_as_long_as_nothing_is_destroyed_nothing_is_named(
    world: World, layout: Layout, config: SeatConfig
) -> None:
    assert list(snapshots_with_destroyed(config)) == []
    assert found(world, layout) == set()


def test_a_snapshot_that_holds_a_destroyed_key_is_named_and_found_by_the_audit(
    world: World, layout: Layout, config: SeatConfig
) -> None:
    write(config, destroy)

    assert list(snapshots_with_destroyed(config)) == ["midway"]
    assert found(world, layout) == {("snapshot midway: organisation_keys", "destroyed key 1")}

    (config.snapshots / "midway.db").unlink()
    assert list(snapshots_with_destroyed(config)) == []
    assert found(world, layout) == set()


def test_a_backup_that_was_made_is_named_by_its_moment(
    world: World, layout: Layout, tmp_path: Path
) -> None:
    assert list(backups_made(layout, MIDDLE)) == []

    back_up_all(world, layout, tmp_path / "backups", [MIDDLE])

    assert len(list(backups_made(layout, MIDDLE))) == 1
    assert list(backups_made(layout, "middle-server.131130")) == []


def test_a_backup_that_holds_a_destroyed_key_is_found_by_the_audit(
    world: World, layout: Layout, config: SeatConfig, tmp_path: Path
) -> None:
    made = back_up_all(world, layout, tmp_path / "backups", [MIDDLE])[MIDDLE]
    (config.snapshots / "midway.db").unlink()
    write(config, destroy)

    told = audit_world(world, layout, (), backups=Backups([made.path], KEY)).findings

    place = f"backup {made.path.name}: organisation_keys"
    assert {(one.file, one.form) for one in told} == {(place, "destroyed key 1")}
    assert found(world, layout) == set()


def test_what_lies_in_a_backup_is_searched_as_what_lies_in_the_store(
    world: World, layout: Layout, config: SeatConfig, tmp_path: Path
) -> None:
    """A receipt whose digest gives a household value back, in a backup alone."""
    value = "検査用世帯主五十鈴"
    key = Key.of("store.key", config.key.read_bytes())
    row = {"of": b"0" * 16, "hash": key.blind(b"request", value.encode())}
    write(config, lambda tx, *_: tx.execute(text(_RECEIPT), row))
    made = back_up_all(world, layout, tmp_path / "backups", [MIDDLE])[MIDDLE]
    write(config, lambda tx, *_: tx.execute(text("DELETE FROM receipts")))

    told = audit_world(
        world, layout, (), households=[value], backups=Backups([made.path], KEY)
    ).findings

    assert (f"opened backup {made.path.name}: rows", "digest for a request by store.key") in {
        (one.file, one.form) for one in told
    }
