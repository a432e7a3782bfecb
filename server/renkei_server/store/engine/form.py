"""The form of a store: a stamp in each database, so that nobody misreads another's.

The stamp names the revision of the tables, the product that made them and whose they are. An empty
database is made, an older one upgraded, in the transaction that judges it; any other is refused
before anything of it is used.
"""

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib.metadata import version
from typing import Any

from sqlalchemy import (
    Column,
    Constraint,
    ForeignKeyConstraint,
    Index,
    MetaData,
    Table,
    insert,
    inspect,
    select,
    update,
)
from sqlalchemy.exc import DatabaseError
from sqlalchemy.schema import ColumnCollectionConstraint

from renkei import reasons
from renkei.refusals import Refusal
from renkei_server.store.engine.columns import number, table, text
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.sealing import Sealer, place_of
from renkei_server.store.migrations.history import (
    BASELINE,
    FORM_OF_BASELINE,
    HISTORY,
    TABLES_OF_BASELINE,
    History,
)

STAMP = table(
    "store_stamp",
    number("revision", primary_key=True),
    text("tables"),
    text("product"),
    text("owner"),
)
"""It stays as it is in every version to come, so that each can judge what a later one made."""

_STAMP_OF_BASELINE = table("store_form", number("form", primary_key=True), text("tables"))


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a database says of itself."""

    revision: int
    tables: str
    """A digest of how they are declared, so that none changes without a revision."""
    product: str = ""
    owner: str = ""
    """Which seat's it is, and of which world; empty where nobody said."""


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """What a database has to be: its tables in this version, under whose key, and whose it is."""

    metadata: MetaData
    sealer: Sealer = field(repr=False)
    owner: str = ""
    """As in the stamp; empty where it is not judged."""
    history: History = HISTORY

    def judge(self, connection: Connection, *, locked: bool = False) -> int | None:
        """The revision of a database that this version can use or upgrade; None of an empty one.

        Raises STORE_OF_ANOTHER_FORM, STORE_OF_A_NEWER_VERSION or STORE_OF_ANOTHER_SEAT. Where it is
        `locked` its stamp stays as it is until the transaction ends; one that is still blank was
        made by who asks.
        """
        stamp = _read(connection, locked=locked)
        if stamp is None:
            return None
        head = self.history.head
        if stamp.revision > head:
            told = (
                f"{stamp.product} made its revision {stamp.revision}, "
                f"and this version knows them up to {head}"
            )
            raise Refusal(reasons.STORE_OF_A_NEWER_VERSION, told)
        if self.owner and stamp.owner and stamp.owner != self.owner:
            told = f"it is that of {stamp.owner}, and not of {self.owner}"
            raise Refusal(reasons.STORE_OF_ANOTHER_SEAT, told)
        if stamp.revision == head and stamp.tables != _digest(self.metadata):
            told = "its tables are not those of this version"
            raise Refusal(reasons.STORE_OF_ANOTHER_FORM, told)
        return stamp.revision

    def require(self, connection: Connection) -> None:
        """Raise as `judge`, and STORE_OF_AN_OLDER_VERSION unless a database is of this version."""
        found = self.judge(connection)
        if found is None:
            raise Refusal(reasons.STORE_OF_ANOTHER_FORM, "it is empty")
        if found < self.history.head:
            told = f"it has revision {found}, and this version's is {self.history.head}"
            raise Refusal(reasons.STORE_OF_AN_OLDER_VERSION, told)

    def make_or_upgrade(self, connection: Connection) -> int | None:
        """Make what an empty database lacks, or upgrade an older one, in the transaction.

        Returns the revision that was found, or None in an empty one; raises as `judge`.
        """
        # of two who come here one has to wait, and before it reads anything that the other drops
        STAMP.create(connection.alchemy, checkfirst=True)
        found = self.judge(connection, locked=True)
        if found == self.history.head:
            return found
        if found is None:
            self.metadata.create_all(connection.alchemy, checkfirst=False)
        else:
            self._upgrade(connection, found)
        self._stamp(connection)
        return found

    def _upgrade(self, connection: Connection, found: int) -> None:
        from renkei_server.store.migrations.upgrading import upgrade  # it loads Alembic

        due, sealer = self.history.after(found), _Unlocking(self.sealer, connection)
        if differences := upgrade(connection.alchemy, due, sealer, self.metadata):
            told = f"it was changed by somebody else, and differs: {'; '.join(differences)}"
            raise Refusal(reasons.STORE_OF_ANOTHER_FORM, told)

    def _stamp(self, connection: Connection) -> None:
        stamp = asdict(Stamp(self.history.head, _digest(self.metadata), _product(), self.owner))
        _STAMP_OF_BASELINE.drop(connection.alchemy, checkfirst=True)
        if not connection.execute(update(STAMP).values(stamp)).rowcount:  # who waits for it has it
            connection.execute(insert(STAMP).values(stamp))


@dataclass(frozen=True, slots=True)
class _Unlocking:
    """A sealer for who reads rows as they lie there: what is erasable may be locked.

    What it seals is locked as the database is opened.
    """

    sealer: Sealer
    connection: Connection

    def open(self, column: Column[Any], sealed: bytes) -> bytes:
        """A value as it was told, locked or not."""
        keys = self.connection.keys
        if keys is not None and keys.is_locked(sealed):
            sealed = keys.unlock(sealed, place_of(column))
        return self.sealer.open(column, sealed)

    def seal(self, column: Column[Any], value: bytes) -> bytes:
        """As the store's sealer."""
        return self.sealer.seal(column, value)

    def blind(self, column: Column[Any], value: bytes) -> bytes:
        """As the store's sealer."""
        return self.sealer.blind(column, value)

    def short_hash(self, purpose: bytes, value: bytes) -> bytes:
        """As the store's sealer."""
        return self.sealer.short_hash(purpose, value)


def _read(connection: Connection, *, locked: bool) -> Stamp | None:
    """A database's stamp, or None where it is empty. Raises STORE_OF_ANOTHER_FORM."""
    try:
        tables = {*inspect(connection.alchemy).get_table_names()}
        found = _rows(connection, STAMP, tables, locked=locked)
        stamp = STAMP
        if STAMP.name not in tables or (locked and not found):
            tables.discard(STAMP.name)
            found, stamp = _rows(connection, _STAMP_OF_BASELINE, tables), _STAMP_OF_BASELINE
        if not tables:
            return None
    except DatabaseError as error:
        if type(error) is not DatabaseError:  # one of its kinds: it is a database, and not well
            raise
        raise Refusal(reasons.STORE_OF_ANOTHER_FORM, "it cannot be read as a database") from error
    if len(found) != 1:
        raise Refusal(reasons.STORE_OF_ANOTHER_FORM, "it bears no stamp of this product")
    (told,) = found
    if stamp is not STAMP:
        return _of_baseline(**told)
    if not (isinstance(told["revision"], int) and told["revision"] >= BASELINE):
        raise Refusal(reasons.STORE_OF_ANOTHER_FORM, "its stamp is none of this product's")
    return Stamp(**told)


def _rows(
    connection: Connection, stamp: Table, tables: Collection[str], *, locked: bool = False
) -> Sequence[Mapping[Any, Any]]:
    asked = select(stamp).with_for_update() if locked else select(stamp)
    return connection.execute(asked).mappings().all() if stamp.name in tables else []


def _of_baseline(form: int, tables: str) -> Stamp:
    if form != FORM_OF_BASELINE or tables not in TABLES_OF_BASELINE:
        told = "it is older than any that can be upgraded"
        raise Refusal(reasons.STORE_OF_ANOTHER_FORM, told)
    return Stamp(BASELINE, tables)


def stamp_of(connection: Connection) -> tuple[int, str]:
    """The revision of a database of this version's kind, and the digest of its tables."""
    stamp = connection.execute(select(STAMP)).one()
    return stamp.revision, stamp.tables


@cache
def _product() -> str:
    return f"renkei {version('renkei')}"


@cache
def _digest(metadata: MetaData) -> str:
    """One of all that is declared of tables, the same on whichever database."""
    said = "\n".join(
        one for name in sorted(metadata.tables) for one in _says(metadata.tables[name])
    )
    return hashlib.sha256(said.encode()).hexdigest()


def _says(table: Table) -> Iterator[str]:
    yield f"{table.name} {_options(table)}"
    for column in table.columns:
        yield f"{column.name} {column.type} {column.nullable}"
    yield from sorted(map(_constraint, table.constraints))
    yield from sorted(
        f"{index.name} {index.unique} {index.columns.keys()} {_options(index)}"
        for index in table.indexes
    )


def _options(one: Table | Index) -> list[str]:
    return sorted(f"{name} {value}" for name, value in one.dialect_kwargs.items())


def _constraint(one: Constraint) -> str:
    columns = one.columns.keys() if isinstance(one, ColumnCollectionConstraint) else []
    leads = one.elements if isinstance(one, ForeignKeyConstraint) else []
    return f"{one.__visit_name__} {columns} {[key.target_fullname for key in leads]}"
