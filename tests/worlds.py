"""Worlds for tests: each is provisioned once a session, and copied for whoever runs it."""

import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from renkei_clients.channel import Channel
from renkei_simulators.world.definition import World
from renkei_simulators.world.in_process import RunningWorld, run_in_process
from renkei_simulators.world.layout import Layout
from renkei_simulators.world.provision import provision
from renkei_simulators.world.supervisor import Supervisor
from tests.forking import serve
from tests.ports import on_free_ports


def seat(role: str, institution: str, *networks: str, process: str = "") -> str:
    """A seat of a world file, with a listener in each of these networks."""
    where = f'process = "{process}"\n' if process else ""
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
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: dict[str, Layout] = {}
        self._copies = 0

    def copy(self, world: World) -> Layout:
        """A data folder of one's own; where seats listen may differ from the world's text."""
        if world.text not in self._made:
            self._made[world.text] = provision(world, self._folder / f"made-{len(self._made)}")
        self._copies += 1
        root = self._folder / f"copy-{self._copies}"
        shutil.copytree(self._made[world.text].root, root, symlinks=True)
        return provision(world, root)

    @asynccontextmanager
    async def running(
        self, text: str, *, open_channel: type[Channel] = Channel
    ) -> AsyncIterator[RunningWorld]:
        """A copy that runs in this process, as `run_in_process` does."""
        world = World.parse(text)
        async with run_in_process(world, self.copy(world), open_channel=open_channel) as running:
            yield running

    @contextmanager
    def supervised(
        self, text: str, *, isolated: bool = False, crash_points: bool = False
    ) -> Iterator[Supervised]:
        """A copy whose servers have been started, in processes as its text says, on free ports.

        Isolated, and with `crash_points`, each seat has a process of its own.
        """
        here = on_free_ports(text)
        world = replace(World.parse(here), crash_points=crash_points)
        if isolated or crash_points:
            world = world.isolated()
        layout = self.copy(replace(world, text=text))
        layout.definition.write_text(here, encoding="utf-8")
        with Supervisor(world, layout, serve) as supervisor:
            yield Supervised(world, layout, supervisor)


@pytest.fixture(scope="session")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Worlds:
    """The worlds of this session."""
    return Worlds(tmp_path_factory.mktemp("worlds"))
