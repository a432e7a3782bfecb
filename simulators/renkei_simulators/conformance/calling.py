"""One call of a case, as no client of ours would make it: any bytes, with any certificate or none.

What is told of a refusal comes from a server that may be anybody's: names are taken only
where they look like names, and its sentences not at all, since they might hold anything.
(invented)
"""

import asyncio
import re
from dataclasses import dataclass, field
from enum import Enum

import renkei_pki.tls  # noqa: F401  # isort: skip  # must come before grpc: it makes TLS 1.3 the only one
import grpc
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from renkei.refusals import DOMAIN
from renkei_pki.credentials import Credentials
from renkei_pki.identity import Identity

_SECONDS = 10.0
_REASON = re.compile(r"[A-Z][A-Z_]{1,60}")
_FIELD = re.compile(r"[a-z][a-z_]{0,40}(\.[a-z][a-z_]{0,40}){0,5}")
_NO_NAME = "(no name)"


class Ending(Enum):
    """How a call ended."""

    ANSWERED = "answered"
    REFUSED = "refused"
    NO_CONNECTION = "no connection"


@dataclass(frozen=True, slots=True)
class Came:
    """What came back."""

    ending: Ending
    answer: bytes = field(default=b"", repr=False)
    status: str = ""
    reason: str = ""
    """Of this contract's domain; empty where the server told none."""
    fields: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.ending is not Ending.REFUSED:
            return "OK" if self.ending is Ending.ANSWERED else "no connection"
        place = f" at {', '.join(self.fields)}" if self.fields else ""
        return f"{self.reason or 'no reason of this contract'}{place} ({self.status})"


class Caller:
    """A connection with one certificate, or none, to one listener."""

    def __init__(self, credentials: Credentials, *, certified: bool, server: Identity) -> None:
        """`credentials` holds the roots by which the server is judged, come what may."""
        self._tls = grpc.ssl_channel_credentials(
            credentials.roots_pem,
            credentials.key_pem if certified else None,
            credentials.chain_pem if certified else None,
        )
        self._server = server

    async def connects(self, address: str) -> bool:
        """Whether the server gives a connection: TLS and the first frame of HTTP/2.

        A client of TLS 1.3 has shaken hands before its certificate is judged; only
        what the server says next shows whether it was taken.
        """
        async with self._channel(address) as channel:
            try:
                async with asyncio.timeout(_SECONDS):
                    return await _settled(channel) is grpc.ChannelConnectivity.READY
            except TimeoutError:
                return False

    async def call(self, address: str, method: str, request: bytes) -> Came:
        """Make one call, in a connection of its own."""
        async with self._channel(address) as channel:
            try:
                call = channel.unary_unary(
                    f"/{method}", request_serializer=bytes, response_deserializer=bytes
                )
                answer = await call(request, timeout=_SECONDS)
            except grpc.aio.AioRpcError as error:
                return _refused(error)
        return Came(Ending.ANSWERED, answer)

    def _channel(self, address: str) -> grpc.aio.Channel:
        return grpc.aio.secure_channel(
            address,
            self._tls,
            [
                ("grpc.ssl_target_name_override", self._server.dns),
                ("grpc.default_authority", self._server.dns),
                ("grpc.use_local_subchannel_pool", 1),  # never the connection of another caller
            ],
        )


async def _settled(channel: grpc.aio.Channel) -> grpc.ChannelConnectivity:
    """Try to connect, until that has succeeded or failed."""
    ends = {grpc.ChannelConnectivity.READY, grpc.ChannelConnectivity.TRANSIENT_FAILURE}
    while (state := channel.get_state(try_to_connect=True)) not in ends:
        await channel.wait_for_state_change(state)
    return state


def _refused(error: grpc.aio.AioRpcError) -> Came:
    reason, fields = "", []
    try:
        status = rpc_status.from_call(error)  # type: ignore[arg-type]  # an error has what it reads of a call
    except ValueError:  # its details contradict its status
        status = None
    for detail in status.details if status else ():
        if detail.Is(error_details_pb2.ErrorInfo.DESCRIPTOR):
            info = error_details_pb2.ErrorInfo.FromString(detail.value)
            if info.domain == DOMAIN:
                reason = info.reason if _REASON.fullmatch(info.reason) else _NO_NAME
        elif detail.Is(error_details_pb2.BadRequest.DESCRIPTOR):
            bad = error_details_pb2.BadRequest.FromString(detail.value)
            fields = [
                one.field if _FIELD.fullmatch(one.field) else _NO_NAME
                for one in bad.field_violations
            ]
    if status is None and error.code() is grpc.StatusCode.UNAVAILABLE:
        return Came(Ending.NO_CONNECTION, status="UNAVAILABLE")
    return Came(Ending.REFUSED, b"", error.code().name, reason, tuple(fields))
