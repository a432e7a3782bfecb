"""Codes bound to integrated address numbers, and the serials that wait for one (MS-1, MID-02).

Rules:
- A serial is kept sealed until its outcome came, and then erased; a keyed hash
  stays, so that a repeat is told from a serial that was never pending here.
- The same integrated address number always gets the same code.
- A code leaves the seat for the information provision network alone, never for its callers.
"""

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
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from renkei import reasons
from renkei.acquisitions import BOUND, PENDING, Acquisition
from renkei.codes import IntegratedAddressNumber, LinkageCode, ProcessingSerial
from renkei.refusals import Refusal
from renkei_server.store.codes.acquisitions import as_columns, from_columns
from renkei_server.store.engine.prepared import Prepared, one, only
from renkei_server.store.engine.sealing import Sealed, Sealer

_METADATA = MetaData()

_PENDING = Table(
    "code_acquisitions",
    _METADATA,
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("person", LargeBinary, nullable=False),
    Column("integrated_address_number", Sealed, nullable=False),
    Column("serial_index", LargeBinary, unique=True),
    Column("serial", Sealed),
    Column("expires_at", String),
    Column("state", String, nullable=False),
    Column("failure", String),
    Index("code_acquisitions_by_person", "person"),
)

_BOUND = Table(
    "codes",
    _METADATA,
    Column("person", LargeBinary, primary_key=True),
    Column("integrated_address_number", Sealed, nullable=False),
    Column("code_index", LargeBinary, nullable=False),
    Column("code", Sealed, nullable=False),
    Index("codes_by_code", "code_index"),
)

TABLES = (_PENDING, _BOUND)

_BEGIN = Prepared(
    insert(_PENDING).returning(_PENDING.c.number),
    ("person", "integrated_address_number", "state", "failure"),
)
_BY_KEY = Prepared(
    select(_PENDING.c.state, _PENDING.c.failure, _PENDING.c.serial, _PENDING.c.expires_at).where(
        _PENDING.c.number == bindparam("key")
    )
)
_PERSON = Prepared(
    select(_PENDING.c.integrated_address_number).where(_PENDING.c.number == bindparam("key"))
)
_AWAIT = Prepared(
    update(_PENDING)
    .where(_PENDING.c.number == bindparam("key"))
    .values(
        serial_index=bindparam("index"),
        serial=bindparam("sealed"),
        expires_at=bindparam("until"),
    )
)
_END = Prepared(
    update(_PENDING)
    .where(_PENDING.c.number == bindparam("key"))
    .values(serial=None, state=bindparam("ended"), failure=bindparam("why"))
)
_BY_SERIAL = Prepared(
    select(
        _PENDING.c.number,
        _PENDING.c.state,
        _PENDING.c.person,
        _PENDING.c.integrated_address_number,
    ).where(_PENDING.c.serial_index == bindparam("of"))
)
_UNBIND = Prepared(delete(_BOUND).where(_BOUND.c.person == bindparam("of")))
_BIND = Prepared(insert(_BOUND), ("person", "integrated_address_number", "code_index", "code"))
_CODE_OF = Prepared(select(_BOUND.c.code).where(_BOUND.c.person == bindparam("of")))
_PERSONS_OF = Prepared(
    select(_BOUND.c.integrated_address_number)
    .where(_BOUND.c.code_index == bindparam("of"))
    .order_by(_BOUND.c.person)
)
_KNOWN = Prepared(select(_PENDING.c.person).where(_PENDING.c.person == bindparam("of")))
_NEWEST = Prepared(
    select(_PENDING.c.state, _PENDING.c.failure)
    .where(_PENDING.c.person == bindparam("of"))
    .order_by(_PENDING.c.number.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class PendingCode:
    """How one acquisition stands; the serial is there until the outcome came."""

    acquisition: Acquisition
    serial: ProcessingSerial | None = field(repr=False)
    expires_at: datetime | None


class Codes:
    """The codes of one organisation."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def begin(self, connection: Connection, person: IntegratedAddressNumber) -> str:
        """Record that a code is being acquired; return the acquisition's key."""
        sealed = self._sealer.seal(_PENDING.c.integrated_address_number, person.digits.encode())
        values = {
            "person": self._index(person),
            "integrated_address_number": sealed,
            **as_columns(PENDING),
        }
        return only(_BEGIN.run(connection, values))

    def await_serial(
        self, connection: Connection, key: str, serial: ProcessingSerial, expires_at: datetime
    ) -> None:
        """Keep the serial under which the outcome will come (F1.5)."""
        _AWAIT.run(
            connection,
            {
                "key": int(key),
                "index": self._serial_index(serial),
                "sealed": self._sealer.seal(_PENDING.c.serial, serial.value.encode()),
                "until": expires_at.isoformat(),
            },
        )

    def pending(self, connection: Connection, key: str) -> PendingCode:
        """One acquisition, by the key that `begin` gave."""
        state, failure, sealed, until = one(_BY_KEY.run(connection, {"key": int(key)}))
        if sealed is None:
            return PendingCode(from_columns(state, failure), None, None)
        serial = ProcessingSerial(self._sealer.open(_PENDING.c.serial, sealed).decode())
        return PendingCode(from_columns(state, failure), serial, datetime.fromisoformat(until))

    def person(self, connection: Connection, key: str) -> IntegratedAddressNumber:
        """Whose acquisition it is."""
        (sealed,) = one(_PERSON.run(connection, {"key": int(key)}))
        opened = self._sealer.open(_PENDING.c.integrated_address_number, sealed)
        return IntegratedAddressNumber(opened.decode())

    def give_up(self, connection: Connection, key: str, outcome: Acquisition) -> None:
        """Record that an acquisition ended without a serial to wait for."""
        self._end(connection, int(key), outcome)

    def newest(self, connection: Connection, person: IntegratedAddressNumber) -> Acquisition | None:
        """How the newest acquisition for the person stands, or None if none was asked for."""
        row = _NEWEST.run(connection, {"of": self._index(person)}).fetchone()
        return None if row is None else from_columns(*row)

    def known(
        self, connection: Connection, persons: Sequence[IntegratedAddressNumber]
    ) -> list[bool]:
        """For each of them whether the organisation ever wanted a code."""
        blind, column = self._sealer.blind, _PENDING.c.person
        found = _KNOWN.values(
            connection, ({"of": blind(column, person.digits.encode())} for person in persons)
        )
        return [index is not None for index in found]

    def settle(
        self, connection: Connection, serial: ProcessingSerial, outcome: Acquisition | LinkageCode
    ) -> str:
        """Bind the code, or record why there is none, and erase the serial (F1.13).

        Returns the acquisition's key. Raises SERIAL_NOT_PENDING where no
        acquisition waits for the serial.
        """
        row = _BY_SERIAL.run(connection, {"of": self._serial_index(serial)}).fetchone()
        if row is None or row[1] != PENDING.state.name:
            raise Refusal(reasons.SERIAL_NOT_PENDING, "", "processing_serial")
        key, _, person, sealed = row
        if isinstance(outcome, LinkageCode):
            number = self._sealer.open(_PENDING.c.integrated_address_number, sealed)
            self._bind(connection, person, number, outcome)
            outcome = BOUND
        self._end(connection, key, outcome)
        return str(key)

    def code_of(
        self, connection: Connection, person: IntegratedAddressNumber
    ) -> LinkageCode | None:
        """The organisation's code of the person, if one is bound."""
        sealed = _CODE_OF.value(connection, {"of": self._index(person)})
        return None if sealed is None else LinkageCode(self._sealer.open(_BOUND.c.code, sealed))

    def persons_of(
        self, connection: Connection, code: LinkageCode
    ) -> list[IntegratedAddressNumber]:
        """Every number to which the code is bound: mostly one, and all of them one person's."""
        columns = _BOUND.c
        index = self._sealer.blind(columns.code_index, code.value)
        return [
            IntegratedAddressNumber(
                self._sealer.open(columns.integrated_address_number, sealed).decode()
            )
            for (sealed,) in _PERSONS_OF.run(connection, {"of": index}).fetchall()
        ]

    def count(self, connection: Connection) -> int:
        """How many codes are bound."""
        return connection.execute(select(func.count()).select_from(_BOUND)).scalar_one()

    def states(self, connection: Connection) -> dict[str, int]:
        """How many acquisitions stand in each state."""
        found = connection.execute(
            select(_PENDING.c.state, func.count()).group_by(_PENDING.c.state)
        )
        return {row[0]: row[1] for row in found}

    def _end(self, connection: Connection, key: int, outcome: Acquisition) -> None:
        told = as_columns(outcome)
        _END.run(connection, {"key": key, "ended": told["state"], "why": told["failure"]})

    def _bind(
        self, connection: Connection, person: bytes, number: bytes, code: LinkageCode
    ) -> None:
        columns = _BOUND.c
        _UNBIND.run(connection, {"of": person})
        _BIND.run(
            connection,
            {
                "person": person,
                "integrated_address_number": self._sealer.seal(
                    columns.integrated_address_number, number
                ),
                "code_index": self._sealer.blind(columns.code_index, code.value),
                "code": self._sealer.seal(columns.code, code.value),
            },
        )

    def _index(self, person: IntegratedAddressNumber) -> bytes:
        return self._sealer.blind(_PENDING.c.person, person.digits.encode())

    def _serial_index(self, serial: ProcessingSerial) -> bytes:
        return self._sealer.blind(_PENDING.c.serial_index, serial.value.encode())
