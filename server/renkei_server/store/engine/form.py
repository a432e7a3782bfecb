"""The form of a store: a stamp in each database, so that no version misreads another's.

There are no migrations yet. A database without a stamp, or with another one, is refused before
anything of it is used.
"""

import hashlib
from functools import cache
from typing import Final

from sqlalchemy import MetaData, insert, inspect, select
from sqlalchemy.exc import DatabaseError

from renkei import reasons
from renkei.refusals import Refusal
from renkei_server.store.engine.columns import number, table, text
from renkei_server.store.engine.connection import Connection

FORM: Final = 2
"""To be raised with each change of what a value holds, such as the fields of a sealed record.

Which tables and columns there are is told by a digest, so that nobody need think of it.
"""

_STAMP = table("store_form", number("form", primary_key=True), text("tables"))


def make_or_require(connection: Connection, metadata: MetaData) -> None:
    """Make the tables of a new database and stamp it; judge one that is there as `require` does."""
    if inspect(connection.alchemy).get_table_names():
        require(connection, metadata)
        return
    metadata.create_all(connection.alchemy, checkfirst=False)
    _STAMP.create(connection.alchemy)
    connection.execute(insert(_STAMP).values(form=FORM, tables=_digest(metadata)))


def require(connection: Connection, metadata: MetaData) -> None:
    """Raise STORE_OF_ANOTHER_FORM unless a database has this version's form of these tables."""
    try:
        stamped = inspect(connection.alchemy).has_table(_STAMP.name)
        stamp = connection.execute(select(_STAMP)).one_or_none() if stamped else None
    except DatabaseError as error:
        raise Refusal(reasons.STORE_OF_ANOTHER_FORM, "it cannot be read as a database") from error
    if stamp is None:
        told = "it bears no form"
    elif stamp.form != FORM:
        told = f"it has form {stamp.form}, and this version makes form {FORM}"
    elif stamp.tables != _digest(metadata):
        told = "its tables are not those of this version"
    else:
        return
    raise Refusal(reasons.STORE_OF_ANOTHER_FORM, told)


@cache
def _digest(metadata: MetaData) -> str:
    columns = sorted(
        f"{table.name}.{column.name} {column.type} {column.nullable}"
        for table in metadata.tables.values()
        for column in table.columns
    )
    return hashlib.sha256("\n".join(columns).encode()).hexdigest()
