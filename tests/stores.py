"""On which stores a test runs, and how a program of its own is told where one is.

Where both kinds serve, a test runs on both: what it asks of one kind alone it says by the mark
`only_on(KIND, why=...)`, or by asking for the file of SQLite (`database`).
"""

from collections.abc import Sequence
from pathlib import Path

import pytest

from renkei_server.store.engine.places import Place, Schema

SQLITE, POSTGRESQL = "sqlite", "postgresql"
BOTH = (SQLITE, POSTGRESQL)

KIND = "store_kind"
"""The name of the fixture that tells a test's kind of store."""


def run_on(metafunc: pytest.Metafunc, kinds: Sequence[str], *, scope: str = "function") -> None:
    """Run a test that asks for a store on each of these kinds that serve it."""
    if KIND not in metafunc.fixturenames:
        return
    if "database" in metafunc.fixturenames:
        kinds = [SQLITE]
    for mark in metafunc.definition.iter_markers("only_on"):
        (only,), why = mark.args, mark.kwargs["why"]
        assert only in BOTH, f"{only} is no kind of store"
        assert why, "a test that runs on one kind alone says why"
        kinds = [only]
    metafunc.parametrize(KIND, kinds, scope=scope)  # type: ignore[arg-type] # a name of a scope


def write_place(place: Place) -> str:
    """Where a store is, as one word of a command line."""
    return str(place) if isinstance(place, Path) else f"{place.url}#{place.name}#{place.keys}"


def read_place(told: str) -> Place:
    """What `write_place` wrote."""
    url, *schema = told.split("#")
    if not schema:
        return Path(told)
    name, keys = schema
    return Schema(url, name, Path(keys))
