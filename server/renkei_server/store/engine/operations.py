"""The operation log: who did what, to whom, when, with what outcome (USE-07, USE-08).

It is a store, not a log line: whom an operation concerned is sealed and found by
a blind index. One record for each RPC, refused ones too, written in the
transaction of what the RPC did, or by the door where there was none. Where it
concerned several persons, there is one for each, so that each finds it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import bindparam, delete, insert, select

from renkei_server.store.engine.codecs import document
from renkei_server.store.engine.columns import blind, drawn_number, sealed, table, text
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.guarded import Guarded
from renkei_server.store.engine.prepared import Prepared
from renkei_server.store.engine.sealing import Sealer

OPERATIONS = table(
    "operations",
    drawn_number(),
    text("at"),
    text("caller"),
    text("method"),
    text("outcome"),
    blind("person_index", optional=True, index=True),
    sealed("particulars", document(dict[str, str])),
)

TABLES = (OPERATIONS,)

AT_ONCE: Final = 1000
"""So many are erased in one transaction."""

_RECORD = Guarded(insert(OPERATIONS))
_TOLD = (OPERATIONS.c.caller, OPERATIONS.c.method, OPERATIONS.c.outcome)
_CONCERNING = Guarded(
    select(OPERATIONS.c.at, *_TOLD, OPERATIONS.c.particulars)
    .where(OPERATIONS.c.person_index == bindparam("of"))
    .order_by(OPERATIONS.c.number)
)
_OUTCOMES = Prepared(select(*_TOLD).order_by(OPERATIONS.c.number))
_OLDEST = Prepared(select(OPERATIONS.c.at).order_by(OPERATIONS.c.number).limit(1))
_SOME = select(OPERATIONS.c.number).order_by(OPERATIONS.c.number).limit(AT_ONCE).subquery()
_ERASE = Prepared(
    delete(OPERATIONS)
    .where(OPERATIONS.c.number.in_(select(_SOME.c.number)), OPERATIONS.c.at < bindparam("before"))
    .returning(OPERATIONS.c.number)
)


@dataclass(slots=True)
class Operation:
    """One RPC as the operation log will hold it; its handler adds whom it concerns."""

    at: datetime
    caller: str
    method: str
    request_id: str = ""
    operator: str = ""
    person: str = field(default="", repr=False)
    outcome: str = "OK"
    recorded: bool = False
    others: tuple[str, ...] = field(default=(), repr=False)
    """Whom it concerned beside the one person."""
    affair: str = ""
    """What it was for, where that was told (USE-10)."""
    case: str = ""
    """How the document behind it is called, where that was told."""

    def concern(self, persons: Sequence[str]) -> None:
        """Note everybody whom it concerns."""
        self.person, self.others = (persons[0], tuple(persons[1:])) if persons else ("", ())


class OperationLog:
    """Writes operations, and finds those that concern one person."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def record(self, connection: Connection, operations: Sequence[Operation]) -> None:
        """Append operations."""
        draw = connection.draw
        told = (
            _as_columns(draw(), one, person)
            for one in operations
            for person in (one.person, *one.others)
        )
        _RECORD.run_each(connection, self._sealer, told)

    def concerning(self, connection: Connection, person: str) -> list[Operation]:
        """Every operation that concerned the person, oldest first."""
        found = _CONCERNING.run(connection, self._sealer, {"of": person})
        return [from_columns(*row) for row in found.fetchall()]

    def outcomes(self, connection: Connection) -> list[tuple[str, str, str]]:
        """Caller, method and outcome of every operation, oldest first; it names no person."""
        found = _OUTCOMES.run(connection, {})
        return [(caller, method, outcome) for caller, method, outcome in found.fetchall()]

    def any_older(self, connection: Connection, before: datetime) -> bool:
        """Whether the oldest is from before a moment."""
        oldest = _OLDEST.value(connection, {})
        return oldest is not None and oldest < before.astimezone(UTC).isoformat()

    def erase_older(self, connection: Connection, before: datetime) -> int:
        """Erase those from before a moment, some of the oldest at a time; return how many."""
        erased = _ERASE.run(connection, {"before": before.astimezone(UTC).isoformat()})
        return len(list(erased.fetchall()))


def from_columns(
    at: str, caller: str, method: str, outcome: str, particulars: Mapping[str, Any]
) -> Operation:
    """The operation that a row tells."""
    moment = datetime.fromisoformat(at)
    return Operation(moment, caller, method, outcome=outcome, recorded=True, **particulars)


def _as_columns(number: int, operation: Operation, person: str) -> dict[str, object]:
    purpose = {"affair": operation.affair, "case": operation.case} if operation.affair else {}
    return {
        "number": number,
        "at": operation.at.isoformat(),
        "caller": operation.caller,
        "method": operation.method,
        "outcome": operation.outcome,
        "person_index": person or None,
        "particulars": {
            "request_id": operation.request_id,
            "operator": operation.operator,
            "person": person,
            **purpose,
        },
    }
