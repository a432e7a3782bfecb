"""Hashing a password beside the loop: it takes a core for fifty milliseconds."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


async def to_its_end(work: Callable[[], T]) -> T:
    """Work in a thread, and wait for its end even where the caller has gone: it cannot be stopped,
    and whatever is held meanwhile would let another in beside it.
    """
    working = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(working)
    finally:
        await asyncio.wait([working])
