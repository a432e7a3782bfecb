"""What a schema of PostgreSQL tells of its erasable values: which keys lock none any more.

- Each row that goes, and each value that is replaced, leaves the number of its key in a table, by a
  trigger: in the transaction that erased it, whatever statement that was.
- Of keys in doubt, the tables tell which are in use. Who asks has the schema's turn
  (`postgresql_turns`): no transaction whose end nobody saw may still write then.
- A database that bears the marks of another ring, or keys that this ring never made, is none of its.
- What is not locked yet, as in tables that an older version made, is locked as the database is
  opened.

It is the one module of ours that makes triggers, which not every distributed PostgreSQL has.
"""

from collections.abc import Collection, Iterator, Sequence
from functools import partial
from typing import Any, Final

from psycopg import sql
from sqlalchemy import MetaData, Table

from renkei import reasons
from renkei.refusals import Refusal
from renkei_server.store.engine.columns import erasable_places
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.key_ring import HEAD, MARK, KeyRing
from renkei_server.store.engine.sealing import place_of

TABLE: Final = "erased_keys"
"""Where the numbers are: outside what a version declares, and there once anything was locked."""

_AT_ONCE = 500
_NUMBER_BYTES = 8
_NUMBER_AT = HEAD.size - _NUMBER_BYTES + 1
"""As PostgreSQL counts, from 1."""
_OWN_BYTES = _NUMBER_AT - 1

_TRIGGER_NAME = "note_erased"
_MAKE = "CREATE TABLE IF NOT EXISTS {} (key bytea NOT NULL)"
_IS_THERE = f"SELECT to_regclass('{TABLE}') IS NOT NULL"
_FUNCTION = """CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN {notes} RETURN NULL; END $$"""
_NOTE = """IF substr(OLD.{column}, 1, {own_bytes}) = {own} AND OLD.{column} IS DISTINCT FROM NEW.{column}
    THEN INSERT INTO {erased} VALUES (substr(OLD.{column}, {at}, {bytes})); END IF;"""
_TRIGGER = """CREATE OR REPLACE TRIGGER {name} AFTER DELETE OR UPDATE OF {columns} ON {table}
    FOR EACH ROW EXECUTE FUNCTION {function}()"""
_TRIGGERS = """SELECT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
    WHERE tgname = %s AND relnamespace = current_schema()::regnamespace"""


def is_prepared(driver: Any) -> bool:
    """Whether values of the schema may be locked."""
    (told,) = driver.execute(_IS_THERE).fetchone()
    return bool(told)


def prepare(connection: Connection, metadata: MetaData, keys: KeyRing) -> None:
    """Have what is erased noted from now on, and all of it locked. Raises STORE_KEYS_DAMAGED where
    the ring is none of the database's.
    """
    driver: Any = connection.driver
    (schema,) = driver.execute("SELECT current_schema()").fetchone()
    driver.execute(sql.SQL(_MAKE).format(sql.Identifier(schema, TABLE)))
    for table, columns in erasable(metadata):
        _require_own(driver, table.name, columns, keys)
        for column in columns:
            _lock(connection, table, column)
        _have_noted(driver, schema, table.name, columns, keys)


def stop_noting(connection: Connection) -> None:
    """Let tables be altered: a trigger would keep its columns as they are."""
    for (table,) in connection.driver.execute(_TRIGGERS, (_TRIGGER_NAME,)).fetchall():
        drop = sql.SQL("DROP TRIGGER {} ON {}")
        connection.driver.execute(drop.format(sql.Identifier(_TRIGGER_NAME), sql.Identifier(table)))


def erasable(metadata: MetaData) -> Iterator[tuple[Table, Sequence[str]]]:
    """Each table with its erasable columns, where it has any."""
    for table in metadata.sorted_tables:
        if places := erasable_places(table.columns):
            yield table, [table.columns.keys()[at] for at, _ in places]


def noted(connection: Connection) -> set[int]:
    """The keys whose values were erased, by what is committed."""
    every = connection.driver.execute(sql.SQL("SELECT key FROM {}").format(sql.Identifier(TABLE)))
    return {int.from_bytes(key) for (key,) in every.fetchall()}


def forget(connection: Connection, numbers: Collection[int]) -> None:
    """The keys are destroyed: note them no more."""
    told = [_as_bytes(number) for number in numbers]
    delete = sql.SQL("DELETE FROM {} WHERE key = ANY(%s)").format(sql.Identifier(TABLE))
    connection.driver.execute(delete, (told,))


def in_use(connection: Connection, metadata: MetaData, numbers: Collection[int]) -> set[int]:
    """Those of these keys that lock a value."""
    told = [_as_bytes(number) for number in numbers]
    found: set[int] = set()
    if not told:
        return found
    for table, columns in erasable(metadata):
        for column in columns:
            query = sql.SQL(
                "SELECT substr({column}, {at}, {bytes}) FROM {table}"
                " WHERE substr({column}, {at}, {bytes}) = ANY(%s)"
            ).format(
                table=sql.Identifier(table.name),
                column=sql.Identifier(column),
                at=_NUMBER_AT,
                bytes=_NUMBER_BYTES,
            )
            rows = connection.driver.execute(query, (told,)).fetchall()
            found.update(int.from_bytes(key) for (key,) in rows)
    return found


def _require_own(driver: Any, table: str, columns: Sequence[str], keys: KeyRing) -> None:
    foreign = sql.SQL(" OR ").join(
        sql.SQL(
            "substr({column}, 1, {mark_bytes}) = %(mark)s AND (substr({column}, 1, {own_bytes})"
            " <> %(own)s OR substr({column}, {at}, {bytes}) > %(last)s)"
        ).format(
            column=sql.Identifier(column),
            mark_bytes=len(MARK),
            own_bytes=_OWN_BYTES,
            at=_NUMBER_AT,
            bytes=_NUMBER_BYTES,
        )
        for column in columns
    )
    query = sql.SQL("SELECT EXISTS (SELECT FROM {} WHERE {})").format(
        sql.Identifier(table), foreign
    )
    told = {"mark": MARK, "own": MARK + keys.tag, "last": _as_bytes(keys.last)}
    (is_foreign,) = driver.execute(query, told).fetchone()
    if is_foreign:
        raise Refusal(reasons.STORE_KEYS_DAMAGED)


def _lock(connection: Connection, table: Table, column: str) -> None:
    """Lock what of a column is not; some rows at a time."""
    place = place_of(table.columns[column])
    rows_key = list(map(sql.Identifier, table.primary_key.columns.keys()))
    names = {"table": sql.Identifier(table.name), "column": sql.Identifier(column)}
    find = sql.SQL("SELECT {column}, {key} FROM {table} WHERE substr({column}, 1, {bytes}) <> %s")
    put = sql.SQL("UPDATE {table} SET {column} = %s WHERE {of}").format(
        **names, of=sql.SQL(" AND ").join(sql.SQL("{} = %s").format(one) for one in rows_key)
    )
    with connection.driver.cursor(name="unlocked") as unlocked:
        key = sql.SQL(", ").join(rows_key)
        unlocked.execute(find.format(**names, key=key, bytes=len(MARK)), (MARK,))
        while rows := unlocked.fetchmany(_AT_ONCE):
            locked = [(connection.lock(bytes(value), place), *of) for value, *of in rows]
            connection.driver.cursor().executemany(put, locked)


def _have_noted(
    driver: Any, schema: str, table: str, columns: Sequence[str], keys: KeyRing
) -> None:
    note = partial(
        sql.SQL(_NOTE).format,
        erased=sql.Identifier(schema, TABLE),
        own=sql.Literal(MARK + keys.tag),
        own_bytes=_OWN_BYTES,
        at=_NUMBER_AT,
        bytes=_NUMBER_BYTES,
    )
    notes = sql.SQL(" ").join(note(column=sql.Identifier(column)) for column in columns)
    function = sql.Identifier(schema, f"{_TRIGGER_NAME}_{table}")
    driver.execute(sql.SQL(_FUNCTION).format(function=function, notes=notes))
    driver.execute(
        sql.SQL(_TRIGGER).format(
            name=sql.Identifier(_TRIGGER_NAME),
            columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
            table=sql.Identifier(schema, table),
            function=function,
        )
    )


def _as_bytes(number: int) -> bytes:
    return number.to_bytes(_NUMBER_BYTES)
