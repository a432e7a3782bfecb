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
from renkei_server.store.sealing import Sealed, Sealer

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

_ISSUE = insert(_SERIALS)
_ISSUED = select(_SERIALS.c.serial, _SERIALS.c.expires_at).where(
    _SERIALS.c.number == bindparam("key")
)
_FIND = select(_SERIALS.c.owner, _SERIALS.c.expires_at, _SERIALS.c.state).where(
    _SERIALS.c.serial_index == bindparam("of")
)
_END = (
    update(_SERIALS)
    .where(_SERIALS.c.serial_index == bindparam("of"))
    .values(state=bindparam("ended"), serial=None)
)
_EXPIRED = (
    select(_SERIALS)
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
        inserted = connection.execute(
            _ISSUE,
            {
                "serial_index": self._index(serial),
                "serial": self._sealer.seal(_SERIALS.c.serial, serial.value.encode()),
                "owner": owner.name,
                "expires_at": expires_at.isoformat(),
                "state": SerialState.ISSUED.value,
            },
        )
        return str(inserted.inserted_primary_key[0])  # type: ignore[index]  # one row was inserted

    def issued(self, connection: Connection, key: str) -> tuple[ProcessingSerial | None, datetime]:
        """The serial, absent once it was used or has expired, and when it expires."""
        row = connection.execute(_ISSUED, {"key": int(key)}).one()
        expires_at = datetime.fromisoformat(row.expires_at)
        return (None if row.serial is None else self._opened(row.serial)), expires_at

    def find(self, connection: Connection, serial: ProcessingSerial) -> Serial | None:
        """What is known of a serial, or None if it was never issued."""
        row = connection.execute(_FIND, {"of": self._index(serial)}).one_or_none()
        if row is None:
            return None
        return Serial(
            Institution(row.owner), datetime.fromisoformat(row.expires_at), SerialState(row.state)
        )

    def use(self, connection: Connection, serial: ProcessingSerial) -> None:
        """Mark a serial as used and erase it, but for its tombstone."""
        self._end(connection, self._index(serial), SerialState.USED)

    def any_expired(self, connection: Connection, now: datetime) -> bool:
        """Whether the time of any serial has come."""
        found = connection.execute(_EXPIRED, {"now": now.isoformat(), "most": 1})
        return found.first() is not None

    def expire(
        self, connection: Connection, now: datetime, limit: int
    ) -> list[tuple[ProcessingSerial, Serial]]:
        """Mark at most `limit` serials whose time has come as expired, and erase them.

        Returns each with what was known of it, so that its owner can be told.
        """
        found = connection.execute(_EXPIRED, {"now": now.isoformat(), "most": limit}).all()
        expired = []
        for row in found:
            self._end(connection, row.serial_index, SerialState.EXPIRED)
            expires_at = datetime.fromisoformat(row.expires_at)
            known = Serial(Institution(row.owner), expires_at, SerialState.EXPIRED)
            expired.append((self._opened(row.serial), known))
        return expired

    def _end(self, connection: Connection, index: bytes, state: SerialState) -> None:
        connection.execute(_END, {"of": index, "ended": state.value})

    def _opened(self, sealed: bytes) -> ProcessingSerial:
        return ProcessingSerial(self._sealer.open(_SERIALS.c.serial, sealed).decode())

    def _index(self, serial: ProcessingSerial) -> bytes:
        return self._sealer.blind(_SERIALS.c.serial_index, serial.value.encode())
