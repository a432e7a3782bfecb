"""One seat that serves: what it opens, keeps well and closes.

What opens also closes and says whether it is well; the standard health service
of each listener reads it.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from grpc_health.v1._async import HealthServicer

from renkei_clients.channel import Channel
from renkei_server.config import SeatConfig
from renkei_server.dispatch.dispatcher import Dispatcher
from renkei_server.process.alone import alone, require_at_hand
from renkei_server.process.complete import require_complete
from renkei_server.process.connector import Connector
from renkei_server.process.control import control
from renkei_server.process.housekeeping import Housekeeping
from renkei_server.process.listener import listen
from renkei_server.process.logs import open_log
from renkei_server.process.machine import CrashPoints, MachineIds, WorldClock
from renkei_server.roles.bills import assemble, metadata_of
from renkei_server.roles.parts import Parts
from renkei_server.store.engine.operations import OperationLog
from renkei_server.store.engine.outbox import Outbox
from renkei_server.store.engine.receipts import Receipts
from renkei_server.store.engine.run_digests import SeatRun
from renkei_server.store.engine.sealing import Sealer
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


@asynccontextmanager
async def running(
    config: SeatConfig,
    peers: Mapping[str, str],
    *,
    open_channel: type[Channel] = Channel,
) -> AsyncIterator[RunningSeat]:
    """Run one seat; `peers` is read when a peer is first called. Raises SEAT_INCOMPLETE and
    SEAT_RUNS_ALREADY.

    `open_channel` makes its channels: a test hands in one that loses what it is told.
    """
    async with AsyncExitStack() as stack:
        require_complete(config)
        stack.enter_context(alone(config.folder))
        ids = MachineIds()
        clock = WorldClock(config.clock)
        log = stack.enter_context(open_log(config.log, config.name, clock))
        await require_at_hand(config.place)
        store = _open_store(config)
        stack.callback(store.close)
        if store.upgraded:
            found, now = store.upgraded
            log.info("store_upgraded", found=found, now=now)
        outbox = Outbox(store.sealer, ids, store.shared)
        connect = Connector(config, peers, log, open_channel)
        stack.push_async_callback(connect.close)
        receipts = Receipts(store.sealer, SeatRun.drawn(ids))
        parts = Parts(config, store, outbox, receipts, clock, ids, connect.channel)
        seat = assemble(parts)
        dispatcher = Dispatcher(
            store=store, outbox=outbox, routes=seat.routes, clock=clock, log=log, pace=config.pace
        )
        store.on_commit(dispatcher.wake)
        store.on_doubt(dispatcher.look_anew)
        doctor = HealthServicer()
        services = {**seat.services, **control(config, store, clock, dispatcher)}
        listening = [domain for domain, network in config.networks.items() if network.address]
        if idle := set(listening) - set(services):
            msg = f"{config.name} listens in {', '.join(sorted(idle))}, where its bill has no services"
            raise ValueError(msg)
        addresses = {
            domain: await listen(stack, parts, services[domain], domain, doctor, log)
            for domain in listening
        }
        house = Housekeeping(
            store=store,
            dispatcher=dispatcher,
            chores=seat.regularly,
            doctor=doctor,
            clock=clock,
            log=log,
            pause_seconds=config.pace.housekeeping_seconds,
        )
        store.on_commit(house.stir)
        dispatching = asyncio.create_task(dispatcher.run())
        stack.push_async_callback(_stop, dispatching)
        stack.push_async_callback(_stop, asyncio.create_task(house.run(dispatching)))
        log.info("seat_opened", listening=addresses)
        yield RunningSeat(config, addresses, store, dispatcher)
        log.info("seat_closing")


def _open_store(config: SeatConfig) -> Store:
    sealer = Sealer.load(config.key)
    return Store(
        config.place,
        sealer,
        metadata_of(config.role),
        operations=OperationLog(sealer),
        owner=config.owner,
        crash=CrashPoints(config.crashes) if config.crash_points else None,
    )


async def _stop(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
