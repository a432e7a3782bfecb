"""A server process: opens its seats, answers until it is told to stop, closes them."""

import asyncio
import gc
import signal
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any, TypeVar

from renkei_server.config import ProcessConfig, SeatConfig
from renkei_server.process.machine import raise_descriptor_limit
from renkei_server.process.owner import socket_of
from renkei_server.process.owner_socket import owner_socket
from renkei_server.process.seats import Seats
from renkei_server.roles.bills import metadata_of

T = TypeVar("T")


def run(serving: Coroutine[Any, Any, T]) -> T:
    """Run it on the quickest loop that there is, with as many connections as the machine lets it."""
    raise_descriptor_limit()
    try:
        import uvloop
    except ImportError:
        return asyncio.run(serving)
    else:
        return uvloop.run(serving)


async def serve(path: Path) -> bool:
    """Run the seats of a config file until SIGTERM or SIGINT.

    Returns whether there was anything to run: where no seat can be opened, it ends at once.
    Raises SEATS_RUN_ALREADY.
    """
    configs = ProcessConfig.load(path).seats
    read_roles(configs)
    seats = Seats(configs)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with owner_socket(socket_of(path), seats.answer):
        try:
            if opened := await seats.open():
                await stop.wait()
        finally:
            await seats.close()
    return opened


def read_roles(configs: Sequence[SeatConfig]) -> None:
    """Read the modules of the seats' roles; they last as long as the process.

    So the garbage collector leaves alone what is there now: to look through it took the loop of
    all seats a tenth of a second each time.
    """
    for config in configs:
        metadata_of(config.role)
    gc.freeze()
