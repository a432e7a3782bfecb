"""Filled stores: as many rows as persons, told apart as those that the flows write."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from renkei_pki.merkle import HASH_BYTES, Frontier

from .filling import fill

_TABLES = """
CREATE TABLE codes (person BLOB PRIMARY KEY, sealed BLOB, code_index BLOB);
CREATE INDEX by_code ON codes (code_index);
CREATE TABLE record_log (leaf INTEGER PRIMARY KEY, person_index BLOB, record BLOB);
CREATE INDEX by_person ON record_log (person_index);
CREATE TABLE record_log_frontier (size BIGINT, edge BLOB);
INSERT INTO codes VALUES (x'01020304', x'0a0b', x'05060708');
INSERT INTO record_log VALUES (0, x'01020304', x'0c');
INSERT INTO record_log_frontier VALUES (1, x'00');
"""
_PERSONS = 1_000


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    """A database with a row in each table, and then many."""
    path = tmp_path / "store.db"
    with closing(sqlite3.connect(path)) as database:
        database.executescript(_TABLES)
    fill(path, ("codes", "record_log"), _PERSONS)
    return path


def asked(path: Path, question: str) -> tuple[object, ...]:
    with closing(sqlite3.connect(path)) as database:
        found: tuple[object, ...] = database.execute(question).fetchone()
        return found


def test_each_person_is_found_by_hashes_of_their_own_and_sealed_values_are_copies(
    filled: Path,
) -> None:
    counts = (
        "SELECT count(*), count(DISTINCT person), count(DISTINCT code_index), "
        "count(DISTINCT sealed) FROM codes"
    )

    assert asked(filled, counts) == (_PERSONS, _PERSONS, _PERSONS, 1)
    assert asked(filled, "SELECT max(length(person)) FROM codes") == (4,)


def test_an_index_is_there_again(filled: Path) -> None:
    made = "SELECT count(*) FROM sqlite_master WHERE name IN ('by_code', 'by_person')"

    assert asked(filled, made) == (2,)


def test_a_record_log_goes_on_after_its_copies(filled: Path) -> None:
    assert asked(filled, "SELECT min(leaf), max(leaf) FROM record_log") == (0, _PERSONS - 1)
    size, edge = asked(filled, "SELECT size, edge FROM record_log_frontier")
    assert isinstance(size, int)
    assert isinstance(edge, bytes)
    assert Frontier.parse(size, edge).size == _PERSONS
    assert len(edge) == _PERSONS.bit_count() * HASH_BYTES
