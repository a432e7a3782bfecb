"""The floor: a bare grpc.aio mutual-TLS echo, in the same process and loop as what is measured."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import renkei_pki.tls  # noqa: F401  # isort: skip  # before grpc
import grpc

from renkei_pki.credentials import Credentials
from renkei_pki.identity import Identity

_METHOD = "/bare.Echo/Echo"


@asynccontextmanager
async def echo_server(credentials: Credentials) -> AsyncIterator[str]:
    """Serve; yields the address."""

    async def answer(request: bytes, _context: object) -> bytes:
        return request

    server = grpc.aio.server(options=[("grpc.so_reuseport", 0)])
    handler = grpc.unary_unary_rpc_method_handler(answer)
    server.add_generic_rpc_handlers(
        [grpc.method_handlers_generic_handler("bare.Echo", {"Echo": handler})]
    )
    port = server.add_secure_port(
        "127.0.0.1:0",
        grpc.ssl_server_credentials(
            [(credentials.key_pem, credentials.chain_pem)],
            root_certificates=credentials.roots_pem,
            require_client_auth=True,
        ),
    )
    await server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        await server.stop(None)


@asynccontextmanager
async def echo_client(
    credentials: Credentials, server: Identity, address: str
) -> AsyncIterator[grpc.aio.UnaryUnaryMultiCallable]:
    """A client of it, by the same means as our own."""
    channel = grpc.aio.secure_channel(
        address,
        grpc.ssl_channel_credentials(
            credentials.roots_pem, credentials.key_pem, credentials.chain_pem
        ),
        [("grpc.ssl_target_name_override", server.dns)],
    )
    yield channel.unary_unary(_METHOD)
    await channel.close()
