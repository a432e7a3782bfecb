"""A program that makes one call that is owed, and may be killed as it writes the outcome.

`python -m tests.server.dispatch.dispatching PLACE HEARD killed|done`; the file HEARD
takes the request id of each call.
"""

import asyncio
import os
import signal
import sys
from pathlib import Path

import structlog

from renkei_server.dispatch.dispatcher import Dispatcher
from renkei_server.dispatch.routes import Effect, Route
from renkei_server.store.engine import operations, outbox
from renkei_server.store.engine.boxes import KEY_BYTES
from renkei_server.store.engine.connection import Connection
from renkei_server.store.engine.operations import OperationLog
from renkei_server.store.engine.outbox import Outbox, Task
from renkei_server.store.engine.places import Place
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.engine.store import Store, tables
from tests.server.world import CountedIds, SetClock
from tests.stores import read_place


async def main(place: Place, heard: Path, *, first: bool, killed: bool) -> None:
    """Owe the call in the first run, and make it."""
    sealer = Sealer(b"k" * KEY_BYTES)
    metadata = tables(operations.TABLES, outbox.TABLES)
    store = Store(place, sealer, metadata, operations=OperationLog(sealer))
    owed = Outbox(sealer, CountedIds())
    done = asyncio.Event()

    async def send(task: Task) -> Effect:
        with heard.open("a") as file:
            file.write(f"{task.request_id}\n")
        return effect

    def effect(_: Connection) -> None:
        if killed:
            os.kill(os.getpid(), signal.SIGKILL)

    def look() -> None:
        if store.read_now(owed.size) == 0:
            done.set()

    if first:
        store.write_now(lambda connection: owed.put(connection, "tell", cause="", content={}))
    store.on_commit(look)
    dispatcher = Dispatcher(
        store=store,
        outbox=owed,
        routes={"tell": Route(send)},
        clock=SetClock(),
        log=structlog.wrap_logger(None, processors=[]),
    )
    running = asyncio.create_task(dispatcher.run())
    await done.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    store.close()


if __name__ == "__main__":
    where, told, run = read_place(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    asyncio.run(main(where, told, first=not told.exists(), killed=run == "killed"))
