"""Which department of a municipality started which inquiry; no person is in it (F2.1)."""

from datetime import datetime

from sqlalchemy import bindparam, insert, select

from renkei import reasons
from renkei.exchanges import ExchangeId
from renkei.refusals import Refusal
from renkei_server.store.engine.columns import table, text
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.prepared import Prepared

_STARTED = table(
    "department_inquiries",
    text("inquiry_id", primary_key=True),
    text("department"),
    text("started_at"),
)

TABLES = (_STARTED,)

_ADD = Prepared(insert(_STARTED))
_FIND = Prepared(select(_STARTED.c.department).where(_STARTED.c.inquiry_id == bindparam("of")))


def started(connection: Connection, inquiry: ExchangeId, department: str, now: datetime) -> str:
    """Keep whose inquiry it is; return its id."""
    values = {
        "inquiry_id": inquiry.text,
        "department": department,
        "started_at": now.isoformat(),
    }
    _ADD.run(connection, values)
    return inquiry.text


def require_own(connection: Connection, inquiry: ExchangeId, department: str) -> None:
    """Raise INQUIRY_UNKNOWN unless the department started it."""
    if _FIND.value(connection, {"of": inquiry.text}) != department:
        raise Refusal(reasons.INQUIRY_UNKNOWN, "", "inquiry_id")
