"""A very small world in a process of its own, and servers that judge nothing."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import grpc
import pytest
from tests.worlds import Worlds, seat

from renkei.linkage.v1 import processing_serial_pb2 as serial_pb2
from renkei_pki.authority import Authority
from renkei_pki.identity import Identity
from renkei_simulators.world.definition import World
from renkei_simulators.world.health import all_serving
from renkei_simulators.world.layout import Layout

WARD = "131148"

_SEATS = "".join(
    seat(*one, process="all")
    for one in (
        ("resident-record", WARD, "ward"),
        ("linkage-platform", WARD, "ward"),
        ("municipal-cs", WARD, "ward", "jukinet"),
        ("middle-server", WARD, "linkage"),
        ("national-server", "jlis", "jukinet"),
        ("provision-network", "ipn", "linkage"),
        ("agency-linkage", "nenkin", "linkage"),
    )
)

_WORLD = f"""
name = "kit"
test = true
seed = 5
today = 2026-11-23
municipality = [{{ code = "{WARD}", name = "中野区", residents = 20 }}]
agency = [{{ name = "nenkin", title = "日本年金機構", insured_of = ["{WARD}"] }}]
{_SEATS}
"""

Handler = Callable[[str, bytes, grpc.aio.ServicerContext], Awaitable[bytes]]  # type: ignore[type-arg]  # generic in its stubs alone


@dataclass(frozen=True, slots=True)
class Place:
    """A world and its data folder."""

    world: World
    layout: Layout


@pytest.fixture(scope="package")
def running(worlds: Worlds) -> Iterator[Place]:
    """The world, running until the last test."""
    with worlds.supervised(_WORLD) as run:
        listeners = asyncio.run(all_serving(run.world, run.layout, seconds=60))
        assert all(one.serving for one in listeners)
        yield Place(run.world, run.layout)


@asynccontextmanager
async def servers(place: Place, handler: Handler) -> AsyncIterator[Mapping[tuple[str, str], str]]:
    """Servers in the place of every seat, with certificates of the world, and who asks for none.

    They answer whatever the handler answers; yields their addresses by seat and domain.
    """
    addresses = {}
    async with AsyncExitStack() as stack:
        for seat in place.world.seats:
            for domain in seat.listen:
                identity = Identity(domain, seat.institution, seat.role)
                server, port = _server(place.layout, identity, handler)
                await server.start()
                stack.push_async_callback(server.stop, None)
                addresses[seat.name, domain] = f"127.0.0.1:{port}"
        yield addresses


def _server(layout: Layout, identity: Identity, handler: Handler) -> tuple[grpc.aio.Server, int]:
    authority = Authority.load(layout.authority(identity.domain))
    own = authority.issue(identity, now=datetime.now(UTC))
    server = grpc.aio.server()
    server.add_generic_rpc_handlers([_Anything(handler)])
    tls = grpc.ssl_server_credentials([(own.key_pem, own.chain_pem)])
    return server, server.add_secure_port("127.0.0.1:0", tls)


class _Anything(grpc.GenericRpcHandler):  # type: ignore[type-arg]  # generic in its stubs alone
    """Every method there could be."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler

    def service(self, details: grpc.HandlerCallDetails) -> object:
        async def answer(raw: bytes, context: grpc.aio.ServicerContext) -> bytes:  # type: ignore[type-arg]
            return await self._handler(details.method, raw, context)

        return grpc.unary_unary_rpc_method_handler(answer)


async def accept(method: str, _raw: bytes, _context: object) -> bytes:
    """A lax server: OK to everything, and one serial for everybody."""
    if method.endswith("/IssueProcessingSerial"):
        return issued("A" * 32)
    return b""


def issued(serial: str) -> bytes:
    """The answer of a provision network that issues this serial."""
    return serial_pb2.IssueProcessingSerialResponse(
        processing_serial={"value": serial}, expires_at={"seconds": 1}
    ).SerializeToString()


def as_somebody_elses(world: World, addresses: Mapping[tuple[str, str], str]) -> World:
    """The same world, all of its seats run by somebody else."""
    seats = [
        replace(
            one, external=dict.fromkeys(one.listen, addresses[one.name, next(iter(one.listen))])
        )
        for one in world.seats
    ]
    return replace(world, seats=tuple(seats))
