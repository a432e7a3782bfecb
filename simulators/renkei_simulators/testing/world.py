"""A world that runs beside the tests of one process: where it listens, who may call, and its reset.

Its servers have a thread and an event loop of their own, so that tests may be plain functions, or
asynchronous in whatever way they like. Listeners take free ports: the world file's are not used.
"""

import asyncio
import csv
import threading
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Self, TypeVar

import renkei_pki.tls  # noqa: F401  # isort: skip  # must come before grpc: it makes TLS 1.3 the only one
import grpc

from renkei.networks import domain_of
from renkei.type.v1.operator_session_pb2 import OperatorSession
from renkei_pki.credentials import Credentials
from renkei_pki.identity import Identity
from renkei_server.process.machine import WorldClock, set_world_clock
from renkei_server.seats.control.snapshots import INITIAL, Snapshots
from renkei_simulators.world.callers import Callers
from renkei_simulators.world.certificates import SESSION_FILE
from renkei_simulators.world.definition import World, WorldError
from renkei_simulators.world.in_process import RunningWorld, run_in_process
from renkei_simulators.world.layout import Layout
from renkei_simulators.world.provision import provision

T = TypeVar("T")

_START_SECONDS = 60.0
_RESET_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Person:
    """A synthetic person of the world, as `people.csv` tells them."""

    municipality: str
    local_address_number: str = field(repr=False)
    individual_number: str = field(repr=False)
    resident_record_code: str = field(repr=False)
    kind: str
    """`resident`, `removed`, `without` or `unknown` (docs/guides/test-my-client.md)."""


class TestWorld:
    """What a test has of a running world."""

    __test__ = False  # it is no test, whatever its name says

    def __init__(self, running: RunningWorld, loop: asyncio.AbstractEventLoop) -> None:
        """Use `running`."""
        self._running = running
        self._loop = loop
        self._channels: list[grpc.Channel] = []
        self._commits: dict[str, int] = {}
        """How many commits each seat's store counted as it was put back: one more, and it changed."""
        self.data = running.layout.root
        """The world's folder, with `callers/` and `people.csv`."""
        self.people: Sequence[Person] = _people(running.layout)

    @classmethod
    @contextmanager
    def running(cls, file: Path | None, data: Path) -> Iterator[Self]:
        """Make a world in a folder, and run it. Raises WorldError where that cannot be."""
        world = World.load(file)
        layout = provision(world, data)
        loop, ready, ended = asyncio.new_event_loop(), threading.Event(), asyncio.Event()
        opened: list[RunningWorld] = []
        failed: list[BaseException] = []

        async def run() -> None:
            async with run_in_process(world, layout) as running:
                for seat in running.seats.values():
                    Snapshots(seat.store, seat.config.snapshots).save_initial()
                opened.append(running)
                ready.set()
                await ended.wait()

        def serve() -> None:
            try:
                loop.run_until_complete(run())
            except BaseException as error:
                failed.append(error)
            finally:
                loop.close()
                ready.set()

        thread = threading.Thread(target=serve, name="renkei", daemon=True)
        thread.start()
        ready.wait(_START_SECONDS)
        if failed:
            raise failed[0]
        if not opened:
            msg = "the world did not start in time"
            raise WorldError(msg, "世界が時間内に起動しませんでした。")
        try:
            yield cls(opened[0], loop)
        finally:
            loop.call_soon_threadsafe(ended.set)
            thread.join(_START_SECONDS)

    @property
    def callers(self) -> Callers:
        """A typed client for each outside caller; its calls are made in `run`."""
        return self._running.callers

    def run(self, work: Coroutine[Any, Any, T], *, seconds: float = _RESET_SECONDS) -> T:
        """Do what is asynchronous on the world's own loop, and wait for it."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(seconds)

    def address(self, seat: str, network: str = "") -> str:
        """HOST:PORT of a seat, such as `resident-record.131148`; of its first network, or this one."""
        domain = self._identity(seat, network).domain
        plan = self._running.world.seat(seat)
        return (plan.external or self._running.seats[seat].addresses)[domain]

    def server_name(self, seat: str, network: str = "") -> str:
        """The name that the seat's certificate bears, to be expected in place of the address."""
        return self._identity(seat, network).dns

    def caller(self, name: str) -> Path:
        """The folder of a caller's `chain.pem`, `key.pem` and `roots.pem`, such as `ward-terminal.131148`.

        Raises WorldError where the world has no such caller.
        """
        folder = self._running.layout.callers / name
        if not folder.is_dir():
            names = ", ".join(sorted(one.name for one in folder.parent.iterdir() if one.is_dir()))
            msg = f"the world has no caller {name}; it has {names}"
            raise WorldError(msg, f"世界に呼び出し元{name}はありません。あるのは{names}です。")
        return folder

    def session(self, caller: str) -> OperatorSession:
        """The operator session beside a terminal's certificate."""
        return OperatorSession.FromString((self.caller(caller) / SESSION_FILE).read_bytes())

    def channel(self, caller: str, seat: str, network: str = "") -> grpc.Channel:
        """A channel of a caller to a seat, for the generated stubs; closed after the test."""
        own = Credentials.load(self.caller(caller))
        channel = grpc.secure_channel(
            self.address(seat, network),
            grpc.ssl_channel_credentials(own.roots_pem, own.key_pem, own.chain_pem),
            options=[("grpc.ssl_target_name_override", self.server_name(seat, network))],
        )
        self._channels.append(channel)
        return channel

    def advance(self, by: timedelta) -> None:
        """Let time pass in the world, until the next test."""
        clock = WorldClock(self._running.layout.clock)
        set_world_clock(self._running.layout.clock, clock.now() - clock.real() + by)

    def reset(self) -> None:
        """Let every seat be as it was when the world first started, and the clock too."""
        self.run(self._reset())

    def close_channels(self) -> None:
        """Close what `channel` gave out."""
        while self._channels:
            self._channels.pop().close()

    async def _reset(self) -> None:
        seats = self._running.seats.values()
        for seat in seats:
            seat.dispatcher.hold()
        await asyncio.gather(*(seat.dispatcher.pause() for seat in seats))
        try:
            set_world_clock(self._running.layout.clock, timedelta(0))
            for name, seat in self._running.seats.items():
                if self._commits.get(name) != seat.store.commits:
                    Snapshots(seat.store, seat.config.snapshots).restore(INITIAL)
                    seat.dispatcher.forget()
                    self._commits[name] = seat.store.commits
        finally:
            for seat in seats:
                seat.dispatcher.resume()

    def _identity(self, seat: str, network: str) -> Identity:
        plan = self._running.world.seat(seat)
        domain = domain_of(network, plan.institution) if network else next(iter(plan.listen))
        if domain not in plan.listen:
            msg = f"{seat} does not listen on {network}"
            raise WorldError(msg, f"{seat}は{network}では待ち受けていません。")
        return Identity(domain, plan.institution, plan.role)


def _people(layout: Layout) -> Sequence[Person]:
    with layout.people.open(encoding="utf-8", newline="") as file:
        return tuple(Person(**row) for row in csv.DictReader(file))
