"""What is found for each of many keys by one statement is what is found for each alone."""

from collections.abc import Sequence

import pytest
from sqlalchemy import bindparam, func, insert, select

from renkei_server.store.engine.columns import blind, drawn_number, number, table, text
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.each import Each
from renkei_server.store.engine.guarded import Guarded
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.engine.store import Store
from tests.server.world import OpenStore
from tests.stores import SQLITE

_SEEN = table("seen", drawn_number(), blind("person"), text("kind"), number("version"))
_ADD = Guarded(insert(_SEEN))
_OF_ONE = Guarded(
    select(func.max(_SEEN.c.version)).where(
        _SEEN.c.person == bindparam("of"), _SEEN.c.kind == bindparam("named")
    )
)
_OF_EACH = Each(func.max(_SEEN.c.version), _SEEN.c.person, _SEEN.c.kind)

Key = tuple[str, str]


@pytest.fixture
def store(open_store: OpenStore, sealer: Sealer) -> Store:
    """Every third number is seen, in two kinds, each in two versions."""
    store = open_store((_SEEN,))

    def fill(connection: Connection) -> None:
        for of in range(0, 700, 3):
            for kind, version in (("a", of), ("a", of + 1), ("b", 7)):
                seen = {"person": str(of), "kind": kind, "version": version}
                values = {"number": connection.draw(), **seen}
                _ADD.run(connection, sealer, values)

    store.write_now(fill)
    return store


def found(store: Store, sealer: Sealer, keys: Sequence[Key]) -> list[int | None]:
    return store.read_now(lambda connection: _OF_EACH.values(connection, sealer, keys))


@pytest.mark.parametrize("count", [0, 1, 7, 8, 9, 64, 65, 500, 512, 513, 700])
def test_each_key_has_what_is_found_for_it_alone(store: Store, sealer: Sealer, count: int) -> None:
    keys = [(str(of), "ab"[of % 2]) for of in reversed(range(count))]
    alone = [
        store.read_now(
            lambda connection, of=of, kind=kind: _OF_ONE.value(  # type: ignore[misc]
                connection, sealer, {"of": of, "named": kind}
            )
        )
        for of, kind in keys
    ]

    assert found(store, sealer, keys) == alone


def test_a_key_that_is_asked_for_twice_is_found_twice(store: Store, sealer: Sealer) -> None:
    assert found(store, sealer, [("3", "a"), ("1", "a"), ("3", "a")]) == [4, None, 4]


@pytest.mark.only_on(SQLITE, why="its driver tells which statements run")
@pytest.mark.parametrize(("count", "statements"), [(1, 1), (500, 1), (512, 1), (700, 2)])
def test_many_keys_are_one_statement(
    store: Store, sealer: Sealer, count: int, statements: int
) -> None:
    run: list[str] = []

    def ask(connection: Connection) -> None:
        connection.driver.set_trace_callback(run.append)
        _OF_EACH.values(connection, sealer, [(str(of), "a") for of in range(count)])
        connection.driver.set_trace_callback(None)

    store.read_now(ask)

    assert len([one for one in run if "SELECT" in one]) == statements
