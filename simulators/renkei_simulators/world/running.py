"""A running world as one finds it from outside: what runs, stopping it, opening a seat again."""

import contextlib
import json
import os
import signal
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Self

from renkei_server.process.owner import (
    RESTART,
    TELL,
    Reports,
    SeatReport,
    ask_process,
    socket_of,
)
from renkei_simulators.world.definition import World, WorldError
from renkei_simulators.world.layout import Layout

_STOP_SECONDS = 20.0
_PAUSE_SECONDS = 0.05
_TELL_SECONDS = 5.0
_RESTART_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class State:
    """What runs, as the file says that a world's supervisor writes."""

    supervisor: int = 0
    processes: Mapping[str, int] = field(default_factory=dict)
    """Process ids, by name."""
    seats: Mapping[str, str] = field(default_factory=dict)
    """In which process each seat is."""

    @classmethod
    def read(cls, path: Path) -> Self:
        """What the file says; where there is none, that nothing runs."""
        try:
            return cls(**json.loads(path.read_text()))
        except (FileNotFoundError, ValueError):
            return cls()

    def write(self, path: Path) -> None:
        """Say so in the file."""
        new = path.with_suffix(".new")
        new.write_text(json.dumps(asdict(self), indent=1) + "\n")
        new.replace(path)


def supervisor_of(layout: Layout) -> int | None:
    """The process id of whoever runs the world now, or None."""
    supervisor = State.read(layout.state).supervisor
    return supervisor if supervisor and _runs(supervisor) else None


def process_ids(layout: Layout) -> dict[str, int]:
    """The process in which each seat runs now, by the seat's name."""
    state = State.read(layout.state)
    alive = {name: one for name, one in state.processes.items() if _runs(one)}
    return {seat: alive[name] for seat, name in state.seats.items() if name in alive}


def reports(layout: Layout) -> Reports:
    """How the processes that answer tell that their seats were opened."""
    told: dict[str, SeatReport] = {}
    for name in State.read(layout.state).processes:
        with contextlib.suppress(OSError):
            told |= ask_process(socket_of(layout.process(name)), TELL, seconds=_TELL_SECONDS)
    return told


def restart(world: World, layout: Layout, seat: str) -> SeatReport:
    """Let a seat be closed and opened again, and no other notice; return how it stands then.

    Raises WorldError where the world has no such seat of its own, or does not run.
    """
    if world.seat(seat).external:
        msg = (
            f"{seat} is a server of yours: start it again yourself. "
            f"{seat}は利用者自身のサーバーです。自分で再起動してください。"
        )
        raise WorldError(msg)
    process = State.read(layout.state).seats.get(seat)
    if process is None:
        msg = (
            "this world does not run: start it with `renkei up`. "
            "この世界は動いていません。`renkei up`で起動してください。"
        )
        raise WorldError(msg)
    try:
        at = socket_of(layout.process(process))
        return ask_process(at, RESTART, seat, seconds=_RESTART_SECONDS)[seat]
    except OSError as error:
        msg = (
            f"the process of {seat} does not answer: where it has ended, `renkei up` starts it "
            f"again with all its seats. {seat}のプロセスが応答しません。"
            "終了していれば、`renkei up`がその全サーバーを再び起動します。"
        )
        raise WorldError(msg) from error


def stop(layout: Layout) -> bool:
    """Ask whoever runs the world to stop it, and wait; return whether anything ran."""
    supervisor = supervisor_of(layout)
    orphans = set() if supervisor else set(process_ids(layout).values())
    targets = [supervisor] if supervisor else [*orphans]
    for target in targets:
        os.kill(target, signal.SIGTERM)
    until = time.monotonic() + _STOP_SECONDS
    while any(_runs(target) for target in targets) and time.monotonic() < until:
        time.sleep(_PAUSE_SECONDS)
    if orphans:
        with contextlib.suppress(FileNotFoundError):
            layout.state.unlink()
    return bool(targets)


def _runs(process_id: int) -> bool:
    """Whether the process id is one of ours: its number alone may belong to another by now."""
    try:
        command = Path(f"/proc/{process_id}/cmdline").read_bytes()
    except OSError:
        return False
    return b"renkei" in command
