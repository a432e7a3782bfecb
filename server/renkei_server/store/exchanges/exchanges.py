"""Exchanges as the information provision network keeps them (IPN-2 to IPN-4; F2.3 to F2.12).

Rules:
- While an exchange is open, what joins its two sides is sealed: terms, legal basis and link id.
- That is erased with its end, or once the inquirer took the answer. What stays says who was asked,
  and that it ended.
- A wish to cancel may come before the exchange itself: it is kept, so that it holds.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Index, bindparam, func, insert, select, update

from renkei import reasons
from renkei.codes import Institution
from renkei.exchanges import ExchangeId, InquiryTerms
from renkei.refusals import Refusal
from renkei_server.domain.exchanges import ExchangeState, Open, Standing
from renkei_server.store.engine.codecs import document
from renkei_server.store.engine.columns import sealed, table, text
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.guarded import Guarded
from renkei_server.store.engine.prepared import Prepared
from renkei_server.store.engine.sealing import Sealer

_EXCHANGES = table(
    "exchanges",
    text("exchange_id", primary_key=True),
    text("provider"),
    text("state"),
    text("until"),
    sealed("open", document(Open), optional=True),
)
_IS_OPEN = _EXCHANGES.c.open.is_not(None)
Index("open_exchanges", _EXCHANGES.c.until, sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN)

TABLES = (_EXCHANGES,)

_THE_EXCHANGE = _EXCHANGES.c.exchange_id == bindparam("of")
_ADD = Guarded(insert(_EXCHANGES))
_FIND = Guarded(
    select(_EXCHANGES.c.provider, _EXCHANGES.c.state, _EXCHANGES.c.open).where(_THE_EXCHANGE)
)
_END = Prepared(
    update(_EXCHANGES)
    .where(_THE_EXCHANGE)
    .values(state=ExchangeState.ENDED.value, provider=bindparam("asked"), open=None)
)
_ANSWERED = Prepared(
    update(_EXCHANGES).where(_THE_EXCHANGE).values(state=ExchangeState.ANSWERED.value)
)
_TAKEN = Prepared(
    update(_EXCHANGES)
    .where(_THE_EXCHANGE, _EXCHANGES.c.state == ExchangeState.ANSWERED.value)
    .values(state=ExchangeState.ENDED.value, open=None)
)
_STATES = Prepared(select(_EXCHANGES.c.state, func.count()).group_by(_EXCHANGES.c.state))
_OVERDUE = Guarded(
    select(_EXCHANGES.c.open)
    .where(
        _IS_OPEN,
        _EXCHANGES.c.until <= bindparam("now"),
        _EXCHANGES.c.state == ExchangeState.PERMITTED.value,
    )
    .order_by(_EXCHANGES.c.until)
    .limit(bindparam("most"))
)


class Exchanges:
    """Every exchange that was ever asked for."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def find(self, connection: Connection, exchange_id: ExchangeId) -> Standing | None:
        """How an exchange stands, or None."""
        row = _FIND.row(connection, self._sealer, {"of": exchange_id.text})
        if row is None:
            return None
        provider, state, held = row
        return Standing(Institution(provider) if provider else None, ExchangeState(state), held)

    def get(self, connection: Connection, exchange_id: ExchangeId) -> Standing:
        """How an exchange stands; raises EXCHANGE_UNKNOWN."""
        standing = self.find(connection, exchange_id)
        if standing is None:
            raise Refusal(reasons.EXCHANGE_UNKNOWN, "", "exchange_id")
        return standing

    def permit(self, connection: Connection, exchange: Open, until: datetime) -> None:
        """Keep an exchange that was permitted."""
        provider, state = exchange.terms.provider.name, ExchangeState.PERMITTED
        self._add(connection, exchange.exchange_id, provider, state, until, exchange)

    def refuse(
        self,
        connection: Connection,
        exchange_id: ExchangeId,
        terms: InquiryTerms,
        now: datetime,
    ) -> None:
        """Keep that an exchange was not permitted."""
        self._add(connection, exchange_id, terms.provider.name, ExchangeState.ENDED, now)

    def cancel_unasked(
        self, connection: Connection, exchange_id: ExchangeId, now: datetime
    ) -> None:
        """Keep that an exchange is cancelled that was not asked for yet."""
        state = ExchangeState.CANCELLED_UNASKED
        self._add(connection, exchange_id, "", state, now)

    def answered(self, connection: Connection, exchange_id: ExchangeId) -> None:
        """Note that it was answered: it ends when the inquirer has the answer."""
        _ANSWERED.run(connection, {"of": exchange_id.text})

    def taken(self, connection: Connection, exchange_id: ExchangeId) -> None:
        """Note that the inquirer has the answer, and erase what was open."""
        _TAKEN.run(connection, {"of": exchange_id.text})

    def end(self, connection: Connection, exchange_id: ExchangeId, provider: Institution) -> None:
        """Note that an exchange has ended, and erase what was open of it."""
        _END.run(connection, {"of": exchange_id.text, "asked": provider.name})

    def any_overdue(self, connection: Connection, now: datetime) -> bool:
        """Whether the time of an exchange is over that was not answered."""
        values = {"now": now.isoformat(), "most": 1}
        return _OVERDUE.row(connection, self._sealer, values) is not None

    def overdue(self, connection: Connection, now: datetime, most: int) -> Sequence[Open]:
        """Exchanges whose time is over unanswered, at most so many."""
        values = {"now": now.isoformat(), "most": most}
        found = _OVERDUE.run(connection, self._sealer, values).fetchall()
        return [held for (held,) in found]

    def states(self, connection: Connection) -> dict[str, int]:
        """How many exchanges stand in each state."""
        return dict(_STATES.run(connection, {}).fetchall())

    def _add(
        self,
        connection: Connection,
        exchange_id: ExchangeId,
        provider: str,
        state: ExchangeState,
        until: datetime,
        held: Open | None = None,
    ) -> None:
        values = {
            "exchange_id": exchange_id.text,
            "provider": provider,
            "state": state.value,
            "until": until.isoformat(),
            "open": held,
        }
        _ADD.put_off(connection, self._sealer, values)
