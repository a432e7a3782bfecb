"""Worlds for tests: each is provisioned once a session, and copied for whoever runs it."""

import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from renkei_clients.channel import Channel
from renkei_simulators.world.configs import write_configs
from renkei_simulators.world.definition import World
from renkei_simulators.world.in_process import RunningWorld, run_in_process
from renkei_simulators.world.layout import Layout
from renkei_simulators.world.provision import provision
from renkei_simulators.world.supervisor import Supervisor
from tests.forking import serve
from tests.ports import on_free_ports
from tests.postgresql import Cluster


def seat(role: str, institution: str, *networks: str, process: str = "", workers: int = 1) -> str:
    """A seat of a world file, with a listener in each of these networks."""
    where = f'process = "{process}"\n' if process else ""
    where += f"workers = {workers}\n" if workers > 1 else ""
    listen = ", ".join(f'{network} = "127.0.0.1:0"' for network in networks)
    return (
        f'[[seat]]\nrole = "{role}"\ninstitution = "{institution}"\n'
        f"{where}listen = {{ {listen} }}\n"
    )


@dataclass(frozen=True, slots=True)
class Supervised:
    """A world whose servers run outside the test's own process."""

    world: World
    layout: Layout
    supervisor: Supervisor


class Worlds:
    """Hands out worlds under one folder, each as fresh as if it had just been made.

    Copies of one definition have the same keys, so they are the same world at the same start.
    What a seat keeps is a file; on a PostgreSQL each copy has a database of its own there.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: dict[str, World] = {}
        self._layouts: dict[str, Layout] = {}
        self._copies = 0

    def copy(self, world: World) -> Layout:
        """A data folder of one's own; where seats listen may differ from the world's text."""
        return self._copy(world, self._first(world, world.text))

    @contextmanager
    def copied(self, text: str, on: Cluster | None) -> Iterator[tuple[World, Layout]]:
        """A copy, where its seats keep their stores as told; of its database nothing stays."""
        if on is None:
            world = World.parse(text)
            yield world, self.copy(world)
            return
        first = self._first_on(on, text)
        url = on.copy_database(first.store_url)
        try:
            world = World.parse(stored_at(url, text))
            yield world, self._copy(world, self._layouts[first.text])
        finally:
            on.start()
            on.drop_database(url)

    def _first(self, world: World, text: str) -> Layout:
        if text not in self._layouts:
            self._layouts[text] = provision(world, self._folder / f"made-{len(self._layouts)}")
        return self._layouts[text]

    def _first_on(self, cluster: Cluster, text: str) -> World:
        if text not in self._made:
            world = World.parse(stored_at(cluster.new_database(), text))
            self._first(world, world.text)
            self._made[text] = world
        return self._made[text]

    def _copy(self, world: World, first: Layout) -> Layout:
        self._copies += 1
        root = self._folder / f"copy-{self._copies}"
        shutil.copytree(first.root, root, symlinks=True)
        Layout(root).definition.write_text(world.text, encoding="utf-8")
        return provision(world, root)

    @asynccontextmanager
    async def running(
        self, text: str, *, on: Cluster | None = None, open_channel: type[Channel] = Channel
    ) -> AsyncIterator[RunningWorld]:
        """A copy that runs in this process, as `run_in_process` does."""
        with self.copied(text, on) as (world, layout):
            async with run_in_process(world, layout, open_channel=open_channel) as running:
                yield running

    @contextmanager
    def supervised(
        self,
        text: str,
        *,
        on: Cluster | None = None,
        isolated: bool = False,
        crash_points: bool = False,
    ) -> Iterator[Supervised]:
        """A copy whose servers have been started, in processes as its text says, on free ports.

        Isolated, and with `crash_points`, each seat has a process of its own.
        """
        with self.copied(text, on) as (made, layout):
            here = replace(World.parse(on_free_ports(made.text)), crash_points=crash_points)
            if isolated or crash_points:
                here = here.isolated()
            layout.definition.write_text(here.text, encoding="utf-8")
            write_configs(here, layout)
            with Supervisor(here, layout, serve) as supervisor:
                yield Supervised(here, layout, supervisor)


def stored_at(url: str, text: str) -> str:
    """A world file whose seats keep their stores in this database."""
    return f'{text}\n[store]\nurl = "{url}"\n'


@pytest.fixture(scope="session")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Worlds:
    """The worlds of this session."""
    return Worlds(tmp_path_factory.mktemp("worlds"))
