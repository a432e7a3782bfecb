"""Databases that cannot be used: each is refused with its own reason, and nothing in it is touched."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from renkei import reasons
from renkei.reasons import Reason
from renkei.refusals import Refusal
from renkei_server.store.engine.operations import TABLES, OperationLog
from renkei_server.store.engine.places import Schema
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.engine.store import Store, tables
from tests.ports import free_port
from tests.postgresql import Cluster

from .conftest import NOTES, note, notes

Open = Callable[[str], Store]
Trouble = Callable[[Cluster, str], AbstractContextManager[None]]

PASSWORD = "correct-horse-安全"  # noqa: S105 - one that must not be told


@pytest.fixture
def open_at(sealer: Sealer, tmp_path: Path) -> Iterator[Open]:
    """Opens a store of notes in a database."""
    with ExitStack() as stack:

        def open_it(url: str) -> Store:
            store = Store(
                Schema(url, "seat", tmp_path / "erasable.keys"),
                sealer,
                tables(TABLES, (NOTES,)),
                operations=OperationLog(sealer),
            )
            stack.callback(store.close)
            return store

        yield open_it


def reason_of(opening: Callable[[], object]) -> Reason:
    with pytest.raises(Refusal) as refused:
        opening()
    assert refused.value.reason.english
    assert refused.value.reason.japanese
    return refused.value.reason


# Its address


@pytest.mark.parametrize(
    "url",
    [
        "",
        "nonsense",
        "postgresql://",
        "postgresql:///database",
        "postgresql://host",
        "postgres://user@host/database",
        "mysql://user@host/database",
        "sqlite:///store.db",
        f"postgresql://user:{PASSWORD}@host:port/database",
    ],
)
def test_an_address_that_is_none_is_refused(open_at: Open, url: str) -> None:
    assert reason_of(lambda: open_at(url)) is reasons.STORE_URL_MALFORMED


def changed(url: str, **parts: str) -> str:
    """A database's URL with another host, port, password or database."""
    told = urlsplit(url)
    known = {"user": told.username, "password": told.password, "host": told.hostname}
    known |= {"port": str(told.port), "database": told.path[1:]} | parts  # type: ignore[dict-item]
    return "postgresql://{user}:{password}@{host}:{port}/{database}".format(**known)


def test_a_wrong_password_a_stranger_and_another_s_database_are_refused(
    open_at: Open, database_url: str, postgresql: Cluster
) -> None:
    another = postgresql.new_database()
    for url in (
        changed(database_url, password="wrong"),  # noqa: S106 - none of ours
        changed(database_url, user="nobody"),
        changed(database_url, database=urlsplit(another).path[1:]),
    ):
        assert reason_of(lambda url=url: open_at(url)) is reasons.STORE_LOGIN_REFUSED  # type: ignore[misc]
    postgresql.drop_database(another)


def test_a_database_that_is_not_there_is_refused(open_at: Open, database_url: str) -> None:
    url = changed(database_url, database="missing")

    assert reason_of(lambda: open_at(url)) is reasons.STORE_DATABASE_MISSING


def test_a_server_that_is_not_there_is_refused_and_may_come(
    open_at: Open, database_url: str
) -> None:
    reason = reason_of(lambda: open_at(changed(database_url, port=str(free_port()))))

    assert reason is reasons.STORE_NOT_REACHED
    assert reason.passing


def test_who_may_connect_and_not_make_a_schema_is_refused(
    open_at: Open, database_url: str, postgresql: Cluster
) -> None:
    another = postgresql.new_database()
    login, name = urlsplit(another), urlsplit(database_url).path[1:]
    with postgresql.administering(database_url) as connection:
        connection.execute(f"GRANT CONNECT ON DATABASE {name} TO {login.username}")
    url = login._replace(path=f"/{name}").geturl()

    assert reason_of(lambda: open_at(url)) is reasons.STORE_LOGIN_REFUSED
    with postgresql.administering(database_url) as connection:
        connection.execute(f"REVOKE ALL ON DATABASE {name} FROM {login.username}")
    postgresql.drop_database(another)


# What it can take


@contextmanager
def crowded(cluster: Cluster, url: str) -> Iterator[None]:
    with psycopg.connect(url), cluster.crowded(url, 1):
        yield


TROUBLES: dict[Reason, Trouble] = {
    reasons.STORE_FULL: Cluster.full,
    reasons.STORE_READ_ONLY: Cluster.read_only,
    reasons.STORE_CROWDED: crowded,
}


@pytest.mark.parametrize("reason", TROUBLES, ids=str)
def test_a_database_that_takes_nothing_is_refused_and_keeps_all(
    open_at: Open, database_url: str, postgresql: Cluster, reason: Reason
) -> None:
    first = open_at(database_url)
    first.write_now(note(b"kept"))
    first.close()

    with TROUBLES[reason](postgresql, database_url):
        assert reason_of(lambda: open_at(database_url)) is reason

    assert notes(open_at(database_url)) == [b"kept"]


@pytest.mark.parametrize("reason", TROUBLES, ids=str)
async def test_trouble_while_it_is_used_is_an_outage_that_passes(
    open_at: Open, database_url: str, postgresql: Cluster, reason: Reason
) -> None:
    store = open_at(database_url)
    await store.write(note(b"kept"))

    with TROUBLES[reason](postgresql, database_url):
        if reason is reasons.STORE_CROWDED:
            postgresql.cut(database_url)
            with psycopg.connect(database_url), pytest.raises(Refusal) as refused:
                await store.write(note(b"lost"))
        else:
            with pytest.raises(Refusal) as refused:
                await store.write(note(b"lost"))
        assert not await store.tidy(at_once=True) or reason is not reasons.STORE_CROWDED

    assert refused.value.reason is reasons.STORE_UNAVAILABLE
    assert await store.write(note(b"next")) == b"next"
    assert notes(store) == [b"kept", b"next"]


# The password


def test_the_password_is_in_no_repr_and_no_refusal(
    open_at: Open, database_url: str, tmp_path: Path
) -> None:
    password = urlsplit(database_url).password
    assert password is not None
    told = [
        repr(Schema(database_url, "seat", tmp_path / "erasable.keys")),
        repr(open_at(database_url)),
    ]
    for url in (
        f"postgresql://user:{password}@host:port/database",
        changed(database_url, database="missing"),
        changed(database_url, user="nobody"),
        changed(database_url, port=str(free_port())),
    ):
        with pytest.raises(Refusal) as refused:
            open_at(url)
        error: BaseException | None = refused.value
        while error is not None:
            told += [str(error), repr(error)]
            error = error.__cause__

    assert [one for one in told if password in one] == []
