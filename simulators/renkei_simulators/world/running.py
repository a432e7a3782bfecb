"""A running world as one finds it from outside: what runs, stopping it, opening a seat again."""

import contextlib
import json
import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Self

from renkei import reasons
from renkei.refusals import Refusal
from renkei_server.process.owner import (
    RESTART,
    TELL,
    Reports,
    SeatReport,
    ask_process,
    process_at,
    socket_of,
)
from renkei_simulators.world.definition import World, WorldError
from renkei_simulators.world.holding import RUNS, holder_of, is_seen
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
        """What the file says; where there is none, or nothing of use in it, that nothing runs."""
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
            return cls(
                int(told["supervisor"]),
                {str(name): int(one) for name, one in told["processes"].items()},
                {str(seat): str(name) for seat, name in told["seats"].items()},
            )
        except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
            return cls()

    def write(self, path: Path) -> None:
        """Say so in the file."""
        new = path.with_suffix(".new")
        new.write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")
        new.replace(path)


def supervisor_of(layout: Layout) -> int | None:
    """The process id of whoever makes or runs the world now, or None."""
    holder = holder_of(layout)
    return holder.process_id if holder and holder.doing == RUNS else None


def servers(layout: Layout) -> dict[str, int]:
    """The process id of each server process that answers now, by its name."""
    found = {}
    for path in layout.process("").parent.glob("*.sock"):
        if process_id := process_at(path):
            found[path.stem] = process_id
    return found


def process_ids(layout: Layout) -> dict[str, int]:
    """The process in which each seat runs now, by the seat's name."""
    seats, alive = State.read(layout.state).seats, servers(layout)
    return {seat: alive[name] for seat, name in seats.items() if name in alive}


def require_no_orphans(layout: Layout) -> None:
    """Raise WorldError where servers of the world run though nobody runs it any more."""
    if servers(layout):
        raise _orphaned(layout)


def why_not_run(layout: Layout) -> WorldError | None:
    """That nobody runs the world, and what to do; None where somebody does."""
    if supervisor_of(layout) is not None:
        return None
    return _orphaned(layout) if servers(layout) else _stands_still(layout)


@contextlib.contextmanager
def told_if_it_stands_still(layout: Layout) -> Iterator[None]:
    """Where a seat cannot be reached because nothing of the world runs, say that and what to do."""
    try:
        yield
    except Refusal as refusal:
        if refusal.reason is reasons.PEER_UNREACHABLE:
            require_servers(layout, refusal)
        raise


def require_servers(layout: Layout, cause: Exception | None = None) -> None:
    """Raise WorldError where nothing of the world runs."""
    if supervisor_of(layout) is None and not servers(layout):
        raise _stands_still(layout) from cause


def _orphaned(layout: Layout) -> WorldError:
    names, down = ", ".join(sorted(servers(layout))), f"`renkei down --data {layout.root}`"
    return WorldError(
        f"servers of this world still run ({names}), though who started them does not: stop them "
        f"with {down}.",
        f"起動した側が終了した後も、この世界のサーバー（{names}）が動いています。"
        f"{down}で停止してください。",
    )


def _stands_still(layout: Layout) -> WorldError:
    up = f"`renkei up --data {layout.root}`"
    return WorldError(
        f"this world does not run: start it with {up}.",
        f"この世界は動いていません。{up}で起動してください。",
    )


def reports(layout: Layout) -> Reports:
    """How the processes that answer tell that their seats were opened."""
    told: dict[str, SeatReport] = {}
    for name in servers(layout):
        with contextlib.suppress(OSError):
            told |= ask_process(socket_of(layout.process(name)), TELL, seconds=_TELL_SECONDS)
    return told


def restart(world: World, layout: Layout, seat: str) -> SeatReport:
    """Let a seat be closed and opened again, and no other notice; return how it stands then.

    Raises WorldError where the world has no such seat of its own, or does not run.
    """
    if world.seat(seat).external:
        msg = f"{seat} is a server of yours: start it again yourself."
        raise WorldError(msg, f"{seat}は利用者自身のサーバーです。自分で再起動してください。")
    process = State.read(layout.state).seats.get(seat)
    if process is None:
        raise _stands_still(layout)
    try:
        at = socket_of(layout.process(process))
        return ask_process(at, RESTART, seat, seconds=_RESTART_SECONDS)[seat]
    except OSError as error:
        require_servers(layout, error)
        raise WorldError(
            f"the process of {seat} does not answer: where it has ended, `renkei up` starts it "
            "again with all its seats.",
            f"{seat}のプロセスが応答しません。"
            "終了していれば、`renkei up`がその全サーバーを再び起動します。",
        ) from error


def stop(layout: Layout) -> bool:
    """Ask whoever runs the world to stop it, and wait; return whether anything ran.

    Servers whose starter is gone are stopped themselves. Raises WorldError where what runs cannot
    be stopped from here.
    """
    if (holder := holder_of(layout)) and holder.doing == RUNS:
        if not is_seen(layout, holder):
            raise WorldError(
                "this world is run by a process that cannot be seen from here, as in another "
                "container: stop it there.",
                "この世界は、ここから見えないプロセス（別のコンテナーなど）が動かしています。"
                "そちらで停止してください。",
            )
        os.kill(holder.process_id, signal.SIGTERM)
        return _ended(layout, lambda: holder_of(layout) is None)
    orphans = servers(layout)
    for number in (signal.SIGTERM, signal.SIGKILL):
        for process_id in servers(layout).values():
            with contextlib.suppress(ProcessLookupError):
                os.kill(process_id, number)
        if orphans and _ended(layout, lambda: not servers(layout), last=number == signal.SIGKILL):
            layout.state.unlink(missing_ok=True)
            return True
    return False


def _ended(layout: Layout, ended: Callable[[], bool], *, last: bool = True) -> bool:
    """Wait until what runs has ended; where it has not by `last`, raise WorldError."""
    until = time.monotonic() + _STOP_SECONDS
    while not ended():
        if time.monotonic() > until:
            if not last:
                return False
            raise WorldError(
                f"the world in {layout.root} was told to stop and has not: end its processes.",
                f"{layout.root}の世界が停止しません。プロセスを終了してください。",
            )
        time.sleep(_PAUSE_SECONDS)
    return True
