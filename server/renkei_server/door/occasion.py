"""What leads to a log line: the request or the task in whose course it is written.

structlog has a context of its own, which looks through all variables of the task at each line and
takes several times as long as the rest of the line.
"""

from collections.abc import Mapping
from contextvars import ContextVar
from typing import Final

_TOLD: Final[ContextVar[Mapping[str, object]]] = ContextVar("renkei occasion", default={})  # noqa: B039 - nobody writes to it


class Occasion:
    """While it is entered, log lines of this course of events tell these fields too."""

    __slots__ = ("_before", "_told")

    def __init__(self, **told: object) -> None:
        self._told = told
        self._before: Mapping[str, object] = {}

    def __enter__(self) -> None:
        self._before = _TOLD.get()
        _TOLD.set({**self._before, **self._told})

    def __exit__(self, *_ended: object) -> None:
        _TOLD.set(self._before)  # a token is refused where a coroutine is closed from elsewhere


def fields() -> Mapping[str, object]:
    """The fields that log lines tell here and now."""
    return _TOLD.get()
