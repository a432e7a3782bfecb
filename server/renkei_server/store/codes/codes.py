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

from sqlalchemy import bindparam, delete, func, insert, select, update

from renkei import reasons
from renkei.acquisitions import BOUND, PENDING, Acquisition
from renkei.codes import IntegratedAddressNumber, LinkageCode, ProcessingSerial
from renkei.refusals import Refusal
from renkei_server.store.codes.acquisitions import as_columns, from_columns, pending
from renkei_server.store.engine.codecs import CODE, SERIAL, digits
from renkei_server.store.engine.columns import blind, drawn_number, sealed, table, text
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.each import Each
from renkei_server.store.engine.guarded import Guarded
from renkei_server.store.engine.passing import passing
from renkei_server.store.engine.prepared import Prepared, one
from renkei_server.store.engine.sealing import Sealer

_NUMBER = digits(IntegratedAddressNumber)

_PENDING = table(
    "code_acquisitions",
    drawn_number(),
    blind("person", index=True),
    sealed("integrated_address_number", _NUMBER, kept=True),
    blind("serial_index", optional=True, unique=True),
    sealed("serial", SERIAL, optional=True),
    text("expires_at", optional=True),
    text("state"),
    text("failure", optional=True),
    **passing(pending("serial")),
)

_BOUND = table(
    "codes",
    blind("person", primary_key=True),
    sealed("integrated_address_number", _NUMBER, kept=True),
    blind("code_index", index=True),
    sealed("code", CODE, kept=True),
)

BOUND_TABLES = (_BOUND,)
TABLES = (_PENDING, *BOUND_TABLES)

_THE_ACQUISITION = _PENDING.c.number == bindparam("key")
_BEGIN = Guarded(
    insert(_PENDING),
    ("number", "person", "integrated_address_number", "state", "failure"),
)
_BY_KEY = Guarded(
    select(_PENDING.c.state, _PENDING.c.failure, _PENDING.c.serial, _PENDING.c.expires_at).where(
        _THE_ACQUISITION
    )
)
_PERSON = Guarded(select(_PENDING.c.integrated_address_number).where(_THE_ACQUISITION))
_AWAIT = Guarded(
    update(_PENDING)
    .where(_THE_ACQUISITION)
    .values(
        serial_index=bindparam("index"), serial=bindparam("awaited"), expires_at=bindparam("until")
    )
)
_END = Prepared(
    update(_PENDING)
    .where(_THE_ACQUISITION)
    .values(serial=None, state=bindparam("ended"), failure=bindparam("why"))
)
_BY_SERIAL = Guarded(
    select(_PENDING.c.number, _PENDING.c.state, _PENDING.c.integrated_address_number).where(
        _PENDING.c.serial_index == bindparam("of")
    )
)
_KNOWN = Each(func.max(_PENDING.c.number), _PENDING.c.person)
_NEWEST = Guarded(
    select(_PENDING.c.state, _PENDING.c.failure)
    .where(_PENDING.c.person == bindparam("of"))
    .order_by(_PENDING.c.number.desc())
    .limit(1)
)
_STATES = Prepared(select(_PENDING.c.state, func.count()).group_by(_PENDING.c.state))
_UNBIND = Guarded(delete(_BOUND).where(_BOUND.c.person == bindparam("of")))
_BIND = Guarded(insert(_BOUND))
_CODE_OF = Guarded(select(_BOUND.c.code).where(_BOUND.c.person == bindparam("of")))
_PERSONS_OF = Guarded(
    select(_BOUND.c.integrated_address_number)
    .where(_BOUND.c.code_index == bindparam("of"))
    .order_by(_BOUND.c.person)
)
_COUNT = Prepared(select(func.count()).select_from(_BOUND))


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
        number = connection.draw()
        values = {
            "number": number,
            "person": person.digits,
            "integrated_address_number": person,
            **as_columns(PENDING),
        }
        _BEGIN.put_off(connection, self._sealer, values)
        return str(number)

    def await_serial(
        self, connection: Connection, key: str, serial: ProcessingSerial, expires_at: datetime
    ) -> None:
        """Keep the serial under which the outcome will come (F1.5)."""
        values = {
            "key": int(key),
            "index": serial.value,
            "awaited": serial,
            "until": expires_at.isoformat(),
        }
        _AWAIT.run(connection, self._sealer, values)

    def pending(self, connection: Connection, key: str) -> PendingCode:
        """One acquisition, by the key that `begin` gave."""
        found = _BY_KEY.run(connection, self._sealer, {"key": int(key)})
        state, failure, serial, until = one(found)
        acquisition = from_columns(state, failure)
        if serial is None:
            return PendingCode(acquisition, None, None)
        return PendingCode(acquisition, serial, datetime.fromisoformat(until))

    def person(self, connection: Connection, key: str) -> IntegratedAddressNumber:
        """Whose acquisition it is."""
        person: IntegratedAddressNumber
        (person,) = one(_PERSON.run(connection, self._sealer, {"key": int(key)}))
        return person

    def give_up(self, connection: Connection, key: str, outcome: Acquisition) -> None:
        """Record that an acquisition ended without a serial to wait for."""
        _end(connection, int(key), outcome)

    def newest(self, connection: Connection, person: IntegratedAddressNumber) -> Acquisition | None:
        """How the newest acquisition for the person stands, or None if none was asked for."""
        row = _NEWEST.row(connection, self._sealer, {"of": person.digits})
        return None if row is None else from_columns(*row)

    def known(
        self, connection: Connection, persons: Sequence[IntegratedAddressNumber]
    ) -> list[bool]:
        """For each of them whether the organisation ever wanted a code."""
        found = _KNOWN.values(connection, self._sealer, [(person.digits,) for person in persons])
        return [number is not None for number in found]

    def settle(
        self, connection: Connection, serial: ProcessingSerial, outcome: Acquisition | LinkageCode
    ) -> str:
        """Bind the code, or record why there is none, and erase the serial (F1.13).

        Returns the acquisition's key. Raises SERIAL_NOT_PENDING where no
        acquisition waits for the serial.
        """
        row = _BY_SERIAL.row(connection, self._sealer, {"of": serial.value})
        if row is None or row[1] != PENDING.state.name:
            raise Refusal(reasons.SERIAL_NOT_PENDING, "", "processing_serial")
        key, _, person = row
        if isinstance(outcome, LinkageCode):
            self._bind(connection, person, outcome)
            outcome = BOUND
        _end(connection, key, outcome)
        return str(key)

    def code_of(
        self, connection: Connection, person: IntegratedAddressNumber
    ) -> LinkageCode | None:
        """The organisation's code of the person, if one is bound."""
        code: LinkageCode | None = _CODE_OF.value(connection, self._sealer, {"of": person.digits})
        return code

    def persons_of(
        self, connection: Connection, code: LinkageCode
    ) -> list[IntegratedAddressNumber]:
        """Every number to which the code is bound: mostly one, and all of them one person's."""
        found = _PERSONS_OF.run(connection, self._sealer, {"of": code.value})
        return [person for (person,) in found.fetchall()]

    def count(self, connection: Connection) -> int:
        """How many codes are bound."""
        return int(_COUNT.value(connection, {}))

    def states(self, connection: Connection) -> dict[str, int]:
        """How many acquisitions stand in each state."""
        return dict(_STATES.run(connection, {}).fetchall())

    def _bind(
        self, connection: Connection, person: IntegratedAddressNumber, code: LinkageCode
    ) -> None:
        _UNBIND.run(connection, self._sealer, {"of": person.digits})
        number = connection.draw()
        values = {
            "number": number,
            "person": person.digits,
            "integrated_address_number": person,
            "code_index": code.value,
            "code": code,
        }
        _BIND.run(connection, self._sealer, values)


def _end(connection: Connection, key: int, outcome: Acquisition) -> None:
    told = as_columns(outcome)
    _END.run(connection, {"key": key, "ended": told["state"], "why": told["failure"]})
