"""Accounts at Mynaportal: bound once, to a code that stays sealed, and the serial erased."""

from collections.abc import Callable

import pytest

from renkei import reasons
from renkei.acquisitions import BOUND, EXPIRED, PENDING, Acquisition, Failure, failed
from renkei.codes import LinkageCode
from renkei.reasons import Reason
from renkei.refusals import Refusal
from renkei_server.store.codes import accounts
from renkei_server.store.codes.accounts import Accounts
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.places import Place
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.engine.store import Store
from tests.server.world import OpenStore, request_id, serial

from .conftest import on_disk

ACCOUNT, OTHER = request_id(1), request_id(2)
CODE = LinkageCode(b"c" * 32)
OUTCOMES = (EXPIRED, *map(failed, Failure))


@pytest.fixture
def store(open_store: OpenStore) -> Store:
    return open_store(accounts.TABLES)


@pytest.fixture
def kept(store: Store, sealer: Sealer) -> Accounts:
    """Accounts, of which one waits for its code under the first serial."""
    kept = Accounts(sealer)
    store.write_now(lambda c: kept.open(c, ACCOUNT, serial(1)))
    return kept


def settle(store: Store, kept: Accounts, count: int, outcome: Acquisition | LinkageCode) -> str:
    return store.write_now(lambda c: kept.settle(c, serial(count), outcome))


def reason(store: Store, use_case: Callable[[Connection], object]) -> Reason:
    with pytest.raises(Refusal) as refused:
        store.write_now(use_case)
    return refused.value.reason


def test_an_account_waits_under_its_serial_until_the_code_comes(
    store: Store, kept: Accounts
) -> None:
    assert store.read_now(lambda c: kept.acquisition(c, ACCOUNT)) == PENDING
    assert store.read_now(lambda c: kept.serial(c, ACCOUNT)) == serial(1)
    assert reason(store, lambda c: kept.code(c, ACCOUNT)) is reasons.ACCOUNT_WITHOUT_CODE

    assert settle(store, kept, 1, CODE) == ACCOUNT

    assert store.read_now(lambda c: kept.acquisition(c, ACCOUNT)) == BOUND
    assert store.read_now(lambda c: kept.code(c, ACCOUNT)) == CODE
    assert store.read_now(lambda c: kept.serial(c, ACCOUNT)) is None


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_what_ended_without_a_code_stays_so(
    store: Store, kept: Accounts, outcome: Acquisition
) -> None:
    settle(store, kept, 1, outcome)

    assert store.read_now(lambda c: kept.acquisition(c, ACCOUNT)) == outcome
    assert reason(store, lambda c: kept.code(c, ACCOUNT)) is reasons.ACCOUNT_WITHOUT_CODE
    assert reason(store, lambda c: kept.settle(c, serial(1), CODE)) is reasons.SERIAL_NOT_PENDING


def test_a_serial_binds_once_and_an_unknown_one_nothing(store: Store, kept: Accounts) -> None:
    store.write_now(lambda c: kept.open(c, OTHER, serial(2)))
    settle(store, kept, 1, CODE)

    for count in (1, 3):
        refused = reason(store, lambda c, count=count: kept.settle(c, serial(count), CODE))  # type: ignore[misc]
        assert refused is reasons.SERIAL_NOT_PENDING
    assert store.read_now(lambda c: kept.acquisition(c, OTHER)) == PENDING


def test_an_account_that_was_not_opened_is_unknown(store: Store, kept: Accounts) -> None:
    for look in (kept.acquisition, kept.serial, kept.code):
        assert reason(store, lambda c, look=look: look(c, OTHER)) is reasons.ACCOUNT_UNKNOWN  # type: ignore[misc]


def test_neither_code_nor_serial_is_on_the_disk_in_the_clear(
    store: Store, kept: Accounts, place: Place
) -> None:
    assert serial(1).value.encode() not in on_disk(place)

    settle(store, kept, 1, CODE)

    assert CODE.value not in on_disk(place)
    assert ACCOUNT.encode() in on_disk(place)
