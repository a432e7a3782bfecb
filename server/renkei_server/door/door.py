"""The door: the one way in for every RPC.

An RPC passes, in this order: raw bytes, TLS version, caller (its certificate:
one identity, of this domain, in date, not revoked), admission, size, deadline,
parsing, unknown fields, enum numbers, sender = caller, request id, handler.
"""

import asyncio
import re
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import Any, Protocol

import grpc
from google.protobuf.descriptor import ServiceDescriptor
from google.protobuf.message import Message
from structlog.contextvars import bound_contextvars

from renkei.refusals import Reason, Refusal
from renkei_pki.identity import Identity
from renkei_server.door.admission import Admission
from renkei_server.door.call import Call
from renkei_server.door.contract import Method, parse
from renkei_server.door.limits import judge_size
from renkei_server.door.passage import Context, Passages
from renkei_server.door.standard import Inner, guard
from renkei_server.store.receipts import Receipt
from renkei_server.store.sealing import Sealer

Handler = Callable[[Any, Call], Awaitable[Message]]


class Service(Protocol):
    """One gRPC service of a seat: a coroutine `verb_noun(request, call)` for each RPC."""

    @property
    def contract(self) -> ServiceDescriptor:
        """The service's descriptor."""
        ...


class Door(grpc.GenericRpcHandler):  # type: ignore[type-arg]  # generic in its stubs alone
    """All RPCs of one listener."""

    def __init__(
        self,
        *,
        listener: Identity,
        services: Sequence[Service],
        standard: Mapping[str, Inner],
        passages: Passages,
        sealer: Sealer,
    ) -> None:
        """Raise ValueError where a service admits nobody or lacks a method."""
        self._admission = Admission(listener, [one.contract.full_name for one in services])
        self._passages = passages
        self._sealer = sealer
        self._handlers = {path: guard(passages, path, inner) for path, inner in standard.items()}
        for service in services:
            self._add(service)

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> Inner:
        """Give grpc the handler of a method; an unknown one is refused by a handler too."""
        path = handler_call_details.method
        return self._handlers.get(path) or self._unknown(path)

    def _add(self, service: Service) -> None:
        for descriptor in service.contract.methods:
            method = Method.of(descriptor)
            handler = getattr(service, _snake_case(descriptor.name), None)
            if handler is None:
                msg = f"{type(service).__name__} does not answer {method.path}"
                raise ValueError(msg)
            self._handlers[method.path] = self._unary(service, method, handler)

    def _unary(self, service: Service, method: Method, handler: Handler) -> Inner:
        name = service.contract.full_name

        async def answer(raw: bytes, context: Context) -> bytes:
            async with self._passages.through(method.path, method.steps, context) as passage:
                call = self._passages.identify(passage, context)
                if not self._admission.admits(call.caller, name):
                    raise Refusal(Reason.CALLER_NOT_ADMITTED)
                passage.bytes_in = len(raw)
                judge_size(raw)
                seconds = _deadline(method, context)
                request = parse(method, raw)
                _judge_sender(method, request, call.caller)
                call.request_receipt = self._receipt(method, request, call)
                with bound_contextvars(cause=call.operation.request_id):
                    response = await _within(seconds, handler(request, call))
                answered = response.SerializeToString()
                passage.bytes_out = len(answered)
            return answered

        return grpc.unary_unary_rpc_method_handler(answer)

    def _unknown(self, path: str) -> Inner:
        async def refuse(_raws: AsyncIterator[bytes], context: Context) -> AsyncIterator[bytes]:
            async with self._passages.through(path, (), context) as passage:
                self._passages.identify(passage, context)
                raise Refusal(Reason.METHOD_UNKNOWN)
            yield b""  # never reached: it makes this a stream

        return grpc.stream_stream_rpc_method_handler(refuse)

    def _receipt(self, method: Method, request: Message, call: Call) -> Receipt | None:
        if method.request_id is None:
            return None
        call.operation.request_id = _request_id(method.request_id, request)
        asked = request
        if method.credentials:
            asked = type(request)()
            asked.CopyFrom(request)
            for credential in method.credentials:
                asked.ClearField(credential)
        digest = self._sealer.digest(asked.SerializeToString(deterministic=True))
        return Receipt(call.caller.uri, method.path, call.operation.request_id, digest)


async def _within(seconds: float, work: Awaitable[Message]) -> Message:
    try:
        async with asyncio.timeout(seconds) as limit:
            return await work
    except TimeoutError:
        if not limit.expired():
            raise
        raise Refusal(Reason.DEADLINE_PASSED) from None


def _deadline(method: Method, context: Context) -> float:
    """Seconds: the caller's, cut to the method's maximum, or the method's default."""
    remaining: float | None = context.time_remaining()
    if remaining is None:
        return method.default_deadline.total_seconds()
    return min(remaining, method.maximum_deadline.total_seconds())


def _judge_sender(method: Method, request: Message, caller: Identity) -> None:
    if method.sender is not None and getattr(request, method.sender) != caller.institution:
        raise Refusal(Reason.SENDER_IS_NOT_CALLER, "", method.sender)


def _request_id(field: str, request: Message) -> str:
    text: str = getattr(request, field)
    try:
        if str(uuid.UUID(text)) == text:
            return text
    except ValueError:
        pass
    raise Refusal(Reason.MALFORMED_REQUEST_ID, "", field)


def _snake_case(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
