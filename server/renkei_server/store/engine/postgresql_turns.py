"""Whose turn it is to write a schema of PostgreSQL, and whether a turn was committed.

Each transaction takes the schema's one turn: a row that bears the transaction's number. So

- two writers never write at once, even where two were started by mistake;
- a COMMIT whose answer was lost is asked about: `pg_xact_status` tells once it has ended, and the
  row whether it was ours. The number alone would not: after a crash of the database it may be
  given once more, to a transaction of somebody else's.
"""

from typing import Final

from renkei_server.store.engine.connection import Connection

TABLE: Final = "store_turn"

_NUMBER = "SELECT pg_current_xact_id()::text"
_TAKE = f"UPDATE {TABLE} SET xact = pg_current_xact_id()::text RETURNING xact"  # noqa: S608 - ours
_NOT_DURABLE = "SET LOCAL synchronous_commit TO off"
_IS_THERE = f"SELECT to_regclass('{TABLE}') IS NOT NULL"
_MAKE = f"CREATE TABLE {TABLE} AS {_NUMBER} AS xact"
_HAS_ENDED = """SELECT %(of)s::xid8 >= pg_snapshot_xmax(pg_current_snapshot())
    OR pg_xact_status(%(of)s::xid8) IS DISTINCT FROM 'in progress'"""
_LAST = f"SELECT xact FROM {TABLE}"  # noqa: S608 - ours


class Turns:
    """The turns of one writer."""

    def __init__(self) -> None:
        self._kept = False

    def begin(self, connection: Connection, *, durable: bool) -> str:
        """Begin a transaction, once nobody else writes; return its number."""
        take = _TAKE if self._kept else _NUMBER
        told = connection.begin("; ".join(("BEGIN", *(() if durable else (_NOT_DURABLE,)), take)))
        while told.description is None:
            told.nextset()
        (number,) = told.fetchone()
        if not self._kept:
            (self._kept,) = connection.driver.execute(_IS_THERE).fetchone()
            if self._kept:
                connection.driver.execute(_TAKE)
        return str(number)

    def end(self, connection: Connection) -> None:
        """To be called before a transaction is committed: the first of a schema makes the row."""
        if not self._kept:
            connection.driver.execute(_MAKE)

    def was_committed(self, connection: Connection, number: str) -> bool | None:
        """Whether a transaction was committed, asked by somebody else; None while it is under way.

        The row is read after it has ended, so that it tells of that.
        """
        driver = connection.driver
        if not driver.execute(_HAS_ENDED, {"of": number}).fetchone()[0]:
            return None
        if not driver.execute(_IS_THERE).fetchone()[0]:
            return False
        return bool(driver.execute(_LAST).fetchone()[0] == number)
