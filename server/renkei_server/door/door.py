"""The door: the one way in for every RPC.

The steps of an RPC, which comes as raw bytes:
1. who calls: TLS 1.3, a certificate with one identity, of this domain, in date, not revoked
2. its turn among its caller's calls (`turns.py`)
3. admission by the table of connections, once the seat has reconciled with its neighbours
4. its deadline, or the method's
5. its size
6. parsing
7. its form: unknown fields where the service is closed, numbers outside their enums
8. the sender that it names is the caller
9. its request id, by which a repeat is known
10. the handler: its answer, or a refusal
11. its operation record, committed before the answer leaves, and its log line (`passage.py`)

A batch passes once, as any RPC does; then each request in it passes by itself, from step 2 on but
for the deadline, to the same handler as if it had come alone. Of a stream each message passes all
of it, as a call of its own.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

import grpc
from google.protobuf.descriptor import ServiceDescriptor
from google.protobuf.message import Message

from renkei import reasons
from renkei.contract import Method
from renkei.facts import INSTITUTION, RETRY_AFTER
from renkei.refusals import Refusal
from renkei_pki.identity import Identity
from renkei_server.door.admission import Admission
from renkei_server.door.batches import BatchService, Respond
from renkei_server.door.call import Call
from renkei_server.door.form import judge_form, parse
from renkei_server.door.last_resort import streaming_nothing, telling_nothing
from renkei_server.door.limits import judge_size
from renkei_server.door.occasion import Occasion
from renkei_server.door.passage import Context, Passage, Passages, Refuse, refusing
from renkei_server.door.standard import Inner, guard
from renkei_server.door.streams import in_order
from renkei_server.store.engine.receipts import Lasting, Receipt, Receipts

_UUID = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)

Answer = Callable[[bytes, Context, Refuse], Awaitable[bytes]]
"""How the bytes of one request are answered, or how it is refused."""

Handler = Callable[[Any, Call], Awaitable[Message]]


class Service(Protocol):
    """One gRPC service of a seat: a coroutine `verb_noun(request, call)` for each RPC."""

    @property
    def contract(self) -> ServiceDescriptor:
        """The service's descriptor."""
        ...


@dataclass(frozen=True, slots=True)
class _Entry:
    """One method: what the contract says of it, who may call it and who answers it."""

    method: Method
    admits: Callable[[Identity], bool]
    handler: Handler
    before_all: bool = False
    """Whether it is answered before the seat is open to its callers."""

    def admit(self, caller: Identity) -> None:
        """Raise CALLER_NOT_ADMITTED unless the caller may call it."""
        if not self.admits(caller):
            raise Refusal(reasons.CALLER_NOT_ADMITTED)


def never_closed() -> bool:
    """It is open to all its callers."""
    return False


_UNKNOWN = "unknown"
_RECONCILING_FOR = 200
"""Milliseconds after which whoever was told that the seat reconciles may ask again."""
_MAKE_CALLS = Method.of(BatchService.contract.methods_by_name["MakeCalls"])


class Door(grpc.GenericRpcHandler):  # type: ignore[type-arg]  # generic in its stubs alone
    """All RPCs of one listener."""

    def __init__(
        self,
        *,
        listener: Identity,
        services: Sequence[Service],
        standard: Mapping[str, Inner],
        passages: Passages,
        receipts: Receipts,
        beside: Sequence[Service] = (),
        closed: Callable[[], bool] = never_closed,
    ) -> None:
        """Raise ValueError where a service admits nobody or lacks a method.

        `beside` are services that seats alone may call, those that may call something else here. They
        are answered while it is `closed` to all others.
        """
        admission = Admission(listener, [one.contract.full_name for one in services])
        self._passages = passages
        self._receipts = receipts
        self._closed = closed
        self._entries: dict[str, _Entry] = {}
        self._handlers = {path: guard(passages, path, inner) for path, inner in standard.items()}
        for service in services:
            self._add(service, partial(admission.admits, service=service.contract.full_name))
        for service in beside:
            self._add(service, admission.admits_seat, before_all=True)
        self._unknown = grpc.stream_stream_rpc_method_handler(
            streaming_nothing(self._refuse_unknown)
        )
        self._add(BatchService(self._pass_in_a_batch), admission.admits_somewhere)

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> Inner:
        """Give grpc the handler of a method; an unknown one is refused by a handler too."""
        path = handler_call_details.method
        return self._handlers.get(path) or self._unknown

    def _add(
        self, service: Service, admits: Callable[[Identity], bool], *, before_all: bool = False
    ) -> None:
        for descriptor in service.contract.methods:
            method = Method.of(descriptor)
            handler = getattr(service, _snake_case(descriptor.name), None)
            if handler is None:
                msg = f"{type(service).__name__} does not answer {method.path}"
                raise ValueError(msg)
            entry = self._entries[method.path] = _Entry(method, admits, handler, before_all)
            answer = self._answer(entry)
            self._handlers[method.path] = (
                _streamed(answer) if method.descriptor.client_streaming else _alone(answer)
            )

    def _answer(self, entry: _Entry) -> Answer:
        """How a call of one request is answered, or a message of a stream."""
        method = entry.method

        async def answer(raw: bytes, context: Context, refuse: Refuse) -> bytes:
            async with self._passages.let_through(
                method.path, method.steps, refuse, context
            ) as passage:  # 11
                passage.bytes_in = len(raw)
                call = await self._passages.identify(passage, context)  # 1, 2
                self._admit(entry, call.caller)  # 3
                seconds = _deadline(method, context)  # 4
                return await _within(seconds, self._do(entry, raw, passage, call))
            return b""  # it was refused

        return answer

    def _admit(self, entry: _Entry, caller: Identity) -> None:
        entry.admit(caller)
        if self._closed() and not entry.before_all:
            raise Refusal(reasons.SEAT_RECONCILES, facts=(RETRY_AFTER.of(_RECONCILING_FOR),))

    async def _pass_in_a_batch(
        self, path: str, raw: bytes, caller: Identity, respond: Respond, refuse: Refuse
    ) -> None:
        """One request of a batch: from admission on as if it had come alone.

        Where there is no such method, its record bears the batch's own: nothing that a
        caller wrote at will stands in it.
        """
        entry = self._entries.get(path)
        method = entry.method if entry else _MAKE_CALLS
        async with self._passages.let_through(method.path, method.steps, refuse) as passage:
            passage.bytes_in = len(raw)
            call = await self._passages.begin_in_a_batch(passage, caller)
            if path not in self._handlers:
                raise Refusal(reasons.METHOD_UNKNOWN)
            if entry is not None:
                self._admit(entry, caller)  # 3
            if entry is None or not method.in_batches:
                raise Refusal(reasons.NOT_IN_A_BATCH)
            respond(await self._do(entry, raw, passage, call))

    async def _do(self, entry: _Entry, raw: bytes, passage: Passage, call: Call) -> bytes:
        """From the size of a request to the bytes of its answer."""
        method = entry.method
        judge_size(raw)  # 5
        request = parse(method, raw)  # 6
        judge_form(method, request)  # 7
        _judge_sender(method, request, call.caller)  # 8
        call.request_receipt = self._receipt(method, request, call)  # 9
        with Occasion(cause=call.operation.request_id):
            response = await entry.handler(request, call)  # 10
        answered = response.SerializeToString()
        passage.bytes_out = len(answered)
        return answered

    async def _refuse_unknown(
        self, _raws: AsyncIterator[bytes], context: Context
    ) -> AsyncIterator[bytes]:
        """Where there is no such method, nothing that a caller wrote stands in its record."""
        async with self._passages.through(_UNKNOWN, (), context) as passage:
            await self._passages.identify(passage, context)
            raise Refusal(reasons.METHOD_UNKNOWN)
        yield b""  # never reached: it makes this a stream

    def _receipt(self, method: Method, request: Message, call: Call) -> Receipt | None:
        if method.request_id is None:
            return None
        request_id = call.operation.request_id = _request_id(method.request_id, request)
        return self._receipts.receipt(
            call.caller.uri,
            method.path,
            request_id,
            lasting=_lasting(method, request),
            whole=_without(method.credentials, request).SerializeToString(deterministic=True),
        )


def _alone(answer: Answer) -> Inner:
    """A call of one request."""

    @telling_nothing
    async def one(raw: bytes, context: Context) -> bytes:
        return await answer(raw, context, refusing(context))

    return grpc.unary_unary_rpc_method_handler(one)


def _streamed(answer: Answer) -> Inner:
    """A stream of which each message passes as a call of its own; the first refusal ends it."""

    @streaming_nothing
    async def each(raws: AsyncIterator[bytes], context: Context) -> AsyncIterator[bytes]:
        async def one(raw: bytes) -> tuple[bytes, list[tuple[Refusal, str]]]:
            refused: list[tuple[Refusal, str]] = []

            async def later(refusal: Refusal, incident: str) -> None:
                refused.append((refusal, incident))  # the answers before it leave first

            return await answer(raw, context, later), refused

        async for answered, refused in in_order(raws, one):
            for refusal in refused:
                await refusing(context)(*refusal)
            yield answered

    return grpc.stream_stream_rpc_method_handler(each)


async def _within(seconds: float, work: Awaitable[bytes]) -> bytes:
    try:
        async with asyncio.timeout(seconds) as limit:
            return await work
    except TimeoutError:
        if not limit.expired():
            raise
        raise Refusal(reasons.DEADLINE_PASSED) from None


def _deadline(method: Method, context: Context) -> float:
    """Seconds: the caller's, cut to the method's maximum, or the method's default."""
    remaining: float | None = context.time_remaining()
    if remaining is None:
        return method.default_deadline.total_seconds()
    return min(remaining, method.maximum_deadline.total_seconds())


def _judge_sender(method: Method, request: Message, caller: Identity) -> None:
    if method.sender is not None and getattr(request, method.sender) != caller.institution:
        facts = (INSTITUTION.of(caller.institution),)
        raise Refusal(reasons.SENDER_IS_NOT_CALLER, "", method.sender, facts=facts)


def _request_id(field: str, request: Message) -> str:
    text: str = getattr(request, field)
    if _UUID.fullmatch(text):
        return text
    raise Refusal(reasons.MALFORMED_REQUEST_ID if text else reasons.REQUEST_ID_MISSING, "", field)


def _lasting(method: Method, request: Message) -> Lasting | None:
    """What of a request its seat keeps for good; of fields that are unknown none is that."""
    if not method.kept:
        return None
    kept = _without(method.not_kept, request)
    kept.DiscardUnknownFields()
    return Lasting(" ".join(method.kept), kept.SerializeToString(deterministic=True))


def _without(fields: Sequence[str], request: Message) -> Message:
    if not fields:
        return request
    left = type(request)()
    left.CopyFrom(request)
    for name in fields:
        left.ClearField(name)
    return left


def _snake_case(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
