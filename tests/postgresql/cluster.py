"""A PostgreSQL and its databases, each with an owner of its own, as seats are given them."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NoReturn
from urllib.parse import quote, urlsplit

import psutil
import psycopg
import pytest
from psycopg.sql import SQL, Identifier, Literal

from tests.postgresql.server import Server

GIVEN = "RENKEI_TEST_POSTGRESQL"
"""The environment variable that may name a server to use: a superuser's URL."""


class Cluster:
    """A PostgreSQL: one of our own, or that at the superuser's URL given.

    A database is told by its name, or by its URL.
    What ends a server or looks into its files skips the test where the server is given.
    """

    def __init__(
        self, given: str | None = None, *, programs: Path | None = None, **settings: str
    ) -> None:
        """Of our own: with these settings of postgresql.conf (`fsync="on"`); not started yet."""
        self._given = given
        self._own = None if given else Server(settings, programs)
        self._logins: dict[str, tuple[str, str]] = {}
        """By database: its owner's name and password."""

    def __enter__(self) -> "Cluster":
        """Start it; raises as `start` does, with nothing left behind."""
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """End it, with all its databases."""
        self.close()

    @property
    def server(self) -> Server:
        """The server, where it is our own."""
        return self._own or _skip()

    @property
    def data(self) -> Path:
        """The folder of the server's files; what is not there yet, `checkpoint` brings."""
        return self.server.folder / "data"

    def start(self) -> None:
        """Start it and wait until it answers; nothing is done to one that runs.

        Raises RuntimeError with what the server said where it does not start.
        """
        if self._own:
            self._own.start()

    def stop(self) -> None:
        """End it in good order; connections are cut."""
        self.server.stop()

    def kill(self) -> None:
        """End all its processes at once (SIGKILL), as a crash does."""
        self.server.kill()

    def restart(self) -> None:
        """Stop it and start it, at the same URLs."""
        self.stop()
        self.start()

    def close(self) -> None:
        """End it, and leave nothing of it behind; of one given, the databases made here."""
        if self._own:
            self._own.close()
        else:
            for name in reversed(list(self._logins)):
                self.drop_database(name)

    def administering(self, database: str = "postgres") -> psycopg.Connection:
        """A superuser's connection to a database, which commits each statement by itself."""
        return psycopg.connect(self._address(_name(database)), autocommit=True)

    def url(self, database: str) -> str:
        """The URL of a database made here, for its owner."""
        name = _name(database)
        return self._address(name, ":".join(self._logins[name]))

    def new_database(self, name: str | None = None) -> str:
        """The owner's URL of a new, empty database; nobody else's role may connect to it."""
        name = name or f"renkei_{secrets.token_hex(6)}"
        password = secrets.token_urlsafe(12)
        one = Identifier(name)
        with self.administering() as connection:
            connection.execute(
                SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(one, Literal(password))
            )
            self._logins[name] = name, password
            connection.execute(
                SQL(
                    "CREATE DATABASE {} OWNER {} TEMPLATE template0 STRATEGY file_copy"  # the faster
                ).format(one, one)
            )
            connection.execute(SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(one))
        return self.url(name)

    def copy_database(self, database: str) -> str:
        """The URL of a copy, for the same owner; nobody may be connected to the first meanwhile."""
        first, name = _name(database), f"renkei_{secrets.token_hex(6)}"
        copy = SQL("CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY file_copy")
        with self.administering() as connection:
            owner = Identifier(self._logins[first][0])
            connection.execute(copy.format(Identifier(name), owner, Identifier(first)))
            self._logins[name] = self._logins[first]
            connection.execute(
                SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(Identifier(name))
            )
        return self.url(name)

    def drop_database(self, database: str) -> None:
        """Remove a database, and with the first of its copies its owner; who is connected is cut."""
        name = _name(database)
        with self.administering() as connection:
            one = Identifier(name)
            connection.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(one))
            if self._logins.pop(name, (name, ""))[0] == name:
                connection.execute(SQL("DROP ROLE IF EXISTS {}").format(one))

    def cut(self, database: str) -> int:
        """Cut all connections to a database, as a fault of the network does; how many there were."""
        with self.administering() as connection:
            cut = connection.execute(
                "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = %s",
                [_name(database)],
            )
            return len(cut.fetchall())

    def checkpoint(self) -> None:
        """Have all that is committed written to the files of the tables."""
        with self.administering() as connection:
            connection.execute("CHECKPOINT")

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Let every process of it stand still (SIGSTOP): its connections stay open, and say nothing."""
        parent = psutil.Process(self.server.pid)
        frozen = [parent, *parent.children(recursive=True)]
        for one in frozen:
            one.suspend()
        try:
            yield
        finally:
            for one in frozen:
                with suppress(psutil.NoSuchProcess):
                    one.resume()

    @contextmanager
    def read_only(self, database: str) -> Iterator[None]:
        """While it lasts, sessions are read-only (25006); those open are cut, before and after."""
        name = "default_transaction_read_only"
        with self._altered(database, f"SET {name} = on", f"RESET {name}"):
            self.cut(database)
            yield
        self.cut(database)

    @contextmanager
    def crowded(self, database: str, connections: int) -> Iterator[None]:
        """While it lasts, the database takes no connection more than so many (53300)."""
        with self._altered(database, f"CONNECTION LIMIT {connections}", "CONNECTION LIMIT -1"):
            yield

    @contextmanager
    def full(self, database: str) -> Iterator[None]:
        """While it lasts, every write to a table that is there now fails as on a full disk (53100)."""
        with self.administering(database) as connection:
            connection.execute(_FILL)
            try:
                yield
            finally:
                connection.execute("DROP SCHEMA full_disk CASCADE")

    @contextmanager
    def _altered(self, database: str, change: str, back: str) -> Iterator[None]:
        alter = SQL("ALTER DATABASE {} ").format(Identifier(_name(database)))
        with self.administering() as connection:
            connection.execute(alter + SQL(change))
            try:
                yield
            finally:
                connection.execute(alter + SQL(back))

    def _address(self, database: str, user: str | None = None) -> str:
        superuser = urlsplit(self._own.url if self._own else self._given or "")
        place = superuser.netloc.rpartition("@")[2]
        return superuser._replace(
            scheme="postgresql",  # not a given one's `postgresql+psycopg`
            netloc=f"{user}@{place}" if user else superuser.netloc,
            path=f"/{quote(database)}",
        ).geturl()


def _name(database: str) -> str:
    return urlsplit(database).path.removeprefix("/") if "://" in database else database


def _skip() -> NoReturn:
    pytest.skip(f"{GIVEN} names the server: it is not ours to end or to look into")


_FILL = """
CREATE SCHEMA full_disk;
CREATE FUNCTION full_disk.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    RAISE disk_full USING MESSAGE = 'could not extend file: No space left on device';
END $$;
DO $$ DECLARE one regclass; BEGIN
    FOR one IN SELECT oid FROM pg_class
        WHERE relkind IN ('r', 'p') AND oid >= 16384 AND NOT relispartition
    LOOP EXECUTE format('CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE OR DELETE ON %s '
        'FOR EACH STATEMENT EXECUTE FUNCTION full_disk.refuse()', one);
    END LOOP;
END $$;
"""
