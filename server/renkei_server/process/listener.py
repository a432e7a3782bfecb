"""A listener: mutual TLS, and behind it the door with the services of one trust domain."""

import socket
from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import Final

import renkei_pki.tls  # noqa: F401  # isort: skip  # must come before grpc: it makes TLS 1.3 the only one
import grpc
from grpc_health.v1 import health, health_pb2_grpc
from grpc_health.v1._async import HealthServicer
from grpc_reflection.v1alpha import reflection, reflection_pb2_grpc
from grpc_reflection.v1alpha._async import ReflectionServicer
from structlog.typing import FilteringBoundLogger

from renkei import reasons
from renkei.limits import MESSAGE_LIMIT
from renkei.networks import CONTROL
from renkei.refusals import Refusal
from renkei_pki.credentials import CredentialFolder, Credentials
from renkei_server.door.batches import BatchService
from renkei_server.door.caller import Callers
from renkei_server.door.door import Door, Service
from renkei_server.door.passage import Passages
from renkei_server.door.standard import collect
from renkei_server.process.neighbours import Neighbours
from renkei_server.roles.parts import Parts
from renkei_server.seats.memory.comparing import MemoryService

_GRACE_SECONDS = 1.0
CALLS_ON_A_CONNECTION: Final = 32
"""So many calls are under way on one connection; HTTP/2 lets its caller know."""
_MOST_PENDING = 20_000

_SERVER_OPTIONS = (
    ("grpc.max_receive_message_length", 4 * MESSAGE_LIMIT),
    ("grpc.max_connection_age_grace_ms", 60_000),  # a call under way comes to its end
    # a crowd on one connection waits at its caller, and is not taken for an attack
    ("grpc.max_concurrent_streams", CALLS_ON_A_CONNECTION),
    ("grpc.http.overload_protection", 0),
    # what comes on many connections is turned away by the door, never by chance whoever it is of
    ("grpc.server.max_pending_requests", _MOST_PENDING),
    ("grpc.server.max_pending_requests_hard_limit", _MOST_PENDING),
    ("grpc.server_handshake_timeout_ms", 5_000),
)


async def listen(
    stack: AsyncExitStack,
    parts: Parts,
    services: Sequence[Service],
    domain: str,
    doctor: HealthServicer,
    log: FilteringBoundLogger,
    neighbours: Neighbours,
) -> str:
    """Open the listener of one trust domain; return where it is. `stack` closes it.

    Raises ADDRESS_TAKEN where somebody else listens there.
    """
    config, clock, network = parts.config, parts.clock, parts.config.networks[domain]
    beside = () if domain == CONTROL else (MemoryService(neighbours.hear),)
    contracts = (*(one.contract for one in (*services, *beside)), BatchService.contract)
    names = [contract.full_name for contract in contracts]
    reflector = ReflectionServicer([*names, health.SERVICE_NAME, reflection.SERVICE_NAME])
    door = Door(
        listener=parts.identity(domain),
        services=services,
        standard={
            **collect(health_pb2_grpc.add_HealthServicer_to_server, doctor),
            **collect(reflection_pb2_grpc.add_ServerReflectionServicer_to_server, reflector),
        },
        passages=Passages(
            callers=Callers(domain=domain, revocations=parts.revocations(domain), clock=clock),
            store=parts.store,
            clock=clock,
            log=log.bind(domain=domain),
            room=config.room.among(config.workers),
            require_open=parts.keys.require,
        ),
        receipts=parts.receipts,
        beside=beside,
        closed=lambda: bool(beside) and neighbours.closed,
    )
    age = ("grpc.max_connection_age_ms", round(config.connection_age_seconds * 1000))
    # of a seat of one worker a second server on the same port is a mistake, not a helper
    shares_port = ("grpc.so_reuseport", int(config.workers > 1))
    if config.workers > 1 and parts.store.shared.is_first:
        _require_free(network.address)
    server = grpc.aio.server(options=(*_SERVER_OPTIONS, shares_port, age))
    server.add_generic_rpc_handlers((door,))
    credentials = _server_credentials(parts.keys.listens_with(domain))
    try:
        port = server.add_secure_port(network.address, credentials)
    except RuntimeError as error:  # all that grpc says of an address that it cannot have
        raise Refusal(reasons.ADDRESS_TAKEN, network.address) from error
    await server.start()
    stack.push_async_callback(server.stop, _GRACE_SECONDS)
    host, _, _ = network.address.rpartition(":")
    return f"{host}:{port}"


def _require_free(address: str) -> None:
    """Raise ADDRESS_TAKEN where somebody listens there, who may let others share the port."""
    host, _, port = address.rpartition(":")
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), int(port)))
        except OSError as error:
            raise Refusal(reasons.ADDRESS_TAKEN, address) from error


def _server_credentials(folder: CredentialFolder) -> grpc.ServerCredentials:
    """What a listener shows and trusts: what the folder holds as each handshake begins."""
    shown = folder.current()

    def renewed() -> grpc.ServerCertificateConfiguration | None:
        nonlocal shown
        if (latest := folder.current()) is shown:
            return None
        shown = latest
        return _configuration(latest)

    return grpc.dynamic_ssl_server_credentials(
        _configuration(shown),
        renewed,  # type: ignore[arg-type]  # None is "no change"; its stubs do not know
        require_client_authentication=True,
    )


def _configuration(own: Credentials) -> grpc.ServerCertificateConfiguration:
    return grpc.ssl_server_certificate_configuration(
        [(own.key_pem, own.chain_pem)], root_certificates=own.roots_pem
    )
