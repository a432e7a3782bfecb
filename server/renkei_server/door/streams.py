"""A stream of whole requests: each is judged, done, recorded and answered as if it had come alone.

So a stream saves the cost of a call for each, and gives up nothing that a call is given. A few are
under way at once; their answers leave in the order of the requests, and who does not read them
is not read from either.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeVar

Request = TypeVar("Request")
Answer = TypeVar("Answer")

UNDER_WAY = 3
"""So many requests of one stream are worked on at once."""


async def in_order(
    requests: AsyncIterator[Request], work: Callable[[Request], Awaitable[Answer]]
) -> AsyncIterator[Answer]:
    """Answer requests in their order; what one raises ends the stream."""
    room = asyncio.Semaphore(UNDER_WAY)
    begun: asyncio.Queue[asyncio.Future[Answer] | None] = asyncio.Queue()

    async def begin_each() -> None:
        async for request in requests:
            await room.acquire()
            begun.put_nowait(asyncio.ensure_future(work(request)))

    reader = asyncio.create_task(begin_each())
    reader.add_done_callback(lambda _: begun.put_nowait(None))
    current: asyncio.Future[Answer] | None = None
    try:
        while (current := await begun.get()) is not None:
            yield await current
            room.release()
        await reader
    finally:
        reader.cancel()
        for one in (current, *_left(begun)):
            if one is not None:
                one.cancel()


def _left(begun: "asyncio.Queue[asyncio.Future[Answer] | None]") -> list[asyncio.Future[Answer]]:
    left = []
    while not begun.empty():
        one = begun.get_nowait()
        if one is not None:
            left.append(one)
    return left
