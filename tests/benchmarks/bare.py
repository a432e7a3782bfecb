"""A bare grpc.aio mutual-TLS server and its client, in the process and loop of what is measured."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import renkei_pki.tls  # noqa: F401  # isort: skip  # before grpc
import grpc
from google.protobuf.message import Message

from renkei_pki.credentials import Credentials
from renkei_pki.identity import Identity

_SERVICE = "bare.Bare"


@asynccontextmanager
async def serving(
    credentials: Credentials, methods: dict[str, "grpc.RpcMethodHandler[Any, Any]"]
) -> AsyncIterator[str]:
    """Serve these methods; yields the address."""
    server = grpc.aio.server(options=[("grpc.so_reuseport", 0)])
    server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler(_SERVICE, methods)])
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
async def calling(
    credentials: Credentials,
    server: Identity,
    address: str,
    method: str,
    response: type[Message] | None = None,
) -> AsyncIterator["grpc.aio.UnaryUnaryMultiCallable[Any, Any]"]:
    """A client of one method, by the same means as our own; bytes where no response is named."""
    channel = grpc.aio.secure_channel(
        address,
        grpc.ssl_channel_credentials(
            credentials.roots_pem, credentials.key_pem, credentials.chain_pem
        ),
        [("grpc.ssl_target_name_override", server.dns)],
    )
    yield channel.unary_unary(
        f"/{_SERVICE}/{method}",
        request_serializer=_written if response else None,
        response_deserializer=response.FromString if response else None,
    )
    await channel.close(None)


def _written(message: Message) -> bytes:
    return message.SerializeToString()
