"""How many updates of identity information a seat has applied, by day and reason (USE-16).

There is one row a day, written in the transaction of each update. It is sealed: of a small
municipality a count of one would tell what a guess about somebody's day needs. It names nobody, and
is kept.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import bindparam, insert, select, update

from renkei.change_reasons import ChangeReason
from renkei_server.store.engine.codecs import document
from renkei_server.store.engine.columns import sealed, table, text
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.guarded import Guarded
from renkei_server.store.engine.sealing import Sealer

_COUNTS = table(
    "update_counts",
    text("day", primary_key=True),
    sealed("counts", document(dict[str, int]), kept=True),
)

TABLES: Final = (_COUNTS,)

_DAY = _COUNTS.c.day
_FIND = Guarded(select(_COUNTS.c.counts).where(bindparam("of") == _DAY))
_FIRST = Guarded(insert(_COUNTS))
_NEXT = Guarded(update(_COUNTS).where(bindparam("of") == _DAY), ("counts",))
_OF_DAYS = Guarded(
    select(_DAY, _COUNTS.c.counts)
    .where(bindparam("first") <= _DAY, bindparam("last") >= _DAY)
    .order_by(_DAY)
)


@dataclass(frozen=True, slots=True)
class UpdateCount:
    """How many updates of one reason were applied on one day in Japan."""

    day: date
    reason: ChangeReason
    count: int


class UpdateCounts:
    """Those of one seat."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def add(self, connection: Connection, day: date, reason: ChangeReason) -> None:
        """Count one more."""
        of = day.isoformat()
        found: dict[str, int] | None = _FIND.value(connection, self._sealer, {"of": of})
        counts = dict(found or {})
        counts[reason.name] = counts.get(reason.name, 0) + 1
        if found is None:
            _FIRST.run(connection, self._sealer, {"day": of, "counts": counts})
        else:
            _NEXT.run(connection, self._sealer, {"of": of, "counts": counts})

    def of(
        self,
        connection: Connection,
        first: date,
        last: date,
        reasons: Collection[ChangeReason] = frozenset(),
    ) -> Sequence[UpdateCount]:
        """Those of some days, both counted, by day and reason; without reasons of all."""
        days = {"first": first.isoformat(), "last": last.isoformat()}
        return [
            UpdateCount(date.fromisoformat(day), reason, counts[reason.name])
            for day, counts in _OF_DAYS.run(connection, self._sealer, days).fetchall()
            for reason in ChangeReason
            if reason.name in counts and (not reasons or reason in reasons)
        ]
