"""What one organisation was asked for: answered, or held for a review (MS-3; F2.5 to F2.7).

Rules:
- An exchange stands here from its announcement on, so its permit is good once.
- The permit of a held answer is sealed, and erased with the decision. The answer itself is not
  kept: it is made anew from the sub-copies.
- Which answers are held is set by information, for everybody or for one person.
"""

from datetime import datetime
from enum import Enum

from sqlalchemy import (
    Column,
    Connection,
    Index,
    LargeBinary,
    MetaData,
    String,
    Table,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from renkei import reasons
from renkei.codes import IntegratedAddressNumber
from renkei.exchanges import ExchangeId
from renkei.permits import SignedPermit
from renkei.refusals import Refusal
from renkei.type.v1 import permit_pb2
from renkei.wire.permits import write_permit
from renkei_server.store.engine.prepared import Prepared
from renkei_server.store.engine.sealing import Sealed, Sealer

_METADATA = MetaData()


class ProvisionState(Enum):
    """What became of an announcement."""

    HELD = "held"
    DECIDED = "decided"


_PROVISIONS = Table(
    "provisions",
    _METADATA,
    Column("exchange_id", String, primary_key=True),
    Column("state", String, nullable=False),
    Column("until", String, nullable=False),
    Column("held", Sealed),
    Index("provisions_by_deadline", "state", "until"),
)

_MANUAL = Table(
    "manual_releases",
    _METADATA,
    Column("information_code", String, primary_key=True),
    Column("person", LargeBinary, primary_key=True),
)

TABLES = (_PROVISIONS, _MANUAL)

_EVERYBODY = b""

_ADD = Prepared(insert(_PROVISIONS), ("exchange_id", "state", "until", "held"))
_FIND = Prepared(
    select(_PROVISIONS.c.state, _PROVISIONS.c.held).where(
        _PROVISIONS.c.exchange_id == bindparam("of")
    )
)
_DECIDE = Prepared(
    update(_PROVISIONS)
    .where(_PROVISIONS.c.exchange_id == bindparam("of"))
    .values(state=ProvisionState.DECIDED.value, held=None)
)
_HELD = Prepared(
    select(_PROVISIONS.c.held)
    .where(_PROVISIONS.c.state == ProvisionState.HELD.value)
    .order_by(_PROVISIONS.c.until)
    .limit(bindparam("most"))
)
_OVERDUE = Prepared(
    select(_PROVISIONS.c.held)
    .where(
        _PROVISIONS.c.state == ProvisionState.HELD.value,
        _PROVISIONS.c.until <= bindparam("now"),
    )
    .order_by(_PROVISIONS.c.until)
    .limit(bindparam("most"))
)
_IS_FORGETTABLE = (
    _PROVISIONS.c.state == ProvisionState.DECIDED.value,
    _PROVISIONS.c.until <= bindparam("now"),
)
_FORGETTABLE = Prepared(select(_PROVISIONS.c.exchange_id).where(*_IS_FORGETTABLE).limit(1))
_FORGET = Prepared(delete(_PROVISIONS).where(*_IS_FORGETTABLE).returning(_PROVISIONS.c.exchange_id))
_IS_MANUAL = Prepared(
    select(_MANUAL.c.information_code)
    .where(
        _MANUAL.c.information_code == bindparam("information"),
        or_(_MANUAL.c.person == _EVERYBODY, _MANUAL.c.person == bindparam("of")),
    )
    .limit(1)
)


class Provisions:
    """Every announcement to one organisation, until its permit has expired."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def is_known(self, connection: Connection, exchange_id: ExchangeId) -> bool:
        """Whether it was announced before: its permit is used."""
        return _FIND.run(connection, {"of": exchange_id.text}).fetchone() is not None

    def add(
        self,
        connection: Connection,
        exchange_id: ExchangeId,
        until: datetime,
        held: SignedPermit | None,
    ) -> None:
        """Keep that it was announced, and the permit of a held one."""
        state = ProvisionState.HELD if held else ProvisionState.DECIDED
        values = {
            "exchange_id": exchange_id.text,
            "state": state.value,
            "until": until.isoformat(),
            "held": self._seal(held) if held else None,
        }
        _ADD.run(connection, values)

    def held(self, connection: Connection, exchange_id: ExchangeId) -> SignedPermit:
        """The permit of one that waits for a review; raises ANSWER_NOT_HELD."""
        row = _FIND.run(connection, {"of": exchange_id.text}).fetchone()
        if row is None or row[1] is None:
            raise Refusal(reasons.ANSWER_NOT_HELD, "", "exchange_id")
        return self._open(row[1])

    def all_held(self, connection: Connection, most: int) -> list[SignedPermit]:
        """The permits of those that wait for a review, the most urgent first."""
        found = _HELD.run(connection, {"most": most}).fetchall()
        return [self._open(held) for (held,) in found]

    def count_held(self, connection: Connection) -> int:
        """How many wait for a review."""
        held = _PROVISIONS.c.state == ProvisionState.HELD.value
        counted = select(func.count()).select_from(_PROVISIONS).where(held)
        return connection.execute(counted).scalar_one()

    def overdue(self, connection: Connection, now: datetime, most: int) -> list[SignedPermit]:
        """The permits that expired while their answers waited."""
        found = _OVERDUE.run(connection, {"now": now.isoformat(), "most": most}).fetchall()
        return [self._open(held) for (held,) in found]

    def decide(self, connection: Connection, exchange_id: ExchangeId) -> None:
        """Nothing waits any more."""
        _DECIDE.run(connection, {"of": exchange_id.text})

    def any_forgettable(self, connection: Connection, now: datetime) -> bool:
        """Whether there is something to be forgotten."""
        return _FORGETTABLE.value(connection, {"now": now.isoformat()}) is not None

    def forget(self, connection: Connection, now: datetime) -> int:
        """Forget what was decided, once its permit could not be used again; return how many."""
        return len(list(_FORGET.run(connection, {"now": now.isoformat()}).fetchall()))

    def set_manual(
        self,
        connection: Connection,
        information_code: str,
        person: IntegratedAddressNumber | None,
        *,
        manual: bool,
    ) -> None:
        """Have answers held from now on, or no longer; without a person, everybody's."""
        columns = _MANUAL.c
        place = {"information_code": information_code, "person": self._index(person)}
        connection.execute(
            delete(_MANUAL).where(
                columns.information_code == place["information_code"],
                columns.person == place["person"],
            )
        )
        if manual:
            connection.execute(insert(_MANUAL).values(**place))

    def is_manual(
        self, connection: Connection, information_code: str, person: IntegratedAddressNumber
    ) -> bool:
        """Whether an answer with this information about this person is held."""
        values = {"information": information_code, "of": self._index(person)}
        return _IS_MANUAL.value(connection, values) is not None

    def _index(self, person: IntegratedAddressNumber | None) -> bytes:
        if person is None:
            return _EVERYBODY
        return self._sealer.blind(_MANUAL.c.person, person.digits.encode())

    def _seal(self, held: SignedPermit) -> bytes:
        told = write_permit(held).SerializeToString()
        return self._sealer.seal(_PROVISIONS.c.held, told)

    def _open(self, sealed: bytes) -> SignedPermit:
        told = permit_pb2.Permit.FromString(self._sealer.open(_PROVISIONS.c.held, sealed))
        return SignedPermit(told.claims, told.signature)
