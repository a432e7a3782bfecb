"""Receipts: a repeat is answered from the first time, and never done again."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from renkei import reasons
from renkei.refusals import Refusal
from renkei_server.store.engine import receipts
from renkei_server.store.engine.boxes import KEY_BYTES
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.receipts import Lasting, Receipt, Receipts, find, once
from renkei_server.store.engine.run_digests import SeatRun
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.engine.store import Store
from tests.server.world import CountedIds, OpenStore, request_id

from .conftest import NOTES, note, notes, on_disk

WHAT = Lasting("exchange_id", b"which")


@pytest.fixture
def store(open_store: OpenStore) -> Store:
    return open_store((NOTES,), receipts.TABLES)


@pytest.fixture
def running(sealer: Sealer, ids: CountedIds) -> Receipts:
    """A seat that runs."""
    return Receipts(sealer, SeatRun.drawn(ids))


@pytest.fixture
def restarted(sealer: Sealer, ids: CountedIds) -> Receipts:
    """The same seat, started anew."""
    return Receipts(sealer, SeatRun.drawn(ids))


@pytest.fixture
def receipt(running: Receipts) -> Receipt:
    return of(running)


def of(
    running: Receipts,
    *,
    caller: str = "spiffe://a",
    method: str = "/a/Ask",
    request: str = request_id(1),
    lasting: Lasting | None = WHAT,
    whole: bytes = b"what is asked",
) -> Receipt:
    return running.receipt(caller, method, request, lasting=lasting, whole=whole)


def ask(store: Store, receipt: Receipt, deed: str = "deed") -> str:
    """Do the deed once: leave a note, and give its key."""

    def do(connection: Connection) -> str:
        note(deed.encode())(connection)
        return f"key of {deed}"

    return store.write_now(lambda connection: once(connection, receipt, lambda: do(connection)))


def require_refused(store: Store, other: Receipt) -> None:
    """It is refused whether it is looked for or to be done."""
    for attempt in (
        lambda: ask(store, other, "other"),
        lambda: store.read_now(lambda connection: find(connection, other)),
    ):
        with pytest.raises(Refusal) as caught:
            attempt()
        assert caught.value.reason is reasons.REQUEST_ID_REUSED
        assert caught.value.fields == ("request_id",)
    assert notes(store) == [b"deed"]


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


async def test_a_repeat_is_answered_though_its_deed_could_not_be_done_again(
    store: Store, receipt: Receipt
) -> None:
    """At first nobody looks whether it was done: what the deed then raises counts for nothing."""

    def do(connection: Connection) -> str:
        def deed() -> str:
            if list(connection.scalars(select(NOTES.c.content))):
                raise Refusal(reasons.EXCHANGE_ENDED)
            return note(b"deed")(connection).decode()

        return once(connection, receipt, deed)

    assert [await store.write(do), await store.write(do)] == ["deed", "deed"]
    assert notes(store) == [b"deed"]


async def test_a_refusal_before_anything_is_written_is_the_use_case_s_own_end(
    store: Store, running: Receipts
) -> None:
    """It neither runs again nor lets others run again."""
    ran = []

    def fine(number: int) -> Callable[[Connection], str]:
        def do(connection: Connection) -> str:
            ran.append(number)
            asked = of(running, request=request_id(number))
            return once(connection, asked, lambda: note(b"%d" % number)(connection).decode())

        return do

    def refused(connection: Connection) -> str:
        def refuse() -> str:
            raise Refusal(reasons.PERSON_NOT_HELD)

        ran.append(9)
        return once(connection, of(running, request=request_id(9)), refuse)

    with pytest.raises(Refusal):
        await store.write(refused)
    uses = [fine(1), refused, fine(2)]
    told = await asyncio.gather(*map(store.write, uses), return_exceptions=True)

    assert [type(one) for one in told] == [str, Refusal, str]
    assert ran == [9, 1, 9, 2]
    assert notes(store) == [b"1", b"2"]


async def test_what_is_new_is_done_without_a_look(store: Store, receipt: Receipt) -> None:
    turns = []

    def do(connection: Connection) -> str:
        turns.append(connection.looks_first)
        return once(connection, receipt, lambda: "deed")

    await store.write(do)
    await store.write(do)

    assert turns == [False, False, True]


# Other content under the same id


def test_the_same_id_with_other_content_is_refused(
    store: Store, receipt: Receipt, running: Receipts
) -> None:
    ask(store, receipt)

    require_refused(store, of(running, whole=b"something else"))


def test_other_content_of_what_is_kept_is_refused_after_a_restart_too(
    store: Store, receipt: Receipt, restarted: Receipts
) -> None:
    ask(store, receipt)

    require_refused(store, of(restarted, lasting=replace(WHAT, content=b"another")))


def test_other_content_of_the_rest_is_answered_as_the_first_after_a_restart(
    store: Store, receipt: Receipt, restarted: Receipts
) -> None:
    ask(store, receipt)

    assert ask(store, of(restarted, whole=b"something else")) == "key of deed"
    assert ask(store, of(restarted, lasting=None, whole=b"something else")) == "key of deed"


def test_a_repeat_is_answered_though_the_contract_marks_other_fields_since(
    store: Store, receipt: Receipt, restarted: Receipts
) -> None:
    ask(store, receipt)
    since = of(restarted, lasting=Lasting("exchange_id own_id", b"which and whose"))

    assert ask(store, since) == "key of deed"


@pytest.mark.parametrize(
    "change", [{"caller": "spiffe://b"}, {"method": "/a/Change"}, {"request": request_id(2)}]
)
def test_an_id_belongs_to_its_caller_and_its_method(
    store: Store, running: Receipts, change: dict[str, str]
) -> None:
    ask(store, of(running), "one")

    assert ask(store, of(running, **change), "two") == "key of two"  # type: ignore[arg-type]
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


# What a receipt gives away


def test_with_the_store_s_key_nobody_can_tell_what_was_asked(
    receipt: Receipt, restarted: Receipts, sealer: Sealer
) -> None:
    """Whoever has the key makes the same receipt again but for what hangs on the run."""
    guessed = of(Receipts(sealer, SeatRun.drawn(CountedIds())), request=request_id(1))
    again = of(restarted)

    assert guessed.key == receipt.key == again.key
    assert again.kept == receipt.kept
    assert again.whole != receipt.whole != of(restarted, whole=b"else").whole


def test_without_the_store_s_key_not_even_what_is_kept_is_told(
    receipt: Receipt, ids: CountedIds
) -> None:
    stranger = of(Receipts(Sealer(b"x" * KEY_BYTES), SeatRun.drawn(ids)))

    assert stranger.key != receipt.key
    assert stranger.kept is not None
    assert receipt.kept is not None
    assert stranger.kept[4:] != receipt.kept[4:]


def test_the_same_content_asked_twice_is_not_seen_to_be_the_same(running: Receipts) -> None:
    first, second = of(running), of(running, request=request_id(2))

    assert first.whole != second.whole
    assert first.kept != second.kept


def test_a_file_shows_neither_caller_nor_id(store: Store, receipt: Receipt, database: Path) -> None:
    ask(store, receipt)
    raw = on_disk(database)

    assert receipt.key in raw
    assert receipt.request_id.encode() not in raw
    assert receipt.caller.encode() not in raw


def test_a_receipt_does_not_show_its_digests(receipt: Receipt) -> None:
    assert repr(receipt.whole) not in repr(receipt)
    assert "kept" not in repr(receipt)
