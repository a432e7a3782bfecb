"""The operation log is read page by page: nothing is told twice, and nothing is left out."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from renkei_server.store.engine.operation_pages import LOOKED_AT, OperationPages, Period
from renkei_server.store.engine.operations import Operation, OperationLog
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.engine.store import Store
from tests.server.world import NOON, OpenStore

MORE = LOOKED_AT + 500
PERSON = "12345678901"


@pytest.fixture
def store(open_store: OpenStore, sealer: Sealer) -> Store:
    """With one operation a second, each tenth of which concerned the person."""
    store = open_store()
    written = [
        Operation(
            at=NOON + timedelta(seconds=second),
            caller="spiffe://a",
            method=f"/a/{second}",
            operator=f"operator-{second % 2}",
            person="" if second % 10 else PERSON,
        )
        for second in range(MORE)
    ]
    store.write_now(lambda connection: OperationLog(sealer).record(connection, written))
    return store


@pytest.fixture
def pages(sealer: Sealer) -> OperationPages:
    return OperationPages(sealer)


def seconds(
    store: Store, pages: OperationPages, period: Period, person: str = ""
) -> tuple[Sequence[int], int]:
    """What all pages tell, and how many those are."""
    found: list[int] = []
    after, count = 0, 0
    while not count or after:
        one, after = store.read_now(
            lambda connection, after=after: pages.page(connection, after, period, person)
        )
        found += [int(each.operation.method.removeprefix("/a/")) for each in one]
        count += 1
    return found, count


def test_all_pages_together_tell_every_record_once_in_order(
    store: Store, pages: OperationPages
) -> None:
    assert seconds(store, pages, Period()) == (list(range(MORE)), 2)


def test_a_period_begins_with_its_first_moment_and_ends_before_its_last(
    store: Store, pages: OperationPages
) -> None:
    first, until = NOON + timedelta(seconds=998), NOON + timedelta(seconds=1003)

    assert seconds(store, pages, Period(first, until))[0] == [998, 999, 1000, 1001, 1002]
    assert seconds(store, pages, Period(None, NOON))[0] == []
    assert seconds(store, pages, Period(until))[0] == list(range(1003, MORE))


def test_whom_they_concerned_is_found_without_looking_at_others(
    store: Store, pages: OperationPages
) -> None:
    assert seconds(store, pages, Period(), PERSON) == (list(range(0, MORE, 10)), 1)
    assert seconds(store, pages, Period(), "98765432109") == ([], 1)


def test_what_came_before_a_page_is_told_oldest_first(store: Store, pages: OperationPages) -> None:
    _, after = store.read_now(lambda connection: pages.page(connection, 0))

    before = store.read_now(lambda connection: pages.before(connection, after))

    assert [one.operation.method for one in before] == [f"/a/{n}" for n in range(LOOKED_AT)]
    assert store.read_now(lambda connection: pages.before(connection, 0)) == []
