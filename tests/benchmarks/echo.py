"""The floor: a bare echo."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import renkei_pki.tls  # noqa: F401  # isort: skip  # before grpc
import grpc

from renkei_pki.credentials import Credentials
from renkei_pki.identity import Identity

from .bare import calling, serving

Echo = Callable[[bytes], Awaitable[bytes]]

MESSAGE = b"x" * 27


@asynccontextmanager
async def echoing(
    server: Credentials, identity: Identity, caller: Credentials
) -> AsyncIterator[Echo]:
    """A server of its own, and who calls it."""
    methods = {"Echo": grpc.unary_unary_rpc_method_handler(_answer)}
    async with (
        serving(server, methods) as address,
        calling(caller, identity, address, "Echo") as call,
    ):
        yield call


async def _answer(request: bytes, _context: object) -> bytes:
    return request
