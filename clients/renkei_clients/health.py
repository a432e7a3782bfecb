"""Asking a listener whether it is well, by the standard health service (MS-10)."""

from grpc_health.v1 import health_pb2

from renkei.refusals import Refusal
from renkei_clients.channel import Channel
from renkei_pki.credentials import Credentials
from renkei_pki.identity import Identity

_STATUS = health_pb2.HealthCheckResponse.ServingStatus
SERVING = _STATUS.Name(health_pb2.HealthCheckResponse.SERVING)


async def health_of(credentials: Credentials, server: Identity, address: str) -> str:
    """What the listener answers, such as `SERVING`, or the reason why it could not be asked."""
    try:
        async with Channel(credentials, server, address) as channel:
            return await channel.ask(
                health_pb2.HealthCheckRequest(),
                health_pb2.HealthCheckResponse,
                lambda told: _STATUS.Name(told.status),
            )
    except Refusal as refusal:
        return refusal.reason.name
