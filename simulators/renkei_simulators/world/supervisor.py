"""The processes of a running world: started, watched, killed, stopped."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from renkei_simulators.world.definition import World, WorldError
from renkei_simulators.world.layout import Layout

_STOP_SECONDS = 10.0
_PAUSE_SECONDS = 0.05


class Process(Protocol):
    """A server process, as `subprocess.Popen` is one."""

    @property
    def pid(self) -> int:
        """Its process id."""
        ...

    def poll(self) -> int | None:
        """Its exit status, once it has ended."""
        ...

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end; raises TimeoutExpired."""
        ...

    def terminate(self) -> None:
        """Ask it to end (SIGTERM)."""
        ...

    def kill(self) -> None:
        """End it at once (SIGKILL)."""
        ...


Launch = Callable[[Path, Path], Process]
"""Starts a server process: what it is told, and the file for what it writes beside its log."""


@dataclass(frozen=True, slots=True)
class _State:
    """What runs, as the file says."""

    supervisor: int
    processes: dict[str, int]


class Supervisor:
    """Runs the server processes of one world; leaving it stops them all."""

    def __init__(self, world: World, layout: Layout, launch: Launch | None = None) -> None:
        """`launch` starts its processes, where they are not programs of their own."""
        self._world = world
        self._layout = layout
        self._names = sorted({seat.process for seat in world.seats if not seat.external})
        self._launch = launch or _run_program
        self._running: dict[str, Process] = {}

    def __enter__(self) -> Self:
        require_stopped(self._layout)
        _require_free_ports(self._world)
        for name in self._names:
            self.start(name)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def process_ids(self) -> dict[str, int]:
        """The process id of each process that runs."""
        return {name: one.pid for name, one in self._running.items() if one.poll() is None}

    def start(self, name: str) -> None:
        """Start one process."""
        errors = self._layout.logs / f"{name}.stderr"
        self._running[name] = self._launch(self._layout.process(name), errors)
        self._write_state()

    def kill(self, name: str) -> None:
        """End one process at once (SIGKILL), as a crash would."""
        self._running[name].kill()
        self._running[name].wait()

    def restart_dead(self, tell: Callable[[str], None]) -> None:
        """Start again whatever has died."""
        for name, process in list(self._running.items()):
            if (status := process.poll()) is not None:
                tell(f"{name} ended with status {status}: it is started again")
                self.start(name)

    def stop(self) -> None:
        """Stop every process: first asked to, then made to."""
        for process in self._running.values():
            if process.poll() is None:
                process.terminate()
        until = time.monotonic() + _STOP_SECONDS
        for process in self._running.values():
            try:
                process.wait(max(0.0, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._running.clear()
        with contextlib.suppress(FileNotFoundError):
            self._layout.state.unlink()

    def _write_state(self) -> None:
        state = _State(os.getpid(), self.process_ids)
        written = self._layout.state.with_suffix(".new")
        written.write_text(json.dumps(asdict(state), indent=1) + "\n")
        written.replace(self._layout.state)


def _run_program(config: Path, errors: Path) -> Process:
    with errors.open("ab") as file:
        return subprocess.Popen(
            [sys.executable, "-m", "renkei_server", str(config)],
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            start_new_session=True,  # Ctrl-C reaches us alone; we stop the others in order
        )


def require_stopped(layout: Layout) -> None:
    """Raise WorldError where the world runs now."""
    if supervisor_of(layout) is not None:
        msg = "this world is running already: see `renkei status`, stop it with `renkei down`"
        raise WorldError(msg)


def _require_free_ports(world: World) -> None:
    """Raise WorldError where somebody else listens on a port of the world."""
    for seat in world.seats:
        for address in () if seat.external else seat.listen.values():
            host, _, port = address.rpartition(":")
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind((host, int(port)))
                except OSError as error:
                    msg = (
                        f"{seat.name} cannot listen on {address} ({error.strerror}): stop the "
                        "other world that runs there, or give this one other ports in its file"
                    )
                    raise WorldError(msg) from error


def supervisor_of(layout: Layout) -> int | None:
    """The process id of whoever runs the world now, or None."""
    supervisor = _state(layout).supervisor
    return supervisor if supervisor and _runs(supervisor) else None


def process_ids(layout: Layout) -> dict[str, int]:
    """The processes of a world that run now, by name."""
    return {name: one for name, one in _state(layout).processes.items() if _runs(one)}


def stop_from_outside(layout: Layout) -> bool:
    """Ask whoever runs the world to stop it, and wait; return whether anything ran."""
    supervisor = supervisor_of(layout)
    orphans = [] if supervisor else list(process_ids(layout).values())
    targets = [supervisor] if supervisor else orphans
    for target in targets:
        os.kill(target, signal.SIGTERM)
    until = time.monotonic() + 2 * _STOP_SECONDS
    while any(_runs(target) for target in targets) and time.monotonic() < until:
        time.sleep(_PAUSE_SECONDS)
    if orphans:
        with contextlib.suppress(FileNotFoundError):
            layout.state.unlink()
    return bool(targets)


def _state(layout: Layout) -> _State:
    try:
        told = json.loads(layout.state.read_text())
    except (FileNotFoundError, ValueError):
        return _State(0, {})
    return _State(told["supervisor"], told["processes"])


def _runs(process_id: int) -> bool:
    """Whether the process id is one of ours: its number alone may belong to another by now."""
    try:
        command = Path(f"/proc/{process_id}/cmdline").read_bytes()
    except OSError:
        return False
    return b"renkei" in command
