"""The socket at which a process answers its owner; what is asked and told there is in `owner`."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from renkei import reasons
from renkei.refusals import Refusal
from renkei_server.process.owner import Reports, reachable, written

_LONGEST_LINE = 4_096
_READ_SECONDS = 5.0

Answer = Callable[[str, str], Awaitable[Reports]]
"""Answers a command about a seat."""


@asynccontextmanager
async def owner_socket(path: Path, answer: Answer) -> AsyncIterator[None]:
    """Answer the owner in here. Raises SEATS_RUN_ALREADY where another process does so there."""

    async def attend(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_READ_SECONDS):
                asked = json.loads(await reader.readline())
            writer.write(written(await answer(str(asked["command"]), str(asked["seat"]))))
            await writer.drain()
        except (OSError, ValueError, LookupError, TypeError, RecursionError):
            pass  # who asks in no form, or goes, is not answered
        finally:
            writer.close()

    listening = _bound(path)
    server = await asyncio.start_unix_server(attend, sock=listening, limit=_LONGEST_LINE)
    try:
        yield
    finally:
        server.close()
        path.unlink(missing_ok=True)  # noqa: ASYNC240 - a name in memory


def _bound(path: Path) -> socket.socket:
    with reachable(path) as address:
        _require_unused(address)
        path.unlink(missing_ok=True)  # its process died
        listening = socket.socket(socket.AF_UNIX)
        listening.bind(address)
    path.chmod(0o600)
    return listening


def _require_unused(address: str) -> None:
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(address)
        except OSError:
            return
    raise Refusal(reasons.SEATS_RUN_ALREADY)
