"""Updates are counted by day and reason, and a file does not tell the reasons."""

from datetime import date, timedelta

import pytest

from renkei.change_reasons import ChangeReason
from renkei_server.store.engine.places import Place
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.engine.store import Store
from renkei_server.store.identities import update_counts
from renkei_server.store.identities.update_counts import UpdateCount, UpdateCounts
from tests.server.world import OpenStore

from .conftest import on_disk

DAY = date(2026, 11, 23)
BIRTH, DEATH = ChangeReason.BIRTH, ChangeReason.DEATH


@pytest.fixture
def store(open_store: OpenStore, sealer: Sealer) -> Store:
    """With two births and a death on one day, a death on the next, and a birth on the one after."""
    store, counts = open_store(update_counts.TABLES), UpdateCounts(sealer)
    for days, reason in ((0, BIRTH), (0, DEATH), (0, BIRTH), (1, DEATH), (2, BIRTH)):
        day = DAY + timedelta(days)
        store.write_now(
            lambda connection, day=day, reason=reason: counts.add(connection, day, reason)
        )
    return store


def test_each_day_of_a_period_is_told_by_reason(store: Store, sealer: Sealer) -> None:
    counts = UpdateCounts(sealer)

    found = store.read_now(lambda connection: counts.of(connection, DAY, DAY + timedelta(days=1)))

    assert found == [
        UpdateCount(DAY, BIRTH, 2),
        UpdateCount(DAY, DEATH, 1),
        UpdateCount(DAY + timedelta(days=1), DEATH, 1),
    ]


def test_reasons_narrow_it(store: Store, sealer: Sealer) -> None:
    counts, last = UpdateCounts(sealer), DAY + timedelta(days=365)

    found = store.read_now(lambda connection: counts.of(connection, DAY, last, {BIRTH}))

    assert [(one.day, one.count) for one in found] == [(DAY, 2), (DAY + timedelta(days=2), 1)]


def test_a_count_that_is_taken_back_was_none(store: Store, sealer: Sealer) -> None:
    counts = UpdateCounts(sealer)

    def fail(connection: object) -> None:
        counts.add(connection, DAY, DEATH)  # type: ignore[arg-type] # a connection of the store
        raise LookupError

    with pytest.raises(LookupError):
        store.write_now(fail)

    assert UpdateCount(DAY, DEATH, 1) in store.read_now(lambda c: counts.of(c, DAY, DAY))


@pytest.mark.usefixtures("store")
def test_a_file_tells_no_reason(place: Place) -> None:
    raw = on_disk(place)

    assert DAY.isoformat().encode() in raw
    assert not any(reason.name.encode() in raw for reason in (BIRTH, DEATH))
