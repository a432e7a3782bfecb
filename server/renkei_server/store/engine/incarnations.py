"""A store's incarnations, how often each has told the seat's neighbours, and what those have told.

Both are the store's own and go back with it: that is what they are for (`renkei.memories`).

A neighbour may lie about what it saw. It makes a seat look after itself in vain, and no more: the seat
remembers some of what it is told so, and begins a new incarnation where there is no number left.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final

from sqlalchemy import bindparam, delete, insert, select, update

from renkei.memories import MOST, Memory
from renkei_server.domain.world import Ids
from renkei_server.store.engine.columns import drawn_number, long_number, table, text
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.prepared import Prepared

_INCARNATIONS = table(
    "incarnations",
    drawn_number(),
    text("incarnation", unique=True),
    long_number("count"),
    text("began_at"),
    text("why"),
    long_number("forgotten"),
    text("noticed_at", optional=True),
)
_NEIGHBOURS = table(
    "neighbours", text("seat", primary_key=True), text("incarnation"), long_number("count")
)

TABLES = (_INCARNATIONS, _NEIGHBOURS)

MOST_SEEN: Final = 100
"""So many incarnations are remembered that neighbours alone have seen."""

_ALL = Prepared(select(_INCARNATIONS.c.incarnation, _INCARNATIONS.c.count))
_PRESENT = Prepared(
    select(
        _INCARNATIONS.c.incarnation,
        _INCARNATIONS.c.count,
        _INCARNATIONS.c.began_at,
        _INCARNATIONS.c.why,
        _INCARNATIONS.c.forgotten,
        _INCARNATIONS.c.noticed_at,
    )
    .where(_INCARNATIONS.c.why != bindparam("not"))
    .order_by(_INCARNATIONS.c.number.desc())
    .limit(1)
)
_ADD = Prepared(insert(_INCARNATIONS))
_THE_ONE = _INCARNATIONS.c.incarnation == bindparam("of")
_COUNT = Prepared(update(_INCARNATIONS).where(_THE_ONE).values(count=bindparam("to")))
_NO_LONGER_SEEN = Prepared(
    delete(_INCARNATIONS).where(
        _INCARNATIONS.c.number.in_(
            select(_INCARNATIONS.c.number)
            .where(_INCARNATIONS.c.why == bindparam("for"))
            .order_by(_INCARNATIONS.c.number.desc())
            .limit(MOST_SEEN)
            .offset(MOST_SEEN)
        )
    )
)
_FORGOT = Prepared(
    update(_INCARNATIONS)
    .where(_THE_ONE)
    .values(forgotten=bindparam("to"), noticed_at=bindparam("at"))
)
_SEEN = Prepared(
    select(_NEIGHBOURS.c.incarnation, _NEIGHBOURS.c.count).where(
        _NEIGHBOURS.c.seat == bindparam("of")
    )
)
_UNSEE = Prepared(delete(_NEIGHBOURS).where(_NEIGHBOURS.c.seat == bindparam("of")))
_SEE = Prepared(insert(_NEIGHBOURS))


class Why(Enum):
    """Why an incarnation began."""

    MADE = "made"
    RESTORED = "restored"
    SEEN = "seen"
    """It did not: a neighbour saw it, and the seat remembers nothing of it."""


@dataclass(frozen=True, slots=True)
class Incarnation:
    """The present incarnation: how far it has told, and what it is known to have forgotten."""

    memory: Memory
    began_at: datetime
    why: Why
    forgotten: int
    """How many of its own tellings neighbours saw and it does not remember."""
    noticed_at: datetime | None

    @property
    def set_back_at(self) -> datetime | None:
        """When it was set back, or that was noticed; None where it never was, as far as is known."""
        return self.noticed_at or (self.began_at if self.why is Why.RESTORED else None)


def all_of(connection: Connection) -> Sequence[Memory]:
    """What the store remembers of each incarnation."""
    return [Memory(*row) for row in _ALL.run(connection, {}).fetchall()]


def present(connection: Connection) -> Incarnation | None:
    """The present one; None in a store that was never opened for a run."""
    row = _PRESENT.run(connection, {"not": Why.SEEN.value}).fetchone()
    if row is None:
        return None
    incarnation, count, began_at, why, lost, noticed_at = row
    return Incarnation(
        Memory(incarnation, count),
        datetime.fromisoformat(began_at),
        Why(why),
        lost,
        datetime.fromisoformat(noticed_at) if noticed_at else None,
    )


def begin(connection: Connection, ids: Ids, at: datetime, *, restored: bool) -> bool:
    """Open the store for another run; return whether it has had one before.

    It begins a new incarnation where it has none, or was restored. It counts no telling: of files that
    were put back, one might make up for the one that is lost.
    """
    before = present(connection)
    if before is None or restored:
        why = Why.RESTORED if restored else Why.MADE
        _add(connection, Memory(ids.random_bytes(16).hex(), 1), at, why)
    return before is not None


def tell(connection: Connection, now: Incarnation, ids: Ids, at: datetime) -> Memory:
    """Count one telling more; in a new incarnation where a neighbour left no number to count on."""
    if now.memory.count == MOST:
        anew = Memory(ids.random_bytes(16).hex(), 1)
        _add(connection, anew, at, Why.MADE)
        return anew
    more = Memory(now.memory.incarnation, now.memory.count + 1)
    _COUNT.run(connection, {"of": more.incarnation, "to": more.count})
    return more


def forget(connection: Connection, now: Incarnation, seen: Memory, lost: int, at: datetime) -> None:
    """Note that so many tellings are forgotten, which a neighbour saw, and find them no second time."""
    if any(one.incarnation == seen.incarnation for one in all_of(connection)):
        _COUNT.run(connection, {"of": seen.incarnation, "to": seen.count})
    else:
        _add(connection, seen, at, Why.SEEN)
        _NO_LONGER_SEEN.run(connection, {"for": Why.SEEN.value})
    forgotten = min(now.forgotten + lost, MOST)
    values = {"of": now.memory.incarnation, "to": forgotten, "at": at.isoformat()}
    _FORGOT.run(connection, values)


def seen(connection: Connection, neighbour: str) -> Memory | None:
    """What a neighbour told last; of one incarnation the highest."""
    row = _SEEN.run(connection, {"of": neighbour}).fetchone()
    return None if row is None else Memory(*row)


def see(connection: Connection, neighbour: str, memory: Memory) -> None:
    """Keep what a neighbour told."""
    _UNSEE.run(connection, {"of": neighbour})
    values = {"seat": neighbour, "incarnation": memory.incarnation, "count": memory.count}
    _SEE.run(connection, values)


def _add(connection: Connection, memory: Memory, at: datetime, why: Why) -> None:
    values = {
        "number": connection.draw(),
        "incarnation": memory.incarnation,
        "count": memory.count,
        "began_at": at.isoformat(),
        "why": why.value,
        "forgotten": 0,
        "noticed_at": None,
    }
    _ADD.run(connection, values)
