"""Processing serials as the information provision network keeps them (IPN-1).

A serial is kept sealed until it was used or has expired; a keyed hash stays as
its tombstone, so that reuse and invention are told apart for ever.
"""

from datetime import datetime

from sqlalchemy import Index, bindparam, func, insert, select, update

from renkei.codes import Institution, ProcessingSerial
from renkei_server.domain.serials import Serial, SerialState
from renkei_server.store.engine.codecs import SERIAL
from renkei_server.store.engine.columns import blind, drawn_number, sealed, table, text
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.guarded import Guarded
from renkei_server.store.engine.passing import Passing, passing
from renkei_server.store.engine.prepared import Prepared, one
from renkei_server.store.engine.sealing import Sealer

_SERIALS = table(
    "serials",
    drawn_number(),
    blind("serial_index", unique=True),
    sealed("serial", SERIAL, optional=True),
    text("owner"),
    text("expires_at"),
    text("state"),
    Index("serials_by_expiry", "state", "expires_at"),
    **passing(
        Passing(
            owed="pending serial",
            where="state",
            among=(SerialState.ISSUED.value,),
            left={"serial": None, "state": SerialState.EXPIRED.value},
        )
    ),
)

TABLES = (_SERIALS,)

_THE_SERIAL = _SERIALS.c.serial_index == bindparam("of")
_ISSUE = Guarded(insert(_SERIALS))
_ISSUED = Guarded(
    select(_SERIALS.c.serial, _SERIALS.c.expires_at).where(_SERIALS.c.number == bindparam("key"))
)
_FIND = Guarded(
    select(_SERIALS.c.owner, _SERIALS.c.expires_at, _SERIALS.c.state).where(_THE_SERIAL)
)
_END = Guarded(update(_SERIALS).where(_THE_SERIAL).values(state=bindparam("ended"), serial=None))
_EXPIRED = Guarded(
    select(_SERIALS.c.serial, _SERIALS.c.owner, _SERIALS.c.expires_at)
    .where(_SERIALS.c.state == SerialState.ISSUED.value)
    .where(_SERIALS.c.expires_at <= bindparam("now"))
    .order_by(_SERIALS.c.expires_at)
    .limit(bindparam("most"))
)
_USED = Prepared(
    select(_SERIALS.c.owner, func.count())
    .where(_SERIALS.c.state == SerialState.USED.value)
    .group_by(_SERIALS.c.owner)
)


class Serials:
    """Every serial that was ever issued."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def issue(
        self,
        connection: Connection,
        serial: ProcessingSerial,
        owner: Institution,
        expires_at: datetime,
    ) -> str:
        """Record a new serial (F1.5); return its key."""
        number = connection.draw()
        values = {
            "number": number,
            "serial_index": serial.value,
            "serial": serial,
            "owner": owner.name,
            "expires_at": expires_at.isoformat(),
            "state": SerialState.ISSUED.value,
        }
        _ISSUE.run(connection, self._sealer, values)
        return str(number)

    def issued(self, connection: Connection, key: str) -> tuple[ProcessingSerial | None, datetime]:
        """The serial, absent once it was used or has expired, and when it expires."""
        serial, until = one(_ISSUED.run(connection, self._sealer, {"key": int(key)}))
        return serial, datetime.fromisoformat(until)

    def find(self, connection: Connection, serial: ProcessingSerial) -> Serial | None:
        """What is known of a serial, or None if it was never issued."""
        row = _FIND.row(connection, self._sealer, {"of": serial.value})
        if row is None:
            return None
        owner, until, state = row
        return Serial(Institution(owner), datetime.fromisoformat(until), SerialState(state))

    def use(self, connection: Connection, serial: ProcessingSerial) -> None:
        """Mark a serial as used and erase it, but for its tombstone."""
        self._end(connection, serial, SerialState.USED)

    def any_expired(self, connection: Connection, now: datetime) -> bool:
        """Whether the time of any serial has come."""
        return bool(self._due(connection, now, 1))

    def expire(
        self, connection: Connection, now: datetime, limit: int
    ) -> list[tuple[ProcessingSerial, Serial]]:
        """Mark at most `limit` serials whose time has come as expired, and erase them.

        Returns each with what was known of it, so that its owner can be told.
        """
        expired = []
        for serial, owner, until in self._due(connection, now, limit):
            self._end(connection, serial, SerialState.EXPIRED)
            expires_at = datetime.fromisoformat(until)
            known = Serial(Institution(owner), expires_at, SerialState.EXPIRED)
            expired.append((serial, known))
        return expired

    def used(self, connection: Connection) -> dict[str, int]:
        """How many serials of each owner were used."""
        return dict(_USED.run(connection, {}).fetchall())

    def _due(
        self, connection: Connection, now: datetime, limit: int
    ) -> list[tuple[ProcessingSerial, str, str]]:
        values = {"now": now.isoformat(), "most": limit}
        found = _EXPIRED.run(connection, self._sealer, values).fetchall()
        return [(serial, owner, until) for serial, owner, until in found]

    def _end(self, connection: Connection, serial: ProcessingSerial, state: SerialState) -> None:
        _END.run(connection, self._sealer, {"of": serial.value, "ended": state.value})
