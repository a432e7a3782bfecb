"""Sums of what a file holds: always what is there, sealed, and reckoned anew for an older database."""

import json
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from sqlalchemy import Column, MetaData, create_engine, select

from renkei.change_reasons import ChangeReason
from renkei.codes import Institution
from renkei.identities import IdentityNotification
from renkei.municipal_items import MunicipalItems
from renkei.persons import FourAttributes
from renkei.recorded_days import RecordedDay
from renkei_server.domain.identity_changes import HeldIdentity
from renkei_server.roles.bills import metadata_of
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.files import SealedFile
from renkei_server.store.engine.histories import Change
from renkei_server.store.engine.operations import OperationLog
from renkei_server.store.engine.places import Place
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.engine.store import Store
from renkei_server.store.identities import identity_file, incoming
from renkei_server.store.identities.compared import SUMS
from renkei_server.store.identities.departed import Departed
from renkei_server.store.identities.identity_file import take
from renkei_server.store.identities.incoming import Incoming
from renkei_server.store.persons.residents import (
    OF_REGISTER,
    REGISTER,
    ResidentRecord,
)
from renkei_server.store.persons.residents import SUMS as RESIDENT_SUMS
from tests.server.dispatch.two_ends import OWN
from tests.server.world import (
    NOON,
    OpenStore,
    identity_items,
    individual_number,
    local_address_number,
    resident_record_code,
)

from .conftest import on_disk
from .past.databases import make

WARD, NEIGHBOUR = Institution("131148"), Institution("131130")
LAST_WITHOUT = 15
"""The last revision without sums."""


def person(attributes: FourAttributes, number: int, own: MunicipalItems | None) -> HeldIdentity:
    items = identity_items(
        attributes,
        resident_record_code=resident_record_code(number),
        individual_number=individual_number(number),
        former_surname="髙\U000e0100",
    )
    return HeldIdentity(items, WARD, entered_on=items.changed_on, municipal=own)


def opened(place: Place, role: str, sealer: Sealer) -> Store:
    return Store(place, sealer, metadata_of(role), operations=OperationLog(sealer))


def identities(connection: Connection, sealer: Sealer, attributes: FourAttributes) -> None:
    """Residents, one who was removed, one who moved on, and one who told of it late."""
    file, departed, came = (
        SealedFile(identity_file.FORM, sealer),
        Departed(sealer),
        Incoming(sealer),
    )
    everybody = [person(attributes, number, None) for number in range(1, 5)]
    file.add_each(connection, everybody)
    away = (
        replace(one.items, address="東京都渋谷区神宮前", changed_on=RecordedDay(2026, 6, 1))
        for one in everybody[2:]
    )
    left = replace(everybody[1].items, reason=ChangeReason.DEATH)
    late = replace(everybody[3].items, reason=ChangeReason.MOVED_OUT)
    for told in (
        IdentityNotification(WARD, 1, left),
        *(IdentityNotification(NEIGHBOUR, 1, one) for one in away),
        IdentityNotification(WARD, 1, late),
    ):
        take(connection, file, departed, came, told, lambda _one, _holders: None, at=NOON)


def municipal(connection: Connection, sealer: Sealer, attributes: FourAttributes) -> None:
    """A municipality's own file, with its own items."""
    file = SealedFile(identity_file.FORM, sealer)
    file.add_each(connection, [person(attributes, number, OWN) for number in range(1, 4)])


def residents(connection: Connection, sealer: Sealer, attributes: FourAttributes) -> None:
    """Somebody told, somebody of whom nothing was told, somebody without a number, a removed one."""
    file, items = SealedFile(REGISTER, sealer), person(attributes, 1, OWN).items
    told = ResidentRecord(
        local_address_number(1),
        items.resident_record_code,
        items.individual_number,
        attributes,
        items=items,
        municipal=OWN,
    )
    records = [
        told,
        replace(told, local_address_number=local_address_number(2), items=None, municipal=None),
        ResidentRecord(local_address_number(3), resident_record_code(3), None, attributes),
    ]
    file.add_each(connection, records)
    file.replace(connection, told, replace(told, removed_on=NOON.date()), Change(NOON, "left"))


def lay_back(place: Path, then: Path, tables: Sequence[str], sealer: Sealer) -> None:
    """Let an older database hold the rows of a newer one, as far as it has columns for them."""
    with (
        closing(create_engine(f"sqlite:///{place}").connect()) as new,
        create_engine(f"sqlite:///{then}").begin() as old,
    ):
        now, before = MetaData(), MetaData()
        now.reflect(new)
        before.reflect(old)
        for name in tables:
            kept = before.tables[name].columns.keys()
            rows = [dict(row) for row in new.execute(select(now.tables[name])).mappings()]
            old.execute(before.tables[name].delete())
            record = now.tables[name].c.record
            told = [
                {one: row[one] for one in kept} | {"record": as_then(sealer, record, row["record"])}
                for row in rows
            ]
            if told:
                old.execute(sqlalchemy.insert(before.tables[name]), told)


def as_then(sealer: Sealer, column: Column[Any], sealed: bytes) -> bytes:
    """A record as that version wrote it: a register told that somebody was removed, and not when."""
    told = json.loads(sealer.open(column, sealed))
    if "local_address_number" in told:
        told["removed"] = told.pop("removed_on") is not None
    return sealer.seal(column, json.dumps(told).encode())


@pytest.mark.parametrize(
    ("role", "fill", "tables"),
    [
        ("prefecture-server", identities, ("identities", "identities_history")),
        ("municipal-cs", municipal, ("identities", "identities_history")),
        ("resident-record", residents, ("residents", "residents_history")),
    ],
)
def test_an_older_file_is_summed_as_one_that_was_summed_from_the_first(
    tmp_path: Path,
    sealer: Sealer,
    attributes: FourAttributes,
    role: str,
    fill: object,
    tables: object,
) -> None:
    new, old = tmp_path / "new.db", tmp_path / "old.db"
    fresh = opened(new, role, sealer)
    fresh.write_now(lambda connection: fill(connection, sealer, attributes))  # type: ignore[operator]
    make(LAST_WITHOUT, role, old)
    lay_back(new, old, tables, sealer)  # type: ignore[arg-type]

    upgraded = opened(old, role, sealer)

    assert upgraded.upgraded is not None
    if role == "resident-record":
        told = [
            one.read_now(lambda tx: RESIDENT_SUMS.of(tx, sealer, OF_REGISTER))
            for one in (fresh, upgraded)
        ]
        assert sum(one.records for one in told[0].values()) == 2
    else:
        told = [
            {
                name: one.read_now(lambda tx, name=name: SUMS.of(tx, sealer, name))  # type: ignore[misc]
                for name in (WARD.name, NEIGHBOUR.name)
            }
            for one in (fresh, upgraded)
        ]
    assert told[0] == told[1]
    for one in (fresh, upgraded):
        one.close()


def test_a_bucket_without_anybody_leaves_no_row(
    open_store: OpenStore, sealer: Sealer, attributes: FourAttributes
) -> None:
    store = open_store(identity_file.TABLES, incoming.TABLES)
    file, somebody = SealedFile(identity_file.FORM, sealer), person(attributes, 1, None)
    store.write_now(lambda connection: file.add(connection, somebody))
    assert len(store.read_now(lambda tx: SUMS.of(tx, sealer, WARD.name))) == 1

    store.write_now(lambda connection: file.forget(connection, somebody, Change(NOON, "lost")))

    assert store.read_now(lambda tx: SUMS.of(tx, sealer, WARD.name)) == {}


def test_what_fails_leaves_the_sums_as_they_were(
    open_store: OpenStore, sealer: Sealer, attributes: FourAttributes
) -> None:
    store = open_store(identity_file.TABLES, incoming.TABLES)
    file, somebody = SealedFile(identity_file.FORM, sealer), person(attributes, 1, None)
    store.write_now(lambda connection: file.add(connection, somebody))
    before = store.read_now(lambda tx: SUMS.of(tx, sealer, WARD.name))

    def add_and_fail(connection: Connection) -> None:
        file.add(connection, person(attributes, 2, None))
        raise LookupError

    with pytest.raises(LookupError):
        store.write_now(add_and_fail)

    assert store.read_now(lambda tx: SUMS.of(tx, sealer, WARD.name)) == before


def test_nobody_without_the_key_learns_of_a_sum_or_that_a_bucket_is_there(
    open_store: OpenStore, sealer: Sealer, place: Place, attributes: FourAttributes
) -> None:
    store = open_store(identity_file.TABLES, incoming.TABLES)
    file, somebody = SealedFile(identity_file.FORM, sealer), person(attributes, 1, None)
    store.write_now(lambda connection: file.add(connection, somebody))
    (bucket,) = store.read_now(lambda tx: SUMS.of(tx, sealer, WARD.name)).values()

    raw = on_disk(place)

    for secret in (bucket.sum_of(0), f"{WARD}/{bucket.number}".encode()):
        assert secret not in raw
        assert secret.hex().encode() not in raw
