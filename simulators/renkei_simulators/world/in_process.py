"""A whole world in one process and one event loop, on free ports: for tests and benchmarks."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace

from renkei.type.v1 import operator_session_pb2
from renkei_clients.channel import Channel
from renkei_clients.linkage import AgencyNumberingClient
from renkei_clients.ward import NumberingClient, ResidentRecordClient
from renkei_pki.credentials import Credentials
from renkei_pki.identity import LINKAGE, Identity, ward
from renkei_server.process import RunningSeat, running
from renkei_simulators.world.callers import SESSION_FILE
from renkei_simulators.world.definition import World
from renkei_simulators.world.layout import Layout
from renkei_simulators.world.provision import seat_config


@dataclass(slots=True)
class RunningWorld:
    """Every seat of a world, running here."""

    world: World
    layout: Layout
    seats: dict[str, RunningSeat]
    stack: AsyncExitStack

    def address(self, seat: str, domain: str) -> str:
        """Where a seat listens in a trust domain."""
        return self.seats[seat].addresses[domain]

    def channel(self, caller: Identity, role: str, institution: str) -> Channel:
        """A channel from an outside caller, on its own network; closed with the world."""
        credentials = Credentials.load(self.layout.caller(caller))
        return self.channel_with(credentials, Identity(caller.domain, institution, role))

    def channel_with(self, credentials: Credentials, server: Identity) -> Channel:
        """A channel with any certificate; closed with the world."""
        address = self.address(f"{server.role}.{server.institution}", server.domain)
        channel = Channel(credentials, server, address)
        self.stack.push_async_callback(channel.close)
        return channel

    def terminal(self, code: str) -> ResidentRecordClient:
        """A ward's terminal with its operator session."""
        caller = Identity(ward(code), code, "ward-terminal")
        session = (self.layout.caller(caller) / SESSION_FILE).read_bytes()
        return ResidentRecordClient(
            self.channel(caller, "resident-record", code),
            code,
            operator_session_pb2.OperatorSession.FromString(session),
        )

    def address_system(self, code: str) -> NumberingClient:
        """A ward's address system."""
        caller = Identity(ward(code), code, "address-system")
        return NumberingClient(self.channel(caller, "linkage-platform", code), code)

    def agency_terminal(self, agency: str) -> AgencyNumberingClient:
        """A national body's own terminal."""
        caller = Identity(LINKAGE, agency, "middle-terminal")
        return AgencyNumberingClient(self.channel(caller, "agency-linkage", agency), agency)


@asynccontextmanager
async def run_in_process(world: World, layout: Layout) -> AsyncIterator[RunningWorld]:
    """Run a provisioned world here, each listener on a free port of 127.0.0.1."""
    async with AsyncExitStack() as stack:
        peers: dict[str, str] = {}
        seats: dict[str, RunningSeat] = {}
        for plan in world.seats:
            config = seat_config(world, layout, plan)
            networks = {
                domain: replace(one, address="127.0.0.1:0") if one.address else one
                for domain, one in config.networks.items()
            }
            seat = await stack.enter_async_context(
                running(replace(config, networks=networks), peers)
            )
            seats[plan.name] = seat
            peers[plan.name] = next(iter(seat.addresses.values()))
        async with AsyncExitStack() as clients:
            yield RunningWorld(world, layout, seats, clients)
