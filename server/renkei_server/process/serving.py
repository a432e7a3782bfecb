"""A server process: opens its seats, answers until it is told to stop, closes them.

What opens also closes and says whether it is well; the standard health service
of each listener reads it.
"""

import asyncio
import signal
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import renkei_pki.tls  # noqa: F401  # isort: skip  # must come before grpc: it makes TLS 1.3 the only one
import grpc
import structlog
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_health.v1._async import HealthServicer
from grpc_reflection.v1alpha import reflection, reflection_pb2_grpc
from grpc_reflection.v1alpha._async import ReflectionServicer
from structlog.typing import EventDict, FilteringBoundLogger, WrappedLogger

from renkei.faults import describe
from renkei.limits import MESSAGE_LIMIT
from renkei.refusals import Refusal
from renkei_clients.channel import Answered, Channel
from renkei_pki.credentials import CredentialFolder, Credentials
from renkei_pki.identity import CONTROL, Identity
from renkei_pki.revocation import Revocations
from renkei_server.config import ProcessConfig, SeatConfig, address_of
from renkei_server.dispatch.dispatcher import Dispatcher
from renkei_server.domain.world import Clock
from renkei_server.door.caller import Callers
from renkei_server.door.door import Door, Service
from renkei_server.door.passage import Passages
from renkei_server.door.standard import collect
from renkei_server.process.machine import CrashPoints, MachineIds, WorldClock
from renkei_server.roles.assembly import assemble, metadata_of
from renkei_server.roles.parts import Parts, Seat
from renkei_server.seats.control.clock import ClockService
from renkei_server.seats.control.moves import Moves
from renkei_server.seats.control.snapshots import Snapshots
from renkei_server.seats.control.state import StateService
from renkei_server.store.engine.operations import OperationLog
from renkei_server.store.engine.outbox import Outbox
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.engine.store import Store

HOUSEKEEPING_SECONDS = 0.25
_GRACE_SECONDS = 1.0

_SERVER_OPTIONS = (
    ("grpc.so_reuseport", 0),  # a second server on the same port is a mistake, not a helper
    ("grpc.max_receive_message_length", 4 * MESSAGE_LIMIT),
    ("grpc.max_connection_age_grace_ms", 60_000),  # a call under way comes to its end
)


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
    """Run one seat; `peers` is read when a peer is first called.

    `open_channel` makes its channels: a test hands in one that loses what it is told.
    """
    async with AsyncExitStack() as stack:
        ids = MachineIds()
        clock = WorldClock(config.clock)
        log = _open_log(stack, config, clock)
        sealer = Sealer.load(config.key)
        store = Store(
            config.database,
            sealer,
            metadata_of(config.role),
            operations=OperationLog(sealer),
            crash=CrashPoints(config.crashes) if config.crash_points else None,
        )
        stack.callback(store.close)
        outbox = Outbox(sealer, ids)
        connect = _Connector(config, peers, log, open_channel)
        stack.push_async_callback(connect.close)
        parts = Parts(config, store, outbox, clock, ids, connect.channel)
        seat = assemble(parts)
        dispatcher = Dispatcher(
            store=store, outbox=outbox, routes=seat.routes, clock=clock, log=log
        )
        store.on_commit(dispatcher.wake)
        doctor = HealthServicer()
        services = {**seat.services, **_control(config, store, clock, dispatcher)}
        addresses = {
            domain: await _listen(stack, parts, services[domain], domain, doctor, log)
            for domain, network in config.networks.items()
            if network.address
        }
        dispatching = asyncio.create_task(dispatcher.run())
        stack.push_async_callback(_stop, dispatching)
        house = asyncio.create_task(_keep_house(seat, store, dispatcher, dispatching, doctor, log))
        stack.push_async_callback(_stop, house)
        log.info("seat_opened", listening=addresses)
        yield RunningSeat(config, addresses, store, dispatcher)
        log.info("seat_closing")


async def serve(path: Path) -> None:
    """Run the seats of a config file until SIGTERM or SIGINT."""
    config = ProcessConfig.load(path)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with AsyncExitStack() as stack:
        for seat in config.seats:
            await stack.enter_async_context(running(seat, seat.peers))
        await stop.wait()


class _Connector:
    """Opens channels to peers when they are first needed, and closes them all."""

    def __init__(
        self,
        config: SeatConfig,
        peers: Mapping[str, str],
        log: FilteringBoundLogger,
        open_channel: type[Channel],
    ) -> None:
        self._open_channel = open_channel
        self._config = config
        self._peers = peers
        self._log = log
        self._channels: list[Channel] = []

    def channel(self, domain: str, role: str, institution: str) -> Channel:
        credentials = CredentialFolder(self._config.networks[domain].credentials)
        server = Identity(domain, institution, role)
        channel = self._open_channel(
            credentials.current,
            server,
            lambda: address_of(self._peers, f"{role}.{institution}", domain),
            observe=self._observe,
            together=True,
        )
        self._channels.append(channel)
        return channel

    async def close(self) -> None:
        for channel in self._channels:
            await channel.close()

    def _observe(self, answered: Answered) -> None:
        self._log.info(
            "call_answered",
            peer=answered.peer,
            method=answered.method,
            request_id=answered.request_id,
            outcome=answered.outcome,
            milliseconds=answered.milliseconds,
        )


def _control(
    config: SeatConfig, store: Store, clock: WorldClock, dispatcher: Dispatcher
) -> Mapping[str, Sequence[Service]]:
    """The services by which a test world is controlled; no other world has them."""
    if CONTROL not in config.networks:
        return {}
    if not config.test:
        msg = f"{config.name} has a listener for control, and its world is no test world"
        raise ValueError(msg)
    snapshots = Snapshots(store, config.snapshots)
    snapshots.save_initial()
    return {
        CONTROL: (
            ClockService(clock=clock, moves=Moves(config.clock.with_name("clock-moves.json"))),
            StateService(
                snapshots=snapshots, work=dispatcher, moves=Moves(config.folder / "moves.json")
            ),
        )
    }


async def _listen(
    stack: AsyncExitStack,
    parts: Parts,
    services: Sequence[Service],
    domain: str,
    doctor: HealthServicer,
    log: FilteringBoundLogger,
) -> str:
    """Open the listener of one trust domain; return where it is."""
    config, clock, network = parts.config, parts.clock, parts.config.networks[domain]
    names = [service.contract.full_name for service in services]
    reflector = ReflectionServicer([*names, health.SERVICE_NAME, reflection.SERVICE_NAME])
    revocations = Revocations(
        network.authority / "crl.pem", network.authority / "issuing.pem", now=clock.real
    )
    door = Door(
        listener=Identity(domain, config.institution, config.role),
        services=services,
        standard={
            **collect(health_pb2_grpc.add_HealthServicer_to_server, doctor),
            **collect(reflection_pb2_grpc.add_ServerReflectionServicer_to_server, reflector),
        },
        passages=Passages(
            callers=Callers(domain=domain, revocations=revocations, clock=clock),
            store=parts.store,
            clock=clock,
            log=log.bind(domain=domain),
        ),
        sealer=parts.store.sealer,
    )
    age = ("grpc.max_connection_age_ms", round(config.connection_age_seconds * 1000))
    server = grpc.aio.server(options=(*_SERVER_OPTIONS, age))
    server.add_generic_rpc_handlers((door,))
    port = server.add_secure_port(
        network.address, _server_credentials(CredentialFolder(network.credentials))
    )
    await server.start()
    stack.push_async_callback(server.stop, _GRACE_SECONDS)
    host, _, _ = network.address.rpartition(":")
    return f"{host}:{port}"


def _server_credentials(folder: CredentialFolder) -> grpc.ServerCredentials:
    """What a listener shows and trusts: what the folder holds as each handshake begins."""
    shown = folder.current()

    def renewed() -> grpc.ServerCertificateConfiguration | None:
        nonlocal shown
        if (latest := folder.current()) is shown:
            return None
        shown = latest
        return _configuration(latest)

    return grpc.dynamic_ssl_server_credentials(
        _configuration(shown),
        renewed,  # type: ignore[arg-type]  # None is "no change"; its stubs do not know
        require_client_authentication=True,
    )


def _configuration(own: Credentials) -> grpc.ServerCertificateConfiguration:
    return grpc.ssl_server_certificate_configuration(
        [(own.key_pem, own.chain_pem)], root_certificates=own.roots_pem
    )


async def _keep_house(
    seat: Seat,
    store: Store,
    dispatcher: Dispatcher,
    dispatching: asyncio.Task[None],
    doctor: HealthServicer,
    log: FilteringBoundLogger,
) -> None:
    """Do what is done regularly, empty the write-ahead log, and say whether all is well."""
    serving = health_pb2.HealthCheckResponse.ServingStatus
    told = False
    while True:
        well = store.tidy() and not dispatching.done()
        if dispatching.done() and not told:
            told = True
            log.error("dispatcher_ended", **describe(_end_of(dispatching)))
        for one in () if dispatcher.paused else seat.regularly:
            try:
                await one()
            except Refusal as refusal:
                well = False
                log.warning("housekeeping_refused", reason=refusal.reason.name)
        await doctor.set("", serving.SERVING if well else serving.NOT_SERVING)
        await asyncio.sleep(HOUSEKEEPING_SECONDS)


def _end_of(task: asyncio.Task[None]) -> BaseException:
    """Why a task that should never end has ended."""
    return (None if task.cancelled() else task.exception()) or asyncio.CancelledError()


async def _stop(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def _open_log(stack: AsyncExitStack, config: SeatConfig, clock: Clock) -> FilteringBoundLogger:
    """The seat's log lines: one JSON object each, with the machine's time."""

    def at(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        event["at"] = clock.real().isoformat(timespec="microseconds")
        return event

    file: TextIO = stack.enter_context(config.log.open("a", buffering=1, encoding="utf-8"))
    processors: Sequence[Any] = (
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        at,
        structlog.processors.JSONRenderer(ensure_ascii=False),
    )
    log: FilteringBoundLogger = structlog.wrap_logger(
        structlog.WriteLogger(file),
        processors=processors,
        wrapper_class=structlog.make_filtering_bound_logger("info"),
        seat=config.name,
    )
    return log
