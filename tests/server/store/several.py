"""The stores of one seat's workers: here in one process, each with a connection of its own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import MetaData

from renkei_server.store.engine.operations import OperationLog
from renkei_server.store.engine.places import Place
from renkei_server.store.engine.sealing import Sealer
from renkei_server.store.engine.shared import Handles, Shared
from renkei_server.store.engine.store import Store

Workers = list[Store]


def handles_of(shared: Shared) -> Handles:
    """By what other workers come to what the first made."""
    assert shared.handles is not None
    return shared.handles


@asynccontextmanager
async def several(
    place: Place, sealer: Sealer, metadata: MetaData, workers: int
) -> AsyncIterator[Workers]:
    """The stores of so many workers, the first before the others; what wakes one is heard."""
    loop, first = asyncio.get_running_loop(), Shared.made(workers)
    pages = [first, *(Shared.joined(handles_of(first), one) for one in range(1, workers))]
    stores: Workers = []
    try:
        for page in pages:
            log = OperationLog(sealer)
            stores.append(Store(place, sealer, metadata, operations=log, shared=page))
            loop.add_reader(page.wakes_by, stores[-1].awake)
        yield stores
    finally:
        for store in reversed(stores):
            loop.remove_reader(store.shared.wakes_by)
            store.close()
        first.close()
