"""Searches that are to be looked into: each rule has one that keeps it and one that breaks it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from renkei_server.domain.days import JAPAN
from renkei_server.domain.suspicions import MOST, Suspects, Suspicion, suspecting

MONDAY = datetime(2026, 11, 16, 12, tzinfo=JAPAN)


@dataclass
class OneSearch:
    """A search, a usual one but for what is told."""

    at: datetime = MONDAY
    operator: str = "operator-2"
    person: str = "12345678901"
    affair: str = "resident-register"
    case: str = "2026-001523"


def after(suspects: Suspects, times: int, **told: str) -> bool:
    """What is said of one more after so many, a second apart."""
    return [
        suspects(OneSearch(MONDAY + timedelta(seconds=second), **told))
        for second in range(times + 1)
    ][-1]


def test_a_search_without_a_case_is_listed_and_one_with_a_case_is_not() -> None:
    suspects = suspecting(Suspicion.WITHOUT_CASE)

    assert suspects(OneSearch(case=""))
    assert not suspects(OneSearch())
    assert not suspects(OneSearch(affair="", case="")), "it was refused before it told anything"


@pytest.mark.parametrize(
    ("hour", "minute", "day", "listed"),
    [
        (8, 29, 16, True),
        (8, 30, 16, False),
        (17, 14, 16, False),
        (17, 15, 16, True),
        (12, 0, 20, False),  # a Friday
        (12, 0, 21, True),
        (12, 0, 22, True),
    ],
)
def test_a_search_at_night_or_on_a_weekend_is_listed(
    hour: int, minute: int, day: int, *, listed: bool
) -> None:
    at = datetime(2026, 11, day, hour, minute, tzinfo=JAPAN)

    assert suspecting(Suspicion.OUT_OF_HOURS)(OneSearch(at)) is listed


@pytest.mark.parametrize("suspicion", MOST)
def test_as_many_as_are_usual_in_an_hour_are_not_listed_and_one_more_is(
    suspicion: Suspicion,
) -> None:
    most = MOST[suspicion]

    assert not after(suspecting(suspicion), most - 1)
    assert after(suspecting(suspicion), most)
    assert not after(suspecting(suspicion), most, operator=""), "nobody's"


def test_what_was_looked_up_an_hour_ago_counts_no_more() -> None:
    suspects = suspecting(Suspicion.ONE_PERSON_OFTEN)
    after(suspects, 4)

    assert not suspects(OneSearch(MONDAY + timedelta(hours=1)))
    assert suspects(OneSearch(MONDAY + timedelta(minutes=59)))


def test_another_operator_s_searches_and_other_persons_do_not_count() -> None:
    often = suspecting(Suspicion.ONE_PERSON_OFTEN)
    after(often, 4)

    assert not often(OneSearch(operator="operator-3"))
    assert not often(OneSearch(person="98765432109"))
    assert not after(often, 9, person=""), "searches that told nobody are of no person"
