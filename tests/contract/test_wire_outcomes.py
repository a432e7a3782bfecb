"""How an acquisition stands, and when: read as written, refused where it cannot be."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renkei import reasons, wire
from renkei.acquisitions import BOUND, EXPIRED, PENDING, Acquisition, Failure, State, failed
from renkei.linkage.v1 import code_delivery_pb2, processing_serial_pb2
from renkei.type.v1 import acquisition_pb2
from renkei.ward.v1 import numbering_pb2

from .conftest import refusal_of


@pytest.mark.parametrize("acquisition", [PENDING, BOUND, EXPIRED, *map(failed, Failure)])
def test_an_acquisition_is_read_as_it_was_written(acquisition: Acquisition) -> None:
    answer = numbering_pb2.GetNumberingOutcomeResponse(
        acquisition=wire.write_acquisition(acquisition)
    )

    assert wire.read_acquisition(answer) == acquisition


@pytest.mark.parametrize(
    "told", [None, {}, {"state": 9}, {"state": 3}, {"state": 2, "failure": 1}, {"failure": 1}]
)
def test_an_acquisition_that_cannot_be_is_refused(told: dict[str, int] | None) -> None:
    answer = numbering_pb2.GetNumberingOutcomeResponse(acquisition=told)

    refusal = refusal_of(lambda: wire.read_acquisition(answer))

    assert (refusal.reason, refusal.fields) == (reasons.FIELD_MISSING, ("acquisition",))


@pytest.mark.parametrize("failure", Failure)
def test_a_failure_is_read_as_it_was_written(failure: Failure) -> None:
    sent = code_delivery_pb2.DeliverCodeRequest(failure=wire.write_failure(failure))

    assert wire.read_failure(sent.failure) is failure


@pytest.mark.parametrize("number", [0, 2, 99, -1])
def test_no_failure_is_missing(number: int) -> None:
    refusal = refusal_of(lambda: wire.read_failure(number))

    assert (refusal.reason, refusal.fields) == (reasons.FIELD_MISSING, ("failure",))


@pytest.mark.parametrize(
    ("state", "failure"), [(State.FAILED, None), (State.BOUND, Failure.REFUSED)]
)
def test_a_failure_goes_with_the_state_failed_and_no_other(
    state: State, failure: Failure | None
) -> None:
    with pytest.raises(ValueError, match="FAILED"):
        Acquisition(state, failure)


def test_states_and_failures_have_the_contract_s_names_and_numbers() -> None:
    for ours, theirs, prefix in (
        (State, acquisition_pb2.AcquisitionState, "ACQUISITION_STATE_"),
        (Failure, acquisition_pb2.AcquisitionFailure, "ACQUISITION_FAILURE_"),
    ):
        told = {name.removeprefix(prefix): number for name, number in theirs.items() if number}
        assert told == {one.name: one.value for one in ours}


# Moments


def serial_expiring(**expiry: Any) -> processing_serial_pb2.IssueProcessingSerialResponse:
    return processing_serial_pb2.IssueProcessingSerialResponse(**expiry)


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_moment_is_read_as_it_was_written(moment: datetime) -> None:
    assert wire.read_time(serial_expiring(expires_at=wire.write_time(moment)), "expires_at") == (
        moment
    )


def test_an_absent_moment_is_missing() -> None:
    refusal = refusal_of(lambda: wire.read_time(serial_expiring(), "expires_at"))

    assert (refusal.reason, refusal.fields) == (reasons.FIELD_MISSING, ("expires_at",))


@pytest.mark.parametrize("stamp", [{"seconds": 2**62}, {"seconds": -(2**62)}, {"nanos": -1}])
def test_what_is_no_moment_is_refused(stamp: dict[str, int]) -> None:
    refusal = refusal_of(lambda: wire.read_time(serial_expiring(expires_at=stamp), "expires_at"))

    assert (refusal.reason, refusal.fields) == (reasons.FIELD_MISSING, ("expires_at",))
