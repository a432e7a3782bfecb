"""One handshake by a TLS stack other than grpc's, to learn what grpc does not tell.

It is Python's own `ssl` (OpenSSL), with TLS 1.3 alone. The server's chain, dates and usage
are judged; whether it is the server that was meant is left to whoever calls. (invented)
"""

import contextlib
import socket
import ssl
from dataclasses import dataclass
from pathlib import Path

_HEADER = 9  # bytes of the header of an HTTP/2 frame: the server speaks first


@dataclass(frozen=True, slots=True)
class Met:
    """What was met at an address, in OpenSSL's words where something failed."""

    server_pem: bytes = b""
    """The server's own certificate; empty where none was trusted."""
    distrusted: str = ""
    """Why the server's certificate was not trusted."""
    shown_pem: bytes = b""
    """The server's own certificate where it was not trusted, as far as it could be had."""
    refused: str = ""
    """Why the server gave no connection."""


def shake_hands(
    address: str, name: str, *, cert: Path, key: Path, roots: Path, seconds: float = 5.0
) -> Met:
    """Connect as a client of HTTP/2 that asks for the server of this name.

    Raises OSError where nobody listens there.
    """
    host, _, port = address.rpartition(":")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    tls.check_hostname = False
    tls.minimum_version = ssl.TLSVersion.TLSv1_3
    tls.set_alpn_protocols(["h2"])
    tls.load_verify_locations(roots)
    tls.load_cert_chain(cert, key)
    server_pem = b""
    with socket.create_connection((host.strip("[]"), int(port)), seconds) as plain:
        try:
            with tls.wrap_socket(plain, server_hostname=name or None) as secured:
                if shown := secured.getpeercert(binary_form=True):
                    server_pem = ssl.DER_cert_to_PEM_cert(shown).encode()
                spoke = secured.recv(_HEADER)  # a refusal of our certificate comes only here
        except ssl.SSLCertVerificationError as error:
            return Met(
                distrusted=error.verify_message, shown_pem=_shown(tls, address, name, seconds)
            )
        except (ssl.SSLError, ConnectionError, TimeoutError) as error:
            return Met(server_pem, refused=_worded(error))
    return Met(server_pem, refused="" if spoke else "it closed the connection")


def _shown(tls: ssl.SSLContext, address: str, name: str, seconds: float) -> bytes:
    """The certificate that a server shows, trusted or not; nothing is sent to it."""
    host, _, port = address.rpartition(":")
    tls.verify_mode = ssl.CERT_NONE
    with (
        contextlib.suppress(OSError),
        socket.create_connection((host.strip("[]"), int(port)), seconds) as plain,
        tls.wrap_socket(plain, server_hostname=name or None) as secured,
    ):
        shown = secured.getpeercert(binary_form=True)
        return ssl.DER_cert_to_PEM_cert(shown).encode() if shown else b""
    return b""


def _worded(error: OSError) -> str:
    """The alert in words, such as `tlsv1 alert unknown ca`."""
    if isinstance(error, ssl.SSLError) and error.reason:
        return error.reason.lower().replace("_", " ")
    return (error.strerror or "no answer in time").lower()
