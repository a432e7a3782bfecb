"""A worker of a seat that is not the first: `python -m renkei_server.process.worker`, started by it."""

import asyncio
import os
import signal
import sys
from threading import Thread

from renkei.refusals import Refusal
from renkei_server.process.logs import open_log
from renkei_server.process.machine import WorldClock
from renkei_server.process.program import read_roles, run
from renkei_server.process.serving import serving
from renkei_server.process.workers import Told, answer
from renkei_server.roles.own_keys import OwnKeys


def main() -> int:
    """Serve until told to end, or until the first worker has ended; return the exit status."""
    with open(sys.stdin.fileno(), "rb", closefd=False) as first:
        told = Told.parse(first.readline())
    Thread(target=_end_with_the_first, daemon=True).start()
    return 0 if run(_serve(told)) else 1


def _end_with_the_first() -> None:
    """Whatever holds up the loop: this thread ends the process."""
    while os.read(sys.stdin.fileno(), 1):
        pass
    os._exit(1)


async def _serve(told: Told) -> bool:
    config = told.config
    read_roles([config])
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    clock = WorldClock(config.clock)
    with open_log(config.log, config.name, clock) as seat_log:
        log = seat_log.bind(worker=told.number)
        try:
            with OwnKeys.opened(config) as keys:
                async with serving(config, keys, config.peers, told.part, clock, log):
                    log.info("worker_opened")
                    _tell(answer())
                    await stop.wait()
        except Refusal as refusal:
            _tell(answer(refusal))
            return False
    return True


def _tell(line: bytes) -> None:
    sys.stdout.buffer.write(line)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    sys.exit(main())
