"""The outbox: calls that a seat owes to others, written with their cause.

A task is put in the transaction that makes it due and taken out in the
transaction that records its answer, so that a crash in between repeats the call
under the same request id and loses nothing. A call that was refused for good
leaves a row without its content: where, what and why.
"""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    bindparam,
    delete,
    func,
    insert,
    select,
)

from renkei.reasons import Reason
from renkei_server.domain.world import Ids
from renkei_server.store.engine.prepared import Prepared
from renkei_server.store.engine.sealing import Sealed, Sealer

_METADATA = MetaData()

_TASKS = Table(
    "outbox",
    _METADATA,
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("kind", String, nullable=False),
    Column("request_id", String, nullable=False),
    Column("cause", String, nullable=False),
    Column("content", Sealed, nullable=False),
    sqlite_autoincrement=True,  # a number is never used twice: the dispatcher goes by it
)

_REFUSED = Table(
    "refused_calls",
    _METADATA,
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("kind", String, nullable=False),
    Column("request_id", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("at", String, nullable=False),
)

TABLES = (_TASKS, _REFUSED)

_PUT = Prepared(insert(_TASKS), ("kind", "request_id", "cause", "content"))
_AFTER = Prepared(
    select(_TASKS)
    .where(_TASKS.c.kind == bindparam("of"), _TASKS.c.number > bindparam("last"))
    .order_by(_TASKS.c.number)
    .limit(bindparam("most"))
)
_DONE = Prepared(delete(_TASKS).where(_TASKS.c.number == bindparam("task")))


@dataclass(frozen=True, slots=True)
class Task:
    """One call to be made: its kind, its request id, the request that led to it, its content."""

    number: int
    kind: str
    request_id: str
    cause: str
    content: Mapping[str, str] = field(repr=False)


class Outbox:
    """The tasks of one seat."""

    def __init__(self, sealer: Sealer, ids: Ids) -> None:
        self._sealer = sealer
        self._ids = ids
        self.puts: Counter[str] = Counter()
        """How many tasks of each kind were put since the start, taken-back ones too: a hint for
        the reader."""

    def put(
        self, connection: Connection, kind: str, *, cause: str, content: Mapping[str, str]
    ) -> None:
        """Owe one more call, under a request id of its own."""
        sealed = self._sealer.seal(_TASKS.c.content, json.dumps(dict(content)).encode())
        _PUT.run(
            connection,
            {
                "kind": kind,
                "request_id": self._ids.request_id(),
                "cause": cause,
                "content": sealed,
            },
        )
        self.puts[kind] += 1

    def after(self, connection: Connection, kind: str, number: int, limit: int) -> list[Task]:
        """At most `limit` tasks of the kind with a higher number, oldest first."""
        found = _AFTER.run(connection, {"of": kind, "last": number, "most": limit})
        return [
            Task(
                number,
                kind,
                request_id,
                cause,
                json.loads(self._sealer.open(_TASKS.c.content, content)),
            )
            for number, kind, request_id, cause, content in found.fetchall()
        ]

    def done(self, connection: Connection, task: Task) -> None:
        """The call was answered and its answer is recorded: forget it."""
        _DONE.run(connection, {"task": task.number})

    def refused(self, connection: Connection, task: Task, reason: Reason, at: datetime) -> None:
        """The call was refused for good: keep where and why, and forget its content."""
        self.done(connection, task)
        connection.execute(
            insert(_REFUSED).values(
                kind=task.kind,
                request_id=task.request_id,
                reason=reason.name,
                at=at.isoformat(),
            )
        )

    def kinds(self, connection: Connection) -> dict[str, int]:
        """How many calls of each kind are still owed."""
        found = connection.execute(select(_TASKS.c.kind, func.count()).group_by(_TASKS.c.kind))
        return {row[0]: row[1] for row in found}

    def refused_kinds(self, connection: Connection) -> dict[str, int]:
        """How many calls of each kind were refused for good."""
        kind = _REFUSED.c.kind
        return {
            row[0]: row[1] for row in connection.execute(select(kind, func.count()).group_by(kind))
        }

    def size(self, connection: Connection) -> int:
        """How many calls are still owed."""
        return connection.execute(select(func.count()).select_from(_TASKS)).scalar_one()

    def refusals(self, connection: Connection) -> list[tuple[str, str]]:
        """Kind and reason of every call that was refused for good, oldest first."""
        found = connection.execute(
            select(_REFUSED.c.kind, _REFUSED.c.reason).order_by(_REFUSED.c.number)
        )
        return [(row.kind, row.reason) for row in found]
