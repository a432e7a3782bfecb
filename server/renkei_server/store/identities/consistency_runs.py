"""Runs of comparisons and what they found (F9): the newest of a seat, with its differences sealed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, delete, insert, select, update

from renkei.codes import Institution
from renkei.consistency import Peer
from renkei.consistency_reports import Found, Part, Run
from renkei_server.store.engine.codecs import document
from renkei_server.store.engine.columns import (
    drawn_number,
    long_number,
    number,
    sealed,
    table,
    text,
)
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.guarded import Guarded
from renkei_server.store.engine.prepared import Prepared
from renkei_server.store.engine.sealing import Sealer

MOST: Final = 200
"""So many differences are told at once."""


_RUNS = table(
    "consistency_runs",
    drawn_number(),
    text("started_at"),
    text("ends_by"),
    number("regular"),
)
_PARTS = table(
    "consistency_parts",
    drawn_number(),
    long_number("run", index=True),
    number("place"),
    sealed("content", document(Part), kept=True),
)
_FOUND = table(
    "consistency_differences",
    drawn_number(),
    long_number("run", index=True),
    number("place"),
    sealed("content", document(Found)),
)
_REGULAR = table("regular_runs", number("one", primary_key=True), text("due_at"))

TABLES = (_RUNS, _PARTS, _FOUND, _REGULAR)

_BEGIN = Prepared(insert(_RUNS))
_NEWEST = Prepared(
    select(_RUNS.c.number, _RUNS.c.started_at, _RUNS.c.ends_by, _RUNS.c.regular)
    .order_by(_RUNS.c.number.desc())
    .limit(1)
)
_FORGET = tuple(Prepared(delete(one)) for one in (_RUNS, _PARTS, _FOUND))
_ADD_PART = Guarded(insert(_PARTS))
_PARTS_OF = Guarded(
    select(_PARTS.c.content).where(_PARTS.c.run == bindparam("of")).order_by(_PARTS.c.place)
)
_THE_PART = (_PARTS.c.run == bindparam("of"), _PARTS.c.place == bindparam("at"))
_PART = Guarded(select(_PARTS.c.content).where(*_THE_PART))
_SET_PART = Guarded(update(_PARTS).where(*_THE_PART), ("content",))
_ADD = Guarded(insert(_FOUND))
_AFTER = Guarded(
    select(_FOUND.c.number, _FOUND.c.place, _FOUND.c.content)
    .where(_FOUND.c.run == bindparam("of"), _FOUND.c.number > bindparam("last"))
    .order_by(_FOUND.c.number)
    .limit(MOST + 1)
)
_DUE = Prepared(select(_REGULAR.c.due_at))
_FIRST_DUE = Prepared(insert(_REGULAR))
_NEXT_DUE = Prepared(update(_REGULAR).values(due_at=bindparam("at")), ("at",))


class ConsistencyRuns:
    """The newest run of one seat; each one that begins takes the place of the one before."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def begin(
        self,
        connection: Connection,
        parts: Sequence[tuple[Peer, Institution]],
        *,
        at: datetime,
        ends_by: datetime,
        regular: bool,
    ) -> Run:
        """Begin one; nothing is left of the one before."""
        self.forget(connection)
        run = Run(connection.draw(), at, ends_by, regular, tuple(Part(*one) for one in parts))
        times = {"started_at": at.isoformat(), "ends_by": ends_by.isoformat()}
        _BEGIN.run(connection, {"number": run.number, "regular": int(regular), **times})
        for place, part in enumerate(run.parts):
            row = {"number": connection.draw(), "run": run.number, "place": place, "content": part}
            _ADD_PART.run(connection, self._sealer, row)
        return run

    def forget(self, connection: Connection) -> None:
        """Keep none."""
        for one in _FORGET:
            one.run(connection, {})

    def newest(self, connection: Connection) -> Run | None:
        """The newest; None where there is none."""
        row = _NEWEST.run(connection, {}).fetchone()
        if row is None:
            return None
        found, started_at, ends_by, regular = row
        parts = _PARTS_OF.run(connection, self._sealer, {"of": found}).fetchall()
        return Run(
            found,
            datetime.fromisoformat(started_at),
            datetime.fromisoformat(ends_by),
            bool(regular),
            tuple(part for (part,) in parts),
        )

    def part(self, connection: Connection, run: int, place: int) -> Part | None:
        """One part of a run; None once another has begun."""
        found: Part | None = _PART.value(connection, self._sealer, {"of": run, "at": place})
        return found

    def note(
        self,
        connection: Connection,
        run: int,
        place: int,
        part: Part,
        found: Sequence[Found] = (),
    ) -> None:
        """A part stands so from now on, and this was found beside what was before."""
        _SET_PART.run(connection, self._sealer, {"of": run, "at": place, "content": part})
        for one in found:
            numbers = {"number": connection.draw(), "run": run, "place": place}
            _ADD.run(connection, self._sealer, {**numbers, "content": one})

    def found(
        self, connection: Connection, run: int, after: int
    ) -> tuple[Sequence[tuple[int, int, Found]], bool]:
        """What was found, after a number: number, part and what; and whether there is more."""
        told = list(_AFTER.run(connection, self._sealer, {"of": run, "last": after}).fetchall())
        return [(number, place, one) for number, place, one in told[:MOST]], len(told) > MOST

    def due_at(self, connection: Connection) -> datetime | None:
        """When the next regular run is due; None where nobody has said."""
        row = _DUE.run(connection, {}).fetchone()
        return None if row is None else datetime.fromisoformat(row[0])

    def set_due(self, connection: Connection, at: datetime) -> None:
        """Say when the next regular run is due."""
        if self.due_at(connection) is None:
            _FIRST_DUE.run(connection, {"one": 1, "due_at": at.isoformat()})
        else:
            _NEXT_DUE.run(connection, {"at": at.isoformat()})
