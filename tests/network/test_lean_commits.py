"""How many statements an inquiry takes at its provider: a number that nobody raises unawares."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from renkei.exchanges import ExchangeId
from renkei_server.process.serving import RunningSeat
from renkei_simulators.world.in_process import RunningWorld

from .asking import new_id
from .people.rogue import Rogue, here, rogue
from .small_world import WARD

__all__ = ["here", "rogue"]


@asynccontextmanager
async def written(seat: RunningSeat) -> AsyncIterator[Counter[str]]:
    """What a seat of SQLite's runs in writing transactions, each statement by its first words."""
    ran: Counter[str] = Counter()
    driver = seat.store._database._writer.driver  # type: ignore[attr-defined]
    driver.set_trace_callback(lambda told: ran.update((" ".join(told.split()[:3]),)))
    yield ran
    driver.set_trace_callback(None)


@pytest.fixture
async def provider(world: RunningWorld, rogue: Rogue) -> AsyncIterator[RunningSeat]:
    """The ward's middle server; nothing that it owes is sent, and it has answered before."""
    seat = world.seats[f"middle-server.{WARD}"]
    await seat.dispatcher.pause()
    await announce(rogue, 2)
    yield seat
    seat.dispatcher.resume()


async def announce(rogue: Rogue, count: int) -> None:
    permits = [rogue.permit(ExchangeId(new_id())) for _ in range(count)]
    await asyncio.gather(*(rogue.announce(one, one) for one in permits))


async def test_an_inquiry_s_commit_writes_its_rows_and_reads_one(
    provider: RunningSeat, rogue: Rogue
) -> None:
    async with written(provider) as ran:
        await announce(rogue, 1)

    assert ran == {
        "BEGIN IMMEDIATE": 1,
        "SAVEPOINT apart": 1,
        "SELECT record_log_counters.number, record_log_counters.hash": 1,
        "UPDATE record_log_counters SET": 1,
        "INSERT INTO record_log": 1,
        "INSERT INTO outbox": 1,
        "INSERT INTO provisions": 1,
        "INSERT INTO receipts": 1,
        "INSERT INTO operations": 1,
        "UPDATE record_log_frontier SET": 1,
        "COMMIT": 1,
    }


async def test_inquiries_that_come_together_share_all_but_their_rows(
    provider: RunningSeat, rogue: Rogue
) -> None:
    async with written(provider) as ran:
        await announce(rogue, 8)

    commits = ran["COMMIT"]
    assert commits < 8
    assert ran["UPDATE record_log_frontier SET"] == commits
    assert ran["INSERT INTO record_log"] == ran["INSERT INTO receipts"] == 8
    assert sum(ran.values()) == 4 * commits + 7 * 8
