"""Codes bound to integrated address numbers, and the serials that wait for one (MS-1, MID-02).

Rules:
- A serial is kept sealed until its outcome came, and then erased with the moment of its expiry; a
  keyed hash stays, so that a repeat is told from a serial that was never pending here.
- The same integrated address number always gets the same code. What contradicts a binding is kept
  out: another code for the number, or the code for another number. Its acquisition has failed, and
  says so; where the code is bound elsewhere, to which number.
- A code leaves the seat for the information provision network alone, never for its callers.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Index, bindparam, func, insert, or_, select, update

from renkei import reasons
from renkei.acquisitions import BOUND, PENDING, Acquisition, Failure, Standing, failed
from renkei.codes import IntegratedAddressNumber, LinkageCode, ProcessingSerial
from renkei.refusals import Refusal
from renkei_server.store.codes.acquisitions import (
    Remembered,
    as_columns,
    from_columns,
    pending,
    remembered_of,
)
from renkei_server.store.engine.codecs import CODE, SERIAL, digits
from renkei_server.store.engine.columns import (
    blind,
    counted_number,
    drawn_number,
    sealed,
    table,
    text,
)
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
    **passing(pending("serial", "expires_at")),
)

_BOUND = table(
    "codes",
    blind("person", primary_key=True),
    sealed("integrated_address_number", _NUMBER, kept=True),
    blind("code_index", index=True),
    sealed("code", CODE, kept=True),
)

_ELSEWHERE = table(
    "codes_bound_elsewhere",
    counted_number("acquisition"),
    sealed("integrated_address_number", _NUMBER, kept=True),
)
"""To which number a code is bound that came for another one, by the acquisition that failed."""

BOUND_TABLES = (_BOUND,)
TABLES = (_PENDING, *BOUND_TABLES, _ELSEWHERE)

_IS_WAITING = _PENDING.c.serial.is_not(None)
Index(
    "waiting_acquisitions",
    _PENDING.c.number,
    sqlite_where=_IS_WAITING,
    postgresql_where=_IS_WAITING,
)
_WAITING = Guarded(
    select(_PENDING.c.serial)
    .where(_IS_WAITING)
    .order_by(_PENDING.c.number)
    .limit(bindparam("most"))
)

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
    .values(serial=None, expires_at=None, state=bindparam("ended"), failure=bindparam("why"))
)
_BY_SERIAL = Guarded(
    select(_PENDING.c.number, _PENDING.c.state, _PENDING.c.integrated_address_number).where(
        _PENDING.c.serial_index == bindparam("of")
    )
)
_KNOWN = Each(func.max(_PENDING.c.number), _PENDING.c.person)
_NEWEST = Guarded(
    select(_PENDING.c.state, _PENDING.c.failure, _PENDING.c.number)
    .where(_PENDING.c.person == bindparam("of"))
    .order_by(_PENDING.c.number.desc())
    .limit(1)
)
_STATES = Prepared(select(_PENDING.c.state, func.count()).group_by(_PENDING.c.state))
_FAILURES = Prepared(
    select(_PENDING.c.failure, func.count())
    .where(_PENDING.c.failure.is_not(None))
    .group_by(_PENDING.c.failure)
)
_EVERY = Guarded(
    select(
        _PENDING.c.integrated_address_number,
        _PENDING.c.state,
        _PENDING.c.failure,
        _PENDING.c.serial,
    ).order_by(_PENDING.c.number)
)
_ALL_BOUND = Guarded(select(_BOUND.c.integrated_address_number, _BOUND.c.code))
_WITH_SERIAL = Prepared(
    select(_PENDING.c.state, func.count())
    .where(_PENDING.c.serial_index.is_not(None))
    .group_by(_PENDING.c.state)
)
_BIND = Guarded(insert(_BOUND))
_EITHER = Guarded(
    select(_BOUND.c.integrated_address_number, _BOUND.c.code)
    .where(or_(_BOUND.c.person == bindparam("of"), _BOUND.c.code_index == bindparam("index")))
    .order_by(_BOUND.c.person)
)
_NOTE_ELSEWHERE = Guarded(insert(_ELSEWHERE))
_FIND_ELSEWHERE = Guarded(
    select(_ELSEWHERE.c.integrated_address_number).where(
        _ELSEWHERE.c.acquisition == bindparam("of")
    )
)
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


@dataclass(frozen=True, slots=True)
class Acquiring:
    """One acquisition and whose it is; the serial is there while it waits."""

    person: IntegratedAddressNumber = field(repr=False)
    acquisition: Acquisition
    serial: ProcessingSerial | None = field(repr=False)


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
        standing = self.standing(connection, person)
        return None if standing is None else standing.acquisition

    def standing(self, connection: Connection, person: IntegratedAddressNumber) -> Standing | None:
        """The same, with the number to which the code is bound where that is another one."""
        row = _NEWEST.row(connection, self._sealer, {"of": person.digits})
        if row is None:
            return None
        state, failure, key = row
        newest, bound = from_columns(state, failure), None
        if newest.failure is Failure.CODE_HAS_ANOTHER_NUMBER:
            bound = _FIND_ELSEWHERE.value(connection, self._sealer, {"of": key})
        return Standing(newest, bound)

    def acquisition(self, connection: Connection, key: str) -> Acquisition:
        """How the acquisition with a key stands."""
        return self.pending(connection, key).acquisition

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

        A code that contradicts what is bound is not bound, and the acquisition has failed for that.
        Returns the acquisition's key. Raises SERIAL_NOT_PENDING where no acquisition waits for the
        serial.
        """
        row = _BY_SERIAL.row(connection, self._sealer, {"of": serial.value})
        if row is None or row[1] != PENDING.state.name:
            raise Refusal(reasons.SERIAL_NOT_PENDING, "", "processing_serial")
        key, _, person = row
        if isinstance(outcome, LinkageCode):
            outcome = self._bound(connection, key, person, outcome)
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
        """Every number to which the code is bound: one, but for what an older version bound."""
        found = _PERSONS_OF.run(connection, self._sealer, {"of": code.value})
        return [person for (person,) in found.fetchall()]

    def count(self, connection: Connection) -> int:
        """How many codes are bound."""
        return int(_COUNT.value(connection, {}))

    def states(self, connection: Connection) -> dict[str, int]:
        """How many acquisitions stand in each state."""
        return dict(_STATES.run(connection, {}).fetchall())

    def contradictions(self, connection: Connection) -> dict[Failure, int]:
        """How many codes were refused because they contradict what is bound, by how."""
        found = ((Failure[name], count) for name, count in _FAILURES.run(connection, {}).fetchall())
        return {failure: count for failure, count in found if failure.contradicts}

    def every(self, connection: Connection) -> Iterator[Acquiring]:
        """Every acquisition, oldest first."""
        for person, state, failure, serial in _EVERY.run(connection, self._sealer, {}).fetchall():
            yield Acquiring(person, from_columns(state, failure), serial)

    def waiting(self, connection: Connection, most: int) -> Sequence[ProcessingSerial]:
        """The serials under which acquisitions wait, the oldest first, at most so many."""
        found = _WAITING.run(connection, self._sealer, {"most": most}).fetchall()
        return [serial for (serial,) in found]

    def all_bound(
        self, connection: Connection
    ) -> Iterable[tuple[IntegratedAddressNumber, LinkageCode]]:
        """Every number with the code that is bound to it."""
        found = _ALL_BOUND.run(connection, self._sealer, {}).fetchall()
        return [(person, code) for person, code in found]

    def remembered(self, connection: Connection) -> Remembered:
        """What is remembered of the network's answers."""
        return remembered_of(dict(_WITH_SERIAL.run(connection, {}).fetchall()))

    def _bound(
        self, connection: Connection, key: int, person: IntegratedAddressNumber, code: LinkageCode
    ) -> Acquisition:
        """Bind a code unless it contradicts what is bound; how its acquisition ends."""
        sought = {"of": person.digits, "index": code.value}
        bound = _EITHER.run(connection, self._sealer, sought).fetchall()
        if (person, code) in bound:
            return BOUND
        for number, other in bound:
            if number == person:
                return failed(Failure.NUMBER_HAS_ANOTHER_CODE)
            if other == code:
                values = {"acquisition": key, "integrated_address_number": number}
                _NOTE_ELSEWHERE.run(connection, self._sealer, values)
                return failed(Failure.CODE_HAS_ANOTHER_NUMBER)
        values = {
            "person": person.digits,
            "integrated_address_number": person,
            "code_index": code.value,
            "code": code,
        }
        _BIND.run(connection, self._sealer, values)
        return BOUND


def _end(connection: Connection, key: int, outcome: Acquisition) -> None:
    told = as_columns(outcome)
    _END.run(connection, {"key": key, "ended": told["state"], "why": told["failure"]})
