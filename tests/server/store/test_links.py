"""Link ids and the code key: drawn once, the same for ever."""

import pytest

from renkei_server.domain.linkage_codes import CODE_KEY_BYTES, LINK_ID_BYTES
from renkei_server.store.codes import links
from renkei_server.store.codes.links import Links
from renkei_server.store.engine.places import Place
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.engine.store import Store
from tests.server.world import CountedIds, OpenStore, resident_record_code

from .conftest import on_disk

CODE, OTHER = resident_record_code(1234567890), resident_record_code(2)


@pytest.fixture
def store(open_store: OpenStore) -> Store:
    return open_store(links.TABLES)


@pytest.fixture
def known(sealer: Sealer, ids: CountedIds) -> Links:
    return Links(sealer, ids)


def test_a_person_has_one_link_id_for_ever(
    store: Store, known: Links, open_store: OpenStore
) -> None:
    first = store.write_now(lambda connection: known.link_id(connection, CODE))
    other = store.write_now(lambda connection: known.link_id(connection, OTHER))
    store.close()

    again = open_store(links.TABLES).write_now(lambda connection: known.link_id(connection, CODE))

    assert again == first
    assert other != first
    assert len(first) == LINK_ID_BYTES


def test_the_code_key_is_drawn_once(
    store: Store, known: Links, open_store: OpenStore, sealer: Sealer
) -> None:
    key = store.write_now(known.code_key)
    store.close()
    drawing_anew = Links(sealer, CountedIds())
    drawing_anew._ids.number(1)

    assert open_store(links.TABLES).write_now(drawing_anew.code_key) == key
    assert len(key) == CODE_KEY_BYTES


def test_the_file_shows_neither_code_nor_link_id_nor_key(
    store: Store, known: Links, place: Place
) -> None:
    link_id = store.write_now(lambda connection: known.link_id(connection, CODE))
    key = store.write_now(known.code_key)

    raw = on_disk(place)

    assert b"core_keys" in raw
    for hidden in (CODE.digits.encode(), link_id, key):
        assert hidden not in raw
