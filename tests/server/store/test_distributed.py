"""Our SQL asks for nothing that a distributed PostgreSQL (Citus, YugabyteDB, CockroachDB) refuses.

No such database is run here: the words of our statements and the form of our tables are read.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Table, UniqueConstraint
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

import renkei_server
from renkei_server.roles.bills import SERVED, metadata_of
from renkei_server.store.engine.columns import Blind

_REFUSED = re.compile(
    r"""pg_(?:try_)?advisory | \b(?:UN)?LISTEN\b | \bNOTIFY\b | \b(?:TEMP|TEMPORARY|UNLOGGED)\s+TABLE
    | \bTRIGGER\b | \b(?:next|curr|last)val\b | \bLOCK\s+TABLE\b | \bWITH\s+HOLD\b
    | \bctid\b | \bxmin\b | \bSKIP\s+LOCKED\b | \bCREATE\s+(?:FUNCTION|PROCEDURE|RULE)\b""",
    re.VERBOSE,
)

MAKES_TRIGGERS = {"postgresql_erasure.py": {"TRIGGER"}}
"""What is erased is noted whoever erases it, for which there is no other way (decision 0029)."""

TABLES = {
    one.name: one for role in SERVED for one in metadata_of(role).sorted_tables
}  # those of all seats
every_table = pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)


def refused_words(source: str) -> list[str]:
    """What is refused in a module's texts; what it says of itself is none of them."""
    tree = ast.parse(source)
    said = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    return [
        word
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said
        for word in _REFUSED.findall(node.value)
    ]


def modules() -> Iterator[Path]:
    yield from Path(renkei_server.__path__[0]).rglob("*.py")


def ddl(table: Table) -> str:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    made = [CreateTable(table), *map(CreateIndex, table.indexes)]
    return ";\n".join(str(one.compile(dialect=dialect)) for one in made)


def test_no_statement_asks_for_what_is_refused() -> None:
    found = {path.name: refused_words(path.read_text(encoding="utf-8")) for path in modules()}

    assert len(found) > 50
    assert {name: set(words) for name, words in found.items() if words} == MAKES_TRIGGERS


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT pg_advisory_lock(1)",
        "SELECT pg_try_advisory_xact_lock(1)",
        "LISTEN outbox",
        "NOTIFY outbox",
        "CREATE TEMP TABLE loaded (number int)",
        "CREATE TRIGGER told BEFORE INSERT ON outbox",
        "SELECT nextval('outbox_number_seq')",
        "LOCK TABLE outbox",
        "SELECT xmin FROM outbox",
        "SELECT 1 FROM outbox FOR UPDATE SKIP LOCKED",
    ],
)
def test_such_a_statement_would_be_found(statement: str) -> None:
    assert len(refused_words(f'"""{statement}"""\nQUERY = "{statement}"')) == 1


@every_table
def test_a_table_has_a_key_and_refers_to_nothing_but_what_lies_with_it(table: Table) -> None:
    """A row's place is told by its key; a reference to another place is refused, or dear."""
    assert list(table.primary_key.columns)
    assert all(one.parent.primary_key for one in table.foreign_keys)
    assert not _REFUSED.findall(ddl(table))


@every_table
def test_what_concerns_a_person_is_found_by_a_key_and_not_by_going_through_all(
    table: Table,
) -> None:
    keyed = [one.columns for one in table.constraints if isinstance(one, UniqueConstraint)]
    keyed += [table.primary_key.columns, *(one.columns for one in table.indexes)]
    found_by = {column.name for key in keyed for column in key}

    blind = {column.name for column in table.columns if isinstance(column.type, Blind)}
    assert blind <= found_by


def test_no_number_that_orders_is_a_sequence_s() -> None:
    """A sequence is no order there: each place draws a block of its own."""
    numbered = [name for name, one in TABLES.items() if re.search(r"SERIAL|IDENTITY", ddl(one))]

    assert numbered == []
