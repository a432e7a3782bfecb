"""`renkei pki check` says in one sentence why a server refuses a certificate, and what to do."""

import asyncio
import dataclasses
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from renkei.networks import JUKINET, ward
from renkei_pki import keys
from renkei_pki.authority import Authority
from renkei_pki.credentials import Credentials
from renkei_pki.identity import Identity
from renkei_server.config import SeatConfig
from renkei_server.process.serving import running
from renkei_simulators.world.configs import seat_config
from renkei_simulators.world.definition import World
from renkei_simulators.world.layout import Layout

Renkei = Callable[..., str]
"""As the fixture `renkei`."""

CODE = "131148"
REGISTER = Identity(ward(CODE), CODE, "resident-record")
TERMINAL = Identity(ward(CODE), CODE, "ward-terminal")
HOUR = timedelta(hours=1)
CLIENT, SERVER = ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.SERVER_AUTH


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture(scope="module")
async def address(definition: World, layout: Layout) -> AsyncIterator[str]:
    """Where the ward's register answers."""
    config = seat_config(definition, layout, definition.seat(f"resident-record.{CODE}"))
    async with running(on_a_free_port(config), {}) as seat:
        yield seat.addresses[ward(CODE)]


def on_a_free_port(config: SeatConfig) -> SeatConfig:
    networks = {
        domain: dataclasses.replace(one, address="127.0.0.1:0")
        for domain, one in config.networks.items()
    }
    return dataclasses.replace(config, networks=networks)


@pytest.fixture
def authority(layout: Layout) -> Authority:
    return Authority.load(layout.authority(ward(CODE)))


@pytest.fixture
def check(renkei: Renkei, address: str, tmp_path: Path) -> Callable[..., "asyncio.Future[str]"]:
    """Check credentials against the register, as a program of its own would."""

    def run(
        own: Credentials, *named: str, at: str = address, server: Identity = REGISTER
    ) -> "asyncio.Future[str]":
        for name in ("chain_pem", "key_pem", "roots_pem"):
            (tmp_path / name).write_bytes(getattr(own, name))
        files = ("--cert", tmp_path / "chain_pem", "--key", tmp_path / "key_pem")
        target = named or ("--server", server.uri, "--address", at)
        arguments = ("check", *files, "--cacert", tmp_path / "roots_pem", *target)
        return asyncio.get_running_loop().run_in_executor(None, lambda: renkei(*arguments))

    return run


Check = Callable[..., "asyncio.Future[str]"]
"""As the fixture `check`."""


def deviant(
    authority: Authority,
    *names: str,
    not_before: datetime | None = None,
    not_after: datetime | None = None,
    usages: tuple[x509.ObjectIdentifier, ...] = (SERVER, CLIENT),
) -> Credentials:
    """Credentials of the right chain with whatever names, dates and usages."""
    key = keys.new_key()
    leaf = authority.sign_leaf(
        [x509.UniformResourceIdentifier(one) for one in names],
        key.public_key(),
        not_before=not_before or now() - HOUR,
        not_after=not_after or now() + HOUR,
        usages=usages,
    )
    return authority.credentials(leaf, key)


async def test_a_certificate_that_fits_is_let_in(check: Check, layout: Layout) -> None:
    own = Credentials.load(layout.caller(TERMINAL))

    assert f"{REGISTER} lets {TERMINAL} in; its health: SERVING." in await check(own)


async def test_a_server_is_also_checked_by_its_address_alone(
    check: Check, layout: Layout, address: str
) -> None:
    own = Credentials.load(layout.caller(TERMINAL))

    assert f"{REGISTER} lets" in await check(own, "--address", address)
    assert "name the server" in await check(own, "--server", "")


async def test_a_key_of_another_certificate_is_told(check: Check, authority: Authority) -> None:
    one, other = (authority.issue(TERMINAL, now=now()) for _ in range(2))

    assert "the key is not the certificate's" in await check(
        dataclasses.replace(one, key_pem=other.key_pem)
    )


async def test_files_that_hold_something_else_are_told(check: Check, authority: Authority) -> None:
    own = authority.issue(TERMINAL, now=now())

    for part, said in (
        ("chain_pem", "the certificate file holds no certificate"),
        ("key_pem", "the key file holds no unencrypted private key"),
        ("roots_pem", "the file of roots holds no certificate"),
    ):
        assert said in await check(dataclasses.replace(own, **{part: b"nothing"}))


async def test_a_leaf_without_its_issuing_ca_is_told(check: Check, authority: Authority) -> None:
    own = authority.issue(TERMINAL, now=now())
    leaf, end, _ = own.chain_pem.partition(b"-----END CERTIFICATE-----\n")

    told = await check(dataclasses.replace(own, chain_pem=leaf + end))

    assert "without the issuing CA" in told
    assert "put the issuing CA's certificate behind it" in told


async def test_a_root_of_another_world_is_told(
    check: Check, authority: Authority, tmp_path: Path
) -> None:
    foreign = Authority.create(tmp_path / "foreign", ward(CODE), now=now())
    own, stranger = (one.issue(TERMINAL, now=now()) for one in (authority, foreign))

    mixed = dataclasses.replace(own, roots_pem=stranger.roots_pem)
    assert "was not signed under this root" in await check(mixed)
    told = await check(stranger)
    assert "your files are at fault" in told
    assert str(Path("pki", ward(CODE), "root.pem")) in told


async def test_a_server_that_does_not_know_the_authority_is_told(
    check: Check, authority: Authority, tmp_path: Path
) -> None:
    foreign = Authority.create(tmp_path / "foreign", ward(CODE), now=now())
    stranger = foreign.issue(TERMINAL, now=now())
    both = stranger.roots_pem + authority.issue(TERMINAL, now=now()).roots_pem

    told = await check(dataclasses.replace(stranger, roots_pem=both))

    assert f"{REGISTER} ended the handshake" in told
    assert "compare their root" in told


async def test_dates_and_usage_are_told(check: Check, authority: Authority) -> None:
    uri = TERMINAL.uri

    assert "ran out at" in await check(deviant(authority, uri, not_after=now() - HOUR / 2))
    assert "not valid before" in await check(deviant(authority, uri, not_before=now() + HOUR / 2))
    assert "may not be used by a client" in await check(deviant(authority, uri, usages=(SERVER,)))
    assert "lets" in await check(deviant(authority, uri))


async def test_names_that_the_door_would_not_take_are_told(
    check: Check, authority: Authority
) -> None:
    assert "CALLER_UNIDENTIFIED" in await check(deviant(authority))
    assert "CALLER_UNIDENTIFIED" in await check(deviant(authority, TERMINAL.uri, REGISTER.uri))
    elsewhere = Identity(JUKINET, CODE, "municipal-cs")
    told = await check(deviant(authority, elsewhere.uri))
    assert f"the certificate is of {JUKINET}, and this server is on {ward(CODE)}" in told


async def test_a_revoked_certificate_is_told(
    check: Check, authority: Authority, renkei: Renkei, tmp_path: Path
) -> None:
    own = authority.issue(TERMINAL, now=now())
    (tmp_path / "revoked.pem").write_bytes(own.chain_pem)
    renkei("revoke", "--file", tmp_path / "revoked.pem")

    assert "CALLER_REVOKED" in await check(own)


async def test_what_only_the_server_knows_is_told_by_its_answer(
    check: Check, authority: Authority, address: str
) -> None:
    """Named by its address alone, its domain is known only to itself."""
    own = deviant(authority, Identity(JUKINET, CODE, "municipal-cs").uri)

    assert "CALLER_OF_ANOTHER_DOMAIN" in await check(own, "--address", address)


async def test_another_server_than_the_one_that_is_meant_is_told(
    check: Check, layout: Layout
) -> None:
    own = Credentials.load(layout.caller(TERMINAL))
    meant = Identity(ward(CODE), CODE, "linkage-platform")

    assert "which is not the server that is meant" in await check(own, server=meant)


async def test_an_address_where_nobody_answers_is_told(check: Check, layout: Layout) -> None:
    own = Credentials.load(layout.caller(TERMINAL))
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))  # and does not listen
        nobody = f"127.0.0.1:{held.getsockname()[1]}"

        assert f"nobody answers at {nobody}" in await check(own, at=nobody)
        assert "nobody answers at no-address" in await check(own, at="no-address")


async def test_the_address_of_a_seat_is_taken_from_the_world(check: Check, layout: Layout) -> None:
    own = Credentials.load(layout.caller(TERMINAL))
    platform = Identity(ward(CODE), CODE, "linkage-platform")
    stranger = Identity(JUKINET, CODE, "resident-record")

    assert "nobody answers at 127.0.0.1:1" in await check(own, "--server", platform.uri)
    assert "listens on ward-131148, not on jukinet" in await check(own, "--server", stranger.uri)


@asynccontextmanager
async def shown(folder: Path, own: Credentials) -> AsyncIterator[str]:
    """Where a server shows these credentials, whatever they are worth."""
    for name in ("chain_pem", "key_pem"):
        (folder / f"server-{name}").write_bytes(getattr(own, name))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(folder / "server-chain_pem", folder / "server-key_pem")

    async def leave(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async with await asyncio.start_server(leave, "127.0.0.1", 0, ssl=tls) as server:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def test_a_server_s_own_fault_is_not_blamed_on_the_caller(
    check: Check, layout: Layout, authority: Authority, tmp_path: Path
) -> None:
    own = Credentials.load(layout.caller(TERMINAL))
    other_world = Authority.create(tmp_path / "other", ward(CODE), now=now())
    good = authority.issue(REGISTER, now=now())
    faults = {
        "ran out at": deviant(authority, REGISTER.uri, not_after=now() - HOUR / 2),
        "not valid before": deviant(authority, REGISTER.uri, not_before=now() + HOUR / 2),
        "may not be used by a server": deviant(authority, REGISTER.uri, usages=(CLIENT,)),
        "of another world": other_world.issue(REGISTER, now=now()),
        "without the issuing CA": dataclasses.replace(good, chain_pem=leaf_of(good)),
    }

    for fault, credentials in faults.items():
        async with shown(tmp_path, credentials) as at:
            told = await check(own, at=at)
        assert f"the server at {at} is at fault, not your files" in told
        assert fault in told


async def test_a_server_of_a_network_that_this_world_has_not_is_told(
    check: Check, layout: Layout, tmp_path: Path
) -> None:
    own = Credentials.load(layout.caller(TERMINAL))
    elsewhere = Authority.create(tmp_path / "other", "elsewhere", now=now())
    stranger = Identity("elsewhere", CODE, "resident-record")

    async with shown(tmp_path, elsewhere.issue(stranger, now=now())) as at:
        assert "this world has no such trust domain" in await check(own, at=at)


async def test_who_is_let_in_is_told_what_it_may_call(
    check: Check, layout: Layout, authority: Authority
) -> None:
    told = await check(Credentials.load(layout.caller(TERMINAL)))
    assert "may call there: ResidentRecordService/RequestCodeAcquisition" in told

    stranger = authority.issue(Identity(ward(CODE), CODE, "municipal-cs"), now=now())
    told = await check(stranger)
    assert "may call nothing there; these roles may: ward-terminal, linkage-platform" in told


def leaf_of(own: Credentials) -> bytes:
    """The first certificate of a chain, alone."""
    end = b"-----END CERTIFICATE-----\n"
    return own.chain_pem.partition(end)[0] + end


async def test_a_server_that_speaks_no_tls_is_told(check: Check, layout: Layout) -> None:
    own = Credentials.load(layout.caller(TERMINAL))

    async def answer(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]

        assert "no handshake with TLS 1.3" in await check(own, at=f"127.0.0.1:{port}")
