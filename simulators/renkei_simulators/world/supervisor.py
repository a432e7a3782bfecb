"""The processes of a running world: started, watched, killed, stopped."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from renkei_server.process.owner import TELL, Reports, SeatReport, ask_process, socket_of
from renkei_simulators.world.addresses import Address, why_not_free
from renkei_simulators.world.definition import World, WorldError
from renkei_simulators.world.holding import RUNS, held
from renkei_simulators.world.layout import Layout
from renkei_simulators.world.running import State, require_no_orphans

_STOP_SECONDS = 10.0
_PAUSE_SECONDS = 0.01


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


class Supervisor:
    """Runs the server processes of one world; leaving it stops them all."""

    def __init__(
        self, world: World, layout: Layout, launch: Launch | None = None, *, holds: bool = False
    ) -> None:
        """`launch` starts its processes, where they are not programs of their own.

        `holds` says that whoever runs the world holds its folder already.
        """
        self._world = world
        self._layout = layout
        self._holds = holds
        self._undo = ExitStack()
        self._names = sorted({seat.process for seat in world.seats if not seat.external})
        self._launch = launch or _run_program
        self._running: dict[str, Process] = {}
        self._written: dict[str, int] = {}
        """How much stood in each process's file of errors as it was started."""

    def __enter__(self) -> Self:
        with ExitStack() as undo:
            if not self._holds:
                undo.enter_context(held(self._layout, RUNS))
            require_no_orphans(self._layout)
            require_free_ports(self._world)
            undo.callback(self.stop)
            for name in self._names:
                self.start(name)
            self._undo = undo.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._undo.close()

    @property
    def process_ids(self) -> dict[str, int]:
        """The process id of each process that runs."""
        return {name: one.pid for name, one in self._running.items() if one.poll() is None}

    def start(self, name: str) -> None:
        """Start one process."""
        errors = self._errors(name)
        self._written[name] = errors.stat().st_size if errors.exists() else 0
        self._running[name] = self._launch(self._layout.process(name), errors)
        self._write_state()

    def reports(self, *, seconds: float, of: Collection[str] | None = None) -> Reports:
        """How every seat stands once its process has tried to open it, by then at the latest.

        `of` names processes, where not all are asked. A process that has ended tells no more:
        what it wrote last is why.
        """
        until = time.monotonic() + seconds
        told: dict[str, SeatReport] = {}
        for name in self._names if of is None else of:
            told |= self._told_by(name, until)
        return told

    def _told_by(self, name: str, until: float) -> Reports:
        at = socket_of(self._layout.process(name))
        while self._running[name].poll() is None and (left := until - time.monotonic()) > 0:
            try:
                return ask_process(at, TELL, seconds=left)
            except OSError:  # it has not come so far, or ends
                time.sleep(_PAUSE_SECONDS)
        seats = [one.name for one in self._world.seats if one.process == name and not one.external]
        status = self._running[name].poll()
        if status is None:
            return dict.fromkeys(seats, _SILENT)
        lines = self._last_words(name)
        return {seat: _ended(seat, status, lines) for seat in seats}

    def _last_words(self, name: str) -> Sequence[str]:
        """What a process wrote beside its log since it was started."""
        with contextlib.suppress(FileNotFoundError), self._errors(name).open("rb") as file:
            file.seek(self._written[name])
            return file.read().decode(errors="replace").splitlines()
        return ()

    def _errors(self, name: str) -> Path:
        return self._layout.logs / f"{name}.stderr"

    def kill(self, name: str) -> None:
        """End one process at once (SIGKILL), as a crash would."""
        self._running[name].kill()
        self._running[name].wait()

    def restart_dead(self, tell: Callable[[str], None]) -> Sequence[str]:
        """Start again whatever has died, with all its seats; return the names of the processes."""
        dead = [(name, one.poll()) for name, one in self._running.items()]
        again = [(name, status) for name, status in dead if status is not None]
        started = []
        for name, status in again:
            try:
                self.start(name)
            except OSError as error:  # such as a full disk: it is tried again
                tell(f"{name} ended with status {status}, and cannot be started: {error.strerror}")
            else:
                tell(f"{name} ended with status {status}: it is started again")
                started.append(name)
        return started

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
        seats = {one.name: one.process for one in self._world.seats if not one.external}
        State(os.getpid(), self.process_ids, seats).write(self._layout.state)


_SILENT = SeatReport({}, "its process does not answer in time", "プロセスが時間内に応答しません。")


def _ended(seat: str, status: int, lines: Sequence[str]) -> SeatReport:
    """Why a seat is not open whose process has ended; its own sentence begins with its name."""
    begins = f"renkei: {seat}: "
    for number, line in enumerate(lines):
        if line.startswith(begins):
            return SeatReport(
                {}, line.removeprefix(begins), "".join(lines[number + 1 : number + 2])
            )
    last = f": {' '.join(lines[-2:])}" if lines else ""
    return SeatReport(
        {}, f"its process ended with status {status}{last}", "プロセスが終了しました。"
    )


def _run_program(config: Path, errors: Path) -> Process:
    with errors.open("ab") as file:
        return subprocess.Popen(
            [sys.executable, "-m", "renkei_server", str(config)],
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            start_new_session=True,  # Ctrl-C reaches us alone; we stop the others in order
        )


def require_free_ports(world: World) -> None:
    """Raise WorldError where a server has no port of its own, or somebody else listens on it."""
    for seat in world.seats:
        for where in () if seat.external else seat.listen.values():
            address = Address.parse(where)
            if not address.port:
                raise WorldError(
                    f"{seat.name} listens on {where}, where its peers cannot find it: name a port "
                    "in the world file.",
                    f"{seat.name}のポート番号が0です。世界ファイルに番号を書いてください。",
                )
            if why := why_not_free(address):
                raise WorldError(
                    f"{seat.name} cannot listen on {address} ({why}): stop the other world that "
                    "runs there, or give this one other ports in its file.",
                    f"{seat.name}は{address}で待ち受けられません。そこで動く別の世界を停止するか、"
                    "世界ファイルで別のポートを書いてください。",
                )
