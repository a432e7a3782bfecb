"""Certificates are renewed while everything runs, and nobody is restarted or fails a call."""

import asyncio
import itertools
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

import grpc
import pytest
from google.protobuf.message import Message
from grpc_health.v1 import health_pb2
from typer.testing import CliRunner

from renkei import reasons
from renkei.acquisitions import BOUND, Acquisition
from renkei.networks import JUKINET, LINKAGE, ward
from renkei.refusals import Refusal
from renkei.type.v1.operator_session_pb2 import OperatorSession
from renkei_clients.channel import Channel
from renkei_clients.linkage import AgencyNumberingClient
from renkei_clients.ward import ResidentRecordClient
from renkei_pki.authority import Authority
from renkei_pki.certificates import Leaf
from renkei_pki.credentials import CredentialFolder, Credentials
from renkei_pki.handshake import shake_hands
from renkei_pki.identity import Identity
from renkei_server.process.serving import running
from renkei_simulators.cli import app
from renkei_simulators.population.residents import Resident
from renkei_simulators.world.configs import seat_config
from renkei_simulators.world.definition import World
from renkei_simulators.world.in_process import RunningWorld
from tests.worlds import Worlds

from .asking import final, new_id, until
from .people import People
from .small_world import AGENCY, BIG_WORLD, SMALL_WORLD, WARD

TERMINAL = Identity(ward(WARD), WARD, "ward-terminal")
AGENCY_TERMINAL = Identity(LINKAGE, AGENCY, "middle-terminal")
_CHECK = health_pb2.DESCRIPTOR.services_by_name["Health"].methods_by_name["Check"]


def now() -> datetime:
    return datetime.now(UTC)


class Watched(Channel):
    """A channel that counts how its calls end, and knows which are under way."""

    outcomes: ClassVar[Counter[str]] = Counter()
    under_way: ClassVar[set[int]] = set()
    numbers: ClassVar[Iterator[int]] = itertools.count()

    async def call(self, request: Message, *, seconds: float | None = None) -> Message:
        number, outcome = next(self.numbers), "OK"
        self.under_way.add(number)
        try:
            return await super().call(request, seconds=seconds)
        except Refusal as refusal:
            outcome = refusal.reason.name
            raise
        finally:
            self.under_way.remove(number)
            self.outcomes[outcome] += 1


@pytest.fixture(scope="module")
async def world(worlds: Worlds) -> AsyncIterator[RunningWorld]:
    """The small world, every call of its seats watched."""
    async with worlds.running(BIG_WORLD, open_channel=Watched) as running_world:
        yield running_world


class Load:
    """Wards and agencies acquire codes, one person after another, until it is enough."""

    def __init__(self, world: RunningWorld, people: People) -> None:
        self._world = world
        self._people = people
        self._enough = False
        self.outcomes: list[Acquisition] = []

    async def run(self) -> None:
        """Raise whatever a caller is refused."""
        async with AsyncExitStack() as stack:
            session = (self._world.layout.caller(TERMINAL) / "operator-session.bin").read_bytes()
            register = ResidentRecordClient(
                await self._open(
                    stack, TERMINAL, "resident-record", OperatorSession.FromString(session)
                )
            )
            agency = AgencyNumberingClient(
                await self._open(stack, AGENCY_TERMINAL, "agency-linkage")
            )

            async def at_ward(person: Resident) -> Acquisition:
                local = person.local_address_number
                await register.request_code_acquisition(new_id(), local)
                return await final(lambda: register.get_code_acquisition(local))

            async def at_agency(person: Resident) -> Acquisition:
                number = await agency.number_person(new_id(), person.individual_number)
                return await final(lambda: agency.get_numbering_outcome(number))

            await asyncio.gather(*(self._acquire(one) for one in [at_ward, at_agency] * 4))

    async def _acquire(self, acquire: Callable[[Resident], Awaitable[Acquisition]]) -> None:
        while not self._enough:
            self.outcomes.append(await acquire(self._people.somebody()))

    async def _open(
        self,
        stack: AsyncExitStack,
        caller: Identity,
        role: str,
        session: OperatorSession | None = None,
    ) -> Channel:
        own = CredentialFolder(self._world.layout.caller(caller))
        server = Identity(caller.domain, caller.institution, role)
        address = self._world.seats[f"{role}.{caller.institution}"].addresses[caller.domain]
        return await stack.enter_async_context(
            Watched(own.current, server, address, session=session)
        )

    async def further(self, count: int) -> None:
        """Wait until so many more acquisitions have come to their end."""
        goal = len(self.outcomes) + count
        await until(lambda: len(self.outcomes) >= goal)

    @asynccontextmanager
    async def under_way(self) -> AsyncIterator[None]:
        load = asyncio.create_task(self.run())
        try:
            yield
        finally:
            self._enough = True
            await load


async def calls_under_way_have_ended() -> None:
    """Wait for the calls that are under way now, and for no later ones."""
    begun = set(Watched.under_way)
    await until(lambda: not begun & Watched.under_way)


def serials(world: RunningWorld) -> dict[str, set[int]]:
    """Every serial issued so far, by trust domain."""
    return {
        domain: {one.serial for one in Authority.load(world.layout.authority(domain)).issued()}
        for domain in world.world.domains
    }


async def shown(world: RunningWorld) -> dict[str, set[int]]:
    """The serials that the listeners show in a handshake now, by trust domain."""
    found: dict[str, set[int]] = {domain: set() for domain in world.world.domains}
    for name, seat in world.seats.items():
        for domain, address in seat.addresses.items():
            folder = seat.config.networks[domain].credentials
            role, _, institution = name.partition(".")
            met = await asyncio.to_thread(
                shake_hands,
                address,
                Identity(domain, institution, role).dns,
                cert=folder / "chain.pem",
                key=folder / "key.pem",
                roots=folder / "roots.pem",
            )
            found[domain].add(Leaf.parse(met.server_pem).serial)
    return found


async def test_every_certificate_of_a_running_world_is_renewed_without_one_failed_call(
    world: RunningWorld, people: People
) -> None:
    load, before = Load(world, people), serials(world)
    old = Credentials.load(world.layout.caller(TERMINAL))

    async with load.under_way():
        await load.further(20)
        rotated = await asyncio.to_thread(
            CliRunner().invoke, app, ["pki", "rotate", "--data", str(world.layout.root)]
        )
        assert rotated.exit_code == 0, rotated.output
        await calls_under_way_have_ended()
        for domain, withdrawn in before.items():  # whoever still used one would be refused
            authority = Authority.load(world.layout.authority(domain))
            for serial in withdrawn:
                authority.revoke(serial, now=now())
        await load.further(40)

    assert set(load.outcomes) == {BOUND}
    assert set(Watched.outcomes) == {"OK"}
    for domain, seen in (await shown(world)).items():
        assert seen
        assert not seen & before[domain], "the listeners show the new ones"
    register = Identity(ward(WARD), WARD, "resident-record")
    async with Channel(old, register, address_of(world, register)) as channel:
        with pytest.raises(Refusal) as refused:
            await check(channel)
    assert refused.value.reason is reasons.CALLER_REVOKED, "the old ones are of no use"


def address_of(world: RunningWorld, server: Identity) -> str:
    return world.seats[f"{server.role}.{server.institution}"].addresses[server.domain]


async def check(channel: Channel) -> health_pb2.HealthCheckResponse:
    return await channel.ask(
        health_pb2.HealthCheckRequest(), health_pb2.HealthCheckResponse, lambda told: told
    )


async def test_a_connection_comes_of_age_so_that_changed_trust_reaches_open_ones_too(
    worlds: Worlds, tmp_path: Path
) -> None:
    definition = World.parse(SMALL_WORLD)
    layout = worlds.copy(definition)
    config = seat_config(definition, layout, definition.seat("national-server.jlis"))
    own = config.networks[JUKINET].credentials
    config = replace(
        config,
        networks={
            domain: replace(one, address="127.0.0.1:0") if one.address else one
            for domain, one in config.networks.items()
        },
        connection_age_seconds=0.5,
    )
    national = Identity(JUKINET, "jlis", "national-server")
    authority = Authority.load(layout.authority(JUKINET))
    caller = authority.issue(Identity(JUKINET, WARD, "municipal-cs"), now=now())
    foreign = Authority.create(tmp_path / "foreign", JUKINET, now=now())
    stranger = foreign.issue(national, now=now())

    async with (
        running(config, {}) as seat,
        Channel(caller, national, seat.addresses[JUKINET]) as channel,
    ):
        for _ in range(200):
            await check(channel)
        replace(Credentials.load(own), roots_pem=stranger.roots_pem).renew(own)

        async with asyncio.timeout(30):
            with pytest.raises(Refusal) as refused:
                await for_ever(lambda: check(channel))

    assert refused.value.reason is reasons.PEER_UNREACHABLE


async def for_ever(call: Callable[[], Awaitable[object]]) -> None:
    """Make a call again and again, until it is refused."""
    while True:
        await call()


class Slow(grpc.GenericRpcHandler):
    """Answers when it is let to, and remembers by which certificate it was called."""

    def __init__(self) -> None:
        self.callers: list[bytes] = []
        self.gates: list[asyncio.Event] = []

    def service(
        self,
        handler_call_details: grpc.HandlerCallDetails,  # noqa: ARG002
    ) -> grpc.RpcMethodHandler:
        return grpc.unary_unary_rpc_method_handler(self._answer)

    async def _answer(self, _request: bytes, context: grpc.aio.ServicerContext) -> bytes:
        self.callers.append(Leaf.parse(context.auth_context()["x509_pem_cert"][0]).fingerprint)
        self.gates.append(gate := asyncio.Event())
        await gate.wait()
        return b""


async def test_a_call_under_way_ends_on_its_own_connection_while_the_next_uses_the_new_one(
    tmp_path: Path,
) -> None:
    authority = Authority.create(tmp_path / "authority", JUKINET, now=now())
    national, nakano = (
        Identity(JUKINET, "jlis", "national-server"),
        Identity(JUKINET, WARD, "municipal-cs"),
    )
    server, own, slow = grpc.aio.server(), authority.issue(national, now=now()), Slow()
    server.add_generic_rpc_handlers((slow,))
    port = server.add_secure_port(
        "127.0.0.1:0",
        grpc.ssl_server_credentials(
            [(own.key_pem, own.chain_pem)],
            root_certificates=own.roots_pem,
            require_client_auth=True,
        ),
    )
    await server.start()
    old, new = (authority.issue(nakano, now=now()) for _ in range(2))
    old.write(tmp_path / "own")
    folder = CredentialFolder(tmp_path / "own")

    async with Channel(folder.current, national, f"127.0.0.1:{port}") as channel:
        first = asyncio.create_task(check(channel))
        await until(lambda: len(slow.gates) == 1)
        new.renew(tmp_path / "own")
        second = asyncio.create_task(check(channel))
        await until(lambda: len(slow.gates) == 2)
        slow.gates[1].set()
        await second
        assert len(channel._connections) == 2, "the first is not given up"
        slow.gates[0].set()
        await first
        assert len(channel._connections) == 1

    assert slow.callers == [Leaf.parse(one.chain_pem).fingerprint for one in (old, new)]
    await server.stop(None)
