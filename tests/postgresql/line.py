"""A line to a PostgreSQL that may be lost at the very moment of a commit."""

import socket
from collections.abc import Callable
from contextlib import suppress
from select import select
from threading import Thread
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

REQUEST, ANSWER = "request", "answer"

_COMMIT = b"COMMIT\0"
_MOST = 1 << 16


class Line:
    """Passes everything on, until it is told to lose a commit; a context manager."""

    def __init__(self, url: str) -> None:
        """To the database at this URL."""
        self._there = urlsplit(url)
        self._door = socket.create_server(("127.0.0.1", 0))
        self._to_lose = ""
        self._meanwhile: Callable[[], object] = bool
        self.lost = 0
        """How many commits were lost."""

    @property
    def url(self) -> str:
        """The URL of the database by this line."""
        login, _, _ = self._there.netloc.rpartition("@")
        port = self._door.getsockname()[1]
        return self._there._replace(netloc=f"{login}@127.0.0.1:{port}").geturl()

    def lose(self, what: str, meanwhile: Callable[[], object] = bool) -> None:
        """Lose the next COMMIT: the REQUEST, before the database hears of it, or the ANSWER.

        What is to happen `meanwhile` happens before whoever sent it sees that the line is lost.
        """
        self._to_lose, self._meanwhile = what, meanwhile

    def __enter__(self) -> Self:
        Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()

    def _accept(self) -> None:
        with suppress(OSError):  # it is closed
            while True:
                near, _ = self._door.accept()
                Thread(target=self._pass_on, args=(near,), daemon=True).start()

    def _pass_on(self, near: socket.socket) -> None:
        where = (self._there.hostname or "", self._there.port or 5432)
        with near, suppress(OSError), socket.create_connection(where) as far:
            while True:
                ready, _, _ = select((near, far), (), ())
                for one, other in ((near, far), (far, near)):
                    if one in ready:
                        told = one.recv(_MOST)
                        if not told:
                            return
                        if self._to_lose and one is near and told.endswith(_COMMIT):
                            self._lose_commit(far, told)
                            return
                        other.sendall(told)

    def _lose_commit(self, far: socket.socket, told: bytes) -> None:
        what, self._to_lose = self._to_lose, ""
        if what == ANSWER:
            far.sendall(told)
            far.recv(_MOST)  # once it answers it has committed
        self._meanwhile()
        self.lost += 1
