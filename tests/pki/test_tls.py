"""TLS 1.3 and nothing older, judged by a second TLS stack than grpc's own."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import grpc
import pytest
import pytest_asyncio

from renkei_pki.authority import Authority
from renkei_pki.credentials import Credentials
from renkei_pki.identity import Identity

_FRAME = 9  # bytes of the header of an HTTP/2 frame
_SETTINGS = 4
_SECONDS = 5.0


@pytest.fixture
def own(authority: Authority, nakano: Identity, now: datetime, tmp_path: Path) -> Path:
    """The folder of a caller's credentials."""
    authority.issue(nakano, now=now).write(tmp_path / "own")
    return tmp_path / "own"


@pytest_asyncio.fixture
async def port(authority: Authority, national: Identity, now: datetime) -> AsyncIterator[int]:
    """Where a grpc server listens."""
    seat = authority.issue(national, now=now)
    server = grpc.aio.server()
    port = server.add_secure_port(
        "127.0.0.1:0",
        grpc.ssl_server_credentials(
            [(seat.key_pem, seat.chain_pem)],
            root_certificates=seat.roots_pem,
            require_client_auth=True,
        ),
    )
    await server.start()
    yield port
    await server.stop(None)


def context(own: Path, purpose: ssl.Purpose, version: ssl.TLSVersion) -> ssl.SSLContext:
    made = ssl.create_default_context(purpose, cafile=str(own / "roots.pem"))
    made.load_cert_chain(own / "chain.pem", own / "key.pem")
    made.set_alpn_protocols(["h2"])
    made.minimum_version = made.maximum_version = version
    return made


def shake_hands(port: int, tls: ssl.SSLContext, server: Identity) -> tuple[str | None, bytes]:
    """Connect; the TLS version, and the first bytes that the server sends then."""
    with (
        socket.create_connection(("127.0.0.1", port), _SECONDS) as plain,
        tls.wrap_socket(plain, server_hostname=server.dns, suppress_ragged_eofs=False) as secured,
    ):
        return secured.version(), secured.recv(_FRAME)


def answer_once(listener: socket.socket, tls: ssl.SSLContext) -> str | None:
    """Take one connection; its TLS version, or None where no handshake came about."""
    connection, _ = listener.accept()
    with connection:
        connection.settimeout(_SECONDS)
        try:
            with tls.wrap_socket(connection, server_side=True) as secured:
                return secured.version()
        except (ssl.SSLError, ConnectionError):
            return None


async def test_a_caller_with_tls_1_3_and_a_certificate_is_greeted(
    port: int, own: Path, national: Identity
) -> None:
    tls = context(own, ssl.Purpose.SERVER_AUTH, ssl.TLSVersion.TLSv1_3)

    version, frame = await asyncio.to_thread(shake_hands, port, tls, national)

    assert version == "TLSv1.3"
    assert frame[3] == _SETTINGS


async def test_a_caller_with_tls_1_2_is_refused_although_its_certificate_is_right(
    port: int, own: Path, national: Identity
) -> None:
    tls = context(own, ssl.Purpose.SERVER_AUTH, ssl.TLSVersion.TLSv1_2)

    with pytest.raises((ssl.SSLError, ConnectionError)):
        await asyncio.to_thread(shake_hands, port, tls, national)


async def test_a_caller_with_tls_1_3_and_no_certificate_is_not_greeted(
    port: int, own: Path, national: Identity
) -> None:
    tls = ssl.create_default_context(cafile=str(own / "roots.pem"))
    tls.set_alpn_protocols(["h2"])

    with pytest.raises((ssl.SSLError, ConnectionError)):
        await asyncio.to_thread(shake_hands, port, tls, national)


@pytest.mark.parametrize(
    ("version", "shaken"),
    [(ssl.TLSVersion.TLSv1_2, None), (ssl.TLSVersion.TLSv1_3, "TLSv1.3")],
)
async def test_a_client_of_ours_shakes_no_hand_older_than_tls_1_3(
    own: Path, nakano: Identity, version: ssl.TLSVersion, shaken: str | None
) -> None:
    credentials = Credentials.load(own)
    tls = context(own, ssl.Purpose.CLIENT_AUTH, version)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(_SECONDS)
        met = asyncio.create_task(asyncio.to_thread(answer_once, listener, tls))
        async with grpc.aio.secure_channel(
            f"127.0.0.1:{listener.getsockname()[1]}",
            grpc.ssl_channel_credentials(
                credentials.roots_pem, credentials.key_pem, credentials.chain_pem
            ),
            [("grpc.ssl_target_name_override", nakano.dns)],
        ) as channel:
            with pytest.raises(grpc.aio.AioRpcError):
                await channel.unary_unary("/renkei.test.Mirror/Look")(b"", timeout=_SECONDS)
        assert await met == shaken
