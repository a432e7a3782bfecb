"""What tests of migrations need: a history of their own, its tables, and how a database looks."""

import os
import signal
from collections.abc import Callable, Mapping
from contextlib import closing
from threading import Barrier
from typing import Any, Final

from sqlalchemy import Column, Engine, Integer, LargeBinary, MetaData, Table, event, inspect, select
from sqlalchemy import text as sql

from renkei_server.roles.bills import metadata_of
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.form import Form
from renkei_server.store.engine.opening import open_in_form, read_only
from renkei_server.store.engine.places import Place
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.migrations.history import HISTORY, History

from . import revisions
from .past.content import STORE_KEY

LINE: Final = History(
    [
        *HISTORY.revisions,
        f"{revisions.__name__}.made_anew",
        f"{revisions.__name__}.acquisitions_noted",
    ]
)
SEALED_ANEW: Final = History([*HISTORY.revisions, f"{revisions.__name__}.outbox_sealed_anew"])
_SECONDS: Final = 30.0
_WRITES: Final = ("CREATE", "ALTER", "DROP", "INSERT", "UPDATE", "DELETE")
_STAMPS: Final = ("store_stamp", "store_form", "store_turn", "erased_keys")


def after_line(role: str, owner: str = "") -> Form:
    """What a role's database has to be at the end of that line: it has a new table too."""
    metadata = MetaData()
    for table in metadata_of(role).tables.values():
        table.to_metadata(metadata)
    if (acquisitions := metadata.tables.get("acquisitions")) is not None:
        acquisitions.indexes.clear()
        acquisitions.append_column(Column("noted", LargeBinary, nullable=False))
    Table("news", metadata, Column("number", Integer, primary_key=True))
    return Form(metadata, Sealer(STORE_KEY), owner, LINE)


def of_today(role: str, owner: str = "") -> Form:
    """What a role's database has to be in this version."""
    return Form(metadata_of(role), Sealer(STORE_KEY), owner)


def put_in_form(place: Place, form: Form) -> int | None:
    """Open a database and close it; the revision that it had."""
    database, found = open_in_form(place, form)
    database.close()
    return found


def revision(place: Place, form: Form) -> int | None:
    """The revision of a database."""
    with closing(read_only(place)) as look:
        return form.judge(look)


def shape(place: Place) -> Mapping[str, object]:
    """How each table of a database is made, its stamp's apart."""
    with closing(read_only(place)) as look:
        told = inspect(look.alchemy)
        keys, unique = told.get_multi_pk_constraint(), told.get_multi_unique_constraints()
        references, indexes = told.get_multi_foreign_keys(), told.get_multi_indexes()
        return {
            name: (
                [
                    (one["name"], str(one["type"]), one["nullable"], one["default"])
                    for one in columns
                ],
                keys[None, name]["constrained_columns"],
                sorted(one["column_names"] for one in unique[None, name]),
                sorted(
                    (one["constrained_columns"], one["referred_table"], one["referred_columns"])
                    for one in references[None, name]
                ),
                sorted(
                    (str(one["name"]), one["column_names"], one["unique"], _where(one))
                    for one in indexes[None, name]
                ),
                _options(look.alchemy, name),
            )
            for (_, name), columns in told.get_multi_columns().items()
            if name not in _STAMPS
        }


def _where(index: Any) -> str:
    """Which rows an index holds, as its database tells it."""
    return str({name: str(value) for name, value in index.get("dialect_options", {}).items()})


def _options(connection: Any, table: str) -> list[str]:
    """What SQLAlchemy does not tell of a table of SQLite's."""
    if connection.dialect.name != "sqlite":
        return []
    made = connection.scalar(sql("SELECT sql FROM sqlite_master WHERE name = :of"), {"of": table})
    return [one for one in ("AUTOINCREMENT", "WITHOUT ROWID") if one in made]


def rows(place: Place) -> Mapping[str, list[Any]]:
    """Every row of a database."""
    with closing(read_only(place)) as look:
        metadata = MetaData()
        metadata.reflect(look.alchemy)
        return {
            one.name: sorted(map(repr, look.execute(select(one)).all()))
            for one in metadata.sorted_tables
        }


def meeting(form: Form) -> Form:
    """A form for two who start at once: each has found what there is when either goes on."""
    barrier = Barrier(2, timeout=_SECONDS)
    return _looking(form, barrier.wait)


def late(form: Form, until: Callable[[], object]) -> Form:
    """A form for one who finds what there is, and goes on when something else has come to pass."""
    return _looking(form, until)


def _looking(form: Form, once_found: Callable[[], object]) -> Form:
    class Looking(Form):
        def judge(self, connection: Connection, *, locked: bool = False) -> int | None:
            found = super().judge(connection, locked=locked)
            if found != self.history.head and not locked:  # who has locked it is alone
                connection.alchemy.rollback()
                once_found()
            return found

    return Looking(form.metadata, form.sealer, form.owner, form.history)


def upgrade_and_die(place: Place, role: str, written: int) -> None:
    """Upgrade a database in this process, which is killed as it writes for the so-manieth time."""
    count = 0

    @event.listens_for(Engine, "before_cursor_execute")
    def die(*told: Any) -> None:
        nonlocal count
        count += str(told[2]).lstrip().startswith(_WRITES)
        if count > written:
            os.kill(os.getpid(), signal.SIGKILL)

    put_in_form(place, after_line(role))


def upgrade_and_die_before_commit(place: Place, role: str) -> None:
    """The same, killed when all is written and nothing committed."""

    class Dying(Form):
        def make_or_upgrade(self, connection: Connection) -> int | None:
            super().make_or_upgrade(connection)
            os.kill(os.getpid(), signal.SIGKILL)
            return None

    form = after_line(role)
    put_in_form(place, Dying(form.metadata, form.sealer, form.owner, form.history))
