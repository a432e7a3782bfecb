"""A seat's inner rooms for tests: a clock and identifiers that are set, a key, a database."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Table

from renkei.persons import FourAttributes, Sex
from renkei_server.store.engine import operations
from renkei_server.store.engine.boxes import KEY_BYTES
from renkei_server.store.engine.operations import OperationLog
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.engine.store import Store, tables

from .world import CountedIds, OpenStore, SetClock


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
    """Where a test's store is."""
    return tmp_path / "store.db"


@pytest.fixture
def open_store(database: Path, sealer: Sealer) -> Iterator[OpenStore]:
    """Open the store, with these tables beside the operation log; it is closed in the end."""
    opened: list[Store] = []

    def open_it(*of: Sequence[Table]) -> Store:
        metadata = tables(operations.TABLES, *of)
        opened.append(Store(database, sealer, metadata, operations=OperationLog(sealer)))
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
