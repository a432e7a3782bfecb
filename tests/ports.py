"""Ports for worlds whose servers run in processes of their own.

They lie below those that the system hands out to whoever connects, so that
nobody takes one while its server is away; each test process begins elsewhere.
"""

import os
import re
import socket
from collections.abc import Iterator

_FIRST, _LAST, _EACH = 10_000, 32_000, 200


def _free_ports() -> Iterator[int]:
    begin = os.getpid() * _EACH
    for number in range(begin, begin + _LAST - _FIRST):
        port = _FIRST + number % (_LAST - _FIRST)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        yield port


_PORTS = _free_ports()


def on_free_ports(text: str) -> str:
    """A world file with ports that nobody had when they were looked for."""
    return re.sub(r"127\.0\.0\.1:0", lambda _: f"127.0.0.1:{next(_PORTS)}", text)


def free_port() -> int:
    """A port of 127.0.0.1 that nobody had when it was looked for."""
    return next(_PORTS)
