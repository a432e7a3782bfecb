"""The outbox: calls that a seat owes to others, written with their cause.

A task is put in the transaction that makes it due and taken out in the
transaction that records its answer, so that a crash in between repeats the call
under the same request id and loses nothing. A call that was refused for good
leaves a row without its content: where, what and why.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from sqlalchemy import bindparam, delete, func, insert, select

from renkei.reasons import Reason
from renkei_server.domain.world import Ids
from renkei_server.store.engine.codecs import document
from renkei_server.store.engine.columns import drawn_number, sealed, table, text
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.guarded import Guarded
from renkei_server.store.engine.passing import Passing, passing
from renkei_server.store.engine.prepared import Prepared, one
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.engine.shared import PUTS, Shared, puts_place

_TASKS = table(
    "outbox",
    drawn_number(),
    text("kind"),
    text("request_id"),
    text("cause"),
    sealed("content", document(dict[str, str])),
    **passing(Passing(owed="call", each="kind")),
)

_REFUSED = table(
    "refused_calls",
    drawn_number(),
    text("kind"),
    text("request_id"),
    text("reason"),
    text("at"),
)

TABLES = (_TASKS, _REFUSED)

_PUT = Guarded(insert(_TASKS))
_AFTER = Guarded(
    select(_TASKS)
    .where(_TASKS.c.kind == bindparam("of"), _TASKS.c.number > bindparam("last"))
    .order_by(_TASKS.c.number)
    .limit(bindparam("most"))
)
_DONE = Prepared(
    delete(_TASKS).where(_TASKS.c.number == bindparam("task")).returning(_TASKS.c.number)
)
_REFUSE = Prepared(insert(_REFUSED))
_KINDS = Prepared(select(_TASKS.c.kind, func.count()).group_by(_TASKS.c.kind))
_REFUSED_KINDS = Prepared(select(_REFUSED.c.kind, func.count()).group_by(_REFUSED.c.kind))
_SIZE = Prepared(select(func.count()).select_from(_TASKS))
_REFUSALS = Prepared(select(_REFUSED.c.kind, _REFUSED.c.reason).order_by(_REFUSED.c.number))


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

    def __init__(self, sealer: Sealer, ids: Ids, shared: Shared | None = None) -> None:
        """`shared` is the store's."""
        self._sealer = sealer
        self._ids = ids
        self._shared = shared or Shared.alone()

    def puts(self, kind: str) -> int:
        """How many tasks of a kind were put and committed since the start, here or by another
        worker: a hint for the reader, to whom it tells more rather than less.
        """
        return self._shared.words[puts_place(kind)]

    @property
    def all_puts(self) -> int:
        """The same of all kinds together."""
        return self._shared.words[PUTS]

    def put(
        self, connection: Connection, kind: str, *, cause: str, content: Mapping[str, str]
    ) -> None:
        """Owe one more call, under a request id of its own."""
        values = {
            "number": connection.draw(),
            "kind": kind,
            "request_id": self._ids.request_id(),
            "cause": cause,
            "content": dict(content),
        }
        _PUT.put_off(connection, self._sealer, values)
        connection.after_commit(partial(self._count, kind))

    def _count(self, kind: str) -> None:
        self._shared.count(puts_place(kind))
        self._shared.count(PUTS)

    def after(self, connection: Connection, kind: str, number: int, limit: int) -> list[Task]:
        """At most `limit` tasks of the kind with a higher number, oldest first."""
        values = {"of": kind, "last": number, "most": limit}
        return [Task(*row) for row in _AFTER.run(connection, self._sealer, values).fetchall()]

    def done(self, connection: Connection, task: Task) -> bool:
        """The call was answered and its answer is recorded: forget it.

        Returns False where it is forgotten already: that commit's own answer had been lost.
        """
        return _DONE.value(connection, {"task": task.number}) is not None

    def refused(self, connection: Connection, task: Task, reason: Reason, at: datetime) -> bool:
        """The call was refused for good: keep where and why, and forget its content.

        Returns False, and keeps nothing, where it is forgotten already.
        """
        if not self.done(connection, task):
            return False
        values = {
            "number": connection.draw(),
            "kind": task.kind,
            "request_id": task.request_id,
            "reason": reason.name,
            "at": at.isoformat(),
        }
        _REFUSE.put_off(connection, values)
        return True

    def kinds(self, connection: Connection) -> dict[str, int]:
        """How many calls of each kind are still owed."""
        return dict(_KINDS.run(connection, {}).fetchall())

    def refused_kinds(self, connection: Connection) -> dict[str, int]:
        """How many calls of each kind were refused for good."""
        return dict(_REFUSED_KINDS.run(connection, {}).fetchall())

    def size(self, connection: Connection) -> int:
        """How many calls are still owed."""
        (size,) = one(_SIZE.run(connection, {}))
        return int(size)

    def refusals(self, connection: Connection) -> list[tuple[str, str]]:
        """Kind and reason of every call that was refused for good, oldest first."""
        found = _REFUSALS.run(connection, {}).fetchall()
        return [(kind, reason) for kind, reason in found]
