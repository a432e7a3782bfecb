"""The connection from one certificate to one server."""

import json
from typing import Any, Self

import renkei_pki.tls  # noqa: F401  # isort: skip  # must come before grpc: it makes TLS 1.3 the only one
import grpc
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message_factory import GetMessageClass

from renkei.contract import path_of
from renkei_clients.bearing import borne
from renkei_pki.credentials import Credentials
from renkei_pki.identity import Identity

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


class Connection:
    """The connection under one certificate; it is entered by each call, and counts them."""

    def __init__(self, credentials: Credentials, server: Identity, address: str) -> None:
        self.credentials = credentials
        self._channel = _open(credentials, server, address)
        self.calls = 0
        self._callables: dict[MethodDescriptor, Any] = {}

    def calling(self, method: MethodDescriptor) -> Any:
        """How grpc calls the method: a request for an answer, or a stream for a stream."""
        if method not in self._callables:
            kind = (
                self._channel.stream_stream
                if method.client_streaming
                else self._channel.unary_unary
            )
            self._callables[method] = kind(
                path_of(method),
                request_serializer=GetMessageClass(method.input_type).SerializeToString,
                response_deserializer=GetMessageClass(method.output_type).FromString,
            )
        return self._callables[method]

    def __enter__(self) -> Self:
        self.calls += 1
        return self

    def __exit__(self, *_ended: object) -> None:
        self.calls -= 1

    async def close(self) -> None:
        """Give up what is under way."""
        await self._channel.close(grace=None)


def _open(own: Credentials, server: Identity, address: str) -> grpc.aio.Channel:
    return grpc.aio.secure_channel(
        address,
        borne(own),
        options=[
            ("grpc.ssl_target_name_override", server.dns),
            ("grpc.default_authority", server.dns),
            ("grpc.service_config", _RETRIES),
            ("grpc.max_reconnect_backoff_ms", 1_000),
            ("grpc.initial_reconnect_backoff_ms", 100),
        ],
    )
