"""One seat that serves: what it opens, keeps well and closes.

What opens also closes and says whether it is well; the standard health service
of each listener reads it.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from grpc_health.v1._async import HealthServicer
from structlog.typing import FilteringBoundLogger

from renkei_clients.channel import Channel
from renkei_clients.memories import MemoryClient
from renkei_server.config import SeatConfig
from renkei_server.dispatch.dispatcher import Dispatcher
from renkei_server.process.alone import alone, require_at_hand
from renkei_server.process.collecting import COLLECTING
from renkei_server.process.complete import require_complete, require_files
from renkei_server.process.connector import Connector
from renkei_server.process.control import control
from renkei_server.process.housekeeping import Housekeeping
from renkei_server.process.listener import listen
from renkei_server.process.logs import open_log
from renkei_server.process.machine import CrashPoints, MachineIds, WorldClock
from renkei_server.process.neighbours import Neighbours
from renkei_server.process.restored import record_restored, was_restored
from renkei_server.process.workers import Part, other_workers
from renkei_server.roles.bills import assemble, metadata_of
from renkei_server.roles.own_keys import OwnKeys
from renkei_server.roles.parts import Parts
from renkei_server.store.engine.operations import OperationLog
from renkei_server.store.engine.outbox import Outbox
from renkei_server.store.engine.receipts import Receipts
from renkei_server.store.engine.run_digests import SeatRun
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.engine.shared import Shared
from renkei_server.store.engine.store import Store


@dataclass(frozen=True, slots=True)
class RunningSeat:
    """A seat that answers: where, and what it keeps."""

    config: SeatConfig
    addresses: Mapping[str, str]
    """By trust domain; a port 0 of the config is replaced by the one that was free."""
    store: Store
    dispatcher: Dispatcher
    """Makes the calls that the seat owes."""
    keys: OwnKeys
    """How it proves itself."""
    neighbours: Neighbours
    opening: asyncio.Task[None]
    """Ends once the seat serves: after it has reconciled with its neighbours."""


@asynccontextmanager
async def running(
    config: SeatConfig,
    peers: Mapping[str, str],
    *,
    open_channel: type[Channel] = Channel,
    beside: asyncio.Event | None = None,
) -> AsyncIterator[RunningSeat]:
    """Run one seat; `peers` is read when a peer is first called. Raises SEAT_INCOMPLETE and
    SEAT_RUNS_ALREADY.

    `beside` is set once those that are opened with it can be asked.

    `open_channel` makes its channels: a test hands in one that loses what it is told. Where several
    workers serve the seat this is the first of them, which starts the others and ends them.
    """
    several = config.workers > 1
    async with AsyncExitStack() as stack:
        require_files(config)
        stack.enter_context(alone(config.folder))
        keys = stack.enter_context(OwnKeys.opened(config))
        require_complete(config, keys)
        clock = WorldClock(config.clock)
        log = stack.enter_context(open_log(config.log, config.name, clock))
        await require_at_hand(config.place)
        part = Part(
            Shared.made(config.workers) if several else Shared.alone(), SeatRun.drawn(MachineIds())
        )
        stack.callback(part.shared.close)
        seat = await stack.enter_async_context(
            serving(config, keys, peers, part, clock, log, open_channel=open_channel, beside=beside)
        )
        if several:
            await stack.enter_async_context(other_workers(config, seat.addresses, part, log))
        log.info("seat_opened", listening=seat.addresses)
        yield seat
        log.info("seat_closing")


@asynccontextmanager
async def serving(
    config: SeatConfig,
    keys: OwnKeys,
    peers: Mapping[str, str],
    part: Part,
    clock: WorldClock,
    log: FilteringBoundLogger,
    *,
    open_channel: type[Channel] = Channel,
    beside: asyncio.Event | None = None,
) -> AsyncIterator[RunningSeat]:
    """Serve a seat as one of its workers; what is done once a seat is done by the first."""
    is_first = part.shared.is_first
    async with AsyncExitStack() as stack:
        stack.enter_context(COLLECTING.seldom())
        ids = MachineIds()
        # a lock that is held from outside is waited for, and not by the seats beside this one
        store = await asyncio.to_thread(_open_store, config, keys.sealer(), part.shared)
        stack.callback(store.close)
        _hear(stack, store)
        if store.upgraded:
            found, now = store.upgraded
            log.info("store_upgraded", found=found, now=now)
        outbox = Outbox(store.sealer, ids, store.shared)
        connect = Connector(config, keys, peers, log, open_channel)
        stack.push_async_callback(connect.close)
        receipts = Receipts(store.sealer, part.run)
        parts = Parts(config, keys, store, outbox, receipts, clock, ids, connect.channel)
        seat = assemble(parts)
        neighbours = Neighbours(
            store=store,
            clock=clock,
            ids=ids,
            log=log,
            peers={name: MemoryClient(channel) for name, channel in connect.peers.items()},
            reconcile=seat.reconcile,
        )
        if is_first:
            neighbours.begin(restored=was_restored(config.folder))
            record_restored(config.folder, store, clock, log)
        dispatcher = Dispatcher(
            store=store, outbox=outbox, routes=seat.routes, clock=clock, log=log, pace=config.pace
        )
        doctor = HealthServicer()
        services = dict(seat.services)
        if is_first:
            services |= control(config, store, clock, dispatcher)
        listening = [domain for domain, network in config.networks.items() if network.address]
        if idle := set(listening) - set(services):
            msg = f"{config.name} listens in {', '.join(sorted(idle))}, where its bill has no services"
            raise ValueError(msg)
        addresses = {
            domain: await listen(stack, parts, services[domain], domain, doctor, log, neighbours)
            for domain in listening
        }
        house = Housekeeping(
            store=store,
            dispatcher=dispatcher,
            chores=(*seat.regularly, neighbours.run_once) if is_first else (),
            always=() if keys.token is None else (keys.look,),
            closed=lambda: neighbours.closed,
            doctor=doctor,
            clock=clock,
            log=log,
            pause_seconds=config.pace.housekeeping_seconds,
        )
        store.on_commit(house.stir)
        dispatching = None
        if is_first:
            store.on_commit(dispatcher.wake)
            store.on_doubt(dispatcher.look_anew)
            dispatching = asyncio.create_task(dispatcher.run())
            stack.push_async_callback(_stop, dispatching)
        stack.push_async_callback(_stop, asyncio.create_task(house.run(dispatching)))
        opening = asyncio.create_task(_open_to_callers(neighbours, house, beside))
        stack.push_async_callback(_stop, opening)
        yield RunningSeat(config, addresses, store, dispatcher, keys, neighbours, opening)


async def _open_to_callers(
    neighbours: Neighbours, house: Housekeeping, beside: asyncio.Event | None
) -> None:
    """Let a seat serve that has served before, once it has reconciled."""
    if neighbours.closed:
        if beside is not None:
            await beside.wait()
        await neighbours.start()
        await house.tell()


def _open_store(config: SeatConfig, sealer: Sealer, shared: Shared) -> Store:
    return Store(
        config.place,
        sealer,
        metadata_of(config.role),
        operations=OperationLog(sealer),
        owner=config.owner,
        crash=CrashPoints(config.crashes) if config.crash_points else None,
        shared=shared,
    )


def _hear(stack: AsyncExitStack, store: Store) -> None:
    """Look at what other workers commit as soon as they say so."""
    if store.shared.handles is not None:
        loop, woken = asyncio.get_running_loop(), store.shared.wakes_by
        loop.add_reader(woken, store.awake)
        stack.callback(loop.remove_reader, woken)


async def _stop(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
