"""Receipts: a repeat is answered from the first time, and never done again."""

import asyncio
from dataclasses import replace

import pytest

from renkei import reasons
from renkei.refusals import Refusal
from renkei_server.store.engine import receipts
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.receipts import Receipt, find, once
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.engine.store import Store
from tests.server.world import OpenStore, request_id

from .conftest import NOTES, note, notes


@pytest.fixture
def store(open_store: OpenStore) -> Store:
    return open_store((NOTES,), receipts.TABLES)


@pytest.fixture
def receipt(sealer: Sealer) -> Receipt:
    return Receipt("spiffe://a", "/a/Ask", request_id(1), sealer.digest(b"what is asked"))


def ask(store: Store, receipt: Receipt, deed: str = "deed") -> str:
    """Do the deed once: leave a note, and give its key."""

    def do(connection: Connection) -> str:
        note(deed.encode())(connection)
        return f"key of {deed}"

    return store.write_now(lambda connection: once(connection, receipt, lambda: do(connection)))


def test_a_repeat_is_answered_from_the_first_time(store: Store, receipt: Receipt) -> None:
    first = ask(store, receipt, "deed")
    again = ask(store, receipt, "deed anew")

    assert first == again == "key of deed"
    assert notes(store) == [b"deed"]


async def test_two_that_arrive_together_are_one_deed(store: Store, receipt: Receipt) -> None:
    def do(connection: Connection) -> str:
        return once(connection, receipt, lambda: note(b"deed")(connection).decode())

    told = await asyncio.gather(store.write(do), store.write(do))

    assert told == ["deed", "deed"]
    assert notes(store) == [b"deed"]


def test_the_same_id_with_other_content_is_refused(
    store: Store, receipt: Receipt, sealer: Sealer
) -> None:
    ask(store, receipt)
    other = replace(receipt, digest=sealer.digest(b"something else"))

    for attempt in (
        lambda: ask(store, other, "other"),
        lambda: store.read_now(lambda connection: find(connection, other)),
    ):
        with pytest.raises(Refusal) as caught:
            attempt()
        assert caught.value.reason is reasons.REQUEST_ID_REUSED
        assert caught.value.fields == ("request_id",)
    assert notes(store) == [b"deed"]


@pytest.mark.parametrize(
    "change", [{"caller": "spiffe://b"}, {"method": "/a/Change"}, {"request_id": request_id(2)}]
)
def test_an_id_belongs_to_its_caller_and_its_method(
    store: Store, receipt: Receipt, change: dict[str, str]
) -> None:
    ask(store, receipt, "one")

    assert ask(store, replace(receipt, **change), "two") == "key of two"
    assert notes(store) == [b"one", b"two"]


async def test_a_request_that_was_refused_may_be_repeated(store: Store, receipt: Receipt) -> None:
    def refuse() -> str:
        raise Refusal(reasons.PERSON_NOT_HELD)

    with pytest.raises(Refusal):
        await store.write(lambda connection: once(connection, receipt, refuse))

    assert ask(store, receipt) == "key of deed"


def test_a_request_is_found_once_it_was_done(store: Store, receipt: Receipt) -> None:
    before = store.read_now(lambda connection: find(connection, receipt))
    ask(store, receipt)

    assert before is None
    assert store.read_now(lambda connection: find(connection, receipt)) == "key of deed"


def test_a_receipt_does_not_show_its_digest(receipt: Receipt) -> None:
    assert "digest" not in repr(receipt)
