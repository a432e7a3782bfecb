"""The form of a store: what is none of it is refused before anything of it is used."""

from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table, inspect, text

from renkei import reasons
from renkei.reasons import Reason
from renkei.refusals import Refusal
from renkei_server.store.engine.inspection import Inspection
from renkei_server.store.engine.opening import open_database, read_only
from renkei_server.store.engine.places import Place
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.engine.store import Store
from tests.server.world import OpenStore

from .conftest import NOTES, note, notes

WIDER = Table(
    "notes",
    MetaData(),
    Column("number", Integer, primary_key=True),
    Column("content", LargeBinary, nullable=False),
    Column("author", LargeBinary),
)
LOOSER = Table(
    "notes",
    MetaData(),
    Column("number", Integer, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)
INDEXED = Table(
    "notes",
    MetaData(),
    Column("number", Integer, primary_key=True),
    Column("content", LargeBinary, nullable=False, unique=True, index=True),
)
NEWER = "UPDATE store_stamp SET revision = revision + 1"
UNSTAMPED = (
    "DELETE FROM store_stamp",
    "DROP TABLE store_stamp",
    "UPDATE store_stamp SET revision = 0",
    "UPDATE store_stamp SET product = '', tables = 'forged'",
    "INSERT INTO store_stamp SELECT revision + 1, tables, product, owner FROM store_stamp",
)


def change(place: Place, statement: str) -> None:
    """Let a database be as another version would have left it."""
    with closing(open_database(place)) as database:
        database.write_now(lambda connection: connection.execute(text(statement)))


def tables_of(place: Place) -> set[str]:
    with closing(read_only(place)) as connection:
        return set(inspect(connection.alchemy).get_table_names())


def test_a_database_of_this_version_is_opened_again(store: Store, open_store: OpenStore) -> None:
    store.write_now(note(b"kept"))
    store.close()

    assert notes(open_store((NOTES,))) == [b"kept"]


@pytest.mark.parametrize(
    ("statement", "reason", "way_out"),
    [
        (NEWER, reasons.STORE_OF_A_NEWER_VERSION, ("backup", "バックアップ")),
        *((one, reasons.STORE_OF_ANOTHER_FORM, ("--fresh", "--fresh")) for one in UNSTAMPED),
    ],
)
def test_another_form_or_none_is_refused_with_what_to_do_in_both_languages(
    store: Store,
    open_store: OpenStore,
    place: Place,
    statement: str,
    reason: Reason,
    way_out: tuple[str, str],
) -> None:
    store.close()
    change(place, statement)
    found = tables_of(place)

    with pytest.raises(Refusal) as refused:
        open_store((NOTES,))

    assert refused.value.reason is reason
    assert way_out[0] in reason.english
    assert way_out[1] in reason.japanese
    assert tables_of(place) == found, "nothing was made in it"


def test_a_database_with_other_tables_columns_keys_or_indexes_is_of_another_form(
    store: Store, open_store: OpenStore
) -> None:
    """A table that changes without a revision is found where a database was made before."""
    store.close()

    for other in ((), (WIDER,), (LOOSER,), (INDEXED,)):
        with pytest.raises(Refusal, match="its tables are not those of this version"):
            open_store(other)


def test_a_newer_version_s_snapshot_is_not_restored(store: Store, tmp_path: Path) -> None:
    store.write_now(note(b"before"))
    store.write_now(lambda connection: connection.execute(text(NEWER)))
    store.save(tmp_path / "newer.db")
    store.write_now(lambda connection: connection.execute(text(NEWER.replace("+", "-"))))
    store.write_now(note(b"after"))

    with pytest.raises(Refusal) as refused:
        store.restore(tmp_path / "newer.db")

    assert refused.value.reason is reasons.STORE_OF_A_NEWER_VERSION
    assert notes(store) == [b"before", b"after"]


def test_what_is_empty_is_not_restored(store: Store, tmp_path: Path) -> None:
    store.write_now(note(b"before"))
    (tmp_path / "empty.db").touch()

    with pytest.raises(Refusal) as refused:
        store.restore(tmp_path / "empty.db")

    assert refused.value.reason is reasons.STORE_OF_ANOTHER_FORM
    assert notes(store) == [b"before"]


def test_a_look_from_outside_is_at_a_database_of_this_version_alone(
    store: Store, place: Place, sealer: Sealer
) -> None:
    with Inspection(place, sealer, store.metadata):
        pass
    change(place, NEWER)

    with pytest.raises(Refusal) as refused, Inspection(place, sealer, store.metadata):
        pass

    assert refused.value.reason is reasons.STORE_OF_A_NEWER_VERSION
