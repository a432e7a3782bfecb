"""Reading the operation log page by page, in the order in which it was written (USE-08, USE-09).

Whom an operation concerned is found by a blind index. Everything else is looked for among so many
records at a time: who acted is sealed, and no record is written more slowly to be read faster.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, bindparam, func, select

from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.guarded import Guarded
from renkei_server.store.engine.operations import OPERATIONS, Operation, from_columns
from renkei_server.store.engine.prepared import Rows, one
from renkei_server.store.engine.sealing import Sealer

LOOKED_AT: Final = 1000
"""So many records are looked at for one page."""

_C = OPERATIONS.c
_TOLD = (_C.number, _C.at, _C.caller, _C.method, _C.outcome, _C.particulars)
_AFTER = _C.number > bindparam("after")
_THE_PERSON = _C.person_index == bindparam("of")


def _end(*those: ColumnElement[bool]) -> Guarded:
    """How many are looked at for a page, and the number of the last."""
    some = select(_C.number).where(_AFTER, *those).order_by(_C.number).limit(LOOKED_AT).subquery()
    told: Sequence[ColumnElement[Any]] = (func.count(), func.max(some.c.number))
    return Guarded(select(*told))


def _page(*those: ColumnElement[bool]) -> Guarded:
    looked_at: Select[Any] = select(*_TOLD).where(_AFTER, _C.number <= bindparam("upto"), *those)
    in_period = looked_at.where(_C.at >= bindparam("first"), _C.at < bindparam("until"))
    return Guarded(in_period.order_by(_C.number))


_END, _END_OF_PERSON = _end(), _end(_THE_PERSON)
_PAGE, _PAGE_OF_PERSON = _page(), _page(_THE_PERSON)
_BEFORE = Guarded(
    select(*_TOLD).where(_C.number <= bindparam("upto")).order_by(_C.number.desc()).limit(LOOKED_AT)
)


@dataclass(frozen=True, slots=True)
class Recorded:
    """An operation as it stands in the log."""

    number: int
    operation: Operation


@dataclass(frozen=True, slots=True)
class Period:
    """From a moment on and before another, by the world's clock; None where it has no bound."""

    first: datetime | None = None
    until: datetime | None = None

    def holds(self, moment: datetime) -> bool:
        """Whether a moment lies in it."""
        return (self.first is None or self.first <= moment) and (
            self.until is None or moment < self.until
        )

    @property
    def bounds(self) -> dict[str, object]:
        """Texts between which the moments of the log lie."""
        return {
            "first": self.first.astimezone(UTC).isoformat() if self.first else "",
            "until": self.until.astimezone(UTC).isoformat() if self.until else "~",
        }


ALWAYS: Final = Period()


class OperationPages:
    """Reads the operation log of one seat."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def page(
        self, connection: Connection, after: int, period: Period = ALWAYS, person: str = ""
    ) -> tuple[Sequence[Recorded], int]:
        """Those of a period among the next that are looked at, and the number of the last of these.

        0 where there is none behind. `person`: whom they concerned; empty for anybody.
        """
        end, page = (_END_OF_PERSON, _PAGE_OF_PERSON) if person else (_END, _PAGE)
        values = {"after": after, **({"of": person} if person else {})}
        count, upto = one(end.run(connection, self._sealer, values))
        if not count:
            return (), 0
        found = page.run(connection, self._sealer, {**values, "upto": upto, **period.bounds})
        return _read(found), upto if count == LOOKED_AT else 0

    def before(self, connection: Connection, upto: int) -> Sequence[Recorded]:
        """The last up to a number that are looked at, oldest first."""
        return _read(_BEFORE.run(connection, self._sealer, {"upto": upto}))[::-1]


def _read(rows: Rows) -> Sequence[Recorded]:
    return [Recorded(number, from_columns(*told)) for number, *told in rows.fetchall()]
