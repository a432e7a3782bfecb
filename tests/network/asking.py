"""How tests ask: any bytes by any certificate, and until something is so."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import grpc
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from renkei.acquisitions import Acquisition
from renkei.reasons import Reason
from renkei.refusals import Refusal
from renkei_pki.authority import Authority
from renkei_pki.credentials import Credentials
from renkei_pki.identity import Identity
from renkei_simulators.world.in_process import RunningWorld

ONE_HOUR = timedelta(hours=1)

_LONGEST_WAIT_SECONDS = 60.0
_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 0.02, 1.0


def new_id() -> str:
    """A request id."""
    return str(uuid.uuid4())


async def final(look: Callable[[], Awaitable[Acquisition]]) -> Acquisition:
    """Ask until the acquisition has ended."""
    pause = _PAUSE_SECONDS
    async with asyncio.timeout(_LONGEST_WAIT_SECONDS):
        while not (seen := await look()).state.final:
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)  # a crowd must not drown the servers
    return seen


async def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    async with asyncio.timeout(_LONGEST_WAIT_SECONDS):
        while not holds():
            await asyncio.sleep(_PAUSE_SECONDS)


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


def outsider(world: RunningWorld, identity: Identity) -> Credentials:
    """A proper certificate for any identity, issued by the authority of its own domain."""
    authority = Authority.load(world.layout.authority(identity.domain))
    return authority.issue(identity, now=datetime.now(UTC))


def impostor(world: RunningWorld, domain: str, uris: list[str]) -> Credentials:
    """A certificate of a domain's own chain with other names than the authority would give."""
    authority = Authority.load(world.layout.authority(domain))
    key = ec.generate_private_key(ec.SECP256R1())
    leaf = authority.sign_leaf(
        [x509.UniformResourceIdentifier(one) for one in uris],
        key.public_key(),
        not_before=datetime.now(UTC) - ONE_HOUR,
        not_after=datetime.now(UTC) + ONE_HOUR,
    )
    return authority.credentials(leaf, key)


async def refusal_of(call: Awaitable[object]) -> Refusal:
    """The refusal that a client's call ends with."""
    try:
        await call
    except Refusal as refusal:
        return refusal
    raise AssertionError("the call was answered")


async def reason_of(call: Awaitable[object]) -> Reason:
    """The reason of the refusal that a client's call ends with."""
    return (await refusal_of(call)).reason
