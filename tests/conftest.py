"""What every test needs."""

import os
from collections.abc import Iterator

import hypothesis
import pytest

import renkei_pki.tls  # noqa: F401  # before anything imports grpc: it makes TLS 1.3 the only one
from tests.postgresql import GIVEN, Cluster
from tests.tokens import devices

__all__ = ["devices"]

# else a console made before a test sets its width keeps this one
for width in ("COLUMNS", "LINES"):
    os.environ.pop(width, None)
    os.unsetenv(width)  # readline sets it past os.environ, and every child would have it
hypothesis.settings.register_profile("busy", deadline=None)  # a slow machine proves nothing
hypothesis.settings.load_profile("busy")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the same tests run where each municipal CS keeps its keys in a token (tests/tokens.py)."""
    parser.addoption("--with-tokens", action="store_true", help="keys of each CS in SoftHSM2")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests that start a world; their files come first, for they take long."""
    for item in items:
        if "worlds" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.world)
    long = {item.path for item in items if item.get_closest_marker("world")}
    items.sort(key=lambda item: item.path not in long)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Cluster]:
    """A PostgreSQL of this test process, or the one given; who ends it starts it again."""
    with Cluster(os.environ.get(GIVEN)) as cluster:
        yield cluster


@pytest.fixture(scope="session")
def shared_url(postgresql: Cluster) -> Iterator[str]:
    """A database for schemas: to make one takes a tenth of the time that a database takes."""
    url = postgresql.new_database()
    yield url
    postgresql.drop_database(url)


@pytest.fixture
def database_url(postgresql: Cluster) -> Iterator[str]:
    """The owner's URL of a database that was empty when the test began."""
    postgresql.start()
    url = postgresql.new_database()
    yield url
    postgresql.start()
    postgresql.drop_database(url)
