"""The history of erasures (廃棄履歴, STO-14): what was erased, when and how much; it names nobody."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    insert,
    select,
)

_ERASURES = Table(
    "erasures",
    MetaData(),
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("at", String, nullable=False),
    Column("what", String, nullable=False),
    Column("how_many", Integer, nullable=False),
)

TABLES = (_ERASURES,)


def note(connection: Connection, what: str, count: int, at: datetime) -> None:
    """Enter an erasure."""
    connection.execute(insert(_ERASURES).values(at=at.isoformat(), what=what, how_many=count))


def history(connection: Connection) -> list[tuple[str, int]]:
    """What was erased and how much, oldest first."""
    found = connection.execute(
        select(_ERASURES.c.what, _ERASURES.c.how_many).order_by(_ERASURES.c.number)
    )
    return [(row.what, row.how_many) for row in found]
