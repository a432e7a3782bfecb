"""Turns at a listener: a crowd waits for itself, within bounds, and nobody waits for it."""

import asyncio
from dataclasses import replace

import pytest

from renkei import reasons
from renkei.facts import RETRY_AFTER
from renkei.limits import BATCH_LIMIT
from renkei.refusals import Refusal
from renkei_server.door.room import Room
from renkei_server.door.turns import EACH_LATER, LATEST, SOONEST, Queues, Turns

SMALL = Room(under_way=2, crowd=8, in_a_crowd=1, waiting=20, longest_wait_seconds=60.0)


async def begin(turns: Turns, calls: int, size: int = 1) -> list[asyncio.Task[None]]:
    """So many calls come, each as far as it may go."""
    tasks = [asyncio.create_task(turns.enter(size)) for _ in range(calls)]
    await rest()
    return tasks


async def rest() -> None:
    """Let the loop do what there is to do now."""
    for _ in range(100):
        await asyncio.sleep(0)


def entered(tasks: list[asyncio.Task[None]]) -> list[bool]:
    return [task.done() for task in tasks]


async def turned_away(turns: Turns, size: int = 1) -> int:
    """When a call that is turned away may come again, in milliseconds."""
    with pytest.raises(Refusal) as refused:
        await turns.enter(size)
    assert refused.value.reason is reasons.TOO_MANY_CALLS
    after = refused.value.fact(RETRY_AFTER)
    assert after is not None
    return after


async def give_up(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_a_caller_s_calls_go_on_in_the_order_in_which_they_came() -> None:
    turns = Queues(SMALL).of("a")
    calls = await begin(turns, 4)

    assert entered(calls) == [True, True, False, False]
    turns.leave()
    await rest()
    assert entered(calls) == [True, True, True, False]
    await give_up(calls)


async def test_nobody_waits_for_another_caller_s_crowd() -> None:
    queues = Queues(SMALL)
    crowd = await begin(queues.of("a"), 22)

    await asyncio.wait_for(queues.of("b").enter(1), timeout=1)

    await give_up(crowd)


async def test_who_comes_beyond_what_may_wait_is_told_when_to_come_again() -> None:
    """Each a little later than the one before, and none ever later than the last."""
    turns = Queues(SMALL).of("a")
    crowd = await begin(turns, 22)

    after = [await turned_away(turns) for _ in range(LATEST)]

    assert after[:3] == [SOONEST, SOONEST + EACH_LATER, SOONEST + 2 * EACH_LATER]
    assert after[-1] == LATEST
    await give_up(crowd)


async def test_large_requests_find_less_room_than_small_ones() -> None:
    turns = Queues(replace(SMALL, waiting_bytes=100)).of("a")
    crowd = await begin(turns, 4, size=50)

    assert await turned_away(turns, size=1) == SOONEST
    await give_up(crowd)
    assert entered(await begin(turns, 1, size=50)) == [False], "its two are under way still"


async def test_who_waits_too_long_is_turned_away() -> None:
    turns = Queues(replace(SMALL, longest_wait_seconds=0.0)).of("a")
    await begin(turns, 2)

    assert await turned_away(turns) == SOONEST


async def test_a_crowd_has_fewer_under_way_and_goes_on_once_nobody_new_comes_in() -> None:
    queues = Queues(SMALL)
    turns = queues.of("a")
    calls = await begin(turns, 12)

    turns.leave()
    await rest()
    assert entered(calls).count(True) == 2, "one of the two that were under way is left"
    turns.leave()
    for _ in range(40):
        await asyncio.sleep(0)
        queues.of("b")
    assert entered(calls).count(True) == 2, "others are coming in"
    await rest()
    assert entered(calls).count(True) == 3
    await give_up(calls)


async def test_who_went_while_it_waited_is_not_waited_for() -> None:
    turns = Queues(SMALL).of("a")
    calls = await begin(turns, 4)

    await give_up(calls[2:3])
    turns.leave()
    await rest()

    assert calls[3].done()


async def test_who_went_as_it_was_called_up_leaves_its_turn_to_the_next() -> None:
    turns = Queues(SMALL).of("a")
    calls = await begin(turns, 4)

    turns.leave()
    calls[2].cancel()
    await rest()

    assert calls[2].cancelled()
    assert calls[3].done()
    assert not calls[3].cancelled()


async def test_how_many_were_turned_away_is_told_once_nobody_waits() -> None:
    turns = Queues(replace(SMALL, waiting=1)).of("a")
    calls = await begin(turns, 3)
    for _ in range(5):
        await turned_away(turns)

    told = []
    for _ in calls:
        told.append(turns.leave())
        await rest()

    assert told == [0, 5, 0]


async def test_the_requests_of_a_batch_wait_for_each_other_and_for_no_call() -> None:
    """So that batches that fill a caller's room still come to their end."""
    queues = Queues(replace(SMALL, of_batches=3))
    await begin(queues.of("a"), 2)

    assert entered(await begin(queues.of_batches("a"), 4)) == [True, True, True, False]


async def test_one_whole_batch_goes_on_together_and_a_crowd_of_batches_does_not() -> None:
    """What goes on together shares its commits; others wait for a part of a crowd alone."""
    queues = Queues(replace(SMALL, of_batches=BATCH_LIMIT, of_batches_in_a_crowd=3))
    turns = queues.of_batches("a")
    whole = await begin(turns, BATCH_LIMIT)
    assert all(entered(whole))
    crowd = await begin(turns, BATCH_LIMIT + 1)

    for _ in whole:
        turns.leave()
    await rest()

    assert entered(crowd).count(True) == 3
    await give_up(crowd)


def test_processes_that_are_one_seat_divide_its_room() -> None:
    whole = Room(
        under_way=8,
        in_a_crowd=2,
        waiting=1_000,
        waiting_bytes=4_000,
        of_batches=32,
        of_batches_in_a_crowd=8,
    )

    assert whole.among(4) == Room(
        under_way=2,
        in_a_crowd=1,
        waiting=250,
        waiting_bytes=1_000,
        of_batches=8,
        of_batches_in_a_crowd=2,
    )
    assert whole.among(100).under_way == 1


def test_a_room_for_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one call"):
        Room(under_way=0)
