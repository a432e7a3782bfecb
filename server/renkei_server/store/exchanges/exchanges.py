"""Exchanges as the information provision network keeps them (IPN-2 to IPN-4; F2.3 to F2.12).

Rules:
- While an exchange is open, what joins its two sides is sealed: terms, legal basis and link id.
- With its end that is erased. What stays says who was asked, and that it ended.
- A wish to cancel may come before the exchange itself: it is kept, so that it holds.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import (
    Column,
    Connection,
    Index,
    MetaData,
    String,
    Table,
    bindparam,
    func,
    insert,
    select,
    update,
)

from renkei import reasons
from renkei.codes import Institution
from renkei.exchanges import ExchangeId, InquiryTerms
from renkei.refusals import Refusal
from renkei.type.v1 import exchange_pb2
from renkei.wire.exchanges import read_inquiry_terms, write_inquiry_terms
from renkei.wire.times import read_time, write_time
from renkei_server.domain.exchanges import ExchangeState, Open, Standing
from renkei_server.domain.linkage_codes import LINK_ID_BYTES
from renkei_server.store.engine.prepared import Prepared
from renkei_server.store.engine.sealing import Sealed, Sealer

_EXCHANGES = Table(
    "exchanges",
    MetaData(),
    Column("exchange_id", String, primary_key=True),
    Column("provider", String, nullable=False),
    Column("state", String, nullable=False),
    Column("until", String, nullable=False),
    Column("open", Sealed),
    Index("exchanges_by_deadline", "state", "until"),
)

TABLES = (_EXCHANGES,)

_ADD = Prepared(insert(_EXCHANGES), ("exchange_id", "provider", "state", "until", "open"))
_FIND = Prepared(
    select(_EXCHANGES.c.provider, _EXCHANGES.c.state, _EXCHANGES.c.open).where(
        _EXCHANGES.c.exchange_id == bindparam("of")
    )
)
_END = Prepared(
    update(_EXCHANGES)
    .where(_EXCHANGES.c.exchange_id == bindparam("of"))
    .values(state=ExchangeState.ENDED.value, provider=bindparam("asked"), open=None)
)
_OVERDUE = Prepared(
    select(_EXCHANGES.c.exchange_id, _EXCHANGES.c.open)
    .where(
        _EXCHANGES.c.state == ExchangeState.PERMITTED.value,
        _EXCHANGES.c.until <= bindparam("now"),
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
        row = _FIND.run(connection, {"of": exchange_id.text}).fetchone()
        if row is None:
            return None
        provider, state, sealed = row
        return Standing(
            Institution(provider) if provider else None,
            ExchangeState(state),
            None if sealed is None else self._opened(exchange_id, sealed),
        )

    def get(self, connection: Connection, exchange_id: ExchangeId) -> Standing:
        """How an exchange stands; raises EXCHANGE_UNKNOWN."""
        standing = self.find(connection, exchange_id)
        if standing is None:
            raise Refusal(reasons.EXCHANGE_UNKNOWN, "", "exchange_id")
        return standing

    def permit(self, connection: Connection, exchange: Open, until: datetime) -> None:
        """Keep an exchange that was permitted."""
        provider, closed = exchange.terms.provider.name, self._closed(exchange)
        self._add(
            connection, exchange.exchange_id, provider, ExchangeState.PERMITTED, until, closed
        )

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

    def end(self, connection: Connection, exchange_id: ExchangeId, provider: Institution) -> None:
        """Note that an exchange has ended, and erase what was open of it."""
        _END.run(connection, {"of": exchange_id.text, "asked": provider.name})

    def any_overdue(self, connection: Connection, now: datetime) -> bool:
        """Whether the time of an open exchange is over."""
        found = _OVERDUE.run(connection, {"now": now.isoformat(), "most": 1})
        return found.fetchone() is not None

    def overdue(self, connection: Connection, now: datetime, most: int) -> Sequence[Open]:
        """Open exchanges whose time is over, at most so many."""
        found = _OVERDUE.run(connection, {"now": now.isoformat(), "most": most}).fetchall()
        return [self._opened(ExchangeId(name), sealed) for name, sealed in found]

    def states(self, connection: Connection) -> dict[str, int]:
        """How many exchanges stand in each state."""
        found = connection.execute(
            select(_EXCHANGES.c.state, func.count()).group_by(_EXCHANGES.c.state)
        )
        return {row[0]: row[1] for row in found}

    def _add(
        self,
        connection: Connection,
        exchange_id: ExchangeId,
        provider: str,
        state: ExchangeState,
        until: datetime,
        closed: bytes | None = None,
    ) -> None:
        values = {
            "exchange_id": exchange_id.text,
            "provider": provider,
            "state": state.value,
            "until": until.isoformat(),
            "open": closed,
        }
        _ADD.run(connection, values)

    def _closed(self, exchange: Open) -> bytes:
        told = exchange_pb2.ExchangeRecord(
            terms=write_inquiry_terms(exchange.terms),
            legal_table=exchange.legal_table,
            legal_item=exchange.legal_item,
            asked_at=write_time(exchange.asked_at),
        )
        content = exchange.link_id + told.SerializeToString()
        return self._sealer.seal(_EXCHANGES.c.open, content)

    def _opened(self, exchange_id: ExchangeId, sealed: bytes) -> Open:
        content = self._sealer.open(_EXCHANGES.c.open, sealed)
        told = exchange_pb2.ExchangeRecord.FromString(content[LINK_ID_BYTES:])
        return Open(
            exchange_id=exchange_id,
            terms=read_inquiry_terms(told),
            legal_table=told.legal_table,
            legal_item=told.legal_item,
            asked_at=read_time(told, "asked_at"),
            link_id=content[:LINK_ID_BYTES],
        )
