"""A mutual-TLS channel from one identity to one server, and how its refusals are read.

Rules:
- The server must prove the very identity that was meant (its DNS SAN), whatever
  the address (NET-02).
- Every call has a deadline.
- A call is made with the certificate that its holder has as it begins: where that was renewed,
  on a new connection; the one before is closed as soon as its last call has ended.
- A call that found no server is tried again a few times by grpc itself: every
  request that changes something bears an id, so a repeat is safe.
- A status becomes a `Refusal` here and nowhere else.
"""

import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from functools import cache
from types import TracebackType
from typing import Any, Self, TypeVar

import renkei_pki.tls  # noqa: F401  # isort: skip  # must come before grpc: it makes TLS 1.3 the only one
import grpc
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from renkei import reasons
from renkei.refusals import DOMAIN, Refusal
from renkei.wire.refusals import read_refusal
from renkei_clients.together import Together, batch_of
from renkei_pki.credentials import Credentials
from renkei_pki.identity import Identity

Response = TypeVar("Response", bound=Message)
T = TypeVar("T")

DEADLINE_SECONDS = 5.0

_RETRIES = json.dumps(
    {
        "methodConfig": [
            {
                "name": [{}],
                "retryPolicy": {
                    "maxAttempts": 3,
                    "initialBackoff": "0.05s",
                    "maxBackoff": "0.5s",
                    "backoffMultiplier": 2,
                    "retryableStatusCodes": ["UNAVAILABLE"],
                },
            }
        ]
    }
)


@dataclass(frozen=True, slots=True)
class Answered:
    """One call as its caller saw it end; it names no person."""

    peer: str
    method: str
    request_id: str
    outcome: str
    milliseconds: float


Observer = Callable[[Answered], None]


class Channel:
    """An open channel; close it when done, or use it as an async context manager."""

    def __init__(
        self,
        credentials: Credentials | Callable[[], Credentials],
        server: Identity,
        address: str | Callable[[], str],
        *,
        observe: Observer | None = None,
        together: bool = False,
    ) -> None:
        """Nothing is opened before the first call; an address may be told only then.

        Credentials that may be renewed are asked for at each call; the very same object is
        given back while nothing changed. With `together`, calls of one method that wait
        together share a batch.
        """
        self._peer = f"{server.role}.{server.institution}"
        self._observe = observe
        self._credentials = credentials
        self._server = server
        self._address = address
        self._connections: list[_Connection] = []
        self._share = together
        self._together: dict[MethodDescriptor, Together] = {}

    async def call(
        self,
        method: MethodDescriptor,
        request: Message,
        _response: type[Response],
        *,
        seconds: float = DEADLINE_SECONDS,
    ) -> Response:
        """Make one call; raises the server's Refusal, or PEER_UNREACHABLE and its kin."""
        started, outcome = time.perf_counter(), "OK"
        try:
            answer: Response = await self._calls_of(method)(request, seconds)
        except Refusal as refusal:
            outcome = refusal.reason.name
            raise
        finally:
            self._tell(path_of(method), request, outcome, started)
        return answer

    async def ask(
        self,
        method: MethodDescriptor,
        request: Message,
        response: type[Response],
        read: Callable[[Response], T],
    ) -> T:
        """Make one call and read its answer; an answer out of its form is no answer.

        Raises what `call` raises, and PEER_NOT_UNDERSTOOD where `read` refuses.
        """
        answer = await self.call(method, request, response)
        try:
            return read(answer)
        except Refusal as refusal:
            raise Refusal(reasons.PEER_NOT_UNDERSTOOD, refusal.reason.name) from None

    async def stream(
        self,
        method: MethodDescriptor,
        requests: AsyncIterator[Message],
        _response: type[Response],
        *,
        seconds: float,
    ) -> AsyncIterator[Response]:
        """Make one call of a stream for a stream; raises as `call` does, whenever it breaks."""
        connection = self._connection()
        try:
            async for answer in connection.stream(method, requests, seconds):
                yield answer
        except grpc.aio.AioRpcError as error:
            raise refusal_of(error) from None
        finally:
            await self._close_retired()

    async def close(self) -> None:
        """Give up what is under way and close the connection."""
        for calls in self._together.values():
            await calls.close()
        for one in self._connections:
            await one.channel.close(grace=None)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    def _calls_of(self, method: MethodDescriptor) -> Callable[[Message, float], Awaitable[Any]]:
        """How calls of the method are made: each for itself, or with others that wait."""
        if not self._share or batch_of(method) is None:
            return lambda request, seconds: self._make(method, request, seconds)
        if method not in self._together:
            self._together[method] = Together(self._make, method)
        return self._together[method].call

    async def _make(self, method: MethodDescriptor, request: Message, seconds: float) -> Message:
        """One RPC."""
        connection = self._connection()
        try:
            return await connection.call(method, request, seconds)
        except grpc.aio.AioRpcError as error:
            raise refusal_of(error) from None
        finally:
            await self._close_retired()

    def _connection(self) -> "_Connection":
        """The connection for a call that begins now: the last one, unless it is out of date."""
        own = self._credentials
        if not isinstance(own, Credentials):
            own = own()
        if not self._connections or self._connections[-1].credentials is not own:
            self._connections.append(_Connection(own, self._open(own)))
        return self._connections[-1]

    async def _close_retired(self) -> None:
        """Close what was replaced and has no call under way; mostly there is nothing."""
        if len(self._connections) > 1:
            *retired, current = self._connections
            self._connections = [*(one for one in retired if one.calls), current]
            for one in retired:
                if not one.calls:
                    await one.channel.close(grace=None)

    def _open(self, own: Credentials) -> grpc.aio.Channel:
        address = self._address if isinstance(self._address, str) else self._address()
        return grpc.aio.secure_channel(
            address,
            grpc.ssl_channel_credentials(
                root_certificates=own.roots_pem,
                private_key=own.key_pem,
                certificate_chain=own.chain_pem,
            ),
            options=[
                ("grpc.ssl_target_name_override", self._server.dns),
                ("grpc.default_authority", self._server.dns),
                ("grpc.service_config", _RETRIES),
                ("grpc.max_reconnect_backoff_ms", 1_000),
                ("grpc.initial_reconnect_backoff_ms", 100),
            ],
        )

    def _tell(self, path: str, request: Message, outcome: str, started: float) -> None:
        if self._observe is not None:
            milliseconds = round((time.perf_counter() - started) * 1000, 3)
            request_id = getattr(request, "request_id", "")
            self._observe(Answered(self._peer, path, request_id, outcome, milliseconds))


class _Connection:
    """The connection under one certificate, and how many calls are under way on it."""

    def __init__(self, credentials: Credentials, channel: grpc.aio.Channel) -> None:
        self.credentials = credentials
        self.channel = channel
        self.calls = 0
        self._callables: dict[MethodDescriptor, Any] = {}

    async def call(self, method: MethodDescriptor, request: Message, seconds: float) -> Message:
        ask = self._callables.get(method)
        if ask is None:
            ask = self._callables[method] = self.channel.unary_unary(
                path_of(method),
                request_serializer=type(request).SerializeToString,
                response_deserializer=GetMessageClass(method.output_type).FromString,
            )
        self.calls += 1
        try:
            answer: Message = await ask(request, timeout=seconds)
        finally:
            self.calls -= 1
        return answer

    async def stream(
        self, method: MethodDescriptor, requests: AsyncIterator[Message], seconds: float
    ) -> AsyncIterator[Any]:
        ask = self._callables.get(method)
        if ask is None:
            ask = self._callables[method] = self.channel.stream_stream(
                path_of(method),
                request_serializer=GetMessageClass(method.input_type).SerializeToString,
                response_deserializer=GetMessageClass(method.output_type).FromString,
            )
        self.calls += 1
        try:
            async for answer in ask(requests, timeout=seconds):
                yield answer
        finally:
            self.calls -= 1


@cache
def path_of(method: MethodDescriptor) -> str:
    """The path of a method on the wire."""
    return f"/{method.containing_service.full_name}/{method.name}"


def refusal_of(error: grpc.aio.AioRpcError) -> Refusal:
    """The refusal that a status tells, by its details; without details, an outage."""
    if (refusal := _told(error)) is not None:
        return refusal
    if error.code() is grpc.StatusCode.DEADLINE_EXCEEDED:
        return Refusal(reasons.DEADLINE_PASSED)
    if error.code() in {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED}:
        return Refusal(reasons.PEER_UNREACHABLE)
    return Refusal(reasons.PEER_NOT_UNDERSTOOD, error.code().name)


def _told(error: grpc.aio.AioRpcError) -> Refusal | None:
    status = rpc_status.from_call(error)  # type: ignore[arg-type]  # an error has what it reads of a call
    info, bad = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
    for detail in status.details if status else ():
        for known in (info, bad):
            if detail.Is(known.DESCRIPTOR):
                detail.Unpack(known)
    if info.domain != DOMAIN:
        return None
    return read_refusal(info.reason, (one.field for one in bad.field_violations), info.metadata)
