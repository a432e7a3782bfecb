"""One organisation that makes far more calls at once than a server can answer, from a process of its own."""

import asyncio
import statistics
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc

from renkei.contract import method_of, path_of
from renkei.linkage.v1.processing_serial_pb2 import IssueProcessingSerialRequest
from renkei.networks import LINKAGE
from renkei_clients.connection import Connection
from renkei_pki.credentials import CredentialFolder
from renkei_pki.identity import Identity
from renkei_simulators.world.definition import World
from renkei_simulators.world.layout import Layout
from tests.forking import Forked

from .asking import until

CALLS, CONNECTIONS = 1_500, 15
_SERVER = Identity(LINKAGE, "ipn", "provision-network")
_SECONDS = 60.0
_BEGUN = 300
"""So many calls were answered before anybody looks: all its connections are open."""


@dataclass(frozen=True, slots=True)
class Asked:
    """How long calls took that were made one after the other, in milliseconds."""

    milliseconds: Sequence[float]

    @property
    def median(self) -> float:
        """The median."""
        return statistics.median(self.milliseconds)

    @property
    def worst(self) -> float:
        """The longest."""
        return max(self.milliseconds)


@dataclass(frozen=True, slots=True)
class Network:
    """The provision network of a world, as middle servers call it: each asks for serials."""

    world: World
    layout: Layout

    @property
    def address(self) -> str:
        """Where it listens."""
        return next(s.listen[LINKAGE] for s in self.world.seats if s.role == _SERVER.role)

    def folder(self, organisation: str) -> Path:
        """The certificate of an organisation's middle server."""
        caller = Identity(LINKAGE, organisation, "middle-server")
        return self.layout.certificate(f"{caller.role}.{organisation}", caller)

    async def ask(self, organisation: str, calls: int) -> Asked:
        """Ask for so many serials on one connection, one after the other."""
        own = CredentialFolder(self.folder(organisation)).current()
        connection = Connection(own, _SERVER, self.address)
        call = connection.calling(method_of(IssueProcessingSerialRequest).descriptor)
        took = []
        for _ in range(calls + 1):
            began = time.perf_counter()
            await call(request_of(organisation), timeout=_SECONDS)
            took.append(1_000 * (time.perf_counter() - began))
        await connection.close()
        return Asked(took[1:])  # the first opens the connection

    @asynccontextmanager
    async def flooded(self, organisation: str) -> AsyncIterator[None]:
        """While an organisation floods it, whatever it is told: each answer brings the next call."""
        flooding = Forked(_flood, self.folder(organisation), self.address, organisation)
        log = self.layout.logs / f"{_SERVER.role}.{_SERVER.institution}.jsonl"
        caller = f"/{organisation}/middle-server"
        try:
            await until(lambda: log.read_text(encoding="utf-8").count(caller) > _BEGUN)
            yield
        finally:
            flooding.kill()
            flooding.wait()


def request_of(organisation: str) -> IssueProcessingSerialRequest:
    """A request for a serial."""
    return IssueProcessingSerialRequest(request_id=str(uuid.uuid4()), sender=organisation)


def _flood(folder: Path, address: str, organisation: str) -> None:
    asyncio.run(_make_calls(folder, address, organisation))


async def _make_calls(folder: Path, address: str, organisation: str) -> None:
    own = CredentialFolder(folder).current()
    path = path_of(method_of(IssueProcessingSerialRequest).descriptor)
    channels = [
        _open(own.roots_pem, own.key_pem, own.chain_pem, address) for _ in range(CONNECTIONS)
    ]
    calls: list[Callable[..., Awaitable[Any]]] = [one.unary_unary(path) for one in channels]

    async def call_for_ever(call: Callable[..., Awaitable[Any]]) -> None:
        while True:
            with suppress(grpc.aio.AioRpcError):
                await call(request_of(organisation).SerializeToString(), timeout=_SECONDS)

    await asyncio.gather(*(call_for_ever(calls[n % CONNECTIONS]) for n in range(CALLS)))


def _open(roots: bytes, key: bytes, chain: bytes, address: str) -> grpc.aio.Channel:
    return grpc.aio.secure_channel(
        address,
        grpc.ssl_channel_credentials(roots, key, chain),
        options=[
            ("grpc.ssl_target_name_override", _SERVER.dns),
            ("grpc.use_local_subchannel_pool", 1),
        ],
    )
