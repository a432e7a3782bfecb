"""Requests of a stream: answered in their order, a few at once, and ended by a fault."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from renkei_server.door.streams import UNDER_WAY, in_order


async def numbers(count: int) -> AsyncIterator[int]:
    for number in range(count):
        yield number


async def test_answers_leave_in_the_order_of_the_requests_whoever_is_quicker() -> None:
    gates = [asyncio.Event() for _ in range(3)]

    async def work(number: int) -> int:
        await gates[number].wait()
        if number:
            gates[number - 1].set()
        return number

    gates[2].set()

    assert [answer async for answer in in_order(numbers(3), work)] == [0, 1, 2]


async def test_no_more_are_begun_than_may_be_under_way() -> None:
    under_way, most = 0, 0

    async def work(number: int) -> int:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        for _ in range(5):
            await asyncio.sleep(0)
        under_way -= 1
        return number

    answers = [answer async for answer in in_order(numbers(20), work)]

    assert answers == list(range(20))
    assert 1 < most <= UNDER_WAY


async def test_what_one_raises_ends_the_stream_after_the_answers_before_it() -> None:
    async def work(number: int) -> int:
        if number == 2:
            raise LookupError
        return number

    stream = in_order(numbers(10), work)

    assert [await anext(stream), await anext(stream)] == [0, 1]
    with pytest.raises(LookupError):
        await anext(stream)


async def test_a_caller_that_goes_away_leaves_nothing_under_way() -> None:
    cancelled = 0

    async def work(number: int) -> int:
        nonlocal cancelled
        if not number:
            return number
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled += 1
            raise
        return number

    stream = in_order(numbers(10), work)
    assert await anext(stream) == 0
    for _ in range(10):
        await asyncio.sleep(0)
    await stream.aclose()  # type: ignore[attr-defined]
    for _ in range(10):
        await asyncio.sleep(0)

    assert cancelled == UNDER_WAY - 1  # the answer that was taken last has its place still


async def test_an_empty_stream_has_no_answer() -> None:
    async def work(number: int) -> int:
        return number

    assert [answer async for answer in in_order(numbers(0), work)] == []
