"""A seat's log lines: one JSON object each, with the machine's time; none names a person.

A line that cannot be written, the disk being full or whatever else, changes nothing else: it is
counted, and the next one that can be written is preceded by their number.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import RawIOBase
from pathlib import Path
from typing import Any

import structlog
from msgspec.json import Encoder
from structlog.typing import EventDict, FilteringBoundLogger, WrappedLogger

from renkei_server.domain.world import Clock
from renkei_server.door import occasion


@contextmanager
def open_log(path: Path, seat: str, clock: Clock) -> Iterator[FilteringBoundLogger]:
    """Append to the seat's file of log lines."""

    def complete(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        event["at"] = clock.real().isoformat(timespec="microseconds")
        return {**occasion.fields(), **event}

    processors: Sequence[Any] = (
        structlog.processors.add_log_level,
        complete,
        _as_json,
    )
    with path.open("ab", buffering=0) as file:
        log: FilteringBoundLogger = structlog.wrap_logger(
            structlog.BytesLogger(_Lines(file)),  # type: ignore[arg-type]  # it writes and flushes
            processors=processors,
            wrapper_class=structlog.make_filtering_bound_logger("info"),
            seat=seat,
        )
        yield log


class _Lines:
    """A file that takes whole lines, or counts them."""

    def __init__(self, file: RawIOBase) -> None:
        self._file = file
        self._lost = 0

    def write(self, line: bytes) -> None:
        """Append a line."""
        told = line
        if self._lost:  # of the last one a part may stand there
            told = (
                b"\n"
                + _JSON.encode({"event": "log_lines_lost", "lines": self._lost})
                + b"\n"
                + line
            )
        try:
            whole = self._file.write(told) == len(told)
        except (OSError, ValueError):  # ValueError: the seat closes, and somebody comes to an end
            whole = False
        self._lost = 0 if whole else self._lost + 1

    def flush(self) -> None:
        """Nothing waits here."""


def _as_json(_logger: WrappedLogger, _method: str, event: EventDict) -> bytes:
    try:
        return _JSON.encode(event)
    except Exception as fault:  # whatever somebody told: nobody's answer depends on it
        return _JSON.encode({"event": "log_line_unfit", "fault": type(fault).__name__})


def _only_its_kind(value: object) -> str:
    """What has no form of its own is told by its type: its repr might name somebody."""
    return type(value).__name__


_JSON = Encoder(enc_hook=_only_its_kind)
