"""Handshakes of a running world, proven by a second TLS stack (OpenSSL) in both directions.

What other tests prove is not repeated: the same refusals as grpc's own clients and servers see
them (`tests/pki/test_handshakes.py`), TLS 1.3 alone in both directions under the library's
setting (`tests/pki/test_tls.py`), what passes TLS and is left to the door
(`tests/network/test_refusals.py`).
"""

import asyncio
import json
import os
import socket
import ssl
import struct
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID
from google.rpc import error_details_pb2
from grpc_health.v1 import health_pb2
from grpclib.client import Channel as OtherChannel
from grpclib.const import Cardinality, Status
from grpclib.exceptions import GRPCError
from OpenSSL import SSL, crypto

from renkei import reasons
from renkei.networks import LINKAGE, ward
from renkei.reasons import Reason
from renkei.refusals import Refusal
from renkei_clients.channel import Channel
from renkei_pki import keys
from renkei_pki.authority import Authority
from renkei_pki.credentials import Credentials
from renkei_pki.identity import Identity
from renkei_server.config import ProcessConfig, SeatConfig
from renkei_server.process.serving import RunningSeat, running
from renkei_simulators.world.callers import Callers
from renkei_simulators.world.configs import seat_config
from renkei_simulators.world.definition import World
from renkei_simulators.world.in_process import RunningWorld
from renkei_simulators.world.layout import Layout
from renkei_simulators.world.people import people_of
from renkei_simulators.world.provision import inspect
from tests.worlds import Worlds

from .asking import new_id, until
from .people.strangers import outsider
from .small_world import NEIGHBOUR, SMALL_WORLD, WARD

DOMAIN = ward(WARD)
REGISTER = Identity(DOMAIN, WARD, "resident-record")
PLATFORM = Identity(DOMAIN, WARD, "linkage-platform")
CS = Identity(DOMAIN, WARD, "municipal-cs")
HOUR = timedelta(hours=1)
CLIENT, SERVER = ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.SERVER_AUTH

_CHECK = health_pb2.DESCRIPTOR.services_by_name["Health"].methods_by_name["Check"]
_HEADER, _SETTINGS = 9, 4  # the header of an HTTP/2 frame, and the type of a server's first
_PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
_SECONDS = 5
_LONGEST_SECONDS = 20


def now() -> datetime:
    return datetime.now(UTC)


def unfit(layout: Layout, case: str, identity: Identity) -> Credentials | None:
    """The credentials of a case, for the right identity wherever that is not the case."""
    if case == "none":
        return None
    if case == "foreign root":
        folder = layout.root / f"foreign-{identity.role}"
        foreign = Authority.create(folder, identity.domain, now=now())
        return foreign.issue(identity, now=now())
    if case == "wrong trust domain":
        elsewhere = Authority.load(layout.authority(LINKAGE))
        return elsewhere.issue(replace(identity, domain=LINKAGE), now=now())
    dates = {"expired": (-2 * HOUR, -HOUR), "not yet valid": (HOUR, 2 * HOUR)}
    not_before, not_after = dates.get(case, (-HOUR, HOUR))
    usages = {"usage of a server": (SERVER,), "usage of a client": (CLIENT,)}
    authority, key = Authority.load(layout.authority(identity.domain)), keys.new_key()
    leaf = authority.sign_leaf(
        [x509.UniformResourceIdentifier(identity.uri), x509.DNSName(identity.dns)],
        key.public_key(),
        not_before=now() + not_before,
        not_after=now() + not_after,
        usages=usages.get(case, (SERVER, CLIENT)),
    )
    return authority.credentials(leaf, key)


def second_stack(method: int, own: Credentials | None, roots_pem: bytes) -> SSL.Context:
    """OpenSSL with TLS 1.3, judging its peer by the right root."""
    context = SSL.Context(method)
    context.set_min_proto_version(SSL.TLS1_3_VERSION)
    context.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, lambda *told: told[-1])
    store = context.get_cert_store()
    assert store is not None
    for root in x509.load_pem_x509_certificates(roots_pem):
        store.add_cert(crypto.X509.from_cryptography(root))
    if own is not None:
        leaf, *others = x509.load_pem_x509_certificates(own.chain_pem)
        context.use_certificate(leaf)
        for one in others:
            context.add_extra_chain_cert(one)
        context.use_privatekey(keys.read_key(own.key_pem))
    context.set_alpn_protos([b"h2"])
    context.set_alpn_select_callback(lambda _connection, _offered: b"h2")
    return context


@dataclass(frozen=True, slots=True)
class Met:
    """How a connection by the second stack went."""

    version: str
    said: str
    """Why there is none, as OpenSSL words it."""
    received: bytes


def connect(address: str, context: SSL.Context, name: str) -> Met:
    """Call a server; read its first frame."""
    host, _, port = address.rpartition(":")
    with socket.create_connection((host, int(port))) as plain:
        connection = patient(SSL.Connection(context, plain), plain)
        connection.set_tlsext_host_name(name.encode())
        connection.set_connect_state()
        return talk(connection)


def answer(listener: socket.socket, context: SSL.Context) -> Met:
    """Take one connection; read what its caller says until it has said a preface or goes."""
    plain, _ = listener.accept()
    with plain:
        connection = patient(SSL.Connection(context, plain), plain)
        connection.set_accept_state()
        return talk(connection, len(_PREFACE))


def patient(connection: SSL.Connection, plain: socket.socket) -> SSL.Connection:
    plain.settimeout(None)
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", _SECONDS, 0))
    return connection


def talk(connection: SSL.Connection, count: int = _HEADER) -> Met:
    version, received, said = "", b"", ""
    try:
        connection.do_handshake()
        version = connection.get_protocol_version_name()
        while len(received) < count:
            received += connection.recv(count - len(received))
    except SSL.ZeroReturnError:
        said = "closed"
    except SSL.SysCallError as error:
        said = error.args[1].lower()
    except SSL.Error as error:
        said = error.args[0][-1][-1]
    return Met(version, said, received)


# Their client, our server


async def greeted(world: RunningWorld, own: Credentials | None) -> Met:
    """Call the ward's municipal CS by the second stack."""
    address = world.seats[f"municipal-cs.{WARD}"].addresses[DOMAIN]
    roots_pem = outsider(world, REGISTER).roots_pem
    context = second_stack(SSL.TLS_CLIENT_METHOD, own, roots_pem)
    return await asyncio.to_thread(connect, address, context, CS.dns)


async def test_a_caller_by_the_second_stack_is_greeted_with_tls_1_3(world: RunningWorld) -> None:
    met = await greeted(world, unfit(world.layout, "fit", REGISTER))

    assert met.version == "TLSv1.3"
    assert met.received[3] == _SETTINGS


@pytest.mark.parametrize(
    "case",
    [
        "none",
        "foreign root",
        "expired",
        "not yet valid",
        "usage of a server",
        "wrong trust domain",
    ],
)
async def test_an_unfit_caller_by_the_second_stack_hears_nothing_but_a_refusal(
    world: RunningWorld, case: str
) -> None:
    met = await greeted(world, unfit(world.layout, case, REGISTER))

    assert (met.received, met.said) == (b"", "unexpected eof"), "not even an alert"


# Our client, their server


async def called(world: RunningWorld, own: Credentials | None) -> tuple[Met, Reason]:
    """Let the register's channel call a server of the second stack in the platform's place."""
    caller = outsider(world, REGISTER)
    context = second_stack(SSL.TLS_SERVER_METHOD, own, caller.roots_pem)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(_SECONDS)
        met = asyncio.create_task(asyncio.to_thread(answer, listener, context))
        address = f"127.0.0.1:{listener.getsockname()[1]}"
        async with Channel(caller, PLATFORM, address) as channel:
            with pytest.raises(Refusal) as refused:
                await channel.call(health_pb2.HealthCheckRequest(), seconds=_SECONDS)
        return await met, refused.value.reason


async def test_a_server_by_the_second_stack_is_spoken_to_with_tls_1_3(world: RunningWorld) -> None:
    met, _ = await called(world, unfit(world.layout, "fit", PLATFORM))

    assert (met.version, met.received) == ("TLSv1.3", _PREFACE)


@pytest.mark.parametrize(
    "case",
    [
        "foreign root",
        "expired",
        "not yet valid",
        "usage of a client",
        "wrong trust domain",
        "neighbour",
    ],
)
async def test_an_unfit_server_by_the_second_stack_is_told_nothing(
    world: RunningWorld, case: str
) -> None:
    own = outsider(world, CS) if case == "neighbour" else unfit(world.layout, case, PLATFORM)

    met, reason = await called(world, own)

    assert met.received == b""
    assert reason is reasons.PEER_UNREACHABLE


# TLS 1.2, with the library's setting and without it

WITHOUT_THE_SETTING = """
import grpc  # it has read the environment before our own setting comes
import runpy
runpy.run_module("renkei_server", run_name="__main__")
"""


@pytest.fixture(scope="module")
def apart(worlds: Worlds) -> tuple[World, Layout]:
    """A world whose seats are run one by one."""
    world = World.parse(SMALL_WORLD)
    return world, worlds.copy(world)


def config_of(apart: tuple[World, Layout], seat: str) -> SeatConfig:
    """What a seat is told, with free ports."""
    world, layout = apart
    config = seat_config(world, layout, world.seat(seat))
    networks = {
        domain: replace(one, address="127.0.0.1:0") if one.address else one
        for domain, one in config.networks.items()
    }
    return replace(config, networks=networks)


def log_of(config: SeatConfig, event: str) -> list[dict[str, object]]:
    """The seat's log lines of one event."""
    if not config.log.exists():
        return []
    lines = [json.loads(line) for line in config.log.read_text().splitlines()]
    return [line for line in lines if line["event"] == event]


@asynccontextmanager
async def without_the_setting(apart: tuple[World, Layout], folder: Path) -> AsyncIterator[str]:
    """Another ward's register in a process whose grpc takes TLS 1.2; gives its address."""
    config = config_of(apart, f"resident-record.{NEIGHBOUR}")
    ProcessConfig((config,)).save(folder / "process.json")
    environment = {name: one for name, one in os.environ.items() if not name.startswith("GRPC_")}
    child = subprocess.Popen(  # noqa: ASYNC220 - it is only started here, and asked to stop below
        [sys.executable, "-c", WITHOUT_THE_SETTING, folder / "process.json"],
        env=environment,
        stderr=subprocess.DEVNULL,
    )
    try:
        await until(lambda: bool(log_of(config, "seat_opened")) or child.poll() is not None)
        listening = log_of(config, "seat_opened")[-1]["listening"]
        assert isinstance(listening, dict)
        yield listening[ward(NEIGHBOUR)]
    finally:
        child.terminate()
        child.wait(_SECONDS)


async def ask_health(address: str, folder: Path, version: ssl.TLSVersion) -> object:
    """Ask by a client that shares nothing with grpc's: HTTP/2 in Python over OpenSSL."""
    tls = ssl.create_default_context(cafile=str(folder / "roots.pem"))
    tls.load_cert_chain(folder / "chain.pem", folder / "key.pem")
    tls.set_alpn_protocols(["h2"])
    tls.check_hostname = False  # it connects by the address
    tls.minimum_version = tls.maximum_version = version
    host, _, port = address.rpartition(":")
    async with (
        OtherChannel(host, int(port), ssl=tls) as channel,
        channel.request(
            f"/{_CHECK.containing_service.full_name}/{_CHECK.name}",
            Cardinality.UNARY_UNARY,
            health_pb2.HealthCheckRequest,
            health_pb2.HealthCheckResponse,
            timeout=_SECONDS,
        ) as stream,
    ):
        await stream.send_message(health_pb2.HealthCheckRequest(), end=True)
        return await stream.recv_message()


async def test_where_the_library_would_take_tls_1_2_the_door_refuses_each_rpc_with_its_reason(
    apart: tuple[World, Layout], tmp_path: Path
) -> None:
    terminal = Identity(ward(NEIGHBOUR), NEIGHBOUR, "ward-terminal")
    authority = Authority.load(apart[1].authority(terminal.domain))
    authority.issue(terminal, now=now()).write(tmp_path / "own")

    async with without_the_setting(apart, tmp_path) as address:
        with pytest.raises(GRPCError) as refused:
            await ask_health(address, tmp_path / "own", ssl.TLSVersion.TLSv1_2)
        answer = await ask_health(address, tmp_path / "own", ssl.TLSVersion.TLSv1_3)

    assert refused.value.status is Status.UNAUTHENTICATED
    (info,) = (one for one in refused.value.details if isinstance(one, error_details_pb2.ErrorInfo))
    assert info.reason == reasons.TLS_TOO_OLD.name
    assert isinstance(answer, health_pb2.HealthCheckResponse)


async def test_with_the_setting_the_same_client_gets_no_connection(
    world: RunningWorld, tmp_path: Path
) -> None:
    outsider(world, REGISTER).write(tmp_path / "own")
    address = world.seats[f"municipal-cs.{WARD}"].addresses[DOMAIN]

    with pytest.raises((ssl.SSLError, ConnectionError)):
        await ask_health(address, tmp_path / "own", ssl.TLSVersion.TLSv1_2)

    answer = await ask_health(address, tmp_path / "own", ssl.TLSVersion.TLSv1_3)
    assert isinstance(answer, health_pb2.HealthCheckResponse)


# A neighbour in the intended server's place (NET-02)


async def test_a_neighbour_gets_no_rpc_and_the_outbox_keeps_the_call_for_whom_it_was_meant(
    apart: tuple[World, Layout],
) -> None:
    world, layout = apart
    register, platform, neighbour, operators = (
        config_of(apart, f"{role}.{WARD}")
        for role in ("resident-record", "linkage-platform", "municipal-cs", "operator-service")
    )

    def owed() -> int:
        with inspect(world, layout, world.seat(register.name)) as look:
            return look.rows("outbox")

    def unreached() -> int:
        told = [line for line in log_of(register, "call_answered") if line["peer"] == platform.name]
        assert {line["outcome"] for line in told} <= {reasons.PEER_UNREACHABLE.name}
        return len(told)

    def numbered() -> list[dict[str, object]]:
        return [
            line
            for line in log_of(platform, "rpc_answered")
            if str(line["method"]).endswith("/NumberPerson")
        ]

    async with asyncio.timeout(_LONGEST_SECONDS), AsyncExitStack() as stack:
        service = await stack.enter_async_context(running(operators, operators.peers))
        register = replace(register, peers=reached_at(register, operators, service))
        stranger = await stack.enter_async_context(running(neighbour, neighbour.peers))
        wrong = reached_at(register, platform, stranger)
        async with running(register, wrong) as seat:
            await acquire_a_code(apart, seat)
            await until(lambda: unreached() >= 3)
            assert log_of(neighbour, "rpc_answered") == []
        assert owed() == 1

        meant = await stack.enter_async_context(running(platform, platform.peers))
        right = reached_at(register, platform, meant)
        await stack.enter_async_context(running(register, right))
        await until(lambda: bool(numbered()))

    (told,) = numbered()
    assert (told["caller"], told["outcome"]) == (REGISTER.uri, "OK")


def reached_at(caller: SeatConfig, peer: SeatConfig, seat: RunningSeat) -> dict[str, str]:
    """A caller's peers, one of which is reached where this seat is."""
    here = seat.addresses[DOMAIN]
    return dict(caller.peers) | {peer.name: here, f"{peer.name} {DOMAIN}": here}


async def acquire_a_code(apart: tuple[World, Layout], register: RunningSeat) -> None:
    """Let a ward terminal ask for somebody's code."""
    world, layout = apart
    person = next(one for one in people_of(world, world.municipalities[0]) if one.individual_number)
    addresses = {(register.config.name, DOMAIN): register.addresses[DOMAIN]}
    async with AsyncExitStack() as stack:
        terminal = Callers(world, layout, stack, addresses).ward_terminal(WARD)
        await terminal.request_code_acquisition(new_id(), person.local_address_number)
