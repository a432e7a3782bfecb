"""Garbage is collected more seldom while loads are under way, and as before when they have ended."""

import asyncio
import gc
from collections.abc import AsyncIterator, Iterator

import pytest

from renkei_server.door.collecting import OBJECTS, Collecting
from renkei_server.door.streams import in_order


@pytest.fixture(autouse=True)
def found() -> Iterator[tuple[int, int, int]]:
    """What the interpreter collects by before each test, and after it."""
    thresholds = gc.get_threshold()
    yield thresholds
    gc.set_threshold(*thresholds)


def test_a_load_is_not_held_up_by_looks_for_garbage(found: tuple[int, int, int]) -> None:
    with Collecting().seldom():
        assert gc.get_threshold() == (OBJECTS, *found[1:])

    assert gc.get_threshold() == found


def test_the_last_of_several_loads_restores_what_the_first_found(
    found: tuple[int, int, int],
) -> None:
    """They end in any order."""
    collecting = Collecting()
    first, second = collecting.seldom(), collecting.seldom()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert gc.get_threshold()[0] == OBJECTS

    second.__exit__(None, None, None)
    assert gc.get_threshold() == found


def test_a_load_that_fails_restores_it_too(found: tuple[int, int, int]) -> None:
    with pytest.raises(LookupError), Collecting().seldom():
        raise LookupError

    assert gc.get_threshold() == found


def test_whoever_collects_more_seldom_already_is_left_alone() -> None:
    gc.set_threshold(2 * OBJECTS, 5, 5)

    with Collecting().seldom():
        assert gc.get_threshold() == (2 * OBJECTS, 5, 5)


async def test_a_stream_is_such_a_load_until_it_ends_or_is_left(
    found: tuple[int, int, int],
) -> None:
    async def numbers() -> AsyncIterator[int]:
        for number in range(3):
            yield number

    async def work(number: int) -> int:
        assert gc.get_threshold()[0] == OBJECTS
        await asyncio.sleep(0)
        return number

    assert [answer async for answer in in_order(numbers(), work)] == [0, 1, 2]
    assert gc.get_threshold() == found

    left = in_order(numbers(), work)
    await anext(left)
    assert gc.get_threshold()[0] == OBJECTS
    await left.aclose()  # type: ignore[attr-defined]  # it is a generator
    assert gc.get_threshold() == found
