"""Link ids follow from the code and the core's key, but for those that were drawn before."""

from pathlib import Path

import pytest
from sqlalchemy import text

from renkei import reasons
from renkei.refusals import Refusal
from renkei_server.domain.linkage_codes import CODE_KEY_BYTES, LINK_ID_BYTES, LinkIds
from renkei_server.store.codes import links
from renkei_server.store.codes.links import Links, code_key, commitment_key
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.engine.store import Store
from tests.server.world import CountedIds, OpenStore, resident_record_code

from .conftest import on_disk
from .past.content import DRAWN_KEY, DRAWN_LINK_ID, link_of_before

CODE, OTHER = resident_record_code(1), resident_record_code(1234567890)
KEY = b"c" * CODE_KEY_BYTES


@pytest.fixture
def store(open_store: OpenStore) -> Store:
    return open_store(links.TABLES)


@pytest.fixture
def key_store(tmp_path: Path) -> Path:
    return tmp_path / "code.key"


def key_of(store: Store, key_store: Path) -> bytes:
    return store.write_now(lambda connection: code_key(connection, store.sealer, key_store))


def link_id(store: Store, key: bytes, code: object = CODE) -> bytes:
    known = Links(store.sealer, LinkIds(key))
    return store.write_now(lambda connection: known.link_id(connection, code))  # type: ignore[arg-type]


# What follows


def test_a_store_that_knows_nothing_of_a_person_makes_the_same_link_id_again(
    store: Store, open_store: OpenStore
) -> None:
    first, other = link_id(store, KEY), link_id(store, KEY, OTHER)
    store.write_now(lambda connection: connection.execute(text("DELETE FROM links")))
    store.close()

    assert link_id(open_store(links.TABLES), KEY) == first
    assert other != first
    assert len(first) == LINK_ID_BYTES


def test_another_core_s_link_ids_are_others(store: Store) -> None:
    assert link_id(store, KEY) != link_id(store, b"d" * CODE_KEY_BYTES)


def test_what_follows_is_not_written(store: Store) -> None:
    link_id(store, KEY)

    written = store.read_now(lambda tx: tx.execute(text("SELECT count(*) FROM links")).scalar())
    assert written == 0


def test_the_code_key_comes_from_the_key_store_and_no_other_is_drawn(
    store: Store, key_store: Path
) -> None:
    with pytest.raises(Refusal) as refused:
        key_of(store, key_store)
    assert refused.value.reason is reasons.KEY_STORE_LOCKED

    key_store.write_bytes(KEY)
    assert key_of(store, key_store) == KEY


def test_the_commitment_key_is_drawn_once(
    store: Store, open_store: OpenStore, sealer: Sealer
) -> None:
    key = store.write_now(lambda connection: commitment_key(connection, sealer, CountedIds()))
    store.close()
    drawing_anew = CountedIds()
    drawing_anew.number(1)

    again = open_store(links.TABLES).write_now(
        lambda connection: commitment_key(connection, sealer, drawing_anew)
    )
    assert again == key


# What was drawn before


@pytest.fixture
def older(store: Store) -> Store:
    """A store as an older version kept it: a link id that was drawn, and the code key."""
    store.write_now(lambda connection: link_of_before(connection, store.sealer))
    return store


def test_a_link_id_that_was_drawn_before_wins_over_what_follows(
    older: Store, key_store: Path
) -> None:
    assert key_of(older, key_store) == DRAWN_KEY

    assert link_id(older, DRAWN_KEY) == DRAWN_LINK_ID != LinkIds(DRAWN_KEY).of(CODE)
    assert link_id(older, DRAWN_KEY, OTHER) == LinkIds(DRAWN_KEY).of(OTHER)
    assert key_of(older, key_store) == DRAWN_KEY
    assert link_id(older, DRAWN_KEY) == DRAWN_LINK_ID, "it is led on once"


def test_the_code_key_is_moved_to_a_key_store_that_its_owner_alone_can_read(
    older: Store, key_store: Path
) -> None:
    key_of(older, key_store)

    assert key_store.read_bytes() == DRAWN_KEY
    assert key_store.stat().st_mode & 0o777 == 0o600
    kept = older.read_now(lambda tx: tx.execute(text("SELECT name FROM core_keys")).all())
    assert kept == []


def test_a_key_that_was_moved_and_not_yet_given_up_is_moved_on(
    older: Store, key_store: Path
) -> None:
    key_store.write_bytes(DRAWN_KEY)
    key_store.with_name("code.key.new").write_bytes(b"half")

    assert key_of(older, key_store) == DRAWN_KEY
    assert link_id(older, DRAWN_KEY) == DRAWN_LINK_ID


def test_another_core_s_key_store_is_refused_and_nothing_is_given_up(
    older: Store, key_store: Path
) -> None:
    key_store.write_bytes(KEY)
    with pytest.raises(Refusal) as refused:
        key_of(older, key_store)
    assert refused.value.reason is reasons.KEY_STORE_LOCKED

    key_store.unlink()
    assert key_of(older, key_store) == DRAWN_KEY


async def test_with_the_store_s_own_key_nobody_can_try_codes(
    older: Store, key_store: Path, database: Path, sealer: Sealer
) -> None:
    """Where the database is a file: a server's own files keep what was deleted for a while."""
    guess = sealer.blind(links.TABLES[0].c.resident_record_code, CODE.digits.encode())
    assert guess in on_disk(database)

    key_of(older, key_store)
    link_id(older, DRAWN_KEY)
    await older.tidy(at_once=True)

    assert guess not in on_disk(database)
    assert DRAWN_KEY not in on_disk(database)
