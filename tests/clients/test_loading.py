"""A load goes by streams until each request is answered, and no peer can break it otherwise."""

from collections.abc import AsyncIterator

from renkei_clients.loading import answered


async def test_answers_to_nothing_that_was_asked_are_none() -> None:
    async def twice(requests: AsyncIterator[int]) -> AsyncIterator[int]:
        async for request in requests:
            yield request
            yield request

    assert [one async for one in answered(iter([1, 2]), twice)] == [1, 2]
