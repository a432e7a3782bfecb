"""In what order notifications are handed on: each person's one after the other, none beside another.

A person's chain is that of one origin, so that no municipality stops what another tells of the same
person. It has one call under way at most. What is refused for good, by the next hop or beyond
it, stops that chain, and nobody else's, until a notification comes that supersedes it. Nothing waits
meanwhile: what was told on top of what was refused has ended with it. A chain ends with its last
notification.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, insert, select, update

from renkei.codes import Institution, ResidentRecordCode
from renkei.identities import IdentityNotification
from renkei.municipal_items import MunicipalItems
from renkei_server.store.engine.codecs import document
from renkei_server.store.engine.columns import blind, drawn_number, long_number, sealed, table
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.guarded import Guarded
from renkei_server.store.engine.outbox import Outbox
from renkei_server.store.engine.passing import Passing, passing
from renkei_server.store.engine.prepared import Prepared
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.identities.persons import person_at

NOTIFY = "notify"
"""The kind of the calls that hand notifications on; each names its chain."""


@dataclass(frozen=True, slots=True)
class Owed:
    """A notification on its way, with a municipality's own items where the next hop keeps them."""

    notification: IdentityNotification
    municipal: MunicipalItems | None = None


_CHAINS = table(
    "notification_chains",
    drawn_number("chain"),
    blind("person", unique=True),
    long_number("stopped_at", optional=True),
    # that a person's chain stands still is known by nothing else
    **passing(Passing(owed="notifications of a person", where="stopped_at", among=(None,))),
)
_WAITING = table(
    "outgoing_notifications",
    drawn_number(),
    long_number("chain", index=True),
    sealed("content", document(Owed)),
    **passing(Passing(owed="notification")),
)

TABLES = (_CHAINS, _WAITING)

_FIND = Guarded(
    select(_CHAINS.c.chain, _CHAINS.c.stopped_at).where(_CHAINS.c.person == bindparam("of"))
)
_BEGIN = Guarded(insert(_CHAINS))
_THE_CHAIN = _CHAINS.c.chain == bindparam("of")
_RENAME = Guarded(update(_CHAINS).where(_THE_CHAIN), ("person",))
_STOP = Prepared(update(_CHAINS).where(_THE_CHAIN).values(stopped_at=bindparam("at")))
_END = Prepared(delete(_CHAINS).where(_THE_CHAIN))
_ADD = Guarded(insert(_WAITING))
_HEAD = Guarded(
    select(_WAITING.c.number, _WAITING.c.content)
    .where(_WAITING.c.chain == bindparam("of"))
    .order_by(_WAITING.c.number)
    .limit(1)
)
_DONE = Prepared(delete(_WAITING).where(_WAITING.c.number == bindparam("of")))
_BEHIND = Guarded(
    select(_WAITING.c.content)
    .where(_WAITING.c.chain == bindparam("of"))
    .order_by(_WAITING.c.number)
)
_ALL_DONE = Prepared(delete(_WAITING).where(_WAITING.c.chain == bindparam("of")))


@dataclass(frozen=True, slots=True)
class Head:
    """The notification of a chain whose turn it is."""

    chain: int
    number: int
    owed: Owed


class Outgoing:
    """The notifications that a seat owes to the next hop."""

    def __init__(self, sealer: Sealer, outbox: Outbox) -> None:
        self._sealer = sealer
        self._outbox = outbox

    def put(self, connection: Connection, owed: Owed, *, cause: str) -> bool:
        """Owe one more, behind those of the same person; False where their chain stands still."""
        notification = owed.notification
        now = person_at(notification.origin, notification.items.resident_record_code)
        found = self._chain_of(connection, notification)
        chain, stopped_at = found or (connection.draw(), None)
        if found is None:
            values = {"chain": chain, "person": now, "stopped_at": None}
            _BEGIN.run(connection, self._sealer, values)
        elif notification.known_by != notification.items.resident_record_code:
            _RENAME.run(connection, self._sealer, {"of": chain, "person": now})
        if stopped_at is not None:
            if not _supersedes(notification, stopped_at):
                return False
            _STOP.run(connection, {"of": chain, "at": None})
        row = {"number": connection.draw(), "chain": chain, "content": owed}
        _ADD.run(connection, self._sealer, row)
        if found is None or stopped_at is not None:
            self._call(connection, chain, cause)
        return True

    def goes_on(self, connection: Connection, notification: IdentityNotification) -> bool:
        """Whether it supersedes what stopped the person's chain."""
        _, stopped_at = self._chain_of(connection, notification) or (0, None)
        return stopped_at is not None and _supersedes(notification, stopped_at)

    def _chain_of(
        self, connection: Connection, notification: IdentityNotification
    ) -> tuple[int, int | None] | None:
        """The person's chain and where it stopped; by the new code where a change comes again."""
        codes = (notification.known_by, notification.items.resident_record_code)
        for code in dict.fromkeys(codes):
            sought = {"of": person_at(notification.origin, code)}
            if (found := _FIND.row(connection, self._sealer, sought)) is not None:
                return found
        return None

    def waits(self, connection: Connection, origin: Institution, code: ResidentRecordCode) -> bool:
        """Whether something of a person waits to be handed on."""
        found = _FIND.row(connection, self._sealer, {"of": person_at(origin, code)})
        return found is not None and self.head(connection, found[0]) is not None

    def head(self, connection: Connection, chain: int) -> Head | None:
        """The one whose turn it is; None once the chain has ended."""
        found = _HEAD.row(connection, self._sealer, {"of": chain})
        return None if found is None else Head(chain, *found)

    def taken(self, connection: Connection, head: Head, *, cause: str) -> None:
        """The next hop has applied it: go on with the one behind, if there is one."""
        _DONE.run(connection, {"of": head.number})
        if self.head(connection, head.chain) is None:
            _END.run(connection, {"of": head.chain})
        else:
            self._call(connection, head.chain, cause)

    def refused(self, connection: Connection, head: Head) -> Sequence[Owed]:
        """The next hop has refused it for good: the chain stops there. Return what waited behind."""
        _DONE.run(connection, {"of": head.number})
        stopped_at = head.owed.notification.sequence
        _STOP.run(connection, {"of": head.chain, "at": stopped_at})
        return self._end_all(connection, head.chain)

    def stop(
        self, connection: Connection, origin: Institution, code: ResidentRecordCode, sequence: int
    ) -> Sequence[Owed]:
        """What was handed on was refused beyond: the chain stops there. Return what waited.

        A call under way belongs to no chain from then on, so that its answer means nothing.
        """
        person = person_at(origin, code)
        chain, stopped_at = _FIND.row(connection, self._sealer, {"of": person}) or (None, None)
        waited: Sequence[Owed] = ()
        if chain is not None:
            waited = self._end_all(connection, chain)
            _END.run(connection, {"of": chain})
        at = sequence if stopped_at is None else min(sequence, stopped_at)
        values = {"chain": connection.draw(), "person": person, "stopped_at": at}
        _BEGIN.run(connection, self._sealer, values)
        return waited

    def forget(self, connection: Connection, origin: Institution, code: ResidentRecordCode) -> None:
        """Know nothing any more of a person's chain that stands still."""
        sought = {"of": person_at(origin, code)}
        chain, _ = _FIND.row(connection, self._sealer, sought) or (None, None)
        if chain is not None and self.head(connection, chain) is None:
            _END.run(connection, {"of": chain})

    def _end_all(self, connection: Connection, chain: int) -> Sequence[Owed]:
        waited = _BEHIND.run(connection, self._sealer, {"of": chain}).fetchall()
        _ALL_DONE.run(connection, {"of": chain})
        return [one for (one,) in waited]

    def _call(self, connection: Connection, chain: int, cause: str) -> None:
        self._outbox.put(connection, NOTIFY, cause=cause, content={"chain": str(chain)})


def _supersedes(notification: IdentityNotification, stopped_at: int) -> bool:
    return 0 < notification.supersedes <= stopped_at
