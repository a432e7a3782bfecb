"""What takes long at a seat is done beside its loop, and what waits for it goes no sooner."""

import asyncio
import threading

import pytest

from renkei_server.seats.operators.hashing import to_its_end


async def test_what_a_caller_who_has_gone_set_going_is_waited_for() -> None:
    turn, going_on = asyncio.Lock(), threading.Event()

    async def hashed() -> None:
        async with turn:
            await to_its_end(lambda: going_on.wait(60))

    caller = asyncio.create_task(hashed())
    while not turn.locked():
        await asyncio.sleep(0)
    caller.cancel()
    for _ in range(20):
        await asyncio.sleep(0)

    assert turn.locked(), "nobody else begins meanwhile"
    going_on.set()
    with pytest.raises(asyncio.CancelledError):
        await caller
    assert not turn.locked()


async def test_what_comes_of_it_is_told() -> None:
    assert await to_its_end(lambda: 7) == 7
    with pytest.raises(ZeroDivisionError):
        await to_its_end(lambda: 1 // 0)
