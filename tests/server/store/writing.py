"""A program that writes notes without end and tells each one that it was told is written.

`python -m tests.server.store.writing PLACE`; it is there to be killed.
"""

import asyncio
import itertools
import sys

from renkei_server.store.engine import operations
from renkei_server.store.engine.boxes import KEY_BYTES
from renkei_server.store.engine.operations import OperationLog
from renkei_server.store.engine.places import Place
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.engine.store import Store, tables
from tests.stores import read_place

from .conftest import NOTES, note

_AT_ONCE = 4


async def main(place: Place) -> None:
    """Write until killed."""
    sealer = Sealer(b"k" * KEY_BYTES)
    metadata = tables(operations.TABLES, (NOTES,))
    store = Store(place, sealer, metadata, operations=OperationLog(sealer))
    numbers = itertools.count()

    async def write() -> None:
        for number in numbers:
            told = await store.write(note(f"{number:06d}".encode()), durable=number % 2 == 0)
            sys.stdout.write(told.decode() + "\n")
            sys.stdout.flush()

    await asyncio.gather(*(write() for _ in range(_AT_ONCE)))


if __name__ == "__main__":
    asyncio.run(main(read_place(sys.argv[1])))
