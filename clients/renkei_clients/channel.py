"""A mutual-TLS channel from one identity to one server, and how its refusals are read.

Rules:
- The server must prove the very identity that was meant (its DNS SAN), whatever
  the address (NET-02).
- Every call has a deadline.
- A call that found no server is tried again a few times by grpc itself: every
  request that changes something bears an id, so a repeat is safe.
- A status becomes a `Refusal` here and nowhere else.
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self, TypeVar

import renkei_pki.tls  # noqa: F401  # isort: skip  # must come before grpc: it makes TLS 1.3 the only one
import grpc
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from renkei.refusals import DOMAIN, Reason, Refusal
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
        credentials: Credentials,
        server: Identity,
        address: str | Callable[[], str],
        *,
        observe: Observer | None = None,
    ) -> None:
        """Nothing is opened before the first call; an address may be told only then."""
        self._peer = f"{server.role}.{server.institution}"
        self._observe = observe
        self._calls: dict[str, Any] = {}
        self._credentials = credentials
        self._server = server
        self._address = address
        self._opened: grpc.aio.Channel | None = None

    async def call(
        self,
        method: MethodDescriptor,
        request: Message,
        response: type[Response],
        *,
        seconds: float = DEADLINE_SECONDS,
    ) -> Response:
        """Make one call; raises the server's Refusal, or PEER_UNREACHABLE and its kin."""
        path = f"/{method.containing_service.full_name}/{method.name}"
        call = self._calls.get(path)
        if call is None:
            call = self._channel().unary_unary(
                path,
                request_serializer=type(request).SerializeToString,
                response_deserializer=response.FromString,
            )
            self._calls[path] = call
        started, outcome = time.perf_counter(), "OK"
        try:
            answer: Response = await call(request, timeout=seconds)
        except grpc.aio.AioRpcError as error:
            refusal = refusal_of(error)
            outcome = refusal.reason.name
            raise refusal from None
        finally:
            self._tell(path, request, outcome, started)
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
            raise Refusal(Reason.PEER_NOT_UNDERSTOOD, refusal.reason.name) from None

    async def close(self) -> None:
        """Give up what is under way and close the connection."""
        if self._opened is not None:
            await self._opened.close(grace=None)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    def _channel(self) -> grpc.aio.Channel:
        if self._opened is None:
            address = self._address if isinstance(self._address, str) else self._address()
            self._opened = grpc.aio.secure_channel(
                address,
                grpc.ssl_channel_credentials(
                    root_certificates=self._credentials.roots_pem,
                    private_key=self._credentials.key_pem,
                    certificate_chain=self._credentials.chain_pem,
                ),
                options=[
                    ("grpc.ssl_target_name_override", self._server.dns),
                    ("grpc.default_authority", self._server.dns),
                    ("grpc.service_config", _RETRIES),
                    ("grpc.max_reconnect_backoff_ms", 1_000),
                    ("grpc.initial_reconnect_backoff_ms", 100),
                ],
            )
        return self._opened

    def _tell(self, path: str, request: Message, outcome: str, started: float) -> None:
        if self._observe is not None:
            milliseconds = round((time.perf_counter() - started) * 1000, 3)
            request_id = getattr(request, "request_id", "")
            self._observe(Answered(self._peer, path, request_id, outcome, milliseconds))


def refusal_of(error: grpc.aio.AioRpcError) -> Refusal:
    """The refusal that a status tells, by its details; without details, an outage."""
    reason, fields = _told(error)
    if reason is not None:
        return Refusal(reason, "", *fields)
    if error.code() is grpc.StatusCode.DEADLINE_EXCEEDED:
        return Refusal(Reason.DEADLINE_PASSED)
    if error.code() in {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED}:
        return Refusal(Reason.PEER_UNREACHABLE)
    return Refusal(Reason.PEER_NOT_UNDERSTOOD, error.code().name)


def _told(error: grpc.aio.AioRpcError) -> tuple[Reason | None, list[str]]:
    status = rpc_status.from_call(error)  # type: ignore[arg-type]  # an error has what it reads of a call
    reason, fields = None, []
    for detail in status.details if status else []:
        if detail.Is(error_details_pb2.ErrorInfo.DESCRIPTOR):
            info = error_details_pb2.ErrorInfo()
            detail.Unpack(info)
            if info.domain == DOMAIN:
                reason = Reason.__members__.get(info.reason)
        elif detail.Is(error_details_pb2.BadRequest.DESCRIPTOR):
            bad = error_details_pb2.BadRequest()
            detail.Unpack(bad)
            fields = [violation.field for violation in bad.field_violations]
    return reason, fields
