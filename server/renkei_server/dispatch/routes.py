"""How the tasks of one kind are sent, and what their answers mean."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from renkei.refusals import Refusal
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.outbox import Task

Effect = Callable[[Connection], None]
"""What an answer means for the seat's own store."""


class NotYetError(Exception):
    """The peer answered, and what was asked for is not there yet: ask again later."""


@dataclass(frozen=True, slots=True)
class Route:
    """How tasks of one kind are sent, and what it means when one is refused for good."""

    send: Callable[[Task], Awaitable[Effect]]
    refused: Callable[[Task, Refusal], Effect] | None = None
    patient: bool = False
    """Whether it asks for what takes its time: then the first call waits about as long as that."""


def no_effect(_connection: Connection) -> None:
    """The answer means nothing for the seat's own store."""
