"""The form of a store: what another version made is refused before anything of it is used."""

from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table, inspect, text

from renkei import reasons
from renkei.refusals import Refusal
from renkei_server.store.engine import form
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
OLDER = "UPDATE store_form SET form = form - 1"
UNSTAMPED = ("DELETE FROM store_form", "DROP TABLE store_form")


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


@pytest.mark.parametrize("statement", [OLDER, *UNSTAMPED])
def test_another_form_or_none_is_refused_with_what_to_do_in_both_languages(
    store: Store, open_store: OpenStore, place: Place, statement: str
) -> None:
    store.close()
    change(place, statement)
    found = tables_of(place)

    with pytest.raises(Refusal) as refused:
        open_store((NOTES,))

    reason = refused.value.reason
    assert reason is reasons.STORE_OF_ANOTHER_FORM
    assert "--fresh" in reason.english
    assert "--fresh" in reason.japanese
    assert tables_of(place) == found, "nothing was made in it"


def test_the_refusal_tells_both_forms(store: Store, open_store: OpenStore, place: Place) -> None:
    store.close()
    change(place, OLDER)

    with pytest.raises(
        Refusal, match=f"it has form {form.FORM - 1}, and this version .* {form.FORM}"
    ):
        open_store((NOTES,))


def test_a_database_with_other_tables_or_columns_is_of_another_form(
    store: Store, open_store: OpenStore
) -> None:
    """Nobody need think of raising a number when a table changes."""
    store.close()

    for other in ((), (WIDER,)):
        with pytest.raises(Refusal, match="its tables are not those of this version"):
            open_store(other)


def test_a_snapshot_of_another_form_is_not_restored(store: Store, tmp_path: Path) -> None:
    store.write_now(note(b"before"))
    store.write_now(lambda connection: connection.execute(text(OLDER)))
    store.save(tmp_path / "older.db")
    store.write_now(lambda connection: connection.execute(text(OLDER.replace("-", "+"))))
    store.write_now(note(b"after"))

    with pytest.raises(Refusal) as refused:
        store.restore(tmp_path / "older.db")

    assert refused.value.reason is reasons.STORE_OF_ANOTHER_FORM
    assert notes(store) == [b"before", b"after"]


def test_a_look_from_outside_judges_the_form_where_it_is_asked_to(
    store: Store, place: Place, sealer: Sealer
) -> None:
    with Inspection(place, sealer, store.metadata) as look:
        look.require_form()
    change(place, OLDER)

    with (
        Inspection(place, sealer, store.metadata) as look,
        pytest.raises(Refusal) as refused,
    ):
        look.require_form()

    assert refused.value.reason is reasons.STORE_OF_ANOTHER_FORM
