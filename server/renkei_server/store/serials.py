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
        columns = _SERIALS.c
        inserted = connection.execute(
            insert(_SERIALS).values(
                serial_index=self._index(serial),
                serial=self._sealer.seal(columns.serial, serial.value.encode()),
                owner=owner.name,
                expires_at=expires_at.isoformat(),
                state=SerialState.ISSUED.value,
            )
        )
        return str(inserted.inserted_primary_key[0])  # type: ignore[index]  # one row was inserted

    def issued(self, connection: Connection, key: str) -> tuple[ProcessingSerial | None, datetime]:
        """The serial, absent once it was used or has expired, and when it expires."""
        columns = _SERIALS.c
        row = connection.execute(
            select(columns.serial, columns.expires_at).where(columns.number == int(key))
        ).one()
        expires_at = datetime.fromisoformat(row.expires_at)
        return (None if row.serial is None else self._opened(row.serial)), expires_at

    def find(self, connection: Connection, serial: ProcessingSerial) -> Serial | None:
        """What is known of a serial, or None if it was never issued."""
        columns = _SERIALS.c
        row = connection.execute(
            select(columns.owner, columns.expires_at, columns.state).where(
                columns.serial_index == self._index(serial)
            )
        ).one_or_none()
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
        columns = _SERIALS.c
        found = connection.execute(
            select(columns.number)
            .where(columns.state == SerialState.ISSUED.value)
            .where(columns.expires_at <= now.isoformat())
            .limit(1)
        )
        return found.first() is not None

    def expire(
        self, connection: Connection, now: datetime, limit: int
    ) -> list[tuple[ProcessingSerial, Serial]]:
        """Mark at most `limit` serials whose time has come as expired, and erase them.

        Returns each with what was known of it, so that its owner can be told.
        """
        columns = _SERIALS.c
        found = connection.execute(
            select(_SERIALS)
            .where(columns.state == SerialState.ISSUED.value)
            .where(columns.expires_at <= now.isoformat())
            .order_by(columns.expires_at)
            .limit(limit)
        ).all()
        expired = []
        for row in found:
            self._end(connection, row.serial_index, SerialState.EXPIRED)
            expires_at = datetime.fromisoformat(row.expires_at)
            known = Serial(Institution(row.owner), expires_at, SerialState.EXPIRED)
            expired.append((self._opened(row.serial), known))
        return expired

    def _end(self, connection: Connection, index: bytes, state: SerialState) -> None:
        connection.execute(
            update(_SERIALS)
            .where(_SERIALS.c.serial_index == index)
            .values(state=state.value, serial=None)
        )

    def _opened(self, sealed: bytes) -> ProcessingSerial:
        return ProcessingSerial(self._sealer.open(_SERIALS.c.serial, sealed).decode())

    def _index(self, serial: ProcessingSerial) -> bytes:
        return self._sealer.blind(_SERIALS.c.serial_index, serial.value.encode())
