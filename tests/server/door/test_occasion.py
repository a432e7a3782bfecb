"""What log lines tell of the request or task in whose course they are written."""

import asyncio

from renkei_server.door import occasion
from renkei_server.door.occasion import Occasion


def test_an_occasion_within_another_tells_both_and_leaves_what_was_before() -> None:
    with Occasion(task="deliver code", cause="a"):
        with Occasion(cause="b"):
            assert occasion.fields() == {"task": "deliver code", "cause": "b"}
        assert occasion.fields() == {"task": "deliver code", "cause": "a"}
    assert occasion.fields() == {}


async def test_what_runs_beside_tells_nothing_of_it() -> None:
    told: list[dict[str, object]] = []

    async def tell() -> None:
        told.append(dict(occasion.fields()))

    async def occasioned() -> None:
        with Occasion(cause="a"):
            await asyncio.gather(tell(), asyncio.sleep(0))

    await asyncio.gather(occasioned(), tell())
    assert sorted(told, key=len) == [{}, {"cause": "a"}]
