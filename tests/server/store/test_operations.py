"""The operation log: found by the person, and showing none in the file."""

import pytest

from renkei_server.store.engine.operations import Operation, OperationLog
from renkei_server.store.engine.places import Place
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.engine.store import Store
from tests.server.world import NOON, OpenStore, request_id

from .conftest import on_disk

PERSON, OTHER = "000000012345678", "000000087654321"


@pytest.fixture
def store(open_store: OpenStore) -> Store:
    return open_store()


@pytest.fixture
def log(sealer: Sealer) -> OperationLog:
    return OperationLog(sealer)


def operation(person: str, method: str = "/a/Ask", outcome: str = "OK") -> Operation:
    return Operation(
        at=NOON,
        caller="spiffe://a",
        method=method,
        request_id=request_id(7),
        operator="operator-17",
        person=person,
        outcome=outcome,
    )


def test_operations_are_found_by_the_person_whom_they_concern(
    store: Store, log: OperationLog
) -> None:
    for one in (operation(PERSON, "/a/Ask"), operation(OTHER), operation(PERSON, "/a/Change")):
        store.write_now(lambda connection, one=one: log.record(connection, [one]))

    found = store.read_now(lambda connection: log.concerning(connection, PERSON))

    assert [one.method for one in found] == ["/a/Ask", "/a/Change"]
    assert store.read_now(lambda connection: log.concerning(connection, PERSON[:-1])) == []


def test_an_operation_is_found_as_it_was_recorded(store: Store, log: OperationLog) -> None:
    store.write_now(lambda connection: log.record(connection, [operation(PERSON)]))

    (found,) = store.read_now(lambda connection: log.concerning(connection, PERSON))

    expected = operation(PERSON)
    expected.recorded = True
    assert found == expected


def test_operations_that_concern_nobody_are_not_found_together(
    store: Store, log: OperationLog
) -> None:
    store.write_now(lambda connection: log.record(connection, [operation("")]))

    assert store.read_now(lambda connection: log.concerning(connection, "")) == []
    assert len(store.read_now(log.outcomes)) == 1


def test_what_was_refused_is_in_the_log_too(store: Store, log: OperationLog) -> None:
    for outcome in ("OK", "PERSON_NOT_HELD"):
        one = operation(PERSON, outcome=outcome)
        store.write_now(lambda connection, one=one: log.record(connection, [one]))

    assert store.read_now(log.outcomes) == [
        ("spiffe://a", "/a/Ask", "OK"),
        ("spiffe://a", "/a/Ask", "PERSON_NOT_HELD"),
    ]


def test_the_file_shows_neither_person_nor_operator(
    store: Store, log: OperationLog, place: Place
) -> None:
    store.write_now(lambda connection: log.record(connection, [operation(PERSON)]))

    raw = on_disk(place)

    assert b"/a/Ask" in raw
    for hidden in (PERSON, "12345678", "operator-17", request_id(7)):
        assert hidden.encode() not in raw


def test_an_operation_does_not_show_its_person() -> None:
    assert PERSON not in repr(operation(PERSON))
