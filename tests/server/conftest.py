"""A seat's inner rooms for tests: a clock and identifiers that are set, a key, a database."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Table

from renkei.persons import FourAttributes, Sex
from renkei_server.store.engine import operations
from renkei_server.store.engine.boxes import KEY_BYTES
from renkei_server.store.engine.opening import discard
from renkei_server.store.engine.operations import OperationLog
from renkei_server.store.engine.places import Place, Schema
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.engine.store import Store, tables
from tests.stores import BOTH, SQLITE, run_on

from .disks import ClusterDisk, Pages
from .world import CountedIds, Disk, OpenStore, SetClock

_SCHEMAS = itertools.count(1)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what needs a store on both kinds."""
    run_on(metafunc, BOTH)


@pytest.fixture
def clock() -> SetClock:
    """Noon of a day."""
    return SetClock()


@pytest.fixture
def ids() -> CountedIds:
    """Identifiers in order."""
    return CountedIds()


@pytest.fixture
def sealer() -> Sealer:
    """The key of a test's store."""
    return Sealer(b"k" * KEY_BYTES)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """The file of a test's store, for tests that look into it: they run on SQLite alone."""
    return tmp_path / "store.db"


@pytest.fixture
def place(request: pytest.FixtureRequest, store_kind: str) -> Iterator[Place]:
    """Where a test's store is, of the test's kind; nothing of it is left."""
    if store_kind == SQLITE:
        file: Path = request.getfixturevalue("database")
        yield file
        return
    keys = request.getfixturevalue("tmp_path") / "erasable.keys"
    schema = Schema(request.getfixturevalue("shared_url"), f"store_{next(_SCHEMAS)}", keys)
    yield schema
    discard(schema)


@pytest.fixture
def new_place(request: pytest.FixtureRequest, place: Place) -> Iterator[Callable[[], Place]]:
    """Places of the test's kind, another one each time; nothing of them is left."""
    folder, made = request.getfixturevalue("tmp_path_factory"), list[Place]()

    def another() -> Place:
        own: Path = folder.mktemp("place")
        made.append(
            own / place.name
            if isinstance(place, Path)
            else Schema(place.url, f"store_{next(_SCHEMAS)}", own / place.keys.name)
        )
        return made[-1]

    yield another
    for one in made:
        discard(one)


@pytest.fixture
def disk(request: pytest.FixtureRequest, place: Place) -> Iterator[Disk]:
    """The disk of the test's store."""
    if isinstance(place, Path):
        yield Pages()
        return
    with ExitStack() as stack:
        yield ClusterDisk(request.getfixturevalue("postgresql"), place.url, stack)


@pytest.fixture
def open_store(place: Place, sealer: Sealer) -> Iterator[OpenStore]:
    """Open the store, with these tables beside the operation log; it is closed in the end."""
    opened: list[Store] = []

    def open_it(*of: Sequence[Table]) -> Store:
        metadata = tables(operations.TABLES, *of)
        opened.append(Store(place, sealer, metadata, operations=OperationLog(sealer)))
        return opened[-1]

    yield open_it
    for store in opened:
        store.close()


@pytest.fixture
def attributes() -> FourAttributes:
    """Somebody's four attributes."""
    return FourAttributes(
        "山田　花子",
        "ヤマダ　ハナコ",
        date(1970, 1, 31),
        Sex.FEMALE,
        "1640001",
        "東京都中野区中野",
    )
