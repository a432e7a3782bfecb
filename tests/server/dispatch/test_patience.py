"""When a seat asks for what takes its time: soon, seldom, and as recent ones teach it."""

from dataclasses import dataclass, field
from itertools import pairwise
from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renkei_server.dispatch.lanes import Lane
from renkei_server.dispatch.patience import LONGEST, SHORTEST, UNKNOWN, Patience
from renkei_server.dispatch.routes import Effect, Route
from renkei_server.store.engine.outbox import Task
from tests.server.world import request_id


@dataclass
class Asking:
    """Asks for one thing after another, which take as long as they are told to."""

    patience: Patience = field(default_factory=lambda: Patience(1.0))
    now: float = 0.0

    def one(self, takes: float) -> list[float]:
        """After how many seconds each question came; the last one found the answer."""
        waited = self.patience.first
        asked = [waited]
        while waited < takes:
            waited += self.patience.again(waited)
            asked.append(waited)
        self.now += waited
        self.patience.found(waited, at_first=len(asked) == 1, now=self.now)
        return asked

    def rest(self, seconds: float) -> None:
        self.now += seconds
        self.patience.rested(self.now)


def test_where_nothing_is_known_the_first_question_comes_soon() -> None:
    assert Patience(1.0).first == UNKNOWN


@pytest.mark.parametrize("takes", [0.03, 0.1, 0.4, 1.5])
def test_the_first_question_comes_after_what_recent_ones_took(takes: float) -> None:
    asking = Asking()
    for _ in range(60):
        asking.one(takes)
    last = [asking.one(takes) for _ in range(60)]

    assert all(0.7 * takes < asked[0] < 1.5 * takes for asked in last)
    assert sum(map(len, last)) < 1.5 * len(last)


@given(takes=st.floats(0.001, 3_600.0))
def test_an_answer_is_found_late_by_half_of_what_it_took_and_by_few_questions(takes: float) -> None:
    asked = Asking().one(takes)

    assert asked[-1] - takes <= max(UNKNOWN, 0.5 * takes)
    until_longest = log(2 * LONGEST / UNKNOWN, 1.5)
    assert len(asked) <= 3 + until_longest + takes / LONGEST


def test_questions_without_an_answer_slow_down_to_the_longest_pause() -> None:
    asked = Asking().one(600.0)
    pauses = [round(later - sooner, 9) for sooner, later in pairwise(asked)]

    assert pauses[0] == SHORTEST
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST


def test_what_one_took_that_took_very_long_is_not_expected_of_the_next() -> None:
    asking = Asking()
    for _ in range(60):
        asking.one(0.1)
    asking.one(3_600.0)

    assert asking.patience.first < 0.2


def test_what_was_learned_is_forgotten_while_nobody_waits() -> None:
    asking = Asking()
    for _ in range(60):
        asking.one(2.0)
    busy = asking.patience.first
    asking.rest(60.0)

    assert busy > 1.5
    assert asking.patience.first == pytest.approx(UNKNOWN, rel=0.01)


def test_no_pace_makes_anybody_wait_longer_than_the_longest_pause() -> None:
    asking = Asking()
    for _ in range(200):
        asking.one(60.0)

    assert asking.patience.first <= LONGEST


def test_quicker_answers_are_asked_for_sooner() -> None:
    asking = Asking()
    for _ in range(60):
        asking.one(2.0)
    for _ in range(60):
        asking.one(0.1)

    assert asking.patience.first < 0.15


def test_a_pace_multiplies_the_bounds() -> None:
    patience = Patience(0.1)

    assert patience.first == pytest.approx(0.1 * UNKNOWN)
    assert patience.again(0.0) == pytest.approx(0.1 * SHORTEST)
    assert patience.again(1_000.0) == pytest.approx(0.1 * LONGEST)


def test_a_pace_without_pauses_waits_for_nothing() -> None:
    patience = Patience(0.0)
    before = patience.first
    patience.found(1.0, at_first=False, now=1.0)

    assert (before, patience.first, patience.again(1.0)) == (0.0, 0.0, 0.0)


# In a lane


async def _unused(_: Task) -> Effect:
    raise NotImplementedError


def lane(*, patient: bool = True) -> Lane:
    route = Route(_unused, patient=patient)
    return Lane("ask", route, in_memory=8, round_seconds=5.0, repeats=1.0)


def task(number: int) -> Task:
    return Task(number, "ask", request_id(number), request_id(0), {})


def test_a_call_that_asks_for_nothing_that_takes_its_time_is_made_at_once() -> None:
    tasks = lane(patient=False)
    tasks.take([task(1)], 10.0)

    assert tasks.next_due(10.0) is not None


def test_a_lane_asks_first_after_what_the_one_before_took() -> None:
    tasks, now, firsts = lane(), 0.0, []
    for number in range(1, 40):
        tasks.take([task(number)], now)
        firsts.append(tasks.due(all_read=True) - now)
        began, now = now, tasks.due(all_read=True)
        while now < began + 0.3:
            held = tasks.next_due(now)
            assert held is not None
            tasks.not_yet(held, now)
            now = tasks.due(all_read=True)
        held = tasks.next_due(now)
        assert held is not None
        tasks.answered(held, now)
        tasks.forget_one(held)

    assert firsts[0] == pytest.approx(UNKNOWN)
    assert 0.2 < firsts[-1] < 0.45


def test_an_outage_teaches_a_lane_nothing_of_how_long_answers_take() -> None:
    tasks = lane()
    tasks.take([task(1)], 0.0)
    held = tasks.next_due(UNKNOWN)
    assert held is not None
    tasks.unreached(held, 30.0)
    again = tasks.next_due(60.0)
    assert again is not None
    tasks.answered(again, 60.0)
    tasks.forget_one(again)
    tasks.take([task(2)], 60.0)

    assert tasks.due(all_read=True) - 60.0 == pytest.approx(UNKNOWN)


def test_nothing_is_due_where_nothing_is_owed() -> None:
    tasks = lane()
    tasks.take([task(1)], 0.0)
    held = tasks.next_due(1.0)
    assert held is not None
    tasks.answered(held, 1.0)
    tasks.forget_one(held)

    assert tasks.due(all_read=True) == float("inf")
