"""What a channel shows of its holder: a certificate, with its key or with what signs in its place.

A key that lives in a token is never here: grpc hands out what is to be signed, and goes on once it is
(NET-11). To sign may take a device its time, so it is done on a thread of its own; what comes of
a token that is away is a connection that is not made. That grpc can do so is experimental.
"""

import warnings
from collections.abc import Callable
from threading import Thread
from typing import Any

import renkei_pki.tls  # noqa: F401  # isort: skip  # must come before grpc: it makes TLS 1.3 the only one
import grpc
import grpc.experimental
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from renkei.refusals import Refusal
from renkei_pki.credentials import Credentials
from renkei_pki.tokens.token_key import TokenKey

Signed = Callable[[bytes | Exception], None]
"""Hears the signature, or why there is none."""


def borne(own: Credentials) -> grpc.ChannelCredentials:
    """The credentials of a channel whose holder proves themselves by these."""
    if own.token_key is None:
        return grpc.ssl_channel_credentials(
            root_certificates=own.roots_pem,
            private_key=own.key_pem,
            certificate_chain=own.chain_pem,
        )
    experimental: Any = grpc.experimental  # its stubs do not know the function
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", experimental.ExperimentalApiWarning)
        made: grpc.ChannelCredentials = experimental.ssl_channel_credentials_with_custom_signer(
            private_key_sign_fn=_signing(own.token_key),
            root_certificates=own.roots_pem,
            certificate_chain=own.chain_pem,
        )
    return made


def _signing(key: TokenKey) -> Callable[[bytes, Any, Signed], Callable[[], None]]:
    """How grpc has something signed; it holds on until it hears of it."""

    def sign(content: bytes, _algorithm: object, signed: Signed) -> Callable[[], None]:
        def work() -> None:
            try:
                signed(key.sign(content, ec.ECDSA(SHA256())))
            except Refusal as refusal:
                signed(refusal)

        Thread(target=work, daemon=True).start()
        return _goes_on

    return sign


def _goes_on() -> None:
    """A handshake was given up: what is being signed for it is of no use to anybody."""
