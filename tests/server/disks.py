"""Disks that are full until there is room again."""

from contextlib import ExitStack

from renkei_server.store.engine.store import Store
from tests.postgresql import Cluster


class Pages:
    """The pages that a database of SQLite may have."""

    def fill_up(self, store: Store) -> None:
        """Let it have those that it has."""
        (pages,) = store._database.run_pragma("page_count")
        store._database.run_pragma(f"max_page_count={pages}")

    def make_room(self, store: Store) -> None:
        """Let it have many."""
        store._database.run_pragma("max_page_count=1000000")


class ClusterDisk:
    """The disk of a PostgreSQL, as it is for the tables of one database."""

    def __init__(self, cluster: Cluster, url: str, stack: ExitStack) -> None:
        """It has room once the stack is left."""
        self._cluster, self._url, self._stack = cluster, url, stack

    def fill_up(self, _: Store) -> None:
        """Let no table take a row more."""
        self._stack.enter_context(self._cluster.full(self._url))

    def make_room(self, _: Store) -> None:
        """Let them take rows again."""
        self._stack.close()
