"""The outbox: what is owed stays owed until it was answered, under the same request id."""

import pytest

from renkei import reasons
from renkei_server.store.engine import outbox as outboxes
from renkei_server.store.engine.outbox import Outbox, Task
from renkei_server.store.engine.places import Place
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.engine.store import Store
from tests.server.world import NOON, CountedIds, OpenStore, request_id

from .conftest import on_disk, rows

CONTENT = {"individual_number": "123456789018", "name": "山田"}


@pytest.fixture
def store(open_store: OpenStore) -> Store:
    return open_store(outboxes.TABLES)


@pytest.fixture
def outbox(sealer: Sealer, ids: CountedIds) -> Outbox:
    return Outbox(sealer, ids)


def put(store: Store, outbox: Outbox, kind: str = "tell") -> Task:
    """Owe one more call; return it."""
    store.write_now(
        lambda connection: outbox.put(connection, kind, cause=request_id(99), content=CONTENT)
    )
    return owed(store, outbox, kind)[-1]


def owed(
    store: Store, outbox: Outbox, kind: str = "tell", after: int = 0, limit: int = 100
) -> list[Task]:
    return store.read_now(lambda connection: outbox.after(connection, kind, after, limit))


def test_a_call_is_owed_under_a_request_id_of_its_own(store: Store, outbox: Outbox) -> None:
    put(store, outbox, "tell")
    put(store, outbox, "ask")

    assert owed(store, outbox) == [Task(1, "tell", request_id(1), request_id(99), CONTENT)]
    assert owed(store, outbox, "ask") == [Task(2, "ask", request_id(2), request_id(99), CONTENT)]
    assert (outbox.puts("tell"), outbox.puts("ask")) == (1, 1)


def test_calls_come_oldest_first_a_few_at_a_time(store: Store, outbox: Outbox) -> None:
    tasks = [put(store, outbox) for _ in range(5)]

    assert owed(store, outbox, limit=2) == tasks[:2]
    assert owed(store, outbox, after=tasks[1].number) == tasks[2:]
    assert store.read_now(outbox.size) == 5


def test_an_answered_call_is_owed_no_more(store: Store, outbox: Outbox) -> None:
    one, other = put(store, outbox), put(store, outbox)

    store.write_now(lambda connection: outbox.done(connection, one))

    assert owed(store, outbox) == [other]
    assert store.read_now(outbox.refusals) == []


def test_a_number_is_never_used_again(store: Store, outbox: Outbox, open_store: OpenStore) -> None:
    last = put(store, outbox)
    store.write_now(lambda connection: outbox.done(connection, last))
    store.close()

    assert put(open_store(outboxes.TABLES), outbox).number > last.number


def test_a_call_is_owed_under_the_same_request_id_after_a_restart(
    store: Store, outbox: Outbox, open_store: OpenStore, sealer: Sealer
) -> None:
    task = put(store, outbox)
    store.close()

    again = Outbox(sealer, CountedIds())

    assert owed(open_store(outboxes.TABLES), again) == [task]


def test_a_refused_call_leaves_where_what_and_why(store: Store, outbox: Outbox) -> None:
    for kind, reason in (("tell", reasons.PERSON_NOT_HELD), ("ask", reasons.SERIAL_EXPIRED)):
        task = put(store, outbox, kind)
        store.write_now(
            lambda connection, task=task, reason=reason: outbox.refused(
                connection, task, reason, NOON
            )
        )

    assert owed(store, outbox) == []
    assert store.read_now(outbox.refusals) == [
        ("tell", "PERSON_NOT_HELD"),
        ("ask", "SERIAL_EXPIRED"),
    ]


async def test_a_refused_call_leaves_nothing_of_its_content(
    store: Store, outbox: Outbox, place: Place
) -> None:
    task = put(store, outbox)
    ((sealed,),) = rows(store, "SELECT content FROM outbox")
    assert sealed in on_disk(place)

    store.write_now(
        lambda connection: outbox.refused(connection, task, reasons.PERSON_NOT_HELD, NOON)
    )
    await store.tidy(at_once=True)

    assert sealed not in on_disk(place)
    assert request_id(1).encode() in on_disk(place)


def test_the_file_does_not_show_the_content_of_a_call(
    store: Store, outbox: Outbox, place: Place
) -> None:
    put(store, outbox, "tell")

    raw = on_disk(place)

    assert b"tell" in raw
    assert b"123456789018" not in raw
    assert "山田".encode() not in raw


def test_a_task_does_not_show_its_content(store: Store, outbox: Outbox) -> None:
    assert "123456789018" not in repr(put(store, outbox))
