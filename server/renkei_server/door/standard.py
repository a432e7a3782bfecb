"""Well-known services (health, reflection) behind the same door.

Any identity of the listener's domain may call them: they are no business
methods and show no data. Their libraries parse and answer; the door judges,
records and tells. A stream is recorded when it begins. Who only watches holds no turn meanwhile:
a few watches would keep all other calls of their caller waiting.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

import grpc

from renkei import reasons
from renkei.refusals import Refusal
from renkei_server.door.last_resort import streaming_nothing, telling_nothing
from renkei_server.door.limits import judge_size
from renkei_server.door.passage import Context, Passages

Inner = Any
"""A grpc.RpcMethodHandler as a library made it; its published types know no coroutines."""


def collect(add_to_server: Callable[[Any, Any], None], servicer: object) -> Mapping[str, Inner]:
    """A library's handlers by method path, as it would have given them to a server."""
    collector = _Collector()
    add_to_server(servicer, collector)
    return collector.handlers


def guard(passages: Passages, path: str, inner: Inner) -> Inner:
    """The library's handler behind the door."""

    @telling_nothing
    async def unary(raw: bytes, context: Context) -> bytes:
        async with passages.through(path, (), context) as passage:
            await passages.identify(passage, context)
            response = await inner.unary_unary(_parsed(inner, raw), context)
            answer: bytes = inner.response_serializer(response)
        return answer

    @telling_nothing
    async def stream(raw: bytes, context: Context) -> None:
        async with passages.through(path, (), context) as passage:
            await passages.identify(passage, context)
            await passages.record(passage)
            passages.leave(passage)
            await inner.unary_stream(_parsed(inner, raw), _Writer(inner, context))

    @streaming_nothing
    async def both(raws: AsyncIterator[bytes], context: Context) -> AsyncIterator[bytes]:
        async with passages.through(path, (), context) as passage:
            await passages.identify(passage, context)
            await passages.record(passage)
            requests = (_parsed(inner, raw) async for raw in raws)
            async for response in inner.stream_stream(requests, context):
                yield inner.response_serializer(response)

    if inner.request_streaming:
        return grpc.stream_stream_rpc_method_handler(both)
    if inner.response_streaming:
        return grpc.unary_stream_rpc_method_handler(stream)
    return grpc.unary_unary_rpc_method_handler(unary)


class _Collector:
    """Stands where a library expects a server."""

    def __init__(self) -> None:
        self.handlers: dict[str, Inner] = {}

    def add_generic_rpc_handlers(self, handlers: object) -> None:
        """Not needed: the registered ones below are the same."""

    def add_registered_method_handlers(self, service: str, methods: Mapping[str, Inner]) -> None:
        self.handlers |= {f"/{service}/{method}": inner for method, inner in methods.items()}


class _Writer:
    """A context that serialises what a library's streaming handler writes."""

    def __init__(self, inner: Inner, context: Context) -> None:
        self._inner = inner
        self._context = context

    async def write(self, response: object) -> None:
        await self._context.write(self._inner.response_serializer(response))

    def __getattr__(self, name: str) -> object:
        return getattr(self._context, name)


def _parsed(inner: Inner, raw: bytes) -> object:
    judge_size(raw)
    try:
        return inner.request_deserializer(raw)
    except Exception:
        raise Refusal(reasons.MALFORMED_MESSAGE) from None
