"""Processing serials as the information provision network keeps them (IPN-1).

A serial is kept sealed until it was used or has expired; a keyed hash stays as
its tombstone, so that reuse and invention are told apart for ever.
"""

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
    bindparam,
    insert,
    select,
    update,
)

from renkei.codes import Institution, ProcessingSerial
from renkei_server.domain.serials import Serial, SerialState
from renkei_server.store.engine.prepared import Prepared, one, only
from renkei_server.store.engine.sealing import Sealed, Sealer

_SERIALS = Table(
    "serials",
    MetaData(),
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("serial_index", LargeBinary, nullable=False, unique=True),
    Column("serial", Sealed),
    Column("owner", String, nullable=False),
    Column("expires_at", String, nullable=False),
    Column("state", String, nullable=False),
    Index("serials_by_expiry", "state", "expires_at"),
)

TABLES = (_SERIALS,)

_ISSUE = Prepared(
    insert(_SERIALS).returning(_SERIALS.c.number),
    ("serial_index", "serial", "owner", "expires_at", "state"),
)
_ISSUED = Prepared(
    select(_SERIALS.c.serial, _SERIALS.c.expires_at).where(_SERIALS.c.number == bindparam("key"))
)
_FIND = Prepared(
    select(_SERIALS.c.owner, _SERIALS.c.expires_at, _SERIALS.c.state).where(
        _SERIALS.c.serial_index == bindparam("of")
    )
)
_END = Prepared(
    update(_SERIALS)
    .where(_SERIALS.c.serial_index == bindparam("of"))
    .values(state=bindparam("ended"), serial=None)
)
_EXPIRED = Prepared(
    select(_SERIALS.c.serial_index, _SERIALS.c.serial, _SERIALS.c.owner, _SERIALS.c.expires_at)
    .where(_SERIALS.c.state == SerialState.ISSUED.value)
    .where(_SERIALS.c.expires_at <= bindparam("now"))
    .order_by(_SERIALS.c.expires_at)
    .limit(bindparam("most"))
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
        values = {
            "serial_index": self._index(serial),
            "serial": self._sealer.seal(_SERIALS.c.serial, serial.value.encode()),
            "owner": owner.name,
            "expires_at": expires_at.isoformat(),
            "state": SerialState.ISSUED.value,
        }
        return only(_ISSUE.run(connection, values))

    def issued(self, connection: Connection, key: str) -> tuple[ProcessingSerial | None, datetime]:
        """The serial, absent once it was used or has expired, and when it expires."""
        sealed, until = one(_ISSUED.run(connection, {"key": int(key)}))
        return (None if sealed is None else self._opened(sealed)), datetime.fromisoformat(until)

    def find(self, connection: Connection, serial: ProcessingSerial) -> Serial | None:
        """What is known of a serial, or None if it was never issued."""
        row = _FIND.run(connection, {"of": self._index(serial)}).fetchone()
        if row is None:
            return None
        owner, until, state = row
        return Serial(Institution(owner), datetime.fromisoformat(until), SerialState(state))

    def use(self, connection: Connection, serial: ProcessingSerial) -> None:
        """Mark a serial as used and erase it, but for its tombstone."""
        self._end(connection, self._index(serial), SerialState.USED)

    def any_expired(self, connection: Connection, now: datetime) -> bool:
        """Whether the time of any serial has come."""
        found = _EXPIRED.run(connection, {"now": now.isoformat(), "most": 1})
        return found.fetchone() is not None

    def expire(
        self, connection: Connection, now: datetime, limit: int
    ) -> list[tuple[ProcessingSerial, Serial]]:
        """Mark at most `limit` serials whose time has come as expired, and erase them.

        Returns each with what was known of it, so that its owner can be told.
        """
        found = _EXPIRED.run(connection, {"now": now.isoformat(), "most": limit}).fetchall()
        expired = []
        for index, sealed, owner, until in found:
            self._end(connection, index, SerialState.EXPIRED)
            expires_at = datetime.fromisoformat(until)
            known = Serial(Institution(owner), expires_at, SerialState.EXPIRED)
            expired.append((self._opened(sealed), known))
        return expired

    def _end(self, connection: Connection, index: bytes, state: SerialState) -> None:
        _END.run(connection, {"of": index, "ended": state.value})

    def _opened(self, sealed: bytes) -> ProcessingSerial:
        return ProcessingSerial(self._sealer.open(_SERIALS.c.serial, sealed).decode())

    def _index(self, serial: ProcessingSerial) -> bytes:
        return self._sealer.blind(_SERIALS.c.serial_index, serial.value.encode())
