"""A disk that is full while records are wrapped anew: nothing is lost, and it goes on when there is room."""

from functools import partial

import pytest

from renkei.codes import IntegratedAddressNumber
from renkei_server.process.machine import MachineIds
from renkei_server.store.engine.key_file import KeyFile
from renkei_server.store.sub_copies.organisation_keys import OrganisationKeys
from renkei_server.store.sub_copies.sub_copies import SubCopies
from renkei_simulators.world.in_process import RunningWorld

from .asking import new_id, until
from .people.sub_copies import HOUSEHOLD, ITEMS, sub_copy
from .small_world import WARD

RECORDS = 4_000


@pytest.fixture
async def held(world: RunningWorld) -> SubCopies:
    """Many sub-copies of the ward."""
    seat = world.seats[f"middle-server.{WARD}"]
    keys = OrganisationKeys(KeyFile(seat.config.root_key), MachineIds(), WARD)
    copies = SubCopies(seat.store.sealer, keys, WARD)
    entries = [(IntegratedAddressNumber(f"{one:015}"), sub_copy()) for one in range(RECORDS)]
    await seat.store.write(lambda connection: copies.load(connection, entries))
    return copies


async def test_a_full_disk_stops_the_rewrapping_loses_nothing_and_it_goes_on_afterwards(
    world: RunningWorld, held: SubCopies
) -> None:
    seat = world.seats[f"middle-server.{WARD}"]
    store, driver = seat.store, seat.store._database._writer.driver
    under = partial(store.read_now, held.under_each_key)

    await world.callers.key_terminal(WARD).rotate_organisation_key(new_id())
    (pages,) = driver.execute("PRAGMA page_count").fetchone()
    (most,) = driver.execute("PRAGMA max_page_count").fetchone()
    driver.execute(f"PRAGMA max_page_count={pages}")
    try:
        await until(lambda: "housekeeping_failed" in seat.config.log.read_text(encoding="utf-8"))
        stopped = under()
    finally:
        driver.execute(f"PRAGMA max_page_count={most}")
    await until(lambda: set(under()) == {2})

    assert sum(stopped.values()) == RECORDS
    assert stopped[1]
    assert under() == {2: RECORDS}
    for number in (0, RECORDS - 1):
        person = IntegratedAddressNumber(f"{number:015}")
        found = store.read_now(partial(held.find, person=person, name=HOUSEHOLD))
        assert found is not None
        assert found.items == ITEMS
