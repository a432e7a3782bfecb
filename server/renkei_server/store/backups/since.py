"""What a newer store tells that an older one does not: erasures, and what was recorded.

It is what comes back, and what is lost, where the older one takes the place of the newer.
"""

from collections import Counter
from typing import Final

from sqlalchemy import MetaData, Table, func, select

from renkei_server.store.engine.connection import Connection

_RECORDED: Final = {
    "accounts": "accounts",
    "acquisitions": "acquisitions of codes",
    "code_acquisitions": "acquisitions of codes",
    "codes": "codes that are bound",
    "exchanges": "exchanges",
    "identities": "persons of an identity file",
    "identities_history": "changes of identity information",
    "inquiries": "inquiries",
    "operations": "operations",
    "persons": "persons who were numbered",
    "record_log": "records of exchanges and provisions",
    "residents": "records of the register",
    "residents_history": "changes of the register",
    "sub_copies": "versions of sub-copies",
}


def erased(connection: Connection, metadata: MetaData) -> Counter[str]:
    """What was erased for good, by its kind; it names nobody (STO-14)."""
    found = Counter[str]()
    for table in metadata.sorted_tables:
        columns = table.c
        if table.name == "erasures":
            told = select(columns.what, func.sum(columns.how_many)).group_by(columns.what)
            found.update({what: int(count) for what, count in map(tuple, connection.execute(told))})
        elif table.name == "sub_copy_erasures":
            versions = connection.execute(select(func.sum(columns.versions))).scalar_one()
            found["versions of sub-copies"] = int(versions or 0)
        elif table.name == "organisation_keys":
            gone = select(columns.number).where(columns.wrapped_key.is_(None))
            found.update(f"organisation key {one}" for one in connection.scalars(gone))
    return +found


def recorded(connection: Connection, metadata: MetaData) -> Counter[str]:
    """How much of each kind that somebody else counts on."""
    return Counter(
        {
            told: _count(connection, metadata.tables[name])
            for name, told in _RECORDED.items()
            if name in metadata.tables
        }
    )


def _count(connection: Connection, table: Table) -> int:
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())
