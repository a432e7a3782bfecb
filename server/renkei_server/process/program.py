"""A server process: opens its seats, answers until it is told to stop, closes them."""

import asyncio
import signal
from pathlib import Path

from renkei_server.config import ProcessConfig
from renkei_server.process.owner import socket_of
from renkei_server.process.owner_socket import owner_socket
from renkei_server.process.seats import Seats


async def serve(path: Path) -> bool:
    """Run the seats of a config file until SIGTERM or SIGINT.

    Returns whether there was anything to run: where no seat can be opened, it ends at once.
    Raises SEATS_RUN_ALREADY.
    """
    seats = Seats(ProcessConfig.load(path).seats)
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
