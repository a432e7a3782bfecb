"""Housekeeping: no failure of a chore ends it, and the health service tells what is."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from grpc_health.v1 import health_pb2
from grpc_health.v1._async import HealthServicer

from renkei import reasons
from renkei.refusals import Refusal
from renkei_server.dispatch.dispatcher import Dispatcher
from renkei_server.process.housekeeping import Chore, Housekeeping
from renkei_server.process.logs import open_log
from renkei_server.store.engine import outbox
from renkei_server.store.engine.outbox import Outbox
from renkei_server.store.engine.store import Store
from tests.server.world import CountedIds, OpenStore, SetClock

SERVING = health_pb2.HealthCheckResponse.SERVING
NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING


class Works:
    """A chore that fails as long as it is told to."""

    def __init__(self, fault: Exception | None = None) -> None:
        self.fault = fault
        self.done = 0

    async def run_once(self) -> None:
        if self.fault is not None:
            raise self.fault
        self.done += 1


@pytest.fixture
def store(open_store: OpenStore) -> Store:
    return open_store(outbox.TABLES)


class House:
    """A house that is kept, its dispatcher, and what is told of it."""

    def __init__(self, store: Store, folder: Path, *chores: Chore) -> None:
        self.log_file = folder / "seat.jsonl"
        self.doctor = HealthServicer()
        self._store = store
        self._chores = chores

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[tuple[Housekeeping, asyncio.Task[None]]]:
        clock = SetClock()
        with open_log(self.log_file, "a-seat.131148", clock) as log:
            dispatcher = Dispatcher(
                store=self._store,
                outbox=Outbox(self._store.sealer, CountedIds()),
                routes={},
                clock=clock,
                log=log,
            )
            house = Housekeeping(
                store=self._store,
                dispatcher=dispatcher,
                chores=self._chores,
                doctor=self.doctor,
                log=log,
                pause_seconds=0.001,
            )
            dispatching = asyncio.create_task(dispatcher.run())
            try:
                yield house, dispatching
            finally:
                dispatching.cancel()
                await asyncio.gather(dispatching, return_exceptions=True)

    def told(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.log_file.read_text().splitlines()]

    async def health(self) -> object:
        request = health_pb2.HealthCheckRequest()
        return (await self.doctor.Check(request, None)).status  # type: ignore[arg-type]


@pytest.mark.parametrize("fault", [KeyError("0123"), Refusal(reasons.STORE_UNAVAILABLE)])
async def test_a_chore_that_fails_stops_neither_the_others_nor_the_next_round(
    store: Store, tmp_path: Path, fault: Exception
) -> None:
    failing, working = Works(fault), Works()
    house = House(store, tmp_path, failing.run_once, working.run_once)

    async with house.kept() as (kept, dispatching):
        assert not await kept.go_round(dispatching)
        assert not await kept.go_round(dispatching)
        failing.fault = None
        assert await kept.go_round(dispatching)

    assert working.done == 3
    assert [line["event"] for line in house.told()] == [
        "housekeeping_failed",
        "housekeeping_works_again",
    ]


async def test_what_failed_is_told_by_its_kind_and_never_by_its_text(
    store: Store, tmp_path: Path
) -> None:
    house = House(store, tmp_path, Works(KeyError("012345678901")).run_once)

    async with house.kept() as (kept, dispatching):
        await kept.go_round(dispatching)

    (line,) = house.told()
    assert line["fault"] == "KeyError"
    assert line["chore"] == "Works.run_once"
    assert "012345678901" not in house.log_file.read_text()


async def test_health_follows_the_chores(store: Store, tmp_path: Path) -> None:
    chore = Works(ZeroDivisionError())
    house = House(store, tmp_path, chore.run_once)

    async with house.kept() as (kept, dispatching), asyncio.timeout(10):
        keeping = asyncio.create_task(kept.run(dispatching))
        while await house.health() != NOT_SERVING:
            await asyncio.sleep(0)
        chore.fault = None
        while await house.health() != SERVING:
            await asyncio.sleep(0)
        assert not keeping.done()
        keeping.cancel()


async def test_a_dispatcher_that_ended_is_not_well_and_the_house_is_kept_on(
    store: Store, tmp_path: Path
) -> None:
    chore = Works()
    house = House(store, tmp_path, chore.run_once)

    async with house.kept() as (kept, dispatching):
        assert await kept.go_round(dispatching)
        dispatching.cancel()
        await asyncio.gather(dispatching, return_exceptions=True)
        assert not await kept.go_round(dispatching)

    assert chore.done == 2
