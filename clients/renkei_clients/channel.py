"""A mutual-TLS channel from one identity to one server, and how its refusals are read.

Rules:
- The server must prove the very identity that was meant (its DNS SAN), whatever
  the address (NET-02).
- The request's type is the method. Who sends it is whom the certificate speaks for, and the
  operator's session is the channel's, as the contract marks the fields for both.
- Every call has a deadline: the contract's, where the caller names none.
- A call is made with the certificate that its holder has as it begins: where that was renewed,
  on a new connection; the one before is closed as soon as its last call has ended.
- A call that found no server is tried again a few times by grpc itself: every
  request that changes something bears an id, so a repeat is safe.
- A call that was turned away for its caller's crowd is made again when the server says, as long
  as its deadline allows.
- A status becomes a `Refusal` here and nowhere else.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import TracebackType
from typing import Any, Self, TypeVar

import renkei_pki.tls  # noqa: F401  # isort: skip  # must come before grpc: it makes TLS 1.3 the only one
import grpc
from google.protobuf.message import DecodeError, Message
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from renkei import reasons
from renkei.contract import Method, method_of
from renkei.facts import RETRY_AFTER
from renkei.refusals import DOMAIN, Refusal
from renkei.type.v1.operator_session_pb2 import OperatorSession
from renkei.wire.refusals import read_refusal
from renkei_clients.connection import Connection
from renkei_clients.together import SINGLY, Together
from renkei_pki.credentials import Credentials
from renkei_pki.identity import Identity

Request = TypeVar("Request", bound=Message)
Response = TypeVar("Response", bound=Message)
T = TypeVar("T")

LONGEST_STREAM_SECONDS = 3_600.0
"""How long a stream may last; what its messages may take each is the contract's."""


@dataclass(frozen=True, slots=True)
class Answered:
    """One call as its caller saw it end; it names no person."""

    peer: str
    method: str
    request_id: str
    outcome: str
    milliseconds: float


Observer = Callable[[Answered], None]

_SHORTEST_PAUSE = 0.01
"""However soon a server says that a call may come again."""

_NO_OTHER: Mapping[type[Message], int] = {}


class Channel:
    """An open channel; close it when done, or use it as an async context manager."""

    def __init__(
        self,
        credentials: Credentials | Callable[[], Credentials],
        server: Identity,
        address: str | Callable[[], str],
        *,
        session: OperatorSession | None = None,
        observe: Observer | None = None,
        together: bool = False,
        singly: Mapping[type[Message], int] = _NO_OTHER,
    ) -> None:
        """Nothing is opened before the first call; an address may be told only then.

        Credentials that may be renewed are asked for at each call; the very same object is
        given back while nothing changed. With `session`, calls are those of its operator.
        With `together`, calls of one method that wait together share a batch; `singly` says by
        request of which methods another number than `SINGLY` goes singly at once.
        """
        self._peer = f"{server.role}.{server.institution}"
        self._session = session
        self._observe = observe
        self._credentials = credentials
        self._server = server
        self._address = address
        self._connections: list[Connection] = []
        self._share = together
        self._singly = singly
        self._together: dict[str, Together] = {}

    async def call(self, request: Message, *, seconds: float | None = None) -> Message:
        """Make the call that the request is of, and return its answer as it came.

        Raises the server's Refusal, or PEER_UNREACHABLE and its kin; TypeError where no method
        of the contract takes such a request.
        """
        method = method_of(type(request))
        started, outcome = time.perf_counter(), "OK"
        try:
            filled = self._filled(method, request)
            deadline = method.default_deadline.total_seconds() if seconds is None else seconds
            answer: Message = await self._calls_of(method)(filled, deadline)
        except Refusal as refusal:
            outcome = refusal.reason.name
            raise
        finally:
            self._tell(method, request, outcome, started)
        return answer

    async def ask(
        self,
        request: Message,
        response: type[Response],
        read: Callable[[Response], T],
        *,
        seconds: float | None = None,
    ) -> T:
        """Make one call and read its answer; an answer out of its form is no answer.

        Raises what `call` raises, PEER_NOT_UNDERSTOOD where `read` refuses, and TypeError where
        the contract answers with something else than `response`.
        """
        answer = _typed(await self.call(request, seconds=seconds), response)
        try:
            return read(answer)
        except Refusal as refusal:
            raise Refusal(reasons.PEER_NOT_UNDERSTOOD, refusal.reason.name) from None

    async def stream(
        self,
        request: type[Request],
        response: type[Response],
        requests: AsyncIterator[Request],
        *,
        seconds: float = LONGEST_STREAM_SECONDS,
    ) -> AsyncIterator[Response]:
        """Make one call of a stream for a stream; raises as `call` does, whenever it breaks."""
        method = method_of(request)
        filled = (self._filled(method, one) async for one in requests)
        try:
            with self._connection() as connection:
                answers = connection.calling(method.descriptor)(filled, timeout=seconds)
                async for answer in answers:
                    yield _typed(_understood(answer), response)
        except grpc.aio.AioRpcError as error:
            raise refusal_of(error, self._peer) from None
        finally:
            await self._close_retired()

    async def close(self) -> None:
        """Give up what is under way and close the connection."""
        for calls in self._together.values():
            await calls.close()
        for one in self._connections:
            await one.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    def _filled(self, method: Method, request: Request) -> Request:
        """The request with its sender, and the operator's session unless it brings one.

        It is a copy: what was filled in here would go out by another channel too, else.
        """
        filled = type(request)()
        filled.CopyFrom(request)
        if method.sender is not None:
            setattr(filled, method.sender, self._institution)
        if method.session and self._session and not filled.HasField(method.session):
            getattr(filled, method.session).CopyFrom(self._session)
        return filled

    @cached_property
    def _institution(self) -> str:
        """Whom the channel speaks for; a renewed certificate speaks for the same."""
        return self._own().identity.institution

    def _own(self) -> Credentials:
        own = self._credentials
        return own if isinstance(own, Credentials) else own()

    def _calls_of(self, method: Method) -> Callable[[Message, float], Awaitable[Any]]:
        """How calls of the method are made: each for itself, or with others that wait."""
        if not self._share or not method.in_batches:
            return lambda request, seconds: self._make(method, request, seconds)
        if method.path not in self._together:
            singly = self._singly.get(method.request, SINGLY)
            self._together[method.path] = Together(self._make, method, singly)
        return self._together[method.path].call

    async def _make(self, method: Method, request: Message, seconds: float) -> Message:
        """One RPC, made again where it was turned away for a crowd and there is time."""
        now = asyncio.get_running_loop().time
        until = now() + seconds
        while True:
            try:
                return await self._make_once(method, request, seconds)
            except Refusal as refusal:
                told = refusal.fact(RETRY_AFTER)
                if told is None or now() + (pause := max(told / 1_000, _SHORTEST_PAUSE)) >= until:
                    raise
            await asyncio.sleep(pause)
            seconds = until - now()

    async def _make_once(self, method: Method, request: Message, seconds: float) -> Message:
        try:
            with self._connection() as connection:
                answer: Message | None = await connection.calling(method.descriptor)(
                    request, timeout=seconds
                )
        except grpc.aio.AioRpcError as error:
            raise refusal_of(error, self._peer) from None
        finally:
            await self._close_retired()
        return _understood(answer)

    def _connection(self) -> Connection:
        """The connection for a call that begins now: the last one, unless it is out of date."""
        own = self._own()
        if not self._connections or self._connections[-1].credentials is not own:
            address = self._address if isinstance(self._address, str) else self._address()
            self._connections.append(Connection(own, self._server, address))
        return self._connections[-1]

    async def _close_retired(self) -> None:
        """Close what was replaced and has no call under way; mostly there is nothing."""
        if len(self._connections) > 1:
            *retired, current = self._connections
            self._connections = [*(one for one in retired if one.calls), current]
            for one in retired:
                if not one.calls:
                    await one.close()

    def _tell(self, method: Method, request: Message, outcome: str, started: float) -> None:
        if self._observe is not None:
            milliseconds = round((time.perf_counter() - started) * 1000, 3)
            request_id = getattr(request, method.request_id) if method.request_id else ""
            self._observe(Answered(self._peer, method.path, request_id, outcome, milliseconds))


def _understood(answer: Message | None) -> Message:
    """The answer; grpc gives None for bytes that are none."""
    if answer is None:
        raise Refusal(reasons.PEER_NOT_UNDERSTOOD, "an answer out of its form")
    return answer


def _typed(answer: Message, response: type[Response]) -> Response:
    if not isinstance(answer, response):
        msg = (
            f"the answer is a {answer.DESCRIPTOR.full_name}, not a {response.DESCRIPTOR.full_name}"
        )
        raise TypeError(msg)
    return answer


def refusal_of(error: grpc.aio.AioRpcError, peer: str = "") -> Refusal:
    """The refusal that a status tells, by its details; without details, an outage of the peer."""
    if (refusal := _told(error)) is not None:
        return refusal
    if error.code() is grpc.StatusCode.DEADLINE_EXCEEDED:
        return Refusal(reasons.DEADLINE_PASSED, peer)
    if error.code() in {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED}:
        return Refusal(reasons.PEER_UNREACHABLE, peer)
    return Refusal(reasons.PEER_NOT_UNDERSTOOD, error.code().name)


def _told(error: grpc.aio.AioRpcError) -> Refusal | None:
    info, bad = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
    retry = error_details_pb2.RetryInfo()
    try:
        status = rpc_status.from_call(error)  # type: ignore[arg-type]  # an error has what it reads of a call
        for detail in status.details if status else ():
            for known in (info, bad, retry):
                if detail.Is(known.DESCRIPTOR):
                    detail.Unpack(known)
    except (DecodeError, ValueError):  # no status, or another than the call's own
        return None
    if info.domain != DOMAIN:
        return None
    facts = dict(info.metadata)
    if retry.HasField("retry_delay"):
        facts.setdefault(RETRY_AFTER.name, str(retry.retry_delay.ToMilliseconds()))
    return read_refusal(info.reason, (one.field for one in bad.field_violations), facts)
