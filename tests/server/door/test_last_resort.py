"""Whatever fails on the way out, the wire learns the reason INTERNAL and nothing of the cause."""

from collections.abc import AsyncIterator
from typing import Any

import grpc
import pytest

from renkei import reasons
from renkei.refusals import Refusal
from renkei_clients.channel import refusal_of
from renkei_server.door.last_resort import streaming_nothing, telling_nothing
from renkei_server.door.passage import Context, refusing

SOMEBODY = "山田　花子"
ONE, MANY, CHOSEN = "/a/One", "/a/Many", "/a/Chosen"


@telling_nothing
async def one(_request: bytes, _context: Context) -> bytes:
    raise KeyError(SOMEBODY)


@streaming_nothing
async def many(_requests: AsyncIterator[bytes], _context: Context) -> AsyncIterator[bytes]:
    yield b"first"
    raise ValueError(SOMEBODY)


@telling_nothing
async def chosen(_request: bytes, context: Context) -> bytes:
    await refusing(context)(Refusal(reasons.CALLER_REVOKED), "")
    return b""


class Handlers(grpc.GenericRpcHandler):  # type: ignore[type-arg]  # generic in its stubs alone
    """Three methods that end badly."""

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> Any:
        return {
            ONE: grpc.unary_unary_rpc_method_handler(one),
            MANY: grpc.stream_stream_rpc_method_handler(many),
            CHOSEN: grpc.unary_unary_rpc_method_handler(chosen),
        }[handler_call_details.method]


@pytest.fixture
async def channel() -> AsyncIterator[grpc.aio.Channel]:
    server = grpc.aio.server(handlers=[Handlers()])
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as opened:
        yield opened
    await server.stop(None)


async def test_of_an_exception_s_text_nothing_reaches_the_wire(channel: grpc.aio.Channel) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as ended:
        await channel.unary_unary(ONE)(b"")

    assert refusal_of(ended.value).reason is reasons.INTERNAL
    assert SOMEBODY not in repr(ended.value)


async def test_nor_in_the_midst_of_a_stream(channel: grpc.aio.Channel) -> None:
    async def read() -> list[bytes]:
        return [one async for one in channel.stream_stream(MANY)(iter([b""]))]

    with pytest.raises(grpc.aio.AioRpcError) as ended:
        await read()

    assert refusal_of(ended.value).reason is reasons.INTERNAL
    assert SOMEBODY not in repr(ended.value)


async def test_a_refusal_that_was_chosen_stays_as_it_is(channel: grpc.aio.Channel) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as ended:
        await channel.unary_unary(CHOSEN)(b"")

    assert refusal_of(ended.value).reason is reasons.CALLER_REVOKED
