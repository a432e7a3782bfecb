"""Acquisitions as a register follows them: the newest one for a person counts."""

import pytest

from renkei.acquisitions import BOUND, EXPIRED, PENDING, Acquisition, Failure, failed
from renkei_server.store.codes import acquisitions
from renkei_server.store.codes.acquisitions import Acquisitions
from renkei_server.store.engine.places import Place
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.engine.store import Store
from tests.server.world import OpenStore

from .conftest import on_disk

PERSON, OTHER = "000000012345678", "000000087654321"


@pytest.fixture
def store(open_store: OpenStore) -> Store:
    return open_store(acquisitions.TABLES)


@pytest.fixture
def asked(sealer: Sealer) -> Acquisitions:
    return Acquisitions(sealer)


def begin(store: Store, asked: Acquisitions, person: str = PERSON) -> str:
    return store.write_now(lambda connection: asked.begin(connection, person))


def newest(store: Store, asked: Acquisitions, person: str = PERSON) -> Acquisition | None:
    return store.read_now(lambda connection: asked.newest(connection, person))


def test_what_was_asked_for_is_pending(store: Store, asked: Acquisitions) -> None:
    assert newest(store, asked) is None
    begin(store, asked)
    assert newest(store, asked) == PENDING


@pytest.mark.parametrize("outcome", [BOUND, EXPIRED, *map(failed, Failure)])
def test_it_ends_as_it_ended(store: Store, asked: Acquisitions, outcome: Acquisition) -> None:
    key, other = begin(store, asked), begin(store, asked, OTHER)

    store.write_now(lambda connection: asked.end(connection, key, outcome))

    assert key != other
    assert newest(store, asked) == outcome
    assert newest(store, asked, OTHER) == PENDING


def test_the_newest_of_a_person_counts(store: Store, asked: Acquisitions) -> None:
    first = begin(store, asked)
    store.write_now(lambda connection: asked.end(connection, first, EXPIRED))
    second = begin(store, asked)

    assert newest(store, asked) == PENDING
    store.write_now(lambda connection: asked.end(connection, second, BOUND))
    assert newest(store, asked) == BOUND


def test_the_file_does_not_show_for_whom(store: Store, asked: Acquisitions, place: Place) -> None:
    begin(store, asked)

    raw = on_disk(place)

    assert b"PENDING" in raw
    assert PERSON.encode() not in raw
