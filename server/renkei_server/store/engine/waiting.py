"""Use cases that wait for their commit, and how each is told how it ended."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.operations import Operation


@dataclass(slots=True)
class Waiting:
    """A use case, and the record of its call; either may be absent."""

    work: Callable[[Connection], Any] | None
    operation: Operation | None
    durable: bool
    what: str
    answer: asyncio.Future[Any] = field(default_factory=lambda: asyncio.Future())

    def run(self, connection: Connection) -> object:
        """Run the use case, if there is one beside its record."""
        return None if self.work is None else self.work(connection)


def tell(answer: asyncio.Future[Any], outcome: object) -> None:
    """Tell who waits how it ended, unless they have gone."""
    if answer.cancelled():
        return
    if isinstance(outcome, BaseException):
        if isinstance(outcome, StopIteration):  # which no future takes
            outcome = RuntimeError("a use case raised StopIteration")
        answer.set_exception(outcome)
        with suppress(BaseException):
            answer.exception()  # its waiter may have gone; the outcome is recorded by the door
    else:
        answer.set_result(outcome)
