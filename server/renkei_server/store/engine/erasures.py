"""The history of erasures (廃棄履歴, STO-14): what was erased, when and how much; it names nobody."""

from datetime import datetime

from sqlalchemy import insert, select

from renkei_server.store.engine.columns import drawn_number, number, table, text
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.prepared import Prepared

_ERASURES = table("erasures", drawn_number(), text("at"), text("what"), number("how_many"))

TABLES = (_ERASURES,)

_NOTE = Prepared(insert(_ERASURES))
_HISTORY = Prepared(select(_ERASURES.c.what, _ERASURES.c.how_many).order_by(_ERASURES.c.number))


def note(connection: Connection, what: str, count: int, at: datetime) -> None:
    """Enter an erasure."""
    values = {"at": at.isoformat(), "what": what, "how_many": count}
    _NOTE.put_off(connection, {"number": connection.draw(), **values})


def history(connection: Connection) -> list[tuple[str, int]]:
    """What was erased and how much, oldest first."""
    return [(what, count) for what, count in _HISTORY.run(connection, {}).fetchall()]
