"""Records of sealing keys: those that the network hands out, and what an organisation remembers.

At the network: the newest record of each organisation, as it was signed. At an organisation:
what it published itself, and the highest number that it has seen of each other one, so that an
older record is never believed again.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, Column, bindparam, delete, insert, select

from renkei.codes import Institution
from renkei.sealed_answers import PublishedKeys
from renkei_server.store.engine.changes import names_of
from renkei_server.store.engine.codecs import document
from renkei_server.store.engine.columns import raw, table, text
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.prepared import Prepared
from renkei_server.store.engine.remembered import Remembered

_PUBLISHED = document(PublishedKeys)

_DIRECTORY = table(
    "sealing_key_directory",
    text("organisation", primary_key=True),
    Column("number", BigInteger, nullable=False),
    raw("published"),
)

_OWN = table(
    "own_sealing_keys",
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    text("made_of"),
    text("not_after"),
)

_SEEN = table(
    "seen_sealing_keys",
    text("organisation", primary_key=True),
    Column("number", BigInteger, nullable=False),
)

DIRECTORY_TABLES = (_DIRECTORY,)
SEEN_TABLES = (_SEEN,)
ORGANISATION_TABLES = (_OWN, *SEEN_TABLES)

_FIND = Prepared(
    select(_DIRECTORY.c.number, _DIRECTORY.c.published).where(
        _DIRECTORY.c.organisation == bindparam("of")
    )
)
_PUT = Prepared(insert(_DIRECTORY))
_TAKE_OUT = Prepared(delete(_DIRECTORY).where(_DIRECTORY.c.organisation == bindparam("of")))
_LATEST_OWN = Prepared(
    select(_OWN.c.number, _OWN.c.made_of, _OWN.c.not_after).order_by(_OWN.c.number.desc()).limit(1)
)
_ADD_OWN = Prepared(insert(_OWN))
_HIGHEST = Prepared(select(_SEEN.c.number).where(_SEEN.c.organisation == bindparam("of")))
_SEE = Prepared(insert(_SEEN))
_FORGET_SEEN = Prepared(delete(_SEEN).where(_SEEN.c.organisation == bindparam("of")))


class KeyDirectory:
    """The newest record of each organisation, at the network."""

    def __init__(self) -> None:
        self._found = Remembered(_find, names_of(DIRECTORY_TABLES))

    def find(self, connection: Connection, organisation: Institution) -> PublishedKeys | None:
        """What an organisation has published."""
        return self._found.get(connection, organisation.name)

    def number(self, connection: Connection, organisation: Institution) -> int:
        """The number of the record that it has published; 0 for none."""
        return _FIND.value(connection, {"of": organisation.name}) or 0

    def put(
        self,
        connection: Connection,
        organisation: Institution,
        number: int,
        published: PublishedKeys,
    ) -> None:
        """Keep a record in the place of the one before."""
        _TAKE_OUT.run(connection, {"of": organisation.name})
        values = {
            "organisation": organisation.name,
            "number": number,
            "published": _PUBLISHED.write(published),
        }
        _PUT.run(connection, values)


def _find(connection: Connection, organisation: str) -> PublishedKeys | None:
    row = _FIND.run(connection, {"of": organisation}).fetchone()
    return None if row is None else _PUBLISHED.read(row[1])


@dataclass(frozen=True, slots=True)
class OwnRecord:
    """A record that the organisation published: of which keys, and until when it is good."""

    number: int
    made_of: str
    not_after: datetime


class RememberedKeys:
    """What an organisation remembers of its own records and of others'."""

    def latest_own(self, connection: Connection) -> OwnRecord | None:
        """The last record that it published."""
        row = _LATEST_OWN.run(connection, {}).fetchone()
        return None if row is None else OwnRecord(row[0], row[1], datetime.fromisoformat(row[2]))

    def add_own(self, connection: Connection, record: OwnRecord) -> None:
        """Remember one more."""
        values = {
            "number": record.number,
            "made_of": record.made_of,
            "not_after": record.not_after.isoformat(),
        }
        _ADD_OWN.run(connection, values)

    def highest(self, connection: Connection, organisation: Institution) -> int:
        """The highest number that was seen of an organisation's; 0 for none."""
        return _HIGHEST.value(connection, {"of": organisation.name}) or 0

    def see(self, connection: Connection, organisation: Institution, number: int) -> None:
        """Remember a number that is higher than all before."""
        _FORGET_SEEN.run(connection, {"of": organisation.name})
        _SEE.run(connection, {"organisation": organisation.name, "number": number})
