"""Numbers that order rows: drawn by the seat itself, each greater than all before.

A database's own sequence gives a row its number when it is written, and orders nothing where the
database is distributed. Here a number is known before its row is written; none ever comes again,
whatever was deleted, given back by a transaction that failed, or said by a clock.

How far numbers may have been used is kept in the store, a block ahead: so it is written once a
block, and the rest of a block is lost with each start (docs/decisions/0027).
"""

from functools import cache, partial
from typing import Final

from sqlalchemy import MetaData, bindparam, func, insert, literal_column, select, update

from renkei_server.store.engine.columns import is_drawn, long_number, number, table
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.prepared import Prepared, one
from renkei_server.store.engine.shared import DRAWN, RESERVED, Shared, Words

_BLOCK: Final = 1_000_000

_RESERVED = table("drawn_numbers", number("only", primary_key=True), long_number("reserved"))

TABLES = (_RESERVED,)

_FIND = Prepared(select(_RESERVED.c.reserved))
_FIRST = Prepared(insert(_RESERVED), ("only", "reserved"))
_NEXT = Prepared(update(_RESERVED).values(reserved=bindparam("upto")))


@cache
def _highest(metadata: MetaData) -> Prepared:
    """The highest number of each table whose rows are ordered by them, and 0 before."""
    held = (
        select(func.max(column)).scalar_subquery()
        for table in metadata.sorted_tables
        for column in table.primary_key
        if is_drawn(column)
    )
    return Prepared(select(literal_column("0"), *held))


class Numbers:
    """Where the rows of one store get their numbers. One transaction after the other draws,
    whichever worker's it is.
    """

    def __init__(self, words: Words | None = None) -> None:
        self._words = Shared.alone().words if words is None else words

    @property
    def last(self) -> int:
        """The last one."""
        return self._words[DRAWN]

    def go_on(self, connection: Connection, metadata: MetaData) -> None:
        """Draw none from now on that is not greater than all that were ever drawn in the store.

        To be called once it was opened, and again where it is set back.
        """
        reserved = _FIND.value(connection, {})
        if reserved is None:
            _FIRST.run(connection, {"only": 1, "reserved": 0})
        self._words[RESERVED] = reserved or 0
        held = one(_highest(metadata).run(connection, {}))
        self._words[DRAWN] = max(self.last, reserved or 0, *(each or 0 for each in held))

    def draw(self) -> int:
        """The next number."""
        words = self._words
        words[DRAWN] = drawn = words[DRAWN] + 1
        return drawn

    def reserve(self, connection: Connection) -> None:
        """To be called with each transaction that drew: it may have used up what was reserved."""
        if self.last > self._words[RESERVED]:
            upto = self.last + _BLOCK
            _NEXT.run(connection, {"upto": upto})
            connection.after_commit(partial(self._have_reserved, upto))

    def _have_reserved(self, upto: int) -> None:
        self._words[RESERVED] = upto
