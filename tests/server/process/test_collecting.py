"""Garbage is collected more seldom while seats serve, and as before when they have ended."""

import gc
from collections.abc import Iterator

import pytest

from renkei_server.process.collecting import OBJECTS, Collecting


@pytest.fixture(autouse=True)
def found() -> Iterator[tuple[int, int, int]]:
    """What the interpreter collects by before each test, and after it."""
    thresholds = gc.get_threshold()
    yield thresholds
    gc.set_threshold(*thresholds)


def test_who_serves_is_not_held_up_by_looks_for_garbage(found: tuple[int, int, int]) -> None:
    with Collecting().seldom():
        assert gc.get_threshold() == (OBJECTS, *found[1:])

    assert gc.get_threshold() == found


def test_the_last_of_several_restores_what_the_first_found(
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


def test_one_that_fails_restores_it_too(found: tuple[int, int, int]) -> None:
    with pytest.raises(LookupError), Collecting().seldom():
        raise LookupError

    assert gc.get_threshold() == found


def test_whoever_collects_more_seldom_already_is_left_alone() -> None:
    gc.set_threshold(2 * OBJECTS, 5, 5)

    with Collecting().seldom():
        assert gc.get_threshold() == (2 * OBJECTS, 5, 5)
