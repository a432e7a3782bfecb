"""Backups are of one moment, and restoring is all or nothing, whatever is wrong and whoever dies."""

import asyncio
import hashlib
import io
import os
import shutil
import signal
import stat
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import update
from tests.backups import KEY, OTHER_KEY, Rows, back_up_all, keys_of, restore_all, rows_of
from tests.forking import Forked
from tests.worlds import Worlds

from renkei import reasons
from renkei.codes import (
    Institution,
    IntegratedAddressNumber,
    LinkageCode,
    LocalAddressNumber,
    ResidentRecordCode,
)
from renkei.reasons import Reason
from renkei.refusals import Refusal
from renkei_server.domain.linkage_codes import CodeCipher, LinkIds
from renkei_server.domain.serials import SerialState
from renkei_server.process.alone import alone as seat_held
from renkei_server.process.machine import MachineIds
from renkei_server.store.backups import contents
from renkei_server.store.backups.contents import End, Head, KeyFile, Part
from renkei_server.store.backups.sealed_files import CHUNK_BYTES, BackupKey
from renkei_server.store.codes.codes import Codes
from renkei_server.store.codes.links import Links, code_key, commitment_key
from renkei_server.store.codes.serials import Serials
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.files import SealedFile
from renkei_server.store.engine.form import STAMP
from renkei_server.store.engine.histories import Change
from renkei_server.store.engine.key_ring import MARK, KeyRing
from renkei_server.store.engine.outbox import Outbox
from renkei_server.store.engine.store import Store
from renkei_server.store.persons.residents import REGISTER as REGISTER_FILE
from renkei_simulators.world.backups import back_up
from renkei_simulators.world.configs import seat_config
from renkei_simulators.world.definition import World, WorldError
from renkei_simulators.world.holding import RESTORES, RUNS, held
from renkei_simulators.world.layout import Layout
from renkei_simulators.world.people import people_of
from renkei_simulators.world.provision import open_store
from renkei_simulators.world.restoring import alone, chosen, finish_restoring, put_in_place, stage

REGISTER, MIDDLE, CORE = "resident-record.131148", "middle-server.131148", "provision-network.ipn"
RESIDENTS = 700
TEXT = f"""
name = "backed up"
test = true
seed = 5
today = 2026-11-23
municipality = [{{ code = "131148", name = "中野区", residents = {RESIDENTS} }}]
""" + "".join(
    f'[[seat]]\nrole = "{seat.partition(".")[0]}"\ninstitution = "{seat.partition(".")[2]}"\n'
    f'listen = {{ {network} = "127.0.0.1:0" }}\n'
    for seat, network in ((REGISTER, "ward"), (MIDDLE, "linkage"), (CORE, "linkage"))
)
LATER = datetime(2026, 11, 24, tzinfo=UTC)
IDS = MachineIds()


def nothing(*_: object) -> None:
    """Hears of rows, and does nothing about it."""


def write(
    world: World, layout: Layout, seat: str, work: Callable[[Store, Connection], object]
) -> None:
    """Do something in a seat's store, as its server would."""
    store = open_store(seat_config(world, layout, world.seat(seat)))
    store.write_now(lambda connection: work(store, connection))
    store.close()


def bind_codes(store: Store, connection: Connection) -> None:
    """Ten persons get a code at the middle server; another waits for one."""
    codes = Codes(store.sealer)
    for number in range(10):
        person, serial = IntegratedAddressNumber(f"{number:015d}"), IDS.serial()
        codes.await_serial(connection, codes.begin(connection, person), serial, LATER)
        codes.settle(connection, serial, LinkageCode(IDS.random_bytes(16)))
    key = codes.begin(connection, IntegratedAddressNumber("9" * 15))
    codes.await_serial(connection, key, IDS.serial(), LATER)


def keep_serials(store: Store, connection: Connection) -> None:
    """The core has keys, and serials of which one is used and one is not."""
    serials = Serials(store.sealer)
    commitment_key(connection, store.sealer, IDS)
    for used in (True, False):
        serial = IDS.serial()
        serials.issue(connection, serial, Institution("131148"), LATER)
        if used:
            serials.use(connection, serial)
    outbox = Outbox(store.sealer, IDS)
    outbox.put(connection, "deliver", cause="", content={"serial": serial.value})


def forget_the_last(store: Store, connection: Connection) -> None:
    """The register forgets the last of its records, whose number is not to come again."""
    residents = SealedFile(REGISTER_FILE, store.sealer)
    *_, last = residents.every(connection)
    residents.forget(connection, last, Change(LATER, "a mistake"))


def add_another(store: Store, connection: Connection) -> None:
    """The register takes up somebody."""
    residents = SealedFile(REGISTER_FILE, store.sealer)
    somebody = next(residents.every(connection))
    number = LocalAddressNumber("7" * 15)
    residents.add(connection, replace(somebody, local_address_number=number))


@pytest.fixture
def world() -> World:
    """Three seats, which do not run."""
    return World.parse(TEXT)


@pytest.fixture
def layout(worlds: Worlds, world: World) -> Layout:
    """Where they keep codes, keys, and a register."""
    made = worlds.copy(world)
    write(world, made, MIDDLE, bind_codes)
    write(world, made, CORE, keep_serials)
    return made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where backups go."""
    return tmp_path / "backups"


def files_of(root: Path) -> Mapping[str, str]:
    """Every file under a folder but for logs and locks, and a digest of what it holds."""
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.suffix not in (".jsonl", ".lock")
    }


def everything(world: World, layout: Layout) -> Mapping[str, Rows]:
    return {seat.name: rows_of(world, layout, seat.name) for seat in world.seats}


def refused(work: Callable[[], object]) -> Reason:
    with pytest.raises(Refusal) as told:
        work()
    return told.value.reason


# What a backup is


def test_a_backup_shows_no_person_and_no_key_and_is_its_owner_s_alone(
    world: World, layout: Layout, folder: Path
) -> None:
    made = back_up_all(world, layout, folder)
    persons = islice(people_of(world, world.municipalities[0]), 50)
    secrets = [key for seat in world.seats for key in keys_of(world, layout, seat.name).values()]
    known = [
        *(
            value.encode()
            for one in persons
            for value in (one.name, one.resident_record_code.digits)
        ),
        *(key[:24] for key in secrets if key),
        *(key.hex().encode()[:24] for key in secrets if key),
        b"receipts",
        b"PRIVATE KEY",
    ]

    assert len(secrets) > 8
    for one in made.values():
        told = one.path.read_bytes()
        assert [value for value in known if value in told] == []
        assert stat.S_IMODE(one.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert sorted(folder.iterdir()) == sorted(one.path for one in made.values())


def backed_up_while_it_goes_on(
    world: World, layout: Layout, folder: Path, *, tidied: bool = False
) -> tuple[Rows, Rows]:
    """The register as it was when its backup began, and as it is in the backup.

    Meanwhile one transaction after the other changes a table that was read, and one that was not;
    and what each one erased is made sure of, if it is to be `tidied`.
    """
    store = open_store(seat_config(world, layout, world.seat(REGISTER)))
    residents = SealedFile(REGISTER_FILE, store.sealer)
    before = rows_of(world, layout, REGISTER)

    def change(connection: Connection) -> None:
        was = next(residents.every(connection))
        now = replace(was, removed_on=None if was.removed else date(2026, 11, 1))
        residents.replace(connection, was, now, Change(LATER, "a change"))

    def go_on(*_: object) -> None:
        store.write_now(change)
        if tidied:
            asyncio.run(store.tidy(at_once=True))

    made = back_up(world, layout, REGISTER, KEY, folder, go_on)
    store.close()
    assert len(rows_of(world, layout, REGISTER)["residents_history"]) > 1
    restore_all(world, layout, [made.path])
    return before, rows_of(world, layout, REGISTER)


def test_a_backup_is_of_one_moment_while_the_seat_goes_on(
    world: World, layout: Layout, folder: Path
) -> None:
    before, backed_up = backed_up_while_it_goes_on(world, layout, folder)

    assert backed_up == before


def test_a_backup_that_is_broken_off_leaves_nothing(
    world: World, layout: Layout, folder: Path
) -> None:
    class PulledError(Exception):
        """Somebody pulled the plug."""

    def pull(*_: int) -> None:
        raise PulledError

    with pytest.raises(PulledError):
        back_up(world, layout, REGISTER, KEY, folder, pull)

    assert list(folder.iterdir()) == []


def test_that_a_backup_was_made_is_noted_and_names_nobody(
    world: World, layout: Layout, folder: Path
) -> None:
    made = back_up_all(world, layout, folder, [CORE])
    restore_all(world, layout, [made[CORE].path])

    noted = (layout.logs / "backups.jsonl").read_text().splitlines()
    assert [msgspec.json.decode(line)["event"] for line in noted] == ["backup_made", "restored"]
    assert msgspec.json.decode(noted[1])["owed"] == {"call `deliver`": 1, "pending serial": 1}


def test_a_seat_of_yours_or_one_that_was_never_made_is_not_backed_up(
    world: World, layout: Layout, folder: Path
) -> None:
    seat_config(world, layout, world.seat(CORE)).database.unlink()

    with pytest.raises(WorldError, match="keeps nothing here"):
        back_up(world, layout, CORE, KEY, folder, nothing)
    with pytest.raises(WorldError, match="has no seat"):
        back_up(world, layout, "middle-server.999999", KEY, folder, nothing)


# What is restored


def test_a_seat_whose_folder_is_gone_is_restored(
    world: World, layout: Layout, folder: Path
) -> None:
    before, keys = rows_of(world, layout, CORE), keys_of(world, layout, CORE)
    made = back_up_all(world, layout, folder, [CORE])
    shutil.rmtree(layout.seat(CORE))

    staged = restore_all(world, layout, [made[CORE].path])

    now = rows_of(world, layout, CORE)
    assert keys_of(world, layout, CORE) == keys
    assert (now["links"], now["core_keys"]) == (before["links"], before["core_keys"])
    assert [row[5] for row in now["serials"]] == [
        SerialState.USED.value,
        SerialState.EXPIRED.value,
    ]
    assert staged[CORE].back is None, "nobody can tell what was erased since"


def code_of(world: World, layout: Layout, person: ResidentRecordCode) -> LinkageCode:
    """The ward's code of a person, as the core makes it of what it keeps now."""
    config = seat_config(world, layout, world.seat(CORE))
    store = open_store(config)
    key = store.write_now(lambda tx: code_key(tx, store.sealer, config.code_key))
    link_id = store.write_now(lambda tx: Links(store.sealer, LinkIds(key)).link_id(tx, person))
    store.close()
    return CodeCipher(key).code_of(link_id, Institution("131148"))


def test_a_core_that_is_set_back_makes_the_same_codes_again(
    world: World, layout: Layout, folder: Path
) -> None:
    person = next(people_of(world, world.municipalities[0])).resident_record_code
    made = back_up_all(world, layout, folder, [CORE])
    before = code_of(world, layout, person)
    shutil.rmtree(layout.seat(CORE))

    restore_all(world, layout, [made[CORE].path])

    assert code_of(world, layout, person) == before


def test_no_number_is_given_twice_though_its_row_is_gone(
    world: World, layout: Layout, folder: Path
) -> None:
    write(world, layout, REGISTER, forget_the_last)
    made = back_up_all(world, layout, folder, [CORE, REGISTER])
    last = rows_of(world, layout, CORE)["outbox"][-1][0]

    restore_all(world, layout, [one.path for one in made.values()])
    write(world, layout, CORE, keep_serials)
    write(world, layout, REGISTER, add_another)

    assert [row[0] > last for row in rows_of(world, layout, CORE)["outbox"]] == [True]
    assert rows_of(world, layout, REGISTER)["residents"][-1][0] > RESIDENTS


def test_what_lies_beside_keys_and_database_stays(
    world: World, layout: Layout, folder: Path
) -> None:
    made = back_up_all(world, layout, folder)
    (layout.seat(CORE) / "crash-points").write_text("before commit nothing\n")
    before = files_of(layout.seat(CORE) / "certificates")

    restore_all(world, layout, [made[CORE].path])

    assert files_of(layout.seat(CORE) / "certificates") == before
    assert (layout.seat(CORE) / "crash-points").exists()
    assert sorted(one.name for one in (layout.root / "seats").iterdir()) == sorted(
        seat.name for seat in world.seats
    )


# From one kind of database to the other


@pytest.fixture
def other(layout: Layout, worlds: Worlds, database_url: str) -> tuple[World, Layout]:
    """The same world, its stores in PostgreSQL."""
    world = World.parse(f'{TEXT}\n[store]\nurl = "{database_url}"\n')
    made = worlds.copy(world)
    opened = [open_store(seat_config(world, made, seat)) for seat in world.seats]
    shutil.copyfile(layout.world_id, made.world_id)
    for seat, store in zip(world.seats, opened, strict=True):
        owned = update(STAMP).values(owner=seat_config(world, made, seat).owner)
        store.write_now(lambda connection, owned=owned: connection.execute(owned))  # type: ignore[misc]
        store.close()
    return world, made


def test_a_backup_from_sqlite_is_restored_to_postgresql_and_back(
    world: World, layout: Layout, other: tuple[World, Layout], folder: Path
) -> None:
    there = other
    write(world, layout, REGISTER, forget_the_last)
    first = back_up_all(world, layout, folder)
    restore_all(world, layout, [one.path for one in first.values()])
    before = everything(world, layout)

    restore_all(*there, [one.path for one in first.values()])
    assert everything(*there) == before

    second = back_up_all(*there, folder.with_name("second"))
    shutil.rmtree(layout.root / "seats")
    restore_all(world, layout, [one.path for one in second.values()])
    assert everything(world, layout) == before

    for one in ((world, layout), there):
        write(*one, CORE, keep_serials)
        write(*one, REGISTER, add_another)
        assert len(rows_of(*one, CORE)["serials"]) == len(before[CORE]["serials"]) + 2
        assert rows_of(*one, REGISTER)["residents"][-1][0] > RESIDENTS


def test_a_backup_of_postgresql_is_of_one_moment_while_the_seat_goes_on(
    other: tuple[World, Layout], folder: Path
) -> None:
    """Though what it read was erased meanwhile, and the keys of that destroyed."""
    before, backed_up = backed_up_while_it_goes_on(*other, folder, tidied=True)

    assert backed_up == before


def test_a_backup_of_postgresql_holds_nothing_that_is_locked_and_no_key_of_that(
    other: tuple[World, Layout], folder: Path
) -> None:
    ring = seat_config(*other, other[0].seat(REGISTER)).erasable_keys
    made = back_up(*other, REGISTER, KEY, folder, nothing)

    with made.path.open("rb") as file:
        told = list(contents.read(file, KEY))
    assert ring.name not in [one.path for one in told if isinstance(one, KeyFile)]
    values = [
        value
        for one in told
        if isinstance(one, contents.Rows)
        for row in one.rows
        for value in row
        if isinstance(value, bytes)
    ]
    assert len(values) > RESIDENTS
    assert not [value for value in values if value.startswith(MARK)]


def test_what_is_restored_to_postgresql_is_locked_with_keys_of_its_own(
    other: tuple[World, Layout], folder: Path
) -> None:
    """They come with the seat's folder; those of before open nothing, and are gone."""
    world, layout = other
    config = seat_config(world, layout, world.seat(REGISTER))
    before = tag_of(config.erasable_keys)
    made = back_up(world, layout, REGISTER, KEY, folder, nothing)

    restore_all(world, layout, [made.path])

    assert tag_of(config.erasable_keys) != before
    write(world, layout, REGISTER, add_another)
    assert len(rows_of(world, layout, REGISTER)["residents"]) == RESIDENTS + 1


def tag_of(ring: Path) -> bytes:
    """By which a ring is known."""
    with closing(KeyRing(ring, read_only=True)) as keys:
        return keys.tag


# What is refused


@pytest.fixture
def backup(world: World, layout: Layout, folder: Path) -> Path:
    """The register's backup, of several chunks; the register has gone on since."""
    made = back_up_all(world, layout, folder, [REGISTER])
    write(
        world,
        layout,
        REGISTER,
        lambda _, connection: connection.driver.execute("DELETE FROM residents WHERE number > 9"),
    )
    return made[REGISTER].path


def tried(world: World, layout: Layout, path: Path, key: BackupKey = KEY) -> Callable[[], object]:
    """Restore this file, as the command does."""

    def work() -> None:
        try:
            found = chosen(world, layout, [path], key, ())
            put_in_place(
                world,
                layout,
                [stage(world, layout, *one, key, nothing) for one in found.items()],
            )
        finally:
            finish_restoring(layout)

    return work


def test_a_damaged_backup_is_refused_wherever_it_is_damaged_and_nothing_is_changed(
    world: World, layout: Layout, backup: Path
) -> None:
    before, told = files_of(layout.root), backup.read_bytes()
    head = len(b"".join(told.splitlines(keepends=True)[:2]))
    ends = range(head, len(told), CHUNK_BYTES + 16)
    assert len(ends) > 3

    cut = [told[:at] for at in (*ends, len(told) - 1, 0, 20)]
    places = (*ends, *(one - 1 for one in ends), len(told) - 1)
    changed = [told[:at] + bytes([told[at] ^ 1]) + told[at + 1 :] for at in places]
    for some in (*cut, *changed):
        backup.write_bytes(some)
        reason = refused(tried(world, layout, backup))
        assert reason in (
            reasons.BACKUP_DAMAGED,
            reasons.BACKUP_UNKNOWN,
            reasons.BACKUP_UNDER_ANOTHER_KEY,
        )
        assert files_of(layout.root) == before


def test_another_key_restores_nothing(world: World, layout: Layout, backup: Path) -> None:
    before = files_of(layout.root)

    found = refused(tried(world, layout, backup, OTHER_KEY))

    assert found is reasons.BACKUP_UNDER_ANOTHER_KEY
    assert files_of(layout.root) == before


def test_a_backup_of_another_world_is_refused(worlds: Worlds, backup: Path) -> None:
    elsewhere = World.parse(TEXT.replace('name = "backed up"', 'name = "elsewhere"'))
    there = worlds.copy(elsewhere)
    before = files_of(there.root)

    assert refused(tried(elsewhere, there, backup)) is reasons.BACKUP_OF_ANOTHER_WORLD
    assert files_of(there.root) == before


def test_of_one_seat_one_backup_is_taken_and_of_another_than_was_named_none(
    world: World, layout: Layout, backup: Path
) -> None:
    another = backup.with_name("another")
    shutil.copyfile(backup, another)

    for files, seats in (([backup, another], []), ([backup], [CORE]), ([backup], [REGISTER, CORE])):
        found = refused(lambda: chosen(world, layout, files, KEY, seats))  # noqa: B023
        assert found is reasons.BACKUP_OF_ANOTHER_SEAT
    assert chosen(world, layout, [backup], KEY, [REGISTER]) == {REGISTER: backup}


def altered(backup: Path, alter: Callable[[Part], Part]) -> None:
    """Make a backup under the right key that says something else."""
    with backup.open("rb") as file:
        parts = [alter(part) for part in contents.read(file, KEY)]
    with backup.open("wb") as file:
        contents.write(file, KEY, parts)


@pytest.mark.parametrize("field", ["form", "tables"])
def test_a_backup_of_another_form_is_refused(
    world: World, layout: Layout, backup: Path, field: str
) -> None:
    other = {"form": 99, "tables": "0" * 64}[field]
    altered(
        backup,
        lambda part: (
            msgspec.structs.replace(part, **{field: other}) if isinstance(part, Head) else part
        ),
    )
    before = files_of(layout.root)

    assert refused(tried(world, layout, backup)) is reasons.STORE_OF_ANOTHER_FORM
    assert files_of(layout.root) == before


@pytest.mark.parametrize("path", ["../other/store.key", "/etc/renkei", "certificates/x.pem"])
def test_a_backup_writes_nothing_but_a_seat_s_keys(
    world: World, layout: Layout, backup: Path, path: str
) -> None:
    altered(backup, lambda part: KeyFile(path, b"x") if isinstance(part, KeyFile) else part)

    assert refused(tried(world, layout, backup)) is reasons.BACKUP_UNKNOWN
    assert not (layout.root / "seats" / "other").exists()


def test_a_backup_whose_count_is_wrong_is_refused(
    world: World, layout: Layout, backup: Path
) -> None:
    altered(backup, lambda part: End(part.rows + 1, {}) if isinstance(part, End) else part)

    assert refused(tried(world, layout, backup)) is reasons.BACKUP_DAMAGED


def test_a_backup_without_its_end_is_refused_though_its_seal_is_whole(backup: Path) -> None:
    with backup.open("rb") as file:
        parts = [part for part in contents.read(file, KEY) if not isinstance(part, End)]
    written = io.BytesIO()
    contents.write(written, KEY, parts)

    told = io.BytesIO(written.getvalue())
    assert refused(lambda: list(contents.read(told, KEY))) is reasons.BACKUP_DAMAGED


def test_two_do_not_restore_at_once_and_nobody_starts_the_world_meanwhile(layout: Layout) -> None:
    with alone(layout):
        for doing in (RESTORES, RUNS):
            with pytest.raises(WorldError, match="is being restored"):
                held(layout, doing).__enter__()
    with held(layout, RUNS), pytest.raises(WorldError, match="is running already"):
        alone(layout).__enter__()
    finish_restoring(layout)


def test_no_seat_is_restored_beneath_a_server_that_runs(
    world: World, layout: Layout, backup: Path
) -> None:
    """Though nobody who started it is there to be found."""
    staged = [stage(world, layout, REGISTER, backup, KEY, nothing)]
    before = rows_of(world, layout, REGISTER)

    with seat_held(layout.seat(REGISTER)):
        assert refused(lambda: put_in_place(world, layout, staged)) is reasons.SEAT_RUNS_ALREADY
    assert rows_of(world, layout, REGISTER) == before
    assert not layout.restoring.exists()


def test_a_backup_of_another_seat_that_takes_the_file_s_place_meanwhile_is_refused(
    world: World, layout: Layout, backup: Path, folder: Path
) -> None:
    made = back_up_all(world, layout, folder, [CORE])
    (name, path) = next(iter(chosen(world, layout, [backup], KEY, ()).items()))
    shutil.copyfile(made[CORE].path, backup)
    before = everything(world, layout)

    told = refused(lambda: stage(world, layout, name, path, KEY, nothing))
    assert told is reasons.BACKUP_OF_ANOTHER_SEAT
    finish_restoring(layout)
    assert everything(world, layout) == before


# Whoever is killed


POINTS = (
    "staged",
    "decided",
    f"set aside {CORE}",
    f"in place {CORE}",
    f"set aside {MIDDLE}",
    f"in place {MIDDLE}",
)


def restore_and_die(root: Path, files: list[Path], point: str) -> None:
    """Restore, and be killed at this point."""
    layout = Layout(root)
    world = World.load(layout.definition)

    def step(here: str) -> None:
        if here == point:
            os.kill(os.getpid(), signal.SIGKILL)

    found = chosen(world, layout, files, KEY, ())
    staged = [stage(world, layout, *one, KEY, nothing) for one in found.items()]
    put_in_place(world, layout, staged, step)


def killed(layout: Layout, files: list[Path], point: str) -> None:
    assert Forked(restore_and_die, layout.root, files, point).wait(60) == -signal.SIGKILL


def change_both(world: World, layout: Layout) -> None:
    """Let both seats be other than they were, their keys too."""
    for seat in (CORE, MIDDLE):
        key = seat_config(world, layout, world.seat(seat)).record_key
        key.write_bytes(key.read_bytes() + b"\n")
        write(
            world,
            layout,
            seat,
            lambda _, connection: connection.driver.execute("DELETE FROM outbox"),
        )
        write(
            world,
            layout,
            seat,
            lambda store, connection: Outbox(store.sealer, IDS).put(
                connection, "other", cause="", content={}
            ),
        )


def seen(world: World, layout: Layout) -> Mapping[str, tuple[Rows, Mapping[str, bytes]]]:
    """What both seats keep."""
    return {
        seat: (rows_of(world, layout, seat), keys_of(world, layout, seat))
        for seat in (CORE, MIDDLE)
    }


@pytest.mark.parametrize("point", POINTS)
def test_who_is_killed_restoring_leaves_all_seats_as_they_were_or_all_restored(
    world: World, layout: Layout, folder: Path, point: str
) -> None:
    made = back_up_all(world, layout, folder, [CORE, MIDDLE])
    files = [one.path for one in made.values()]
    restore_all(world, layout, files)
    new = seen(world, layout)
    change_both(world, layout)
    old = seen(world, layout)

    killed(layout, files, point)
    assert layout.half_restored
    finish_restoring(layout)

    assert seen(world, layout) == (old if point == "staged" else new)
    assert sorted(one.name for one in (layout.root / "seats").iterdir()) == sorted(
        seat.name for seat in world.seats
    )
    assert not layout.half_restored


@pytest.mark.parametrize(
    "point", ["staged", "decided", f"database {CORE}", f"set aside {CORE}", f"database {MIDDLE}"]
)
def test_the_same_is_so_where_the_stores_are_in_postgresql(
    other: tuple[World, Layout], folder: Path, point: str
) -> None:
    world, layout = other
    write(world, layout, MIDDLE, bind_codes)
    write(world, layout, CORE, keep_serials)
    test_who_is_killed_restoring_leaves_all_seats_as_they_were_or_all_restored(
        world, layout, folder, point
    )
