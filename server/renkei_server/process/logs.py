"""A seat's log lines: one JSON object each, with the machine's time; none names a person."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

import structlog
from msgspec.json import Encoder
from structlog.typing import EventDict, FilteringBoundLogger, WrappedLogger

from renkei_server.domain.world import Clock


@contextmanager
def open_log(path: Path, seat: str, clock: Clock) -> Iterator[FilteringBoundLogger]:
    """Append to the seat's file of log lines."""

    def at(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        event["at"] = clock.real().isoformat(timespec="microseconds")
        return event

    processors: Sequence[Any] = (
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        at,
        _as_json,
    )
    file: TextIO
    with path.open("a", buffering=1, encoding="utf-8") as file:
        log: FilteringBoundLogger = structlog.wrap_logger(
            structlog.WriteLogger(file),
            processors=processors,
            wrapper_class=structlog.make_filtering_bound_logger("info"),
            seat=seat,
        )
        yield log


def _as_json(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    return _JSON.encode(event).decode()


def _only_its_kind(value: object) -> str:
    """What has no form of its own is told by its type: its repr might name somebody."""
    return type(value).__name__


_JSON = Encoder(enc_hook=_only_its_kind)
