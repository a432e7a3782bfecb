"""What one organisation was asked for: answered, or held for a review (MS-3; F2.5 to F2.7).

Rules:
- An exchange stands here from its announcement on, so its permit is good once.
- The permit of a held answer is sealed, and erased with the decision. The answer itself is not
  kept: it is made anew from the sub-copies.
- Which answers are held is set by information, for everybody or for one person.
"""

from datetime import datetime

from sqlalchemy import (
    Index,
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
from renkei_server.store.engine.changes import names_of
from renkei_server.store.engine.codecs import document, microseconds
from renkei_server.store.engine.columns import (
    FOUND_BY_KEY_ALONE,
    blind,
    long_number,
    raw,
    sealed,
    table,
    text,
)
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.guarded import Guarded
from renkei_server.store.engine.prepared import Prepared
from renkei_server.store.engine.remembered import Remembered
from renkei_server.store.engine.sealing import Sealer

_PROVISIONS = table(
    "provisions",
    raw("exchange", primary_key=True),
    long_number("until"),
    sealed("held", document(SignedPermit), optional=True),
    **FOUND_BY_KEY_ALONE,
)
_IS_HELD = _PROVISIONS.c.held.is_not(None)
Index("provisions_by_deadline", _PROVISIONS.c.until)
Index("held_provisions", _PROVISIONS.c.until, sqlite_where=_IS_HELD, postgresql_where=_IS_HELD)

_MANUAL = table(
    "manual_releases",
    text("information_code", primary_key=True),
    blind("person", primary_key=True),
)

REVIEW_TABLES = (_MANUAL,)
TABLES = (_PROVISIONS, *REVIEW_TABLES)

_EVERYBODY = ""

_THE_PROVISION = _PROVISIONS.c.exchange == bindparam("of")
_ADD = Guarded(insert(_PROVISIONS))
_FIND = Guarded(select(_PROVISIONS.c.held).where(_THE_PROVISION))
_IS_KNOWN = Prepared(select(_PROVISIONS.c.until).where(_THE_PROVISION))
_DECIDE = Prepared(update(_PROVISIONS).where(_THE_PROVISION).values(held=None))
_COUNT_HELD = Prepared(select(func.count()).select_from(_PROVISIONS).where(_IS_HELD))
_MOST_URGENT = select(_PROVISIONS.c.held).where(_IS_HELD).order_by(_PROVISIONS.c.until)
_HELD = Guarded(_MOST_URGENT.limit(bindparam("most")))
_OVERDUE = Guarded(
    _MOST_URGENT.where(_PROVISIONS.c.until <= bindparam("now")).limit(bindparam("most"))
)
_IS_FORGETTABLE = (_PROVISIONS.c.held.is_(None), _PROVISIONS.c.until <= bindparam("now"))
_FORGETTABLE = Prepared(select(_PROVISIONS.c.exchange).where(*_IS_FORGETTABLE).limit(1))
_FORGET = Prepared(delete(_PROVISIONS).where(*_IS_FORGETTABLE).returning(_PROVISIONS.c.exchange))
_OF_INFORMATION = _MANUAL.c.information_code == bindparam("information")
_OF_PERSON = _MANUAL.c.person == bindparam("of")
_IS_ANY_MANUAL = Prepared(select(_MANUAL.c.information_code).where(_OF_INFORMATION).limit(1))
_IS_MANUAL = Guarded(
    select(_MANUAL.c.information_code)
    .where(_OF_INFORMATION, or_(_OF_PERSON, _MANUAL.c.person == bindparam("everybody")))
    .limit(1)
)
_SET_MANUAL = Guarded(insert(_MANUAL))
_SET_AUTOMATIC = Guarded(delete(_MANUAL).where(_OF_INFORMATION, _OF_PERSON))


class Provisions:
    """Every announcement to one organisation, until its permit has expired."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer
        self._any_manual = Remembered(_any_manual, names_of(REVIEW_TABLES))

    def is_known(self, connection: Connection, exchange_id: ExchangeId) -> bool:
        """Whether it was announced before: its permit is used."""
        return _IS_KNOWN.value(connection, {"of": exchange_id.octets}) is not None

    def add(
        self,
        connection: Connection,
        exchange_id: ExchangeId,
        until: datetime,
        held: SignedPermit | None,
    ) -> None:
        """Keep that it was announced, and the permit of a held one."""
        values = {"exchange": exchange_id.octets, "until": microseconds(until), "held": held}
        _ADD.put_off(connection, self._sealer, values)

    def held(self, connection: Connection, exchange_id: ExchangeId) -> SignedPermit:
        """The permit of one that waits for a review; raises ANSWER_NOT_HELD."""
        held: SignedPermit | None = _FIND.value(
            connection, self._sealer, {"of": exchange_id.octets}
        )
        if held is None:
            raise Refusal(reasons.ANSWER_NOT_HELD, "", "exchange_id")
        return held

    def all_held(self, connection: Connection, most: int) -> list[SignedPermit]:
        """The permits of those that wait for a review, the most urgent first."""
        found = _HELD.run(connection, self._sealer, {"most": most})
        return [held for (held,) in found.fetchall()]

    def count_held(self, connection: Connection) -> int:
        """How many wait for a review."""
        return int(_COUNT_HELD.value(connection, {}))

    def overdue(self, connection: Connection, now: datetime, most: int) -> list[SignedPermit]:
        """The permits that expired while their answers waited."""
        values = {"now": microseconds(now), "most": most}
        found = _OVERDUE.run(connection, self._sealer, values)
        return [held for (held,) in found.fetchall()]

    def decide(self, connection: Connection, exchange_id: ExchangeId) -> None:
        """Nothing waits any more."""
        _DECIDE.run(connection, {"of": exchange_id.octets})

    def any_forgettable(self, connection: Connection, now: datetime) -> bool:
        """Whether there is something to be forgotten."""
        return _FORGETTABLE.value(connection, {"now": microseconds(now)}) is not None

    def forget(self, connection: Connection, now: datetime) -> int:
        """Forget what was decided, once its permit could not be used again; return how many."""
        return len(list(_FORGET.run(connection, {"now": microseconds(now)}).fetchall()))

    def set_manual(
        self,
        connection: Connection,
        information_code: str,
        person: IntegratedAddressNumber | None,
        *,
        manual: bool,
    ) -> None:
        """Have answers held from now on, or no longer; without a person, everybody's."""
        whom = _EVERYBODY if person is None else person.digits
        _SET_AUTOMATIC.run(connection, self._sealer, {"information": information_code, "of": whom})
        if manual:
            values = {"information_code": information_code, "person": whom}
            _SET_MANUAL.run(connection, self._sealer, values)

    def is_manual(
        self, connection: Connection, information_code: str, person: IntegratedAddressNumber
    ) -> bool:
        """Whether an answer with this information about this person is held."""
        if not self._any_manual.get(connection, information_code):
            return False
        values = {"information": information_code, "of": person.digits, "everybody": _EVERYBODY}
        return _IS_MANUAL.value(connection, self._sealer, values) is not None


def _any_manual(connection: Connection, information_code: str) -> bool:
    """Whether anybody's answers with this information are held."""
    return _IS_ANY_MANUAL.value(connection, {"information": information_code}) is not None
