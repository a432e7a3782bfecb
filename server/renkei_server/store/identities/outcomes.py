"""What became of notifications further on: kept for whoever told them, until they have taken it up."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import bindparam, delete, insert, select

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
_AWAITED = table(
    "awaited_outcomes",
    blind("notification", primary_key=True),
    **passing(Passing(owed="outcome that is awaited")),
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
_ANY = Prepared(select(_AWAITED.c.notification).limit(1))


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

    def forget(self, connection: Connection, teller: Institution, upto: int) -> None:
        """The institution has taken up all up to this number."""
        _FORGET.run(connection, {"of": teller.name, "upto": upto})


class Awaited:
    """Of which notifications a seat still waits to hear."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def add(self, connection: Connection, code: ResidentRecordCode, sequence: int) -> None:
        """Wait for one more."""
        _AWAIT.run(connection, self._sealer, {"notification": _named(code, sequence)})

    def ended(self, connection: Connection, code: ResidentRecordCode, sequence: int) -> bool:
        """Wait for it no longer; return whether anybody did."""
        sought = {"of": _named(code, sequence)}
        return _HEARD.value(connection, self._sealer, sought) is not None

    def any(self, connection: Connection) -> bool:
        """Whether any is awaited."""
        return _ANY.value(connection, {}) is not None


def _named(code: ResidentRecordCode, sequence: int) -> str:
    return f"{code.digits}/{sequence}"
