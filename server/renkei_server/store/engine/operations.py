"""The operation log: who did what, to whom, when, with what outcome (USE-07, USE-08).

It is a store, not a log line: whom an operation concerned is sealed and found by
a blind index. One record for each RPC, refused ones too, written in the
transaction of what the RPC did, or by the door where there was none. Where it
concerned several persons, there is one for each, so that each finds it.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    insert,
    select,
)

from renkei_server.store.engine.prepared import Prepared
from renkei_server.store.engine.sealing import Sealed, Sealer

_METADATA = MetaData()

_OPERATIONS = Table(
    "operations",
    _METADATA,
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("at", String, nullable=False),
    Column("caller", String, nullable=False),
    Column("method", String, nullable=False),
    Column("outcome", String, nullable=False),
    Column("person_index", LargeBinary),
    Column("particulars", Sealed, nullable=False),
    Index("operations_by_person", "person_index"),
)

TABLES = (_OPERATIONS,)

_RECORD = Prepared(
    insert(_OPERATIONS),
    ("at", "caller", "method", "outcome", "person_index", "particulars"),
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

    def concern(self, persons: Sequence[str]) -> None:
        """Note everybody whom it concerns."""
        self.person, self.others = (persons[0], tuple(persons[1:])) if persons else ("", ())


class OperationLog:
    """Writes operations, and finds those that concern one person."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def record(self, connection: Connection, operations: Sequence[Operation]) -> None:
        """Append operations."""
        _RECORD.run_each(
            connection,
            [
                self._as_columns(one, person)
                for one in operations
                for person in (one.person, *one.others)
            ],
        )

    def _as_columns(self, operation: Operation, whom: str) -> dict[str, object]:
        columns = _OPERATIONS.c
        person = whom.encode()
        particulars = {
            "request_id": operation.request_id,
            "operator": operation.operator,
            "person": whom,
        }
        return {
            "at": operation.at.isoformat(),
            "caller": operation.caller,
            "method": operation.method,
            "outcome": operation.outcome,
            "person_index": self._sealer.blind(columns.person_index, person) if person else None,
            "particulars": self._sealer.seal(columns.particulars, json.dumps(particulars).encode()),
        }

    def concerning(self, connection: Connection, person: str) -> list[Operation]:
        """Every operation that concerned the person, oldest first."""
        columns = _OPERATIONS.c
        index = self._sealer.blind(columns.person_index, person.encode())
        found = connection.execute(
            select(_OPERATIONS).where(columns.person_index == index).order_by(columns.number)
        )
        return [
            Operation(
                at=datetime.fromisoformat(row.at),
                caller=row.caller,
                method=row.method,
                outcome=row.outcome,
                recorded=True,
                **json.loads(self._sealer.open(columns.particulars, row.particulars)),
            )
            for row in found
        ]

    def outcomes(self, connection: Connection) -> list[tuple[str, str, str]]:
        """Caller, method and outcome of every operation, oldest first; it names no person."""
        columns = _OPERATIONS.c
        found = connection.execute(
            select(columns.caller, columns.method, columns.outcome).order_by(columns.number)
        )
        return [(row.caller, row.method, row.outcome) for row in found]
