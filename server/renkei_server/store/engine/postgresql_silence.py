"""A PostgreSQL that says nothing any more, such as one that is stopped or frozen.

Its own timeouts stand still with it, and its connections stay open. So whoever waits for an answer
in a thread is watched from the loop: where none comes the connection is cut, and the wait ends as
that of any connection that is lost.
"""

import asyncio
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final

import psycopg

from renkei_server.store.engine.connection import Connection

SILENCE_SECONDS: Final = 8.0
"""So long an answer is waited for; a lock that somebody else holds is given up before (5 s)."""


class Watch:
    """Watches a thread until `end`, for as long as the loop runs that made it."""

    def __init__(self, where: Callable[[], Connection | None]) -> None:
        """`where` tells the connection at which the thread waits."""
        self._where = where
        self._loop = asyncio.get_running_loop()
        self._timer = self._loop.call_later(SILENCE_SECONDS, self._look)

    def end(self) -> None:
        """The thread waits no more."""
        self._timer.cancel()

    def _look(self) -> None:
        if (connection := self._where()) is not None:
            _cut(connection)
        self._timer = self._loop.call_later(SILENCE_SECONDS, self._look)


@contextmanager
def watching(where: Callable[[], Connection | None]) -> Iterator[None]:
    """While a thread works."""
    watch = Watch(where)
    try:
        yield
    finally:
        watch.end()


def _cut(connection: Connection) -> None:
    """End the wait for the other end; whoever waits finds the connection lost."""
    with (
        suppress(OSError, ValueError, psycopg.Error),
        socket.socket(fileno=os.dup(connection.driver.fileno())) as line,
    ):
        line.shutdown(socket.SHUT_RDWR)
