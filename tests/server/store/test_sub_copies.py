"""Sub-copies: a version for each registration, closed to everybody but the organisation's own key."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeVar

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from renkei import reasons
from renkei.codes import IntegratedAddressNumber
from renkei.refusals import Refusal
from renkei.sub_copies import HeldSubCopy, Items, NullReason, Publication, RecordName, SubCopy
from renkei_server.store.engine.boxes import KEY_BYTES, Box
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.key_file import KeyFile
from renkei_server.store.engine.places import Place
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.engine.store import Store
from renkei_server.store.sub_copies import contents, organisation_keys, sub_copies
from renkei_server.store.sub_copies.organisation_keys import OrganisationKeys
from renkei_server.store.sub_copies.sub_copies import SubCopies
from tests.server.world import NOON, CountedIds, OpenStore, integrated_address_number
from tests.stores import SQLITE

from .conftest import on_disk, rows

T = TypeVar("T")

PERSON, OTHER = integrated_address_number(12345678), integrated_address_number(87654321)
HOUSEHOLD = RecordName("TM90000000000001")
TAX = RecordName("TM00000000000002", "2026")
ALWAYS = Publication(date(2026, 4, 1))
ITEMS: Items = {"A1": "山田　花子", "A2": NullReason.NOT_COVERED}


def sub_copy(name: RecordName = HOUSEHOLD, items: Items = ITEMS) -> SubCopy:
    return SubCopy(name, 1, ALWAYS, items)


class Organisation:
    """What one organisation keeps in a store."""

    def __init__(self, store: Store, sealer: Sealer, root: Path, name: str = "131148") -> None:
        self.store = store
        self.keys = OrganisationKeys(KeyFile(root), CountedIds(), name)
        self.held = SubCopies(sealer, self.keys, name)
        self.do(lambda c: self.keys.ensure_first(c, NOON))

    def do(self, work: Callable[[Connection], T]) -> T:
        return self.store.write_now(work)

    def register(
        self, person: IntegratedAddressNumber = PERSON, what: SubCopy | None = None
    ) -> int:
        key = self.do(lambda c: self.held.register(c, person, what or sub_copy()))
        return self.do(lambda c: self.held.version(c, key))

    def find(
        self, person: IntegratedAddressNumber = PERSON, name: RecordName = HOUSEHOLD
    ) -> SubCopy | None:
        return self.store.read_now(lambda c: self.held.find(c, person, name))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    path = tmp_path / "root.key"
    path.write_bytes(b"r" * 32)
    return path


@pytest.fixture
def store(open_store: OpenStore) -> Store:
    return open_store(sub_copies.TABLES, organisation_keys.TABLES)


@pytest.fixture
def organisation(store: Store, sealer: Sealer, root: Path) -> Organisation:
    return Organisation(store, sealer, root)


# Versions


def test_what_was_registered_is_found(organisation: Organisation) -> None:
    assert organisation.register() == 1
    assert organisation.find() == sub_copy()


def test_another_person_and_another_record_have_nothing(organisation: Organisation) -> None:
    organisation.register()

    assert organisation.find(OTHER) is None
    assert organisation.find(name=TAX) is None


def test_each_registration_is_a_new_version_and_the_newest_is_found(
    organisation: Organisation,
) -> None:
    versions = [organisation.register(what=sub_copy(items={"A1": str(n)})) for n in range(3)]

    assert versions == [1, 2, 3]
    assert organisation.find() == sub_copy(items={"A1": "2"})


def test_what_is_held_is_listed_by_record_without_its_items(organisation: Organisation) -> None:
    organisation.register(what=sub_copy(HOUSEHOLD))
    organisation.register(what=sub_copy(TAX))
    organisation.register(what=sub_copy(HOUSEHOLD))
    organisation.register(OTHER)

    held = organisation.store.read_now(lambda c: organisation.held.of_person(c, PERSON))

    assert held == [HeldSubCopy(TAX, 1, 1, ALWAYS), HeldSubCopy(HOUSEHOLD, 2, 1, ALWAYS)]


def test_a_deletion_erases_every_version_and_leaves_an_entry_without_a_person(
    organisation: Organisation,
) -> None:
    organisation.register()
    organisation.register()
    organisation.register(what=sub_copy(TAX))

    organisation.do(lambda c: organisation.held.delete(c, PERSON, HOUSEHOLD, NOON))

    assert organisation.find() is None
    assert organisation.find(name=TAX) is not None
    entries = rows(
        organisation.store, "SELECT at, information_code, versions FROM sub_copy_erasures"
    )
    assert entries == [(NOON.isoformat(), HOUSEHOLD.information_code, 2)]


def test_what_is_not_held_cannot_be_deleted(organisation: Organisation) -> None:
    with pytest.raises(Refusal) as refused:
        organisation.do(lambda c: organisation.held.delete(c, PERSON, HOUSEHOLD, NOON))

    assert refused.value.reason is reasons.SUB_COPY_NOT_HELD


def test_a_repeat_after_the_deletion_is_answered_with_version_zero(
    organisation: Organisation,
) -> None:
    key = organisation.do(lambda c: organisation.held.register(c, PERSON, sub_copy()))
    organisation.do(lambda c: organisation.held.delete(c, PERSON, HOUSEHOLD, NOON))

    assert organisation.do(lambda c: organisation.held.version(c, key)) == 0


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(
    st.dictionaries(
        st.text(max_size=12),
        st.text(st.characters(codec="utf-8")) | st.sampled_from(NullReason),
        max_size=8,
    )
)
def test_every_value_comes_back_as_it_was(organisation: Organisation, items: Items) -> None:
    organisation.register(what=sub_copy(items=items))

    assert organisation.find() == sub_copy(items=items)


# Keys


def test_the_file_shows_no_value_and_no_number(organisation: Organisation, place: Place) -> None:
    organisation.register()

    shown = on_disk(place)
    assert "山田　花子".encode() not in shown
    assert PERSON.digits.encode() not in shown


def test_without_the_root_key_nothing_is_read_nor_written(
    organisation: Organisation, store: Store, sealer: Sealer, root: Path
) -> None:
    organisation.register()
    again = Organisation(store, sealer, root)
    root.unlink()

    for attempt in (again.find, again.register):
        with pytest.raises(Refusal) as refused:
            attempt()
        assert refused.value.reason is reasons.KEY_STORE_LOCKED


def test_another_root_key_opens_nothing(
    organisation: Organisation, store: Store, sealer: Sealer, root: Path
) -> None:
    organisation.register()
    root.write_bytes(b"s" * 32)

    with pytest.raises(Refusal) as refused:
        Organisation(store, sealer, root).find()

    assert refused.value.reason is reasons.KEY_STORE_LOCKED


def test_another_organisation_opens_nothing_with_the_same_root_key(
    organisation: Organisation, store: Store, sealer: Sealer, root: Path
) -> None:
    organisation.register()

    with pytest.raises(Refusal):
        Organisation(store, sealer, root, "131130").find()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE sub_copies SET version = 7",
        "UPDATE sub_copies SET record_key = 'x'",
        "UPDATE sub_copies SET content = substr(content, 2)",
        "UPDATE sub_copies SET content = substr(content, 1, 5)",
        "UPDATE sub_copies SET wrapped_key = substr(wrapped_key, 2)",
    ],
)
def test_a_record_that_was_changed_or_moved_is_not_opened(
    organisation: Organisation, change: str
) -> None:
    organisation.register()
    organisation.do(lambda c: c.execute(text(change)))

    with pytest.raises(InvalidTag):
        organisation.find(
            name=RecordName(HOUSEHOLD.information_code, "x" if "'x'" in change else "")
        )


def test_a_record_of_another_person_is_not_opened_in_this_one_s_place(
    organisation: Organisation,
) -> None:
    organisation.register(PERSON)
    organisation.register(OTHER, sub_copy(TAX))
    stolen = text(
        "UPDATE sub_copies SET content = (SELECT content FROM sub_copies WHERE number = 2), "
        "wrapped_key = (SELECT wrapped_key FROM sub_copies WHERE number = 2) WHERE number = 1"
    )
    organisation.do(lambda c: c.execute(stolen))

    with pytest.raises(InvalidTag):
        organisation.find()


# Rotation


def rewrap(organisation: Organisation, at_once: int = 2) -> int:
    """Wrap everything anew, a few at a time; return how many steps it took."""
    steps = 0
    while (old := organisation.store.read_now(organisation.keys.retiring)) is not None:
        steps += 1
        if not organisation.do(lambda c: organisation.held.wrap_anew(c, old, at_once)):
            organisation.do(lambda c: organisation.keys.destroy(c, old))
    return steps


def under_each_key(organisation: Organisation) -> dict[int, int]:
    return organisation.store.read_now(organisation.held.under_each_key)


def test_after_a_rotation_no_record_is_left_under_the_old_key(organisation: Organisation) -> None:
    for number in range(5):
        organisation.register(integrated_address_number(number))

    assert organisation.do(lambda c: organisation.keys.rotate(c, NOON)) == 2
    assert under_each_key(organisation) == {1: 5}
    assert rewrap(organisation) == 4
    assert under_each_key(organisation) == {2: 5}
    for number in range(5):
        assert organisation.find(integrated_address_number(number)) == sub_copy()


def test_what_is_registered_during_a_rotation_is_under_the_new_key(
    organisation: Organisation,
) -> None:
    organisation.register(PERSON)
    organisation.do(lambda c: organisation.keys.rotate(c, NOON))
    organisation.register(OTHER)

    assert under_each_key(organisation) == {1: 1, 2: 1}
    assert organisation.find(PERSON) == organisation.find(OTHER) == sub_copy()


def test_two_rotations_at_once_are_refused(organisation: Organisation) -> None:
    organisation.register()
    organisation.do(lambda c: organisation.keys.rotate(c, NOON))

    with pytest.raises(Refusal) as refused:
        organisation.do(lambda c: organisation.keys.rotate(c, NOON))

    assert refused.value.reason is reasons.REWRAPPING_UNDER_WAY
    rewrap(organisation)
    assert organisation.do(lambda c: organisation.keys.rotate(c, NOON)) == 3


def test_the_old_key_is_gone_once_nothing_is_under_it(organisation: Organisation) -> None:
    organisation.register()
    organisation.do(lambda c: organisation.keys.rotate(c, NOON))
    rewrap(organisation)

    keys = rows(organisation.store, "SELECT state, wrapped_key FROM organisation_keys")
    assert sorted((state, key is None) for state, key in keys) == [
        ("CURRENT", False),
        ("DESTROYED", True),
    ]


def test_destroyed_keys_close_every_record_for_ever(
    organisation: Organisation, store: Store, sealer: Sealer, root: Path
) -> None:
    organisation.register()
    organisation.do(organisation.keys.destroy_all)

    for one in (organisation, Organisation(store, sealer, root)):
        with pytest.raises(Refusal) as refused:
            one.find()
        assert refused.value.reason is reasons.ORGANISATION_KEY_MISSING
    with pytest.raises(Refusal):
        organisation.register()


def test_after_a_destruction_a_new_key_opens_what_is_registered_from_then_on(
    organisation: Organisation,
) -> None:
    organisation.register()
    organisation.do(organisation.keys.destroy_all)
    organisation.do(lambda c: organisation.keys.rotate(c, NOON))
    organisation.register(OTHER)

    assert organisation.find(OTHER) == sub_copy()
    with pytest.raises(Refusal):
        organisation.find(PERSON)


# Many at once


@pytest.mark.only_on(SQLITE, why="its driver tells which statements run")
@pytest.mark.parametrize("count", [3, 500])
def test_a_chunk_reads_the_versions_of_its_records_by_one_statement(
    organisation: Organisation, count: int
) -> None:
    """However many there are: a driver's call for each cost as much as the encryption."""
    entries = [(integrated_address_number(number), sub_copy()) for number in range(count)]
    organisation.do(lambda c: organisation.held.load(c, entries))
    run: list[str] = []

    def load(connection: Connection) -> None:
        connection.driver.set_trace_callback(run.append)
        organisation.held.load(connection, entries)
        connection.driver.set_trace_callback(None)

    organisation.do(load)

    read = [one for one in run if "max(sub_copies.version)" in one]
    assert len(read) == 1
    held = organisation.store.read_now(
        lambda c: [organisation.held.of_person(c, person)[0].version for person, _ in entries]
    )
    assert held == [2] * count


def test_no_two_of_a_chunk_have_the_same_key_or_nonce(organisation: Organisation) -> None:
    """What is drawn for all of them in one go is used once."""
    entries = [(integrated_address_number(number), sub_copy()) for number in range(300)]
    organisation.do(lambda c: organisation.held.load(c, entries))
    organisation.do(lambda c: organisation.held.load(c, entries[:40]))

    query = text("SELECT wrapped_key, content FROM sub_copies")
    rows = organisation.store.read_now(
        lambda c: [c.unlock_row(row, [(0, b"sub_copies.wrapped_key")]) for row in c.execute(query)]
    )
    assert len({bytes(wrapped)[:12] for wrapped, _ in rows}) == 340
    assert len({bytes(content)[:12] for _, content in rows}) == 340
    assert organisation.find(entries[299][0]) == sub_copy()


def test_what_was_drawn_for_so_many_closes_no_more() -> None:
    draw, key = contents.drawn_for(1), contents.Key(1, Box(b"k" * KEY_BYTES))
    contents.close(ITEMS, b"here", key, draw)

    with pytest.raises(ValueError):  # noqa: PT011 - whichever of the parts notices first
        contents.close(ITEMS, b"here", key, draw)


@given(st.dictionaries(st.text(max_size=20), st.text() | st.sampled_from(NullReason)))
def test_items_are_encrypted_as_json(items: Items) -> None:
    told = {
        code: content if isinstance(content, str) else content.value
        for code, content in items.items()
    }

    written = contents.ITEMS.write(items)
    assert json.loads(written) == told
    assert contents.ITEMS.read(written) == items
    assert contents.ITEMS.read(json.dumps(told, ensure_ascii=False).encode()) == items
