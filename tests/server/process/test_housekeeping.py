"""Housekeeping: no failure of a chore ends it, and the health service tells what is."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from grpc_health.v1 import health_pb2
from grpc_health.v1._async import HealthServicer

from renkei import reasons
from renkei.refusals import Refusal
from renkei_server.dispatch.dispatcher import Dispatcher
from renkei_server.process.housekeeping import QUIET_PAUSES, Chore, Housekeeping
from renkei_server.process.logs import open_log
from renkei_server.store.engine import operations, outbox
from renkei_server.store.engine.operations import OperationLog
from renkei_server.store.engine.outbox import Outbox
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.engine.shared import Shared
from renkei_server.store.engine.store import Store, tables
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


class Pauses:
    """Pauses that take no time; something happens in some of them, and the last one ends the house."""

    def __init__(self, chore: Works, last: int, happening: dict[int, Callable[[], None]]) -> None:
        self._chore = chore
        self._last = last
        self._happening = happening
        self.rounds: list[int] = []
        """How many rounds there had been at each pause."""

    async def __call__(self, _seconds: float) -> None:
        self.rounds.append(self._chore.done)
        await asyncio.sleep(0)
        if len(self.rounds) == self._last:
            raise asyncio.CancelledError
        if happens := self._happening.get(len(self.rounds)):
            happens()


@pytest.fixture
def store(open_store: OpenStore) -> Store:
    return open_store(outbox.TABLES)


class House:
    """A house that is kept, its dispatcher, and what is told of it."""

    def __init__(self, store: Store, folder: Path, *chores: Chore) -> None:
        self.log_file = folder / "seat.jsonl"
        self.doctor = HealthServicer()
        self.clock = SetClock()
        self.stirs: Callable[[], None] = lambda: None
        self._store = store
        self._chores = chores

    @asynccontextmanager
    async def kept(
        self, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> AsyncIterator[tuple[Housekeeping, asyncio.Task[None]]]:
        with open_log(self.log_file, "a-seat.131148", self.clock) as log:
            dispatcher = Dispatcher(
                store=self._store,
                outbox=Outbox(self._store.sealer, CountedIds()),
                routes={},
                clock=self.clock,
                log=log,
            )
            house = Housekeeping(
                store=self._store,
                dispatcher=dispatcher,
                chores=self._chores,
                doctor=self.doctor,
                clock=self.clock,
                log=log,
                pause_seconds=0.001,
                sleep=sleep,
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


async def test_another_worker_is_as_well_as_the_first(
    database: Path, sealer: Sealer, tmp_path: Path
) -> None:
    first = Shared.made(2)
    assert first.handles is not None
    chore = Works(ZeroDivisionError())
    metadata = tables(operations.TABLES, outbox.TABLES)
    stores = [
        Store(database, sealer, metadata, operations=OperationLog(sealer), shared=shared)
        for shared in (first, Shared.joined(first.handles, 1))
    ]
    keeper, other = House(stores[0], tmp_path, chore.run_once), House(stores[1], tmp_path)

    async with keeper.kept() as (kept, dispatching), other.kept() as (beside, _):
        keeping = [
            asyncio.create_task(kept.run(dispatching)),
            asyncio.create_task(beside.run(None)),
        ]
        async with asyncio.timeout(10):
            while await other.health() != NOT_SERVING:
                await asyncio.sleep(0)
            chore.fault = None
            while await other.health() != SERVING:
                await asyncio.sleep(0)
        for one in keeping:
            one.cancel()
        await asyncio.gather(*keeping, return_exceptions=True)
    for store in reversed(stores):
        store.close()
    first.close()


async def rounds(house: House, pauses: Pauses) -> list[int]:
    """Keep the house for so many pauses; return how many rounds there had been at each."""
    async with house.kept(pauses) as (kept, dispatching):
        house.stirs = kept.stir
        with pytest.raises(asyncio.CancelledError):
            await kept.run(dispatching)
    return pauses.rounds


async def test_where_nothing_moves_the_house_is_gone_round_more_seldom(
    store: Store, tmp_path: Path
) -> None:
    chore = Works()
    house = House(store, tmp_path, chore.run_once)

    seen = await rounds(house, Pauses(chore, 2 + QUIET_PAUSES, {}))

    assert seen == [1, *[2] * QUIET_PAUSES, 3], "the first round finds what was left"


async def test_what_is_committed_or_a_clock_that_is_moved_brings_the_next_two_rounds_at_once(
    store: Store, tmp_path: Path
) -> None:
    chore = Works()
    house = House(store, tmp_path, chore.run_once)

    def moves() -> None:
        house.clock.go_ahead(timedelta(days=1))

    happening = {2: lambda: house.stirs(), 5: moves}
    seen = await rounds(house, Pauses(chore, 7, happening))

    assert seen == [1, 2, 3, 4, 4, 5, 6]


async def test_a_house_that_is_not_well_is_gone_round_at_every_pause(
    store: Store, tmp_path: Path
) -> None:
    failing, counting = Works(ZeroDivisionError()), Works()
    house = House(store, tmp_path, failing.run_once, counting.run_once)

    assert await rounds(house, Pauses(counting, 4, {})) == [1, 2, 3, 4]
