"""How many records each person was shown: a counter under a keyed hash, for each person (F2.11).

It holds the number and the hash of the last one, to which the next is joined. It stays when records
are erased, and goes on where it was.
"""

from sqlalchemy import bindparam, insert, select, update

from renkei_pki.log_export import Place
from renkei_server.store.engine.columns import FOUND_BY_KEY_ALONE, blind, long_number, raw, table
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.guarded import Guarded
from renkei_server.store.engine.sealing import Sealer

_COUNTERS = table(
    "record_log_counters",
    blind("person", primary_key=True),
    long_number("number"),
    raw("hash"),
    **FOUND_BY_KEY_ALONE,
)

TABLES = (_COUNTERS,)

_OF_PERSON = _COUNTERS.c.person == bindparam("of")
_FIND = Guarded(select(_COUNTERS.c.number, _COUNTERS.c.hash).where(_OF_PERSON))
_FIRST = Guarded(insert(_COUNTERS))
_NEXT = Guarded(
    update(_COUNTERS).where(_OF_PERSON).values(number=bindparam("now"), hash=bindparam("last"))
)


class Places:
    """The places of records among those that their persons are shown."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def next(self, connection: Connection, person: bytes) -> Place:
        """The place of the next record about the person with this key."""
        row = _FIND.row(connection, self._sealer, {"of": person})
        return Place(1) if row is None else Place(row[0] + 1, row[1])

    def keep(self, connection: Connection, person: bytes, place: Place, leaf: bytes) -> None:
        """Count the record that took the next place, by its leaf's hash."""
        if place.number == 1:
            values = {"person": person, "number": 1, "hash": leaf}
            _FIRST.run(connection, self._sealer, values)
        else:
            values = {"of": person, "now": place.number, "last": leaf}
            _NEXT.run(connection, self._sealer, values)
