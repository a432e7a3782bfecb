"""`renkei up --detach`: who asked goes on with other things once the world has started.

The command splits in two before it holds anything. One stays, starts the world as ever and tells
how it went where it was asked; then it lets go of the terminal, and writes to `logs/up.log`. The
other waits until it is let go, and ends with what became of the start.
"""

import os
import signal
import sys
from collections.abc import Callable
from typing import Final

import typer
from rich.console import Console

from renkei_simulators.world.definition import World, WorldError
from renkei_simulators.world.layout import Layout

_LOG: Final = "up.log"
_STARTED: Final = b"+"
_SERVING_SECONDS: Final = 60.0


def leave(layout: Layout, *, wait: bool) -> Callable[[], None]:
    """Go on in a process of its own, which calls what is returned once the world has started.

    Whoever asked waits for that, with `wait` until every listener serves, and ends: exit status 1
    where it did not come to that.
    """
    if not hasattr(os, "fork"):
        raise WorldError(
            "this system knows no fork: leave out --detach.",
            "このシステムにはforkがありません。--detachを外してください。",
        )
    sys.stdout.flush()
    sys.stderr.flush()
    told, tell = os.pipe()
    if child := os.fork():
        os.close(tell)
        raise typer.Exit(_ended(layout, child, told, wait=wait))
    os.close(told)
    os.setsid()  # a terminal's Ctrl-C reaches who waits there
    return lambda: _let_go(layout, tell)


def _let_go(layout: Layout, tell: int) -> None:
    sys.stdout.flush()
    sys.stderr.flush()
    log = os.open(layout.logs / _LOG, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for stream, file in ((0, nothing), (1, log), (2, log)):
        os.dup2(file, stream)
    os.write(tell, _STARTED)
    for one in (log, nothing, tell):
        os.close(one)


def _ended(layout: Layout, child: int, told: int, *, wait: bool) -> int:
    """The exit status of whoever asked."""
    try:
        started = os.read(told, 1) == _STARTED
    except KeyboardInterrupt:
        os.kill(child, signal.SIGTERM)
        os.waitpid(child, 0)
        return 130
    if not started:
        os.waitpid(child, 0)
        return 1  # it has said why
    if wait and (silent := _silent(layout)):
        Console(stderr=True, highlight=False, soft_wrap=True).print(
            f"the world runs, but these listeners do not serve: {', '.join(silent)}; "
            f"see `renkei doctor --data {layout.root}`"
        )
        return 1
    Console(highlight=False, soft_wrap=True).print(
        f"The world goes on without this command; stop it with `renkei down --data {layout.root}`."
    )
    return 0


def _silent(layout: Layout) -> list[str]:
    """The listeners of our own that do not serve though they had the time."""
    import asyncio  # whoever stays needs neither this nor gRPC

    from renkei_simulators.world.health import all_serving

    world = World.load(layout.definition)
    listeners = asyncio.run(all_serving(world, layout, seconds=_SERVING_SECONDS))
    return [
        f"{one.seat} at {one.address}" for one in listeners if not (one.serving or one.external)
    ]
