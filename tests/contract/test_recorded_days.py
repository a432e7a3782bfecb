"""Days as a register writes them: known, unknown in part, or of no calendar; and the eras they bear."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renkei import reasons
from renkei.eras import Era
from renkei.recorded_days import RecordedDay
from renkei.refusals import Refusal


def fault(*parts: object) -> tuple[reasons.Reason, tuple[str, ...]]:
    with pytest.raises(Refusal) as told:
        RecordedDay(*parts)  # type: ignore[arg-type]
    return told.value.reason, told.value.fields


@given(st.dates(date(1850, 1, 1), date(2200, 12, 31)))
def test_every_day_of_the_calendar_is_one_and_certain(day: date) -> None:
    recorded = RecordedDay.of(day)

    assert (recorded.certain, recorded.earliest, recorded.latest) == (day, day, day)


@pytest.mark.parametrize(
    ("parts", "earliest", "latest"),
    [
        ((1951, 2, 29), date(1951, 2, 28), date(1951, 2, 28)),
        ((1951, 5, 0, None, "５月頃"), date(1951, 5, 1), date(1951, 5, 31)),
        ((1951, 0, 0, Era.SHOWA, "月日不詳"), date(1951, 1, 1), date(1951, 12, 31)),
        ((0, 0, 0, None, "年月日不詳"), date(1850, 1, 1), date(2200, 12, 31)),
    ],
)
def test_what_is_not_known_orders_by_what_it_can_have_been_and_is_never_made_up(
    parts: tuple[int, int, int], earliest: date, latest: date
) -> None:
    recorded = RecordedDay(*parts)

    assert recorded.certain is None
    assert (recorded.earliest, recorded.latest) == (earliest, latest)
    with pytest.raises(Refusal) as told:
        recorded.require_certain("changed_on")
    assert (told.value.reason, told.value.fields) == (reasons.DAY_NOT_OF_CALENDAR, ("changed_on",))


@pytest.mark.parametrize(
    ("parts", "place"),
    [
        ((1849, 1, 1), "year"),
        ((2201, 1, 1), "year"),
        ((1951, 13, 1), "month"),
        ((0, 1, 1), "month"),
        ((1951, 4, 31), "day"),
        ((1951, 2, 30), "day"),
        ((1951, 0, 1), "day"),
        ((1951, 5, 0), "unknown"),
        ((1951, 5, 1, None, "頃"), "unknown"),
        ((1951, 5, 0, None, "頃" * 73), "unknown"),
        ((1951, 5, 1, Era.MEIJI), "era"),
        ((1989, 1, 8, Era.SHOWA), "era"),
    ],
)
def test_what_is_no_day_says_which_part_is_at_fault(
    parts: tuple[int, int, int], place: str
) -> None:
    assert fault(*parts) == (reasons.MALFORMED_DAY, (place,))


@pytest.mark.parametrize(
    ("day", "eras"),
    [
        (date(1912, 7, 29), {Era.MEIJI: 45}),
        (date(1912, 7, 30), {Era.MEIJI: 45, Era.TAISHO: 1}),
        (date(1926, 12, 25), {Era.TAISHO: 15, Era.SHOWA: 1}),
        (date(1989, 1, 7), {Era.SHOWA: 64}),
        (date(1989, 1, 8), {Era.HEISEI: 1}),
        (date(2019, 5, 1), {Era.REIWA: 1}),
    ],
)
def test_two_days_are_of_two_eras_and_every_other_is_of_one(
    day: date, eras: dict[Era, int]
) -> None:
    found = {era: era.year_of(day.year) for era in Era if era.first <= day <= era.last}

    assert found == eras
    for era in Era:
        if era in eras:
            assert RecordedDay(day.year, day.month, day.day, era).certain == day
        else:
            assert fault(day.year, day.month, day.day, era)[1] == ("era",)


@given(st.dates(date(1868, 1, 25), date(2200, 12, 31)))
def test_no_day_since_the_first_era_is_without_one(day: date) -> None:
    shared = {date(1912, 7, 30), date(1926, 12, 25)}

    found = [era for era in Era if era.first <= day <= era.last]

    assert len(found) == (2 if day in shared else 1)
    assert timedelta() <= day - found[0].first
