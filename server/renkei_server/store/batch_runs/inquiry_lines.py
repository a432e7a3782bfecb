"""Lines of runs of inquiry, and what came of each (情報照会の一括処理).

Rules:
- A line and what came of it are sealed, and stay until the run is deleted: the ward fetches both
  together. How long they may stay otherwise was not found (U).
- The exchange that a line became stands beside it; it names nobody.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import (
    Index,
    UniqueConstraint,
    bindparam,
    delete,
    insert,
    select,
    update,
)

from renkei import reasons
from renkei.exchanges import ExchangeId
from renkei.inquiries import Inquiry
from renkei.reasons import Reason
from renkei_server.store.engine.codecs import document
from renkei_server.store.engine.columns import (
    drawn_number,
    number,
    sealed,
    table,
    text,
)
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.guarded import Guarded
from renkei_server.store.engine.passing import Passing, passing
from renkei_server.store.engine.prepared import Prepared, one
from renkei_server.store.engine.sealing import Sealer

_LINES = table(
    "inquiry_lines",
    drawn_number("key"),
    text("run_id"),
    text("file"),
    number("line"),
    sealed("asked"),
    text("exchange_id", optional=True),
    sealed("came", document(Inquiry), optional=True),
    text("reason", optional=True),
    UniqueConstraint("run_id", "file", "line"),
    Index("inquiry_lines_in_order", "run_id", "key"),
    **passing(Passing(owed="line of inquiry")),
)

TABLES = (_LINES,)

_OF_RUN = _LINES.c.run_id == bindparam("run")
_THE_LINE = _LINES.c.key == bindparam("of")
_ADD = Guarded(insert(_LINES), ("key", "run_id", "file", "line", "asked"))
_AFTER = Prepared(
    select(_LINES.c.key)
    .where(_OF_RUN, _LINES.c.key > bindparam("last"))
    .order_by(_LINES.c.key)
    .limit(bindparam("most"))
)
_FIND = Guarded(
    select(_LINES.c.run_id, _LINES.c.file, _LINES.c.asked, _LINES.c.exchange_id).where(_THE_LINE)
)
_START = Prepared(update(_LINES).where(_THE_LINE).values(exchange_id=bindparam("exchange")))
_END = Guarded(
    update(_LINES).where(_THE_LINE).values(came=bindparam("told"), reason=bindparam("why"))
)
_RESULTS = Guarded(
    select(_LINES.c.line, _LINES.c.asked, _LINES.c.came, _LINES.c.reason)
    .where(_OF_RUN, _LINES.c.file == bindparam("name"), _LINES.c.line > bindparam("last"))
    .order_by(_LINES.c.line)
    .limit(bindparam("most"))
)
_DELETE_RUN = Prepared(delete(_LINES).where(_OF_RUN))


@dataclass(frozen=True, slots=True)
class HeldLine:
    """One line as the ward wrote it, and the exchange that it became."""

    run_id: str
    file: str
    asked: bytes = field(repr=False)
    exchange_id: ExchangeId | None


@dataclass(frozen=True, slots=True)
class EndedLine:
    """One line as the ward wrote it, and what came of it, or why nothing did."""

    line: int
    asked: bytes = field(repr=False)
    came: Inquiry | Reason


class InquiryLines:
    """The lines of every run of one seat."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def add(
        self, connection: Connection, run_id: str, file: str, lines: Iterable[tuple[int, bytes]]
    ) -> None:
        """Keep the lines of a file, each with its place in it."""
        place = {"run_id": run_id, "file": file}
        draw = connection.draw
        told = ({"key": draw(), **place, "line": line, "asked": asked} for line, asked in lines)
        _ADD.run_each(connection, self._sealer, told)

    def after(self, connection: Connection, run_id: str, key: int, limit: int) -> list[int]:
        """At most `limit` keys of the run's lines behind this one, in the files' order."""
        found = _AFTER.run(connection, {"run": run_id, "last": key, "most": limit})
        return [row[0] for row in found.fetchall()]

    def get(self, connection: Connection, key: int) -> HeldLine:
        """One line; raises LookupError."""
        run_id, file, asked, exchange = one(_FIND.run(connection, self._sealer, {"of": key}))
        return HeldLine(run_id, file, asked, None if exchange is None else ExchangeId(exchange))

    def started(self, connection: Connection, key: int, exchange_id: ExchangeId) -> None:
        """It became this exchange."""
        _START.run(connection, {"of": key, "exchange": exchange_id.text})

    def ended(self, connection: Connection, key: int, came: Inquiry | Reason) -> None:
        """What came of it, or why nothing did."""
        reason, inquiry = (came.name, None) if isinstance(came, Reason) else (None, came)
        _END.run(connection, self._sealer, {"of": key, "told": inquiry, "why": reason})

    def results(
        self, connection: Connection, run_id: str, file: str, line: int, limit: int
    ) -> Sequence[EndedLine]:
        """At most `limit` lines of a file behind this one; every line of it has ended."""
        values = {"run": run_id, "name": file, "last": line, "most": limit}
        return [
            EndedLine(number, asked, came or reasons.named(reason))
            for number, asked, came, reason in _RESULTS.run(
                connection, self._sealer, values
            ).fetchall()
        ]

    def delete(self, connection: Connection, run_id: str) -> None:
        """Erase every line of a run, and what came of it."""
        _DELETE_RUN.run(connection, {"run": run_id})
