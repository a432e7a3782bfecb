"""Any bytes to any method, by any certificate."""

from collections.abc import Iterable
from dataclasses import dataclass

import grpc
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from renkei_pki.credentials import Credentials
from renkei_pki.identity import Identity
from renkei_simulators.world.in_process import RunningWorld


@dataclass(frozen=True, slots=True)
class Told:
    """How a refused call was answered."""

    reason: str
    status: grpc.StatusCode
    fields: tuple[str, ...]
    japanese: str
    everything: str
    """All that the caller saw, as one text."""


class Raw:
    """A caller that sends any bytes to any method, as no client of ours would."""

    def __init__(self, world: RunningWorld, credentials: Credentials, server: Identity) -> None:
        seat = world.seats[f"{server.role}.{server.institution}"]
        self._channel = grpc.aio.secure_channel(
            seat.addresses[server.domain],
            grpc.ssl_channel_credentials(
                credentials.roots_pem, credentials.key_pem, credentials.chain_pem
            ),
            [("grpc.ssl_target_name_override", server.dns)],
        )

    async def send(self, path: str, request: bytes) -> bytes:
        """Send bytes; raises the call's own error."""
        answer: bytes = await self._channel.unary_unary(path)(request, timeout=10)
        return answer

    async def watch(self, path: str, request: bytes) -> bytes:
        """Begin what goes on until this is closed; return what is told first."""
        told: bytes = await self._channel.unary_stream(path)(request).read()
        return told

    async def stream(self, path: str, requests: Iterable[bytes]) -> tuple[list[bytes], Told | None]:
        """Send one after the other by a stream; return the answers, and why it broke if it did."""
        call = self._channel.stream_stream(path)(requests, timeout=10)
        answers: list[bytes] = []
        try:
            while (answer := await call.read()) is not grpc.aio.EOF:
                answers.append(answer)
        except grpc.aio.AioRpcError as error:
            return answers, told(error)
        return answers, None

    async def refused(self, path: str, request: bytes) -> Told:
        """Send bytes that must be refused; return how that was told."""
        try:
            await self.send(path, request)
        except grpc.aio.AioRpcError as error:
            return told(error)
        raise AssertionError("the call was answered")

    async def close(self) -> None:
        """Close the connection."""
        await self._channel.close()


def told(error: grpc.aio.AioRpcError) -> Told:
    """Read a refusal as any client can."""
    status = rpc_status.from_call(error)
    assert status is not None, error
    reason, japanese, fields = "", "", ()
    for detail in status.details:
        if detail.Is(error_details_pb2.ErrorInfo.DESCRIPTOR):
            info = error_details_pb2.ErrorInfo.FromString(detail.value)
            assert info.domain == "renkei"
            reason = info.reason
        elif detail.Is(error_details_pb2.LocalizedMessage.DESCRIPTOR):
            japanese = error_details_pb2.LocalizedMessage.FromString(detail.value).message
        elif detail.Is(error_details_pb2.BadRequest.DESCRIPTOR):
            bad = error_details_pb2.BadRequest.FromString(detail.value)
            fields = tuple(one.field for one in bad.field_violations)
    return Told(reason, error.code(), fields, japanese, f"{error.details()} {status}")
