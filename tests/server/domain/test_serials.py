"""The use of a serial: who may, how often, until when; and in which order that is judged."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renkei import reasons
from renkei.codes import Institution
from renkei.reasons import Reason
from renkei.refusals import Refusal
from renkei_server.domain.serials import LIFETIME, Serial, SerialState, expiry, judge_use
from tests.server.world import NOON

OWNER, OTHER = Institution("131148"), Institution("131130")
SERIAL = Serial(OWNER, NOON + LIFETIME, SerialState.ISSUED)
INSTANT = timedelta(microseconds=1)


def refusal(
    serial: Serial | None, asking: Institution = OWNER, now: datetime = NOON
) -> tuple[Reason, tuple[str, ...]]:
    with pytest.raises(Refusal) as caught:
        judge_use(serial, asking, now)
    return caught.value.reason, caught.value.fields


def test_its_owner_may_use_a_serial_that_is_good() -> None:
    judge_use(SERIAL, OWNER, NOON)


def test_a_serial_that_was_never_issued_is_told_as_that() -> None:
    assert refusal(None) == (reasons.SERIAL_NEVER_ISSUED, ("processing_serial",))


def test_a_used_serial_is_good_no_more() -> None:
    used = replace(SERIAL, state=SerialState.USED)

    assert refusal(used) == (reasons.SERIAL_ALREADY_USED, ("processing_serial",))


def test_a_serial_is_good_until_the_instant_it_expires() -> None:
    judge_use(SERIAL, OWNER, SERIAL.expires_at - INSTANT)

    told = refusal(SERIAL, now=SERIAL.expires_at)
    assert told == (reasons.SERIAL_EXPIRED, ("processing_serial",))


def test_a_swept_serial_stays_expired_though_the_clock_is_set_back() -> None:
    swept = replace(SERIAL, state=SerialState.EXPIRED)

    assert refusal(swept, now=NOON)[0] is reasons.SERIAL_EXPIRED


@pytest.mark.parametrize("state", SerialState)
@pytest.mark.parametrize("now", [NOON, NOON + 2 * LIFETIME])
def test_whoever_is_not_the_owner_learns_nothing_of_its_state(
    state: SerialState, now: datetime
) -> None:
    told = refusal(replace(SERIAL, state=state), OTHER, now)

    assert told == (reasons.SERIAL_OF_ANOTHER_INSTITUTION, ("asking_institution",))


def test_a_used_serial_is_told_as_used_after_its_time_too() -> None:
    used = replace(SERIAL, state=SerialState.USED)

    assert refusal(used, now=NOON + 2 * LIFETIME)[0] is reasons.SERIAL_ALREADY_USED


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_serial_expires_at_a_whole_minute_within_its_lifetime(now: datetime) -> None:
    try:
        until = expiry(now)
    except OverflowError:
        return

    assert (until.second, until.microsecond) == (0, 0)
    assert LIFETIME - timedelta(minutes=1) < until - now <= LIFETIME
