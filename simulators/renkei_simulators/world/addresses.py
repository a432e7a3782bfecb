"""Addresses of listeners: HOST:PORT as a world file tells it, and whether anybody is there."""

import ipaddress
import re
import socket
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Self
from urllib.parse import urlsplit

_NAME: Final = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?", re.IGNORECASE)
_LOCAL: Final = "127.0.0.1"
_ANY: Final = frozenset({"0.0.0.0", "::"})  # noqa: S104 - recognised, not bound
_CONNECT_SECONDS: Final = 1.0
_POSTGRESQL: Final = 5432


@dataclass(frozen=True, slots=True)
class Address:
    """Where a listener is; the host without brackets."""

    host: str
    port: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raise ValueError unless it is HOST:PORT, an IPv6 host in brackets, the port 0 to 65535."""
        host, _, port = text.rpartition(":")
        if not (port.isascii() and port.isdigit()) or str(int(port)) != port or int(port) > 65_535:
            raise ValueError(text)
        return cls(_host(host), int(port))

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    def meets(self, other: Self) -> bool:
        """Whether two listeners cannot both have what they ask for; port 0 is any that is free."""
        if self.port != other.port or not self.port:
            return False
        here, there = self.host.lower(), other.host.lower()
        return here == there or bool(_ANY & {here, there}) or {here, there} == {_LOCAL, "localhost"}


def _host(text: str) -> str:
    if text.startswith("[") and text.endswith("]"):
        return str(ipaddress.IPv6Address(text[1:-1]))
    if re.fullmatch(r"[0-9.]+", text):
        return str(ipaddress.IPv4Address(text))
    if not _NAME.fullmatch(text):
        raise ValueError(text)
    return text


def why_not_free(address: Address) -> str:
    """Why nobody can listen there now, in the system's words; nothing where somebody can."""
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(
            address.host, address.port, type=socket.SOCK_STREAM
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(where)
    except OSError as error:
        return error.strerror or str(error)
    return ""


def anybody_listens(address: Address) -> bool:
    """Whether somebody takes a connection there within a second."""
    with (
        suppress(OSError),
        socket.create_connection((address.host, address.port), timeout=_CONNECT_SECONDS),
    ):
        return True
    return False


def why_no_database(url: str) -> str:
    """That nobody listens where a PostgreSQL database is told to be; nothing where one may be there."""
    try:
        told = urlsplit(url)
        host, port = told.hostname, told.port or _POSTGRESQL
    except ValueError:
        return ""
    if not host or anybody_listens(Address(host, port)):
        return ""
    return (
        f"the world's database does not answer at {host}:{port}: start PostgreSQL there, or correct "
        f"the url of [store]. データベース（{host}:{port}）が応答しません。"
        "PostgreSQLを起動するか、[store]のurlを直してください。"
    )
