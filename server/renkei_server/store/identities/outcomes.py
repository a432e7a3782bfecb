"""What became of notifications further on: kept for whoever told them, until they have taken it up.

And of which ones a seat waits to hear. That goes into a backup, unlike what is told: who is set back
to one asks about each after its term.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select, update

from renkei.codes import Institution, ResidentRecordCode
from renkei.identities import IdentityNotification, NotificationOutcome
from renkei_server.store.engine.codecs import document
from renkei_server.store.engine.columns import blind, drawn_number, sealed, table, text
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.guarded import Guarded
from renkei_server.store.engine.passing import Passing, passing
from renkei_server.store.engine.prepared import Prepared
from renkei_server.store.engine.sealing import Sealer

MOST = 500
"""So many are told at once."""

_OUTCOMES = table(
    "notification_outcomes",
    drawn_number(),
    text("teller", index=True),
    sealed("outcome", document(NotificationOutcome)),
    **passing(Passing(owed="outcome of a notification")),
)


@dataclass(frozen=True, slots=True)
class Awaiting:
    """A notification of which a seat waits to hear."""

    resident_record_code: ResidentRecordCode
    sequence: int


_AWAITED = table(
    "awaited_outcomes",
    blind("notification", primary_key=True),
    text("due", optional=True, index=True),
    sealed("content", document(Awaiting), optional=True),  # older rows have none
)

OUTCOMES, AWAITED = (_OUTCOMES,), (_AWAITED,)
"""The tables of those who tell, and of those who wait to be told."""

_ADD = Guarded(insert(_OUTCOMES))
_OF = Guarded(
    select(_OUTCOMES.c.outcome)
    .where(_OUTCOMES.c.teller == bindparam("of"))
    .order_by(_OUTCOMES.c.number)
    .limit(MOST)
)
_ANY_FOR = Prepared(
    select(_OUTCOMES.c.number).where(_OUTCOMES.c.teller == bindparam("of")).limit(1)
)
_FORGET = Prepared(
    delete(_OUTCOMES).where(
        _OUTCOMES.c.teller == bindparam("of"), _OUTCOMES.c.number <= bindparam("upto")
    )
)
_AWAIT = Guarded(insert(_AWAITED))
_HEARD = Guarded(
    delete(_AWAITED)
    .where(_AWAITED.c.notification == bindparam("of"))
    .returning(_AWAITED.c.notification)
)
_WAITS = Guarded(select(_AWAITED.c.notification).where(_AWAITED.c.notification == bindparam("of")))
_ANY = Prepared(select(_AWAITED.c.notification).limit(1))
_DUE = Guarded(
    select(_AWAITED.c.content, _AWAITED.c.due)
    .where(_AWAITED.c.due <= bindparam("now"))
    .order_by(_AWAITED.c.due)
    .limit(bindparam("most"))
)
_PUT_OFF = Guarded(
    update(_AWAITED).where(_AWAITED.c.notification == bindparam("of")).values(due=bindparam("to"))
)
_ALL_DUE = Prepared(
    update(_AWAITED).where(_AWAITED.c.content.is_not(None)).values(due=bindparam("to"))
)
_FORGET_OLD = Prepared(
    delete(_AWAITED).where(_AWAITED.c.content.is_(None), _AWAITED.c.due <= bindparam("now"))
)


class Outcomes:
    """What a seat has to tell of notifications that came to it."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def add(
        self,
        connection: Connection,
        notification: IdentityNotification,
        seat: str,
        refused: str = "",
        fields: tuple[str, ...] = (),
    ) -> None:
        """Keep one for the municipality whose notification it was."""
        number, code = connection.draw(), notification.items.resident_record_code
        outcome = NotificationOutcome(number, code, notification.sequence, seat, refused, fields)
        self._keep(connection, notification.origin, outcome)

    def pass_on(
        self, connection: Connection, teller: Institution, outcome: NotificationOutcome
    ) -> None:
        """Keep one that another seat told."""
        self._keep(connection, teller, replace(outcome, number=connection.draw()))

    def _keep(
        self, connection: Connection, teller: Institution, outcome: NotificationOutcome
    ) -> None:
        values = {"number": outcome.number, "teller": teller.name, "outcome": outcome}
        _ADD.run(connection, self._sealer, values)

    def of(self, connection: Connection, teller: Institution) -> Sequence[NotificationOutcome]:
        """The oldest of those that an institution has not taken up."""
        found = _OF.run(connection, self._sealer, {"of": teller.name})
        return [outcome for (outcome,) in found.fetchall()]

    def any_for(self, connection: Connection, teller: Institution) -> bool:
        """Whether some are kept for an institution."""
        return _ANY_FOR.value(connection, {"of": teller.name}) is not None

    def forget(self, connection: Connection, teller: Institution, upto: int) -> None:
        """The institution has taken up all up to this number."""
        _FORGET.run(connection, {"of": teller.name, "upto": upto})


class Awaited:
    """Of which notifications a seat still waits to hear."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def add(
        self, connection: Connection, code: ResidentRecordCode, sequence: int, due: datetime
    ) -> None:
        """Wait for one more; it is due to be asked about at this moment of the world."""
        values = {
            "notification": _named(code, sequence),
            "due": due.isoformat(),
            "content": Awaiting(code, sequence),
        }
        _AWAIT.run(connection, self._sealer, values)

    def due(self, connection: Connection, now: datetime, most: int) -> Sequence[Awaiting]:
        """Of which no outcome came in time: at most so many, the longest first."""
        values = {"now": now.isoformat(), "most": most}
        found = _DUE.run(connection, self._sealer, values).fetchall()
        return [one for one, _ in found if one is not None]

    def put_off(self, connection: Connection, one: Awaiting, due: datetime) -> None:
        """Ask about it at that moment, and not before."""
        named = _named(one.resident_record_code, one.sequence)
        _PUT_OFF.run(connection, self._sealer, {"of": named, "to": due.isoformat()})

    def fall_due(self, connection: Connection, now: datetime) -> None:
        """Ask about each at this moment."""
        _ALL_DUE.run(connection, {"to": now.isoformat()})

    def forget_old(self, connection: Connection, now: datetime) -> None:
        """Wait no longer for those of an older version, which cannot be asked about."""
        _FORGET_OLD.run(connection, {"now": now.isoformat()})

    def waits(self, connection: Connection, code: ResidentRecordCode, sequence: int) -> bool:
        """Whether one is awaited."""
        return _WAITS.value(connection, self._sealer, {"of": _named(code, sequence)}) is not None

    def ended(self, connection: Connection, code: ResidentRecordCode, sequence: int) -> bool:
        """Wait for it no longer; return whether anybody did."""
        sought = {"of": _named(code, sequence)}
        return _HEARD.value(connection, self._sealer, sought) is not None

    def any(self, connection: Connection) -> bool:
        """Whether any is awaited."""
        return _ANY.value(connection, {}) is not None


def _named(code: ResidentRecordCode, sequence: int) -> str:
    return f"{code.digits}/{sequence}"
